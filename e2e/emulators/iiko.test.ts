/** The emulator answers the documents' own requests with the documents' own answers (sources 000 and 002). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  DOCUMENT_SAMPLE,
  OLAP_REQUEST_SAMPLE,
  PAYMENTS_SAMPLE,
  SAVE_ERROR_SAMPLE,
  SAVE_REQUEST_SAMPLE,
  SAVE_SUCCESS_SAMPLE,
  SHIFT_LIST_SAMPLE,
  SHIFT_SAMPLE,
} from '../../proxy/models/iiko-samples.ts'
import { startIikoEmulator, type IikoEmulator } from './iiko.ts'

let emulator: IikoEmulator
let key = ''

async function call(path: string, init: RequestInit = {}) {
  const reply = await fetch(`${emulator.origin}/resto/api${path}`, {
    ...init,
    headers: { cookie: `key=${key}`, ...init.headers },
  })
  const text = await reply.text()
  return { status: reply.status, text, json: () => JSON.parse(text) as unknown }
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

async function login() {
  key = (await call('/auth?login=admin&pass=2155245b2c002a1986d3f384af93be813537a476', { method: 'POST' })).text
}

beforeAll(async () => {
  emulator = await startIikoEmulator({ now: () => Date.UTC(2025, 2, 31, 12), shifts: 3_000 })
  await login()
})
afterAll(() => emulator.close())

describe("the documents' samples over real HTTP", () => {
  it('shift list, in two days of the samples', async () => {
    const february = await call('/v2/cashshifts/list?openDateFrom=2017-02-21&openDateTo=2017-02-21&status=UNACCEPTED')
    const may = await call('/v2/cashshifts/list?openDateFrom=2017-05-03&openDateTo=2017-05-03&status=HASWARNINGS')
    expect([...(february.json() as unknown[]), ...(may.json() as unknown[])]).toEqual(SHIFT_LIST_SAMPLE)
  })

  it('shift by id, payments, document', async () => {
    expect((await call('/v2/cashshifts/byId/1c81b65a-1b8a-428f-8a74-2c994a928a86')).json()).toEqual(SHIFT_SAMPLE)
    const id = 'f67fea0a-90d4-427c-ac3d-b82c1582f7f9'
    expect((await call(`/v2/cashshifts/payments/list/${id}?hideAccepted=false`)).json()).toEqual(PAYMENTS_SAMPLE)
    expect((await call(`/v2/cashshifts/closedSessionDocument/${id}`)).json()).toEqual(DOCUMENT_SAMPLE)
  })

  it('save, refused and successful', async () => {
    expect((await call('/v2/cashshifts/save', post(SAVE_ERROR_SAMPLE.document))).json()).toEqual(SAVE_ERROR_SAMPLE)
    expect((await call('/v2/cashshifts/save', post(SAVE_REQUEST_SAMPLE))).json()).toEqual(SAVE_SUCCESS_SAMPLE)
    const stored = (await call('/v2/cashshifts/closedSessionDocument/f67fea0a-90d4-427c-ac3d-b82c1582f7f9')).json()
    expect(stored).toEqual(SAVE_REQUEST_SAMPLE)
  })

  it('sales report with all fields of the sample', async () => {
    const report = (await call('/v2/reports/olap', post(OLAP_REQUEST_SAMPLE))).json() as {
      data: Record<string, unknown>[]
    }
    expect(Object.keys(report.data[0] ?? {}).sort()).toEqual(
      [...OLAP_REQUEST_SAMPLE.groupByRowFields, 'DishSumInt'].sort(),
    )
    expect(report.data.some((row) => row['OpenDate.Typed'] === '2025-03-01')).toBe(true)
    expect(report.data.some((row) => row['OpenDate.Typed'] === '2025-03-31')).toBe(false)
  })

  it('logout by parameter gives the token back, and it is dead then', async () => {
    const reply = await call(`/logout?key=${key}`, { method: 'POST' })
    expect(reply.text).toBe(key)
    expect((await call('/v2/cashshifts/byId/x')).status).toBe(401)
    await login()
  })
})

describe('its control port', () => {
  it('sets faults, takes them away, shows requests, forgets tokens', async () => {
    const control = (path: string, init?: RequestInit) => fetch(`${emulator.controlOrigin}${path}`, init)
    await control('/faults', {
      method: 'POST',
      body: JSON.stringify([{ kind: 'answer', status: 500, body: 'boom', path: '/resto/api/employees' }]),
    })
    expect((await call('/employees')).text).toBe('boom')
    expect((await call('/employees')).text).toContain('<employees>')
    await control('/faults', { method: 'POST', body: JSON.stringify({ kind: 'drop' }) })
    await control('/faults', { method: 'DELETE' })
    expect((await call('/employees')).status).toBe(200)
    const requests = (await (await control('/requests')).json()) as { path: string }[]
    expect(requests.at(-1)?.path).toBe('/resto/api/employees')
    await control('/actions/expire', { method: 'POST' })
    expect((await call('/employees')).status).toBe(401)
    expect((await control('/actions/none', { method: 'POST' })).status).toBe(404)
    expect(await (await control('/state')).json()).toMatchObject({ activeTokens: 0 })
  })
})
