import { describe, expect, it } from 'vitest'
import { newDeviceRecord, type DeviceRecord } from '../queue/types.ts'
import { recordIdOf } from './record-of.ts'

const record = (id: string, change: Partial<DeviceRecord> = {}): DeviceRecord => ({
  ...newDeviceRecord({ id, key: '11111111', trackPrefix: 1 }),
  ...change,
})
const way = (host: string) => ({ transport: 'direct' as const, origin: `http://${host}:8080`, relayId: '' })
const A = 'direct:http://a:8080'
const B = 'direct:http://b:8080'

describe('the record of a register', () => {
  it('is known by its factory number, whatever way leads to it', () => {
    expect(recordIdOf([record(A, { serial: '0117' })], { way: way('b'), serial: '0117', key: '2' })).toBe(A)
  })

  it('is the way where no number was read, and another one for another number at that way', () => {
    const known = [record(A, { serial: '0117' })]
    expect(recordIdOf([], { way: way('a'), serial: null, key: '2' })).toBe(A)
    expect(recordIdOf(known, { way: way('a'), serial: null, key: '2' })).toBe(A)
    expect(recordIdOf(known, { way: way('a'), serial: '0999', key: '2' })).toBe(`${A}#0999`)
  })

  it('is the one with a request in doubt where an earlier version made two of one register, else the one used last', () => {
    const two = [record(A, { serial: '0117', lastContactMs: 5 }), record(B, { serial: '0117', lastContactMs: 9 })]
    expect(recordIdOf(two, { way: way('a'), serial: '0117', key: '2' })).toBe(B)
    const bound = [record(A, { serial: '0117', bound: 'sale' }), record(B, { serial: '0117', lastContactMs: 9 })]
    expect(recordIdOf(bound, { way: way('b'), serial: '0117', key: '2' })).toBe(A)
  })

  it('is the one whose request the typed key is bound to, because nothing else may leave on that key', () => {
    const known = [record(A, { serial: '0117', key: '22222222', bound: 'sale' })]
    expect(recordIdOf(known, { way: way('b'), serial: null, key: '22222222' })).toBe(A)
    expect(recordIdOf(known, { way: way('b'), serial: null, key: '33333333' })).toBe(B)
    expect(recordIdOf(known, { way: way('b'), serial: '0999', key: '22222222' })).toBe(B)
  })

  it('follows a record that was joined to its register’s', () => {
    const known = [record(A, { serial: '0117' }), record(B, { mergedInto: A })]
    expect(recordIdOf(known, { way: way('b'), serial: null, key: '2' })).toBe(A)
  })
})
