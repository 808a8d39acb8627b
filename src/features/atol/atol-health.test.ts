import { describe, expect, it } from 'vitest'
import type { AtolDevice } from '../../contract/atol.ts'
import { byWarnings, daysToExpiry, deviceWarnings } from './atol-health.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 22, 9)
const iso = (ms: number) => new Date(ms).toISOString()

const healthy: AtolDevice = {
  serialNumber: '1',
  registrationNumber: null,
  deviceNumber: null,
  fiscalizationDate: null,
  fiscalStorageExpiration: iso(NOW + 200 * DAY),
  signedDocuments: 1,
  fiscalStorageUse: 1_000,
  fiscalStorageInn: null,
  fiscalStorageSerialNumber: null,
  fiscalStoragePaymentAddress: null,
  groupCode: null,
  timestamp: iso(NOW - 60_000),
  isShiftOpened: false,
  shiftNumber: 1,
  shiftReceipt: 0,
  unsentDocs: 0,
  firstUnsentDocTimestamp: null,
  networkErrorCode: 0,
}

describe('what has to be looked at on an ATOL device', () => {
  it.each<[string, Partial<AtolDevice>, readonly string[]]>([
    ['nothing', {}, []],
    ['a storage that expires within a month', { fiscalStorageExpiration: iso(NOW + 30 * DAY) }, ['warn expires']],
    ['one with a day more', { fiscalStorageExpiration: iso(NOW + 31 * DAY) }, []],
    ['an expired storage', { fiscalStorageExpiration: iso(NOW - 1) }, ['danger expired']],
    ['a storage nearly full', { fiscalStorageUse: 9_000 }, ['warn full']],
    ['a full storage', { fiscalStorageUse: 9_999 }, ['danger full']],
    ['fresh unsent documents', { unsentDocs: 2, firstUnsentDocTimestamp: iso(NOW - DAY) }, ['warn unsent']],
    ['unsent documents without a date', { unsentDocs: 2 }, ['warn unsent']],
    ['old unsent documents', { unsentDocs: 2, firstUnsentDocTimestamp: iso(NOW - 8 * DAY) }, ['danger unsentOld']],
    ['a network error, an unknown one as well', { networkErrorCode: 42 }, ['warn network']],
    ['no word of the network', { networkErrorCode: null }, []],
    ['old data', { timestamp: iso(NOW - 2 * DAY) }, ['warn stale']],
    ['texts that are no dates', { timestamp: '<b>', fiscalStorageExpiration: 'soon' }, []],
    ['the worst first', { networkErrorCode: 1, fiscalStorageUse: 9_900 }, ['danger full', 'warn network']],
  ])('%s', (_name, change, expected) => {
    const found = deviceWarnings({ ...healthy, ...change }, NOW).map(({ level, kind }) => `${level} ${kind}`)
    expect(found).toEqual(expected)
  })

  it('puts devices with warnings in front and leaves equal ones in their order', () => {
    const devices = [
      { ...healthy, serialNumber: 'ok1' },
      { ...healthy, serialNumber: 'warn', networkErrorCode: 3 },
      { ...healthy, serialNumber: 'ok2' },
      { ...healthy, serialNumber: 'danger', fiscalStorageUse: 10_000 },
    ]
    expect(byWarnings(devices, NOW).map(({ device }) => device.serialNumber)).toEqual(['danger', 'warn', 'ok1', 'ok2'])
  })

  it('counts whole days to the expiry, negative ones after it', () => {
    expect(daysToExpiry(healthy, NOW)).toBe(200)
    expect(daysToExpiry({ ...healthy, fiscalStorageExpiration: iso(NOW - DAY) }, NOW)).toBe(-1)
    expect(daysToExpiry({ ...healthy, fiscalStorageExpiration: null }, NOW)).toBeNull()
  })
})
