import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { parseRelayReply, relayPath } from '../src/contract/relay.ts'
import { exchange } from './ikkm-relay.ts'
import { onWholeRequest, rawRequest, startTestProxy, type TestProxy } from './testing/proxy-kit.ts'

/** A raw TCP device: what it received, and how it answers each connection. */
interface RawDevice {
  readonly origin: string
  readonly received: { readonly text: string; readonly at: number }[]
  readonly server: Server
  maxOpen: number
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function startDevice(onRequest: (socket: Socket, text: string) => void): Promise<RawDevice> {
  const sockets = new Set<Socket>()
  const received: RawDevice['received'] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    device.maxOpen = Math.max(device.maxOpen, sockets.size)
    socket.on('close', () => sockets.delete(socket))
    onWholeRequest(socket, (text) => {
      received.push({ text, at: performance.now() })
      onRequest(socket, text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const device: RawDevice = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    server,
    maxOpen: 0,
  }
  closers.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => {
          resolve()
        })
      }),
  )
  return device
}

async function startProxyFor(device: RawDevice): Promise<TestProxy> {
  const proxy = await startTestProxy({ IKKM_DEVICES: `main=${device.origin}` })
  closers.push(() => proxy.close())
  return proxy
}

const ok = (reason: string, body: string) =>
  `HTTP/1.1 200 ${reason}\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
const sale = {
  method: 'POST',
  path: '/api/',
  query: '',
  body: 'key=12345678&sale=800&cash=1000&name=%D0%A1',
  timeoutMs: 5_000,
} as const
const json = { 'content-type': 'application/json' }

async function relay(proxy: TestProxy, request: object, deviceId = 'main') {
  const reply = await rawRequest(proxy.base, relayPath(deviceId), {
    method: 'POST',
    headers: json,
    body: JSON.stringify(request),
  })
  return {
    ...reply,
    answer: parseRelayReply(JSON.parse(reply.body)),
    problem: (JSON.parse(reply.body) as { problem?: string }).problem,
  }
}

describe('the relay', () => {
  it('keeps method, path, body and reason phrase, and asks over a connection of its own', async () => {
    const device = await startDevice((socket) => socket.end(ok('164', '87654321')))
    const proxy = await startProxyFor(device)
    const reply = await relay(proxy, sale)
    expect(reply.answer).toEqual({ kind: 'reply', status: 200, reason: '164', body: '87654321' })
    expect(reply.headers['x-device-reason']).toBe('164')
    const [head = '', body] = (device.received[0]?.text ?? '').split('\r\n\r\n')
    expect(head).toMatch(/^POST \/api\/ HTTP\/1\.1\r\n/)
    expect(head.toLowerCase()).toContain('connection: close')
    expect(head.toLowerCase()).toContain('content-type: application/x-www-form-urlencoded')
    expect(head.toLowerCase()).not.toContain('cookie')
    expect(body).toBe(sale.body)
  })

  it('hands on the date of the register as it is, and none that is no date at all', async () => {
    const dated = (date: string) => (socket: Socket) =>
      socket.end(`HTTP/1.1 200 164\r\nContent-Length: 8\r\nDate: ${date}\r\n\r\n87654321`)
    const device = await startDevice(dated('2017-02-15 15:00'))
    expect((await relay(await startProxyFor(device), sale)).answer).toMatchObject({ date: '2017-02-15 15:00' })
    const long = await startDevice(dated('x'.repeat(5_000)))
    expect((await relay(await startProxyFor(long), sale)).answer).toEqual({
      kind: 'reply',
      status: 200,
      reason: '164',
      body: '87654321',
    })
  })

  it('keeps a query and an odd reason phrase', async () => {
    const device = await startDevice((socket) => socket.end(ok('no paper; é', '-6')))
    const proxy = await startProxyFor(device)
    const reply = await relay(proxy, {
      ...sale,
      method: 'GET',
      path: '/apicheck/getInfo/',
      query: 'key=12345678&show=minimum',
      body: null,
    })
    expect(device.received[0]?.text).toMatch(/^GET \/apicheck\/getInfo\/\?key=12345678&show=minimum HTTP/)
    expect(reply.answer).toMatchObject({ kind: 'reply', body: '-6' })
    expect(decodeURIComponent(String(reply.headers['x-device-reason']))).toContain('no paper')
  })

  it('sends never twice: a device that closes without an answer has one delivery, and perhaps executed it', async () => {
    const device = await startDevice((socket) => socket.destroy())
    const proxy = await startProxyFor(device)
    expect((await relay(proxy, sale)).answer).toMatchObject({ kind: 'silence', sent: 'perhaps' })
    expect(device.received).toHaveLength(1)
  })

  it('tells a refused connection as never sent', async () => {
    const device = await startDevice(() => undefined)
    await new Promise<void>((resolve) =>
      device.server.close(() => {
        resolve()
      }),
    )
    const proxy = await startProxyFor(device)
    expect((await relay(proxy, sale)).answer).toEqual({ kind: 'silence', cause: 'network', sent: 'never' })
  })

  it('tells a hung device as a time-out that perhaps arrived', async () => {
    const device = await startDevice(() => undefined)
    const proxy = await startProxyFor(device)
    expect((await relay(proxy, { ...sale, timeoutMs: 200 })).answer).toEqual({
      kind: 'silence',
      cause: 'timeout',
      sent: 'perhaps',
    })
  })

  it.each([
    ['an answer that ends too early', 'HTTP/1.1 200 164\r\nContent-Length: 8\r\n\r\n8765'],
    ['half a head', 'HTTP/1.1 200 1'],
    ['no HTTP at all', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ])('tells %s as no answer', async (_name, text) => {
    const device = await startDevice((socket) => socket.end(text))
    const proxy = await startProxyFor(device)
    expect((await relay(proxy, sale)).answer).toMatchObject({ kind: 'silence', sent: 'perhaps' })
  })

  it('asks one device one request at a time and at most one a second, whoever asks', async () => {
    const device = await startDevice((socket) => socket.end(ok('164', '0')))
    const proxy = await startProxyFor(device)
    const startedAt = performance.now()
    const replies = await Promise.all([relay(proxy, sale), relay(proxy, sale), relay(proxy, sale)])
    expect(replies.every((reply) => reply.answer?.kind === 'reply')).toBe(true)
    expect(device.maxOpen).toBe(1)
    // Counted from before the first one: a stalled test machine can only make these longer.
    const times = device.received.map((each) => each.at - startedAt)
    expect(times[1]).toBeGreaterThanOrEqual(1_000)
    expect(times[2]).toBeGreaterThanOrEqual(2_000)
  })

  it('drops a request whose caller left while it waited in line: it never reaches the device', async () => {
    const waiting: Socket[] = []
    const device = await startDevice((socket) => waiting.push(socket))
    const proxy = await startProxyFor(device)
    const first = relay(proxy, sale)
    await expect.poll(() => waiting.length).toBe(1)
    const leaving = new AbortController()
    const second = fetch(`${proxy.base}${relayPath('main')}`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ ...sale, body: 'key=second' }),
      signal: leaving.signal,
    })
    const third = relay(proxy, { ...sale, body: 'key=third' })
    setTimeout(() => {
      leaving.abort()
    }, 100)
    await expect(second).rejects.toThrow()
    waiting[0]?.end(ok('164', '0'))
    expect((await first).answer?.kind).toBe('reply')
    await expect.poll(() => waiting.length, { timeout: 5_000 }).toBe(2)
    waiting[1]?.end(ok('165', '0'))
    expect((await third).answer).toMatchObject({ reason: '165' })
    expect(device.received.map((each) => each.text.includes('key=second'))).toEqual([false, false])
  })

  it('refuses, with proof that nothing was sent, when the device is busy for too long', async () => {
    const device = await startDevice(() => undefined)
    const proxy = await startProxyFor(device)
    const first = relay(proxy, { ...sale, timeoutMs: 6_000 })
    await expect.poll(() => device.received.length).toBe(1)
    const second = await relay(proxy, sale)
    expect([second.status, second.problem]).toEqual([503, 'device-busy'])
    expect((await first).answer).toMatchObject({ cause: 'timeout' })
    expect(device.received).toHaveLength(1)
  })

  it.each([
    ['/etc/passwd', 403],
    ['/api/../apimanage/', 403],
    ['/api/%2e%2e/x', 403],
    ['http://evil/', 403],
    ['//evil/api/', 403],
    ['/api/\r\nX: y', 403],
    ['/apiother', 403],
    ['/', 403],
  ])('does not pass the path %j on', async (path, status) => {
    const device = await startDevice((socket) => socket.end(ok('164', '0')))
    const proxy = await startProxyFor(device)
    expect((await relay(proxy, { ...sale, path })).status).toBe(status)
    expect(device.received).toHaveLength(0)
  })

  it.each([
    ['another method', { method: 'DELETE' }],
    ['a blank in the query', { query: 'a b' }],
    ['a line break in the query', { query: 'a=1\r\nHost: evil' }],
    ['a fragment in the query', { query: 'a#b' }],
    ['a time-out of hours', { timeoutMs: 10_000_000 }],
    ['a body of 300 kB', { body: 'x'.repeat(300_000) }],
  ])('does not pass on a request with %s', async (_name, part) => {
    const device = await startDevice((socket) => socket.end(ok('164', '0')))
    const proxy = await startProxyFor(device)
    expect((await relay(proxy, { ...sale, ...part })).status).toBe(400)
    expect(device.received).toHaveLength(0)
  })

  it('uses no connection of a browser twice, so that a browser has no reason to repeat a request', async () => {
    const device = await startDevice((socket) => socket.end(ok('164', '0')))
    const proxy = await startProxyFor(device)
    expect((await relay(proxy, sale)).headers.connection).toBe('close')
    expect(
      (await rawRequest(proxy.base, '/api/config', { headers: { connection: 'keep-alive' } })).headers.connection,
    ).toBe('close')
  })

  it('that stops while a device still thinks says that the request may have arrived', async () => {
    const device = await startDevice(() => undefined)
    const proxy = await startTestProxy({ IKKM_DEVICES: `main=${device.origin}` }, { stopGraceMs: 100 })
    const pending = relay(proxy, { ...sale, timeoutMs: 60_000 })
    await expect.poll(() => device.received.length).toBe(1)
    const closing = proxy.close()
    expect((await pending).answer).toEqual({ kind: 'silence', cause: 'relay', sent: 'perhaps' })
    await closing
  })

  it('knows configured devices only', async () => {
    const device = await startDevice((socket) => socket.end(ok('164', '0')))
    const proxy = await startProxyFor(device)
    const reply = await relay(proxy, sale, 'other')
    expect([reply.status, reply.problem]).toEqual([404, 'device-unknown'])
  })

  it('follows no redirect and passes no cookie on', async () => {
    const device = await startDevice((socket) =>
      socket.end('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n'),
    )
    const proxy = await startProxyFor(device)
    const reply = await relay(proxy, sale)
    expect(reply.answer).toMatchObject({ kind: 'reply', status: 302, reason: 'Found' })
    expect(reply.headers['set-cookie']).toBeUndefined()
  })

  it('logs neither key nor body nor answer', async () => {
    const device = await startDevice((socket) => socket.end(ok('164', '87654321')))
    const proxy = await startProxyFor(device)
    await relay(proxy, { ...sale, query: 'key=12345678' })
    const log = proxy.logLines.join('\n')
    expect(log).toContain('"event":"relay"')
    for (const secret of ['12345678', '87654321', 'cash=1000']) expect(log).not.toContain(secret)
  })
})

describe('one exchange with a device', () => {
  it('reads an answer that ends with its connection, as small devices send it', async () => {
    const device = await startDevice((socket) =>
      socket.end('HTTP/1.1 200 164\r\nContent-Type: text/plain\r\n\r\n87654321\r\n'),
    )
    expect(await exchange(device.origin, sale)).toEqual({
      kind: 'reply',
      status: 200,
      reason: '164',
      body: '87654321\r\n',
    })
  })

  it('reads an empty reason phrase', async () => {
    const device = await startDevice((socket) => socket.end('HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\n0'))
    expect(await exchange(device.origin, sale)).toEqual({ kind: 'reply', status: 200, reason: '', body: '0' })
  })
})
