/** Which record of the ledger a cash register has: one register, one record, whatever way leads to it. */
import type { DeviceRecord } from '../queue/types.ts'
import type { DeviceSettings } from '../stores/settings.ts'

/** What is known of the register that is being set up. */
export interface FoundRegister {
  readonly way: DeviceSettings
  /** Factory number; null where none was read. */
  readonly serial: string | null
  /** The key that was typed. */
  readonly key: string
}

/** A request in doubt can be settled by its own record alone, so that record goes first; else the one used last. */
function best(records: readonly DeviceRecord[]): DeviceRecord | undefined {
  const rank = (record: DeviceRecord) => (record.bound === null ? (record.lastContactMs ?? 0) : Infinity)
  return records.reduce<DeviceRecord | undefined>(
    (found, record) => (found === undefined || rank(record) > rank(found) ? record : found),
    undefined,
  )
}

/**
 * The id of the register's record, new or known. Where no factory number was read the key can still tell: it is bound to
 * a request of one record, and nothing else may leave on it.
 */
export function recordIdOf(records: readonly DeviceRecord[], { way, serial, key }: FoundRegister): string {
  const own = records.filter((record) => record.mergedInto === undefined)
  const byWay = `${way.transport}:${way.origin}${way.relayId}`
  const merged = records.find((record) => record.id === byWay)?.mergedInto
  if (serial === null && merged !== undefined) return merged
  const known =
    best(own.filter((record) => serial !== null && record.serial === serial)) ??
    own.find((record) => record.bound !== null && record.key === key && (serial === null || record.serial === null)) ??
    own.find((record) => record.id === byWay && (serial === null || record.serial === null))
  if (known !== undefined) return known.id
  return records.some((record) => record.id === byWay) ? `${byWay}#${serial ?? ''}` : byWay
}
