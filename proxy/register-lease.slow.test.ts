/** One writer a register over the relay: who may send, who is told, and when a person hands it on. Over real HTTP. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { D_MAX_MS } from '../src/contract/device.ts'
import { leasePath, relayPath, type LeaseView, type RelayRequest } from '../src/contract/relay.ts'
import { onWholeRequest, rawRequest, startTestProxy, type TestProxy } from './testing/proxy-kit.ts'
import { createRegisterLeases } from './register-lease.ts'

const A = { till: 'till-aaaaaaaa', letters: 'A' }
const B = { till: 'till-bbbbbbbb', letters: 'B' }
type Till = typeof A

const sale = {
  method: 'POST',
  path: '/api/',
  query: '',
  body: 'key=12345678&sale=800&cash=1000',
  timeoutMs: 5_000,
} as const satisfies RelayRequest
const getInfo = { ...sale, method: 'GET', path: '/apicheck/getInfo', query: 'key=12345678', body: null } as const
const report = { ...getInfo, path: '/dump/table/shifts/4/report' } as const
const json = { 'content-type': 'application/json' }

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

let stateDir = ''
/** Requests that the register received, in order. */
let received: string[] = []
let answer: (socket: Socket) => void = () => undefined
let origin = ''

const reply = (socket: Socket) => {
  socket.end('HTTP/1.1 200 164\r\nContent-Length: 8\r\nConnection: close\r\n\r\n87654321')
}

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'ikkm-lease-'))
  closers.push(() => {
    rmSync(stateDir, { recursive: true, force: true })
  })
  received = []
  answer = reply
  const sockets = new Set<Socket>()
  const device: Server = createServer((socket) => {
    sockets.add(socket)
    onWholeRequest(socket, (text) => {
      received.push(text)
      answer(socket)
    })
  })
  await new Promise<void>((resolve) => device.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(device.address() as AddressInfo).port}`
  closers.push(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        device.close(() => {
          resolve()
        })
      }),
  )
})

async function start(env: Record<string, string> = {}): Promise<TestProxy> {
  const proxy = await startTestProxy(
    { IKKM_DEVICES: `main=${origin}`, STATE_DIR: stateDir, ...env },
    { stopGraceMs: 100 },
  )
  closers.push(() => proxy.close().catch(() => undefined))
  return proxy
}

interface Answer {
  readonly status: number
  readonly term: string | null
  readonly problem: string | null
  readonly lease: LeaseView | null
}

async function post(proxy: TestProxy, path: string, body: unknown, headers: Record<string, string> = {}) {
  const said = await rawRequest(proxy.base, path, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  })
  const read = JSON.parse(said.body) as Partial<Answer>
  return { status: said.status, term: read.term ?? null, problem: read.problem ?? null, lease: read.lease ?? null }
}

function send(
  proxy: TestProxy,
  till: Till | null,
  request: RelayRequest = sale,
  { term = null as string | null, use = 'work', device = 'main', headers = {} } = {},
): Promise<Answer> {
  const lease = till === null ? {} : { lease: { ...till, use, term } }
  return post(proxy, relayPath(device), { ...request, ...lease }, headers)
}

async function view(proxy: TestProxy, till: Till): Promise<LeaseView> {
  const said = await rawRequest(proxy.base, `${leasePath('main')}?till=${till.till}`)
  return (JSON.parse(said.body) as { lease: LeaseView }).lease
}

async function takeOver(proxy: TestProxy, till: Till): Promise<Answer> {
  const { holder } = await view(proxy, till)
  return post(proxy, leasePath('main'), { ...till, seenTerm: holder?.term ?? null })
}

describe('a register of the relay', () => {
  it('is held by the first till that works with it; another one is refused before anything is sent, and told who', async () => {
    const proxy = await start()
    expect((await view(proxy, A)).holder).toBeNull()
    const before = Date.now()
    expect(await send(proxy, A)).toMatchObject({ status: 200, term: expect.stringMatching(/.{36}/) as string })
    const refused = await send(proxy, B)
    expect(refused).toMatchObject({ status: 409, problem: 'register-held' })
    expect(refused.lease).toMatchObject({ mine: false, busyMs: 0, holder: { letters: 'A' } })
    for (const at of [refused.lease?.holder?.sinceMs, refused.lease?.holder?.lastUseMs]) {
      expect(at).toBeGreaterThanOrEqual(before)
      expect(at).toBeLessThanOrEqual(Date.now())
    }
    expect(received).toHaveLength(1)
    expect((await view(proxy, A)).mine).toBe(true)
  })

  it('sees exactly one request of two tills that come at once', async () => {
    const proxy = await start()
    const both = await Promise.all([send(proxy, A), send(proxy, B)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(received).toHaveLength(1)
  })

  it('is one for several windows of a till, and for a till without an id that shows its token', async () => {
    const proxy = await start({ HOST: '0.0.0.0', PAIRING_CODE: 'pairing-code' })
    const far = { 'x-forwarded-for': '192.168.1.20' }
    const pair = async () => {
      const said = await rawRequest(proxy.base, '/api/pair', {
        method: 'POST',
        headers: { ...json, ...far },
        body: '{"code":"pairing-code"}',
      })
      return { ...far, authorization: `Bearer ${(JSON.parse(said.body) as { token: string }).token}` }
    }
    const [one, other] = [await pair(), await pair()]
    const windows = await Promise.all([
      send(proxy, null, sale, { headers: one }),
      send(proxy, null, sale, { headers: one }),
    ])
    expect(windows.map(({ status }) => status)).toEqual([200, 200])
    expect(await send(proxy, null, sale, { headers: other })).toMatchObject({ status: 409, problem: 'register-held' })
    expect(await send(proxy, null, sale)).toMatchObject({ status: 401 })
    expect(received).toHaveLength(2)
  })

  it('works as before for whoever sits at this machine and names no till', async () => {
    const proxy = await start()
    for (const request of [getInfo, report, sale]) expect((await send(proxy, null, request)).status).toBe(200)
    expect(received).toHaveLength(3)
  })

  it.each([
    ['its details', getInfo],
    ['its status', { ...getInfo, path: '/apicheck', query: 'key=12345678&show=minimum' }],
    ['a report', report],
    ['its goods', { ...getInfo, path: '/dump/table/items' }],
  ])('shows %s to whoever only looks, and isn’t taken by that', async (_name, request) => {
    const proxy = await start()
    expect(await send(proxy, B, request, { use: 'look' })).toMatchObject({ status: 200, term: null })
    expect((await view(proxy, B)).holder).toBeNull()
    await send(proxy, A, getInfo)
    expect((await view(proxy, A)).mine).toBe(true)
    expect((await send(proxy, B, request, { use: 'look' })).status).toBe(200)
    // What the queue reads before it sends is no mere look.
    expect((await send(proxy, B, request)).problem).toBe('register-held')
    expect(received).toHaveLength(3)
  })

  it.each([
    ['a lock by GET', { ...getInfo, path: '/apicheck/', query: 'key=12345678&Lockhost=true' }],
    ['a receipt by GET', { ...getInfo, path: '/api/', query: 'key=12345678&sale=800&cash=800' }],
    ['a copy of the last receipt', { ...getInfo, path: '/apicheck/printLastDocument' }],
    ['a restart', { ...sale, path: '/apimanage/', body: 'key=12345678&doReboot=true' }],
  ])('takes %s for no look', async (_name, request) => {
    const proxy = await start()
    await send(proxy, A)
    expect((await send(proxy, B, request, { use: 'look' })).problem).toBe('register-held')
    expect(received).toHaveLength(1)
  })

  it('keeps its holder over a restart of the server', async () => {
    const first = await start()
    const { term } = await send(first, A)
    await first.close()
    const second = await start()
    expect(await view(second, A)).toMatchObject({ mine: true, busyMs: 0, holder: { letters: 'A', term } })
    expect((await send(second, B)).problem).toBe('register-held')
    expect(await send(second, A, sale, { term })).toMatchObject({ status: 200, term })
    expect(received).toHaveLength(2)
  })

  it('that was killed hands nothing on until its last request can’t be executed any more', async () => {
    const proxy = await start()
    await send(proxy, A)
    // What a killed process leaves behind, while it runs.
    const killed = mkdtempSync(join(tmpdir(), 'ikkm-lease-'))
    writeFileSync(join(killed, 'register-leases.json'), readFileSync(join(stateDir, 'register-leases.json')))
    let mono = 5_000
    const leases = createRegisterLeases({ stateDir: killed, mono: () => mono })
    const seen = leases.view(origin, B.till)
    expect(seen).toMatchObject({ mine: false, busyMs: D_MAX_MS })
    expect(leases.takeOver(origin, B, seen.holder?.term ?? null).kind).toBe('busy')
    mono += D_MAX_MS
    expect(leases.takeOver(origin, B, seen.holder?.term ?? null).kind).toBe('taken')
    rmSync(killed, { recursive: true })
  })

  it('is handed on by a person: the former holder is refused from then on, also after a restart', async () => {
    const proxy = await start()
    await send(proxy, A)
    const taken = await takeOver(proxy, B)
    expect(taken).toMatchObject({ status: 200, lease: { mine: true, holder: { letters: 'B' } } })
    expect(await send(proxy, A)).toMatchObject({ status: 409, problem: 'register-held' })
    expect((await send(proxy, B)).status).toBe(200)
    await proxy.close()
    const again = await start()
    expect((await send(again, A)).problem).toBe('register-held')
    expect((await send(again, B)).status).toBe(200)
    expect(received).toHaveLength(3)
  })

  it('that came back to its holder lets nothing pass that was read before it was away', async () => {
    const proxy = await start()
    const { term } = await send(proxy, A)
    await takeOver(proxy, B)
    await send(proxy, B)
    await takeOver(proxy, A)
    const stale = await send(proxy, A, sale, { term })
    expect(stale).toMatchObject({ status: 409, problem: 'register-changed', lease: { mine: true } })
    expect(received).toHaveLength(2)
    const fresh = stale.lease?.holder?.term ?? ''
    expect(fresh).not.toBe(term)
    expect(await send(proxy, A, sale, { term: fresh })).toMatchObject({ status: 200, term: fresh })
  })

  it('isn’t handed on while a request of its holder is under way, nor while one waits in line', async () => {
    const waiting: Socket[] = []
    answer = (socket) => waiting.push(socket)
    const proxy = await start()
    const first = send(proxy, A)
    await expect.poll(() => waiting.length).toBe(1)
    const second = send(proxy, A)
    const busy = await takeOver(proxy, B)
    expect(busy).toMatchObject({ status: 409, problem: 'register-in-use', lease: { mine: false } })
    expect(busy.lease?.busyMs).toBeGreaterThan(0)
    for (const socket of waiting.splice(0)) reply(socket)
    expect((await first).status).toBe(200)
    expect((await takeOver(proxy, B)).problem).toBe('register-in-use')
    await expect.poll(() => waiting.length, { timeout: 5_000 }).toBe(1)
    for (const socket of waiting.splice(0)) reply(socket)
    expect((await second).status).toBe(200)
    expect((await takeOver(proxy, B)).status).toBe(200)
    expect((await send(proxy, A)).problem).toBe('register-held')
  })

  it('isn’t handed on after a time-out until the request can’t be executed any more', async () => {
    answer = () => undefined
    const proxy = await start()
    expect((await send(proxy, A, { ...sale, timeoutMs: 200 })).status).toBe(200)
    const busy = await takeOver(proxy, B)
    expect(busy.problem).toBe('register-in-use')
    expect(busy.lease?.busyMs).toBeGreaterThan(D_MAX_MS - 10_000)
    expect(busy.lease?.busyMs).toBeLessThanOrEqual(D_MAX_MS)
  })

  it('is handed on at once after a request that provably never left, and after a look without an answer', async () => {
    answer = () => undefined
    const proxy = await start({ IKKM_DEVICES: `main=http://127.0.0.1:1` })
    expect((await send(proxy, A)).status).toBe(200)
    expect((await takeOver(proxy, B)).status).toBe(200)
    const silent = await start({ STATE_DIR: join(stateDir, 'other') })
    expect((await send(silent, A, { ...getInfo, timeoutMs: 200 })).status).toBe(200)
    expect((await takeOver(silent, B)).status).toBe(200)
  })

  it('isn’t handed on by a page that shows an older holder, nor by a second tap', async () => {
    const proxy = await start()
    await send(proxy, A)
    const seen = (await view(proxy, B)).holder?.term ?? null
    expect((await takeOver(proxy, B)).status).toBe(200)
    await takeOver(proxy, A)
    expect(await post(proxy, leasePath('main'), { ...B, seenTerm: seen })).toMatchObject({
      status: 409,
      problem: 'register-held',
      lease: { mine: false, holder: { letters: 'A' } },
    })
    const term = (await view(proxy, A)).holder?.term
    expect((await takeOver(proxy, A)).lease?.holder?.term).toBe(term)
  })

  it('of two persons at once goes to one', async () => {
    const proxy = await start()
    await send(proxy, A)
    const seenTerm = (await view(proxy, B)).holder?.term ?? null
    const C = { till: 'till-cccccccc', letters: 'C' }
    const both = await Promise.all([B, C].map((till) => post(proxy, leasePath('main'), { ...till, seenTerm })))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('is one register under two names', async () => {
    const proxy = await start({ IKKM_DEVICES: `main=${origin},again=${origin}` })
    await send(proxy, A)
    expect((await send(proxy, B, sale, { device: 'again' })).problem).toBe('register-held')
  })

  it.each([
    ['no till', {}],
    ['another form of till', { till: '../x', letters: null, seenTerm: null }],
    ['more than it takes', { ...B, seenTerm: null, force: true }],
  ])('isn’t handed on with %s', async (_name, body) => {
    const proxy = await start()
    await send(proxy, A)
    expect((await post(proxy, leasePath('main'), body)).status).toBe(400)
    expect((await view(proxy, A)).mine).toBe(true)
    expect((await post(proxy, leasePath('other'), { ...B, seenTerm: null })).status).toBe(404)
  })

  it('isn’t handed on by whoever isn’t paired', async () => {
    const proxy = await start({ HOST: '0.0.0.0' })
    const far = { 'x-forwarded-for': '192.168.1.20' }
    expect((await post(proxy, leasePath('main'), { ...B, seenTerm: null }, far)).status).toBe(401)
    expect((await rawRequest(proxy.base, leasePath('main'), { headers: far })).status).toBe(401)
  })
})

describe('a state folder', () => {
  it('that can’t be written lets the first till work and hands nothing on', () => {
    const file = join(stateDir, 'a-file')
    writeFileSync(file, '')
    const leases = createRegisterLeases({ stateDir: join(file, 'below') })
    const request: RelayRequest = { ...sale, lease: { ...A, use: 'work', term: null } }
    const admitted = leases.admit(origin, A, request)
    if (admitted.kind !== 'admitted') throw new Error(admitted.kind)
    admitted.end('answered')
    expect(leases.admit(origin, B, request).kind).toBe('held')
    expect(leases.takeOver(origin, B, admitted.term).kind).toBe('notKept')
    expect(leases.view(origin, A.till).mine).toBe(true)
  })

  it('with a damaged file begins anew: who read under an old holding has to look again', () => {
    writeFileSync(join(stateDir, 'register-leases.json'), '{"quiet":tr')
    const leases = createRegisterLeases({ stateDir })
    const request: RelayRequest = { ...sale, lease: { ...A, use: 'work', term: 'of-before' } }
    expect(leases.admit(origin, A, request)).toMatchObject({ kind: 'changed', lease: { mine: true } })
  })
})
