/**
 * What the back-office screens showed last, with its age: they stay useful while the proxy, iiko or ATOL is away.
 * A convenience in database `terminal`, bounded, and never the truth: every read passes its schema again.
 */
import * as v from 'valibot'
import { atolDetailSchema, atolPageSchema } from '../contract/atol.ts'
import {
  iikoNamesSchema,
  iikoPaymentsSchema,
  iikoSalesSchema,
  iikoShiftListSchema,
  iikoShiftSchema,
} from '../contract/iiko.ts'
import type { KeyValueStore } from './key-value.ts'

/** Kinds of answers and how many of each are kept, newest first. */
const SLOTS = {
  iikoShifts: { schema: iikoShiftListSchema, kept: 4 },
  iikoShift: { schema: iikoShiftSchema, kept: 60 },
  iikoPayments: { schema: iikoPaymentsSchema, kept: 40 },
  iikoNames: { schema: iikoNamesSchema, kept: 1 },
  iikoSales: { schema: iikoSalesSchema, kept: 3 },
  atolPage: { schema: atolPageSchema, kept: 12 },
  atolDevice: { schema: atolDetailSchema, kept: 60 },
} as const

export type CacheSlot = keyof typeof SLOTS
export type CacheData<S extends CacheSlot> = v.InferOutput<(typeof SLOTS)[S]['schema']>

export interface CachedAnswer<T> {
  /** What was asked, as the asker wrote it: compared, and shown where another answer has to stand in. */
  readonly question: string
  /** ms since the epoch when the data were read. */
  readonly readAtMs: number
  /** The data were invented. */
  readonly demo: boolean
  readonly data: T
}

export interface BackofficeCache {
  /** Keeps an answer in front of the older ones. False where the browser refuses: the screen goes on without. */
  keep<S extends CacheSlot>(slot: S, answer: CachedAnswer<CacheData<S>>): Promise<boolean>
  /** The stored answer to this question; with `orNewest` the newest to any. Null for none that is readable. */
  find<S extends CacheSlot>(slot: S, question: string, orNewest?: boolean): Promise<CachedAnswer<CacheData<S>> | null>
}

const envelope = v.object({ question: v.string(), readAtMs: v.number(), demo: v.boolean(), data: v.unknown() })

const keyOf = (slot: CacheSlot) => `backoffice:${slot}`

type Answers = readonly v.InferOutput<typeof envelope>[]

function readAnswers(stored: unknown): Answers {
  if (!Array.isArray(stored)) return []
  return stored.flatMap((entry: unknown) => {
    const parsed = v.safeParse(envelope, entry)
    return parsed.success ? [parsed.output] : []
  })
}

export function createBackofficeCache(keyValues: Pick<KeyValueStore, 'get' | 'update'>): BackofficeCache {
  return {
    keep: (slot, answer) =>
      keyValues
        .update(keyOf(slot), (stored) => {
          const others = readAnswers(stored).filter((entry) => entry.question !== answer.question)
          return [answer, ...others].slice(0, SLOTS[slot].kept)
        })
        .then(
          () => true,
          () => false,
        ),
    async find<S extends CacheSlot>(slot: S, question: string, orNewest = false) {
      const entries = readAnswers(await keyValues.get(keyOf(slot)).catch(() => null))
      const entry = entries.find((candidate) => candidate.question === question) ?? (orNewest ? entries[0] : undefined)
      if (entry === undefined) return null
      const data = v.safeParse(SLOTS[slot].schema, entry.data)
      return data.success ? { ...entry, data: data.output } : null
    },
  }
}
