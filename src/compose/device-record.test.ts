import { expect, it } from 'vitest'
import type { DeviceRecord } from '../queue/types.ts'
import { ensureDeviceRecord } from './device-record.ts'

/** Key values and a ledger in memory; `writes` counts what reaches the disk. */
function storage() {
  const kept = new Map<string, unknown>()
  const records = new Map<string, DeviceRecord>()
  const counts = { writes: 0 }
  return {
    kept,
    records,
    counts,
    keyValues: {
      get: (key: string) => Promise.resolve(kept.get(key)),
      update(key: string, change: (stored: unknown) => unknown) {
        const value = change(kept.get(key))
        if (value !== kept.get(key)) counts.writes += 1
        kept.set(key, value)
        return Promise.resolve(value)
      },
    },
    store: {
      createDevice(record: DeviceRecord) {
        const there = records.get(record.id) ?? record
        records.set(record.id, there)
        return Promise.resolve(there)
      },
    },
  }
}

it('a record is made once, with a prefix of bank operations that the tablet keeps', async () => {
  const { store, keyValues, kept, counts } = storage()
  const record = await ensureDeviceRecord(store, keyValues, { id: 'a', key: '12345678', serial: '0117' })
  expect(record).toMatchObject({ id: 'a', key: '12345678', serial: '0117', nextTrack: 1 })
  expect(record.trackPrefix).toBeGreaterThanOrEqual(1)
  expect(record.trackPrefix).toBeLessThanOrEqual(998)
  expect(kept.get('track-prefix')).toBe(record.trackPrefix)
  const again = await ensureDeviceRecord(store, keyValues, { id: 'a', key: null, serial: null })
  expect(again).toEqual(record)
  expect(counts.writes).toBe(1)
})

it('a ledger that the browser dropped gets its record back under the same prefix, without a key', async () => {
  const { store, keyValues, records } = storage()
  const first = await ensureDeviceRecord(store, keyValues, { id: 'a', key: '12345678', serial: null })
  records.clear()
  const second = await ensureDeviceRecord(store, keyValues, { id: 'a', key: null, serial: null })
  expect(second).toMatchObject({ key: null, trackPrefix: first.trackPrefix })
})

it('where the prefix was dropped too, one is drawn: the first tablet of every shop had the same otherwise', async () => {
  const drawn = new Set<number>()
  for (let tablet = 0; tablet < 20; tablet += 1) {
    const { store, keyValues } = storage()
    drawn.add((await ensureDeviceRecord(store, keyValues, { id: 'a', key: null, serial: null })).trackPrefix)
  }
  expect(drawn.size).toBeGreaterThan(1)
})
