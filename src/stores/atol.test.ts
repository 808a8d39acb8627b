import { beforeEach, describe, expect, it } from 'vitest'
import type { AtolDevice, AtolPage } from '../contract/atol.ts'
import { failed } from '../contract/errors.ts'
import { useAtolStore } from './atol.ts'
import { usePairingStore } from './pairing.ts'
import { setUpOffice, shown, type OfficeTest } from './testing/office-services.ts'

let office: OfficeTest
beforeEach(() => {
  office = setUpOffice()
})

function device(serialNumber: string): AtolDevice {
  return {
    serialNumber,
    registrationNumber: null,
    deviceNumber: null,
    fiscalizationDate: null,
    fiscalStorageExpiration: null,
    signedDocuments: null,
    fiscalStorageUse: null,
    fiscalStorageInn: null,
    fiscalStorageSerialNumber: null,
    fiscalStoragePaymentAddress: null,
    groupCode: null,
    timestamp: null,
    isShiftOpened: null,
    shiftNumber: null,
    shiftReceipt: null,
    unsentDocs: 0,
    firstUnsentDocTimestamp: null,
    networkErrorCode: null,
  }
}

function page(limit: number, offset: number, total: number): AtolPage {
  const count = Math.max(0, Math.min(limit, total - offset))
  const devices = Array.from({ length: count }, (_, index) => device(String(offset + index)))
  const next = offset + limit < total ? { limit, offset: offset + limit } : null
  return { devices, total, limit, offset, next, unreadable: [] }
}

describe('devices of ATOL Online', () => {
  it('come a page at a time, by limit and offset', async () => {
    office.answer({ atolDevices: ({ limit, offset }) => Promise.resolve(shown(page(limit, offset, 120))) })
    const atol = useAtolStore()
    await atol.loadPage()
    await atol.goTo(50)
    await atol.goTo(0, 10)
    expect(office.calls).toEqual([
      'atolDevices [{"limit":50,"offset":0}]',
      'atolDevices [{"limit":50,"offset":50}]',
      'atolDevices [{"limit":10,"offset":0}]',
    ])
    expect(atol.page.data?.devices).toHaveLength(10)
  })

  it('are read through to the last page when all are asked for', async () => {
    office.answer({ atolDevices: ({ limit, offset }) => Promise.resolve(shown(page(limit, offset, 250))) })
    const atol = useAtolStore()
    await atol.scanAll()
    expect(office.calls).toHaveLength(3)
    expect(atol.scan).toMatchObject({ total: 250, running: false, complete: true, failure: null })
    expect(atol.scan.devices).toHaveLength(250)
  })

  it('stay when a page fails in the middle', async () => {
    office.answer({
      atolDevices: ({ limit, offset }) =>
        Promise.resolve(offset === 0 ? shown(page(limit, offset, 250)) : failed('atol-server', { traceId: 'T1' })),
    })
    const atol = useAtolStore()
    await atol.scanAll()
    expect(atol.scan).toMatchObject({
      running: false,
      complete: false,
      failure: { kind: 'atol-server', traceId: 'T1' },
    })
    expect(atol.scan.devices).toHaveLength(100)
  })

  it('are not asked for without end by a server whose link leads back', async () => {
    office.answer({
      atolDevices: ({ limit, offset }) =>
        Promise.resolve(shown({ ...page(limit, offset, 250), next: { limit, offset } })),
    })
    const atol = useAtolStore()
    await atol.scanAll()
    expect(office.calls).toHaveLength(1)
  })

  it('stop being read when a person stops it', async () => {
    let answer: (() => void) | undefined
    office.answer({
      atolDevices: ({ limit, offset }) =>
        new Promise((resolve) => (answer = () => resolve(shown(page(limit, offset, 250))))),
    })
    const atol = useAtolStore()
    const scan = atol.scanAll()
    atol.stopScan()
    answer?.()
    await scan
    expect(office.calls).toHaveLength(1)
    expect(atol.scan).toMatchObject({ running: false, complete: false })
  })

  it('show the one that was read before while the proxy is away', async () => {
    office.answer({ atolDevice: (serial) => Promise.resolve(shown({ device: device(serial), serialDiffers: false })) })
    await useAtolStore().openDevice('7')
    const { values } = office
    office = setUpOffice()
    for (const [key, value] of values) office.values.set(key, value)
    const atol = useAtolStore()
    await atol.openDevice('7')
    expect(atol.device).toMatchObject({ stored: true, failure: { kind: 'proxy-away' }, data: { device: device('7') } })
  })
})

describe('pairing', () => {
  it('keeps the token of a right code and says why a wrong one was refused', async () => {
    office.answer({ pair: () => Promise.resolve(failed('wrong-code')) })
    const pairing = usePairingStore()
    expect(await pairing.pair(' 000000 ')).toBe(false)
    expect(pairing.failure?.kind).toBe('wrong-code')
    expect(office.token()).toBeNull()
    office.answer({ pair: () => Promise.resolve({ ok: true, value: 'token-0123456789' }) })
    expect(await pairing.pair('482913')).toBe(true)
    expect(office.token()).toBe('token-0123456789')
    expect(office.calls[0]).toBe('pair ["000000"]')
  })
})
