/** The record of a register in a ledger: made where a way to it is first kept, and anew where the browser dropped it. */
import type { QueueStore } from '../queue/store.ts'
import { newDeviceRecord, type DeviceRecord } from '../queue/types.ts'
import type { KeyValueStore } from '../storage/key-value.ts'

const TRACK_PREFIX = 'track-prefix'

/**
 * First digits of this tablet's bank operations, 1 to 998: drawn once and kept beside the ledger, so that a record that
 * was lost with it goes on under the same, and no other tablet's operations are taken for its own.
 */
export async function trackPrefix(keyValues: Pick<KeyValueStore, 'get' | 'update'>): Promise<number> {
  const kept = await keyValues.get(TRACK_PREFIX)
  if (typeof kept === 'number') return kept
  const drawn = 1 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 998)
  const stored = await keyValues.update(TRACK_PREFIX, (there) => (typeof there === 'number' ? there : drawn))
  return stored as number
}

/** The record that is there, or a fresh one with this key (null: the next sale asks for it) and factory number. */
export async function ensureDeviceRecord(
  store: Pick<QueueStore, 'createDevice'>,
  keyValues: Pick<KeyValueStore, 'get' | 'update'>,
  record: Pick<DeviceRecord, 'id' | 'key' | 'serial'>,
): Promise<DeviceRecord> {
  const fresh = newDeviceRecord({ ...record, trackPrefix: await trackPrefix(keyValues) })
  return store.createDevice({ ...fresh, serial: record.serial })
}
