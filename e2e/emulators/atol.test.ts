/** The emulator answers the document's own requests as the document prints it (source 003). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ATOL_DEVICE_SAMPLE, ATOL_MISMATCH_SERIAL } from '../../proxy/models/atol.ts'
import { ATOL_ACCOUNT, startAtolEmulator, type AtolEmulator } from './atol.ts'

let emulator: AtolEmulator
let token = ''

async function get(path: string, headers: Record<string, string> = { token }) {
  const reply = await fetch(`${emulator.origin}${path}`, { headers: { accept: 'application/hal+json', ...headers } })
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
}

beforeAll(async () => {
  emulator = await startAtolEmulator({ now: () => Date.UTC(2026, 2, 31), devices: 345 })
  const reply = await fetch(`${emulator.origin}/api/auth/v1/gettoken`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ login: 'neletest', pass: 'v2ApscRjr' }),
  })
  const body = (await reply.json()) as { token: string; issued: string; expiresIn: number }
  expect(body).toMatchObject({ issued: '2026-03-31T03:00:00.0009998+03:00', expiresIn: 1440 })
  token = body.token
})
afterAll(() => emulator.close())

describe("the document's requests over real HTTP", () => {
  it('a token by GET', async () => {
    const { status, body } = await get(
      `/api/auth/v1/gettoken?login=${ATOL_ACCOUNT.login}&pass=${ATOL_ACCOUNT.password}`,
      {},
    )
    expect([status, typeof body.token]).toEqual([200, 'string'])
  })

  it('a page in the middle, with links to both sides', async () => {
    const base = 'https://online.atol.ru/api/kkt/v1/cash-registers'
    const { body } = await get('/api/kkt/v1/cash-registers?limit=1&offset=100')
    expect(body).toMatchObject({
      _links: {
        next: { href: `${base}?offset=101&limit=1`, rel: 'get-cash-registers', action: 'GET' },
        prev: { href: `${base}?offset=99&limit=1`, rel: 'get-cash-registers', action: 'GET' },
      },
      total: 345,
      limit: 1,
      offset: 100,
    })
    expect(body._embedded).toHaveLength(1)
  })

  it("the sample's device, with its links", async () => {
    const { body } = await get('/api/kkt/v1/cash-registers?limit=1')
    const link = {
      href: 'https://online.atol.ru/api/kkt/v1/cash-registers/00107703864827',
      rel: 'get-cash-register',
      action: 'GET',
    }
    expect(body._embedded).toEqual([{ _links: { self: link, 'get-cash-register': link }, data: ATOL_DEVICE_SAMPLE }])
    expect((body._links as Record<string, unknown>).prev).toBeUndefined()
  })

  it('10 devices where no limit is given, an empty page behind the last, no next on it', async () => {
    expect((await get('/api/kkt/v1/cash-registers')).body._embedded).toHaveLength(10)
    const last = (await get('/api/kkt/v1/cash-registers?offset=1000')).body
    expect(last._embedded).toEqual([])
    expect((last._links as Record<string, unknown>).next).toBeUndefined()
  })

  it('one device, whose sample names another one than was asked for', async () => {
    const { body } = await get(`/api/kkt/v1/cash-registers/${ATOL_MISMATCH_SERIAL}`)
    expect(body.data).toEqual(ATOL_DEVICE_SAMPLE)
    expect(JSON.stringify(body._links)).toContain(ATOL_MISMATCH_SERIAL)
  })

  it.each([
    ['/api/kkt/v1/cash-registers', {}, 401, 'MissingToken'],
    ['/api/kkt/v1/cash-registers', { token: 'nonsense' }, 401, 'MissingToken'],
    ['/api/auth/v1/gettoken?login=a&pass=b', {}, 401, 'WrongLoginOrPassword'],
    ['/api/auth/v1/gettoken?login=a', {}, 400, undefined],
  ])('%s with %j is refused with %i %s', async (path, headers, status, errorCode) => {
    const reply = await get(path, headers)
    expect(reply).toMatchObject({ status, body: { status, traceId: expect.any(String) as string } })
    expect(reply.body.errorCode).toBe(errorCode)
  })

  it('a device that is not there, and a token that ran out', async () => {
    expect((await get('/api/kkt/v1/cash-registers/1')).body).toMatchObject({ status: 404, title: 'Not Found' })
    await fetch(`${emulator.controlOrigin}/actions/expire`, { method: 'POST' })
    expect((await get('/api/kkt/v1/cash-registers')).body).toMatchObject({
      status: 401,
      title: 'Переданный токен не активен',
      errorCode: 'ExpiredToken',
    })
  })
})
