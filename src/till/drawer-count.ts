/** The cash that a person counted before a Z, kept with its shift: the device has no place for it. */
import * as v from 'valibot'
import type { TenderCount } from '../domain/drawer-count.ts'
import { drawerDifference, type DrawerDifference } from '../domain/shift.ts'
import { tiyn, type Tiyn } from '../domain/money.ts'
import { TENDERS } from '../domain/receipt.ts'
import { services } from './services.ts'

const amount = v.pipe(v.number(), v.safeInteger())

const stored = v.object({
  expected: amount,
  counted: amount,
  /** Pieces by denomination in tiyn; empty where only the sum was typed. */
  pieces: v.array(v.tuple([amount, v.pipe(amount, v.minValue(0))])),
  cashier: v.string(),
  atMs: v.number(),
  /** Records of earlier versions have none of these. */
  blind: v.optional(v.boolean()),
  first: v.optional(amount),
  tenders: v.optional(
    v.array(v.object({ tender: v.picklist(TENDERS), name: v.string(), expected: amount, counted: amount })),
  ),
  reason: v.optional(v.string()),
  note: v.optional(v.string()),
})

export interface DrawerCount extends DrawerDifference {
  readonly pieces: readonly (readonly [denomination: Tiyn, pieces: number])[]
  readonly cashier: string
  readonly atMs: number
  /** It was counted before anybody saw what should be there. */
  readonly blind?: boolean | undefined
  /** What was counted first, where it was counted again after the difference was seen. */
  readonly first?: Tiyn | undefined
  /** What card terminals and others said; only those that somebody looked at. */
  readonly tenders?: readonly TenderCount[] | undefined
  /** One of `DIFFERENCE_REASONS`, or that of a newer version. */
  readonly reason?: string | undefined
  readonly note?: string | undefined
}

const keyOf = (deviceId: string, shift: number) => `drawer-count:${deviceId}:${shift}`

/** Keeps a count; a later one of the same shift takes its place. Resolves when it is on the disk. */
export async function keepDrawerCount(deviceId: string, shift: number, count: DrawerCount): Promise<void> {
  const { difference: _difference, kind: _kind, ...kept } = count
  // What wasn't said has no place: a record is as small as before.
  const said = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined))
  await services().keyValues.set(keyOf(deviceId, shift), said)
}

/** The count of a shift, null where nobody counted on this terminal. */
export async function readDrawerCount(deviceId: string, shift: number): Promise<DrawerCount | null> {
  const parsed = v.safeParse(stored, await services().keyValues.get(keyOf(deviceId, shift)))
  if (!parsed.success) return null
  const { expected, counted, pieces, first, tenders, ...said } = parsed.output
  return {
    ...said,
    ...drawerDifference(tiyn(expected), tiyn(counted)),
    pieces: pieces.map(([denomination, number]) => [tiyn(denomination), number] as const),
    ...(first === undefined ? {} : { first: tiyn(first) }),
    ...(tenders && {
      tenders: tenders.map((one) => ({ ...one, expected: tiyn(one.expected), counted: tiyn(one.counted) })),
    }),
  }
}
