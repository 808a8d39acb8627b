/** The cash that a person counted before a Z, kept with its shift: the device has no place for it. */
import * as v from 'valibot'
import { drawerDifference, type DrawerDifference } from '../domain/shift.ts'
import { tiyn, type Tiyn } from '../domain/money.ts'
import { services } from './services.ts'

const amount = v.pipe(v.number(), v.safeInteger())

const stored = v.object({
  expected: amount,
  counted: amount,
  /** Pieces by denomination in tiyn; empty where only the sum was typed. */
  pieces: v.array(v.tuple([amount, v.pipe(amount, v.minValue(0))])),
  cashier: v.string(),
  atMs: v.number(),
})

export interface DrawerCount extends DrawerDifference {
  readonly pieces: readonly (readonly [denomination: Tiyn, pieces: number])[]
  readonly cashier: string
  readonly atMs: number
}

const keyOf = (deviceId: string, shift: number) => `drawer-count:${deviceId}:${shift}`

/** Keeps a count; a later one of the same shift takes its place. Resolves when it is on the disk. */
export async function keepDrawerCount(deviceId: string, shift: number, count: DrawerCount): Promise<void> {
  const { expected, counted, pieces, cashier, atMs } = count
  await services().keyValues.set(keyOf(deviceId, shift), { expected, counted, pieces, cashier, atMs })
}

/** The count of a shift, null where nobody counted on this terminal. */
export async function readDrawerCount(deviceId: string, shift: number): Promise<DrawerCount | null> {
  const parsed = v.safeParse(stored, await services().keyValues.get(keyOf(deviceId, shift)))
  if (!parsed.success) return null
  const { expected, counted, pieces, cashier, atMs } = parsed.output
  return {
    ...drawerDifference(tiyn(expected), tiyn(counted)),
    pieces: pieces.map(([denomination, number]) => [tiyn(denomination), number] as const),
    cashier,
    atMs,
  }
}
