import { describe, expect, it } from 'vitest'
import type { AtolDetail } from '../contract/atol.ts'
import { createBackofficeCache } from './backoffice-cache.ts'

function memory(start: Record<string, unknown> = {}) {
  const values = new Map<string, unknown>(Object.entries(start))
  return {
    values,
    get: (key: string) => Promise.resolve(values.get(key)),
    update: (key: string, change: (stored: unknown) => unknown) => {
      const next = structuredClone(change(values.get(key)))
      values.set(key, next)
      return Promise.resolve(next)
    },
  }
}

function detail(serialNumber: string): AtolDetail {
  return {
    device: {
      serialNumber,
      registrationNumber: null,
      deviceNumber: null,
      fiscalizationDate: null,
      fiscalStorageExpiration: null,
      signedDocuments: null,
      fiscalStorageUse: 8534,
      fiscalStorageInn: null,
      fiscalStorageSerialNumber: null,
      fiscalStoragePaymentAddress: null,
      groupCode: null,
      timestamp: null,
      isShiftOpened: false,
      shiftNumber: null,
      shiftReceipt: null,
      unsentDocs: 0,
      firstUnsentDocTimestamp: null,
      networkErrorCode: 0,
    },
    serialDiffers: false,
  }
}
const answer = (serial: string, readAtMs = 1) => ({ question: serial, readAtMs, demo: false, data: detail(serial) })

describe('the back office keeps what it showed last', () => {
  it('gives an answer back with its age and with whether it was invented', async () => {
    const cache = createBackofficeCache(memory())
    expect(await cache.keep('atolDevice', { ...answer('1', 77), demo: true })).toBe(true)
    expect(await cache.find('atolDevice', '1')).toEqual({ ...answer('1', 77), demo: true })
    expect(await cache.find('atolDevice', '2')).toBeNull()
  })

  it('keeps one answer a question, newest first, and no more than its bound', async () => {
    const store = memory()
    const cache = createBackofficeCache(store)
    for (let serial = 0; serial < 70; serial++) await cache.keep('atolDevice', answer(String(serial), serial))
    await cache.keep('atolDevice', answer('69', 99))
    const kept = store.values.get('backoffice:atolDevice') as { question: string; readAtMs: number }[]
    expect(kept).toHaveLength(60)
    expect(kept.slice(0, 2)).toMatchObject([
      { question: '69', readAtMs: 99 },
      { question: '68', readAtMs: 68 },
    ])
  })

  it('gives the newest answer to another question only where the asker can use one', async () => {
    const cache = createBackofficeCache(memory())
    await cache.keep('atolDevice', answer('1'))
    expect(await cache.find('atolDevice', 'x', true)).toMatchObject({ question: '1' })
  })

  it('takes a record that an older version or a broken disk left for nothing', async () => {
    for (const broken of [null, 7, [null], [{ question: '1', readAtMs: 1, demo: false, data: { device: 'x' } }]]) {
      const cache = createBackofficeCache(memory({ 'backoffice:atolDevice': broken }))
      expect(await cache.find('atolDevice', '1')).toBeNull()
    }
  })

  it('says no where the browser refuses to read or write, and throws nothing', async () => {
    const refuse = () => Promise.reject(new Error('QuotaExceededError'))
    const cache = createBackofficeCache({ get: refuse, update: refuse })
    expect(await cache.keep('atolDevice', answer('1'))).toBe(false)
    expect(await cache.find('atolDevice', '1')).toBeNull()
  })
})
