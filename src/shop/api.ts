/** What the owner's page asks of the shop server. Every reply passes a schema; what goes wrong is a value. */
import * as v from 'valibot'
import { PAIR_PATH, pairReplySchema } from '../contract/config.ts'
import { failureReplySchema, type FailureKind } from '../contract/errors.ts'
import { isRecord, parseJson } from '../contract/json.ts'
import {
  RECEIPT_PATH,
  RECEIPTS_PATH,
  shopEntrySchema,
  shopReceiptsSchema,
  shopSummarySchema,
  SUMMARY_PATH,
  TILLS_PATH,
  VERSION_PATH,
  versionReplySchema,
  type ReceiptState,
  type ShopEntry,
  type ShopReceipts,
  type ShopSummary,
} from '../contract/shop.ts'
import { callJson, jsonClient } from '../http/json-call.ts'
import type { DayPeriod } from './period.ts'

/** Refusals with the status of a bad token that another code wouldn't cure, and the one of a code that was typed. */
const NOT_OF_THE_TOKEN: ReadonlySet<FailureKind> = new Set(['wrong-code', 'origin-refused', 'host-refused'])
const TIMEOUT_MS = 20_000
const QUICK_TIMEOUT_MS = 8_000

/**
 * `away`: no answer. `code`: this browser has no owner's token that the server takes. `strange`: something else answers
 * there, or a server without a shop. Else the server's own word.
 */
export type ShopFailure = 'away' | 'code' | 'strange' | FailureKind
export type ShopAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ShopFailure }

export interface ReceiptsQuery {
  /** Null: of all time. */
  readonly period: DayPeriod | null
  readonly search?: string
  readonly till?: string
  readonly state?: ReceiptState
  /** `next` of the answer before. */
  readonly before?: string
  readonly limit?: number
}

export interface ShopApi {
  /** Today where no period is named. */
  summary(period: DayPeriod | null): Promise<ShopAnswer<ShopSummary>>
  receipts(query: ReceiptsQuery): Promise<ShopAnswer<ShopReceipts>>
  receipt(till: string, id: string): Promise<ShopAnswer<ShopEntry>>
  /** A number that rises with each change. */
  version(): Promise<ShopAnswer<number>>
  nameTill(till: string, name: string): Promise<ShopAnswer<null>>
  /** Trades a code for a token; `till` is the code of the tills, whose token shows nothing here. */
  pair(code: string): Promise<ShopAnswer<{ readonly token: string; readonly role: 'till' | 'owner' }>>
}

interface Call {
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: object
  readonly timeoutMs?: number
}

/** `token` is asked before each request; `fetch` is for tests. */
export function createShopApi(options: {
  readonly token: () => string | null
  readonly fetch?: typeof fetch
}): ShopApi {
  const client = jsonClient(options.fetch)

  const ask = async <T extends v.GenericSchema>(call: Call, schema: T): Promise<ShopAnswer<v.InferOutput<T>>> => {
    const { query, ...rest } = call
    const given = Object.entries(query ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    )
    try {
      const { text, status } = await callJson(
        { timeoutMs: TIMEOUT_MS, ...rest, query: new URLSearchParams(given), token: options.token() },
        client,
      )
      return readAnswer(parseJson(text), status, schema)
    } catch {
      return { ok: false, failure: 'away' }
    }
  }

  return {
    summary: (period) => ask({ path: SUMMARY_PATH, query: { ...period } }, shopSummarySchema),
    receipts: ({ period, ...rest }) => ask({ path: RECEIPTS_PATH, query: { ...period, ...rest } }, shopReceiptsSchema),
    receipt: (till, id) => ask({ path: RECEIPT_PATH, query: { till, id } }, shopEntrySchema),
    async version() {
      const answer = await ask({ path: VERSION_PATH, timeoutMs: QUICK_TIMEOUT_MS }, versionReplySchema)
      return answer.ok ? { ok: true, value: answer.value.version } : answer
    },
    async nameTill(till, name) {
      const answer = await ask({ path: `${TILLS_PATH}/name`, body: { till, name } }, v.unknown())
      return answer.ok ? { ok: true, value: null } : answer
    },
    pair: (code) => ask({ path: PAIR_PATH, body: { code } }, pairReplySchema),
  }
}

function readAnswer<T extends v.GenericSchema>(
  parsed: unknown,
  status: number,
  schema: T,
): ShopAnswer<v.InferOutput<T>> {
  const refusal = v.safeParse(failureReplySchema, parsed)
  if (refusal.success) {
    const { kind } = refusal.output.failure
    return { ok: false, failure: (status === 401 || status === 403) && !NOT_OF_THE_TOKEN.has(kind) ? 'code' : kind }
  }
  // A refusal that only a later version knows.
  if ((status === 401 || status === 403) && isRecord(parsed) && parsed.ok === false)
    return { ok: false, failure: 'code' }
  // A gateway in between that has lost its server.
  if (status >= 502 && status <= 504) return { ok: false, failure: 'away' }
  const reply = status >= 200 && status < 300 ? v.safeParse(schema, parsed) : null
  return reply?.success === true ? { ok: true, value: reply.output } : { ok: false, failure: 'strange' }
}
