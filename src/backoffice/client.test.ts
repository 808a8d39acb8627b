import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestProxy, type TestProxy } from '../../proxy/testing/proxy-kit.ts'
import { completeDocument } from '../contract/iiko-acceptance.ts'
import type { Result } from '../contract/errors.ts'
import { createBackofficeClient, type BackofficeClient } from './client.ts'

let proxy: TestProxy
let client: BackofficeClient

function clientOf(baseUrl: string, token: string | null = null): BackofficeClient {
  return createBackofficeClient({ baseUrl: () => baseUrl, token: () => token })
}

function value<T>(outcome: Result<T>): T {
  if (!outcome.ok) throw new Error(`failed: ${JSON.stringify(outcome.failure)}`)
  return outcome.value
}

function day(daysAgo: number): string {
  return new Date(Date.now() + 5 * 3_600_000 - daysAgo * 86_400_000).toISOString().slice(0, 10)
}

beforeAll(async () => {
  proxy = await startTestProxy({}, { rateLimiter: { take: () => true } })
  client = clientOf(proxy.base)
})
afterAll(() => proxy.close())

describe('without any configuration the app gets demo data, marked in every answer', () => {
  it('config says so', async () => {
    expect(value(await client.config())).toMatchObject({
      demo: true,
      iiko: 'demo',
      atol: 'demo',
      devices: [],
      pairingRequired: false,
    })
  })

  it('shifts of a quarter come month by month, with progress, and thousands are there', async () => {
    const steps: string[] = []
    const shown = value(
      await client.iikoShifts({ from: day(89), to: day(0) }, (done, all) => steps.push(`${done}/${all}`)),
    )
    expect(shown.demo).toBe(true)
    expect(shown.data.shifts.length).toBeGreaterThan(250)
    expect(new Set(shown.data.shifts.map(({ id }) => id)).size).toBe(shown.data.shifts.length)
    expect(steps.length).toBeGreaterThanOrEqual(3)
    expect(steps.at(-1)).toBe(`${steps.length - 1}/${steps.length - 1}`)
  })

  it('a shift is accepted from its first look to the saved document', async () => {
    const { data: list } = value(await client.iikoShifts({ from: day(5), to: day(1), status: 'UNACCEPTED' }))
    const id = list.shifts[0]?.id ?? ''
    const shift = value(await client.iikoShift(id))
    expect(shift).toMatchObject({ demo: true, data: { id, status: 'UNACCEPTED' } })
    const names = value(await client.iikoNames()).data
    const payments = value(await client.iikoPayments(id)).data.payments
    const document = value(await client.iikoDocument(id)).data
    const result = value(await client.iikoSave(completeDocument(document, payments, names))).data
    expect(result).toMatchObject({ saved: true, status: 'ACCEPTED' })
    expect(value(await client.iikoShift(id)).data.status).toBe('ACCEPTED')
    expect(value(await client.iikoDocument(id)).data.items).toHaveLength(payments.length)
  })

  it('sales, catalogue and licence are shown', async () => {
    const sales = value(await client.iikoSales({ from: day(40), to: day(0) }))
    expect(sales.demo).toBe(true)
    expect(sales.data.total).toBe(sales.data.rows.reduce((sum, row) => sum + row.sum, 0))
    expect(value(await client.iikoCatalogue(day(0))).data.products).toHaveLength(8)
    expect(value(await client.iikoLicence())).toEqual({
      demo: true,
      data: { moduleId: '28008806', licence: 'iikoAPIServer', freeSlots: 2, text: '2' },
    })
  })

  it('devices of ATOL are shown page by page', async () => {
    const page = value(await client.atolDevices({ limit: 100, offset: 0 }))
    expect(page).toMatchObject({ demo: true, data: { total: 2_500, next: { limit: 100, offset: 100 } } })
    expect(page.data.devices).toHaveLength(100)
    const serial = page.data.devices[5]?.serialNumber ?? ''
    expect(value(await client.atolDevice(serial)).data).toMatchObject({
      serialDiffers: false,
      device: { serialNumber: serial },
    })
  })
})

describe('failures are values', () => {
  it('a period that makes no sense', async () => {
    expect(await client.iikoShifts({ from: '2026-02-30', to: '2026-03-01' })).toMatchObject({
      ok: false,
      failure: { kind: 'bad-request' },
    })
  })

  it('a shift that is not there, with the id of the request for support', async () => {
    const outcome = await client.iikoShift('no-such-shift')
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'iiko-not-found', upstream: 'iiko', status: 404 } })
    if (!outcome.ok) expect(proxy.logLines.join('\n')).toContain(outcome.failure.requestId)
  })

  it('a wrong pairing code, and the right one', async () => {
    expect(await client.pair('wrong-code')).toMatchObject({ ok: false, failure: { kind: 'wrong-code' } })
    expect(value(await client.pair(proxy.pairingCode))).toMatch(/^till\.[\w-]+\.[\w-]+$/)
  })

  it('a proxy that is away', async () => {
    expect(await clientOf('http://127.0.0.1:1').iikoNames()).toMatchObject({
      ok: false,
      failure: { kind: 'proxy-away' },
    })
  })

  it.each([
    ['an HTML page', 200, 'text/html', '<html></html>'],
    ['half an answer', 200, 'application/json', '{"ok":true,"demo":'],
    ['another shape', 200, 'application/json', '{"ok":true,"demo":false,"data":{"devices":"x"}}'],
    ['an error page', 502, 'text/html', '<h1>Bad gateway</h1>'],
    ['nothing', 204, '', ''],
  ])('something else at the address of the proxy: %s', async (_name, status, type, body) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': type })
      response.end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const outcome = await clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).atolDevices({
      limit: 10,
      offset: 0,
    })
    expect(outcome).toMatchObject({ ok: false, failure: { kind: 'proxy-answer' } })
    await new Promise<void>((resolve) =>
      server.close(() => {
        resolve()
      }),
    )
  })

  it('nothing is asked twice by itself, and the token goes along', async () => {
    const seen: string[] = []
    const server = createServer((request, response) => {
      seen.push(`${request.method ?? ''} ${request.headers.authorization ?? ''}`)
      response.writeHead(503)
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'a.b').iikoShift('x')
    expect(seen).toEqual(['GET Bearer a.b'])
    await new Promise<void>((resolve) =>
      server.close(() => {
        resolve()
      }),
    )
  })
})
