/** One contract over the ways to the device, against real sockets; the relay's end is the proxy's own. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exchange } from '../../../proxy/ikkm-relay.ts'
import type { DeviceRequest, DeviceTransport } from '../../contract/device.ts'
import { RelayRequestSchema } from '../../contract/relay.ts'
import { tiyn } from '../../domain/money.ts'
import { decodeRegistrationReply, encodeRegistration, withKey } from '../codec.ts'
import { infoRequest, statusRequest } from '../requests.ts'
import { httpAnswer, RawDevice } from '../testing/raw-device.ts'
import { receipt } from '../testing/receipts.ts'
import { createDirectTransport, decodeReason } from './direct.ts'
import { createRelayTransport, readRelayReply } from './relay.ts'

const SALE = withKey(encodeRegistration(receipt({ footerText: 'Рақмет!' }), { mark: 'A-0137' }), '12345678')
const STATUS = withKey(statusRequest(), '12345678')
const PATIENT = { timeoutMs: 5_000 }

let device: RawDevice
let relay: Server | null = null

/** The relay's route without the proxy's access rules: the real exchange behind the shared contract. */
async function startRelay(): Promise<string> {
  relay = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const parsed = v.parse(RelayRequestSchema, JSON.parse(Buffer.concat(chunks).toString('utf8')))
      void exchange(device.origin, parsed).then((answer) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
      })
    })
  })
  await new Promise<void>((resolve) => relay?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(relay.address() as AddressInfo).port}`
}

beforeEach(async () => {
  device = new RawDevice()
  await device.start()
})

afterEach(async () => {
  await device.stop()
  relay?.closeAllConnections()
  relay?.close()
  relay = null
})

const WAYS: [DeviceTransport['kind'], () => Promise<DeviceTransport>][] = [
  ['direct', () => Promise.resolve(createDirectTransport({ origin: device.origin, pageProtocol: 'http:' }))],
  ['relay', async () => createRelayTransport({ base: await startRelay(), deviceId: 'till 1', token: () => 'secret' })],
]

describe.each(WAYS)('%s transport', (kind, create) => {
  it('delivers a registration byte for byte, once', async () => {
    device.answer = httpAnswer('200 164', '29852781')
    const transport = await create()
    expect(transport.kind).toBe(kind)
    const answer = await transport.send(SALE, PATIENT)
    expect(answer).toEqual({ kind: 'reply', status: 200, reason: '164', body: '29852781' })
    expect(decodeRegistrationReply(answer)).toEqual({ kind: 'key', key: '29852781', number: 164 })
    expect(device.requests).toHaveLength(1)
    const [request] = device.requests
    expect(request?.line).toBe('POST /api/ HTTP/1.1')
    expect(request?.body).toBe(SALE.body)
    expect(request?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/)
  })

  it('delivers a read with its query and no body', async () => {
    await (await create()).send(withKey(infoRequest('minimum'), '01234567'), PATIENT)
    expect(device.requests[0]?.line).toBe('GET /apicheck/getInfo/?key=01234567&show=minimum HTTP/1.1')
    expect(device.requests[0]?.body).toBe('')
  })

  it.each([
    ['an error', '400 cash-lq-sale', '-10'],
    ['a key that begins with 0', '200 164', '00000001'],
    ['a line end', '200 164', '29852781\r\n'],
    ['no reason phrase', '200 ', '29852781'],
    ['letters beyond latin1 in the body', '200 1', '{"1":"Ұялы Қызыл"}'],
    ['a web page', '404 Not Found', '<!doctype html><title>Router</title>'],
    ['an empty body', '200 1', ''],
  ])('hands on %s as it is', async (_, statusAndReason, body) => {
    device.answer = httpAnswer(statusAndReason, body)
    const [status, reason] = [Number(statusAndReason.slice(0, 3)), statusAndReason.slice(4)]
    const answer = await (await create()).send(STATUS, PATIENT)
    expect(answer).toEqual({ kind: 'reply', status, reason, body })
  })

  it('knows a reply that was cut short', async () => {
    device.answer = (socket) => {
      socket.write('HTTP/1.1 200 164\r\nContent-Length: 8\r\n\r\n2985', () => socket.destroy())
    }
    const answer = await (await create()).send(SALE, PATIENT)
    expect(answer).toMatchObject({ kind: 'silence', cause: 'cut', sent: 'perhaps' })
  })

  it('takes a connection that closes without a reply for a request that may have been executed', async () => {
    device.answer = (socket) => socket.destroy()
    const answer = await (await create()).send(SALE, PATIENT)
    expect(answer).toMatchObject({ kind: 'silence', cause: 'network', sent: 'perhaps' })
    expect(device.requests).toHaveLength(1)
  })

  it('gives up after the time-out, before and inside of a reply', async () => {
    const transport = await create()
    for (const start of ['', 'HTTP/1.1 200 164\r\nContent-Length: 8\r\n\r\n29']) {
      device.answer = (socket) => socket.write(start)
      const answer = await transport.send(SALE, { timeoutMs: 300 })
      expect(answer).toMatchObject({ kind: 'silence', cause: 'timeout', sent: 'perhaps' })
    }
  })

  it('never says that a refused connection was a refusal of the device', async () => {
    const transport = await create()
    await device.stop()
    const answer = await transport.send(SALE, PATIENT)
    // Only the relay sees the socket; a page can't tell a refused connection from a lost answer.
    expect(answer).toMatchObject({ kind: 'silence', cause: 'network', sent: kind === 'relay' ? 'never' : 'perhaps' })
    await device.start()
  })

  it('sends nothing when it is already aborted, and knows nothing when it is aborted on the way', async () => {
    const transport = await create()
    const aborted = AbortSignal.abort()
    await expect(transport.send(SALE, { ...PATIENT, signal: aborted })).resolves.toMatchObject({
      cause: 'aborted',
      sent: 'never',
    })
    expect(device.requests).toHaveLength(0)
    const controller = new AbortController()
    device.answer = () => controller.abort()
    await expect(transport.send(SALE, { ...PATIENT, signal: controller.signal })).resolves.toMatchObject({
      cause: 'aborted',
      sent: 'perhaps',
    })
  })
})

describe('direct transport in a browser', () => {
  async function initFor(origin: string, pageProtocol: string, request: DeviceRequest, knows = true) {
    const fetched = vi.fn<typeof fetch>(() => Promise.resolve(new Response('0')))
    const options = { origin, pageProtocol, fetch: fetched, knowsAddressSpaces: knows }
    await createDirectTransport(options).send(request, PATIENT)
    const [url, init] = fetched.mock.calls[0] ?? []
    return { url, init: init as RequestInit & { targetAddressSpace?: string } }
  }

  it('stays a simple request: no header but the form content type, no cookies, no cache, no redirect', async () => {
    const { url, init } = await initFor('http://192.168.1.50:8080', 'https:', SALE)
    expect(url).toBe('http://192.168.1.50:8080/api/')
    expect(init).toMatchObject({
      method: 'POST',
      mode: 'cors',
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      targetAddressSpace: 'local',
      body: SALE.body,
    })
    expect(init.headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' })
    const read = await initFor('http://192.168.1.50:8080', 'https:', STATUS)
    expect(read.url).toBe('http://192.168.1.50:8080/apicheck?key=12345678')
    expect(read.init.headers).toBeUndefined()
    expect(read.init.body).toBeUndefined()
  })

  it('names the address space that fits, or none where the browser knows none', async () => {
    const space = async (origin: string, knows = true) =>
      (await initFor(origin, 'https:', STATUS, knows)).init.targetAddressSpace
    await expect(space('http://127.0.0.1:8080')).resolves.toBe('loopback')
    await expect(space('http://kassa.local:8080')).resolves.toBe('local')
    await expect(space('http://8.8.8.8:8080')).resolves.toBeUndefined()
    await expect(space('http://192.168.1.50:8080', false)).resolves.toBeUndefined()
  })

  it('reads a reason phrase in UTF-8 that the browser took for latin1, and leaves others alone', () => {
    const latin1 = Buffer.from('Қате', 'utf8').toString('latin1')
    expect(decodeReason(latin1)).toBe('Қате')
    for (const text of ['164', 'cash-lq-sale', '', 'caf\u00e9', 'Қате']) expect(decodeReason(text)).toBe(text)
  })
})

describe('relay transport', () => {
  it('asks the path of its device with its token, and waits a little longer than the relay', async () => {
    let seen: { url: string | undefined; authorization: string | undefined; body: unknown } | null = null
    relay = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
      request.on('end', () => {
        seen = { url: request.url, authorization: request.headers.authorization, body: JSON.parse(text) }
        response.end(JSON.stringify({ kind: 'silence', cause: 'timeout', sent: 'perhaps', detail: 'slow' }))
      })
    })
    await new Promise<void>((resolve) => relay?.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`
    const transport = createRelayTransport({ base, deviceId: 'till 1', token: () => 'secret' })
    const answer = await transport.send(SALE, { timeoutMs: 200_000 })
    expect(answer).toEqual({ kind: 'silence', cause: 'timeout', sent: 'perhaps', detail: 'slow' })
    expect(seen).toEqual({
      url: '/api/ikkm/till%201/send',
      authorization: 'Bearer secret',
      body: { ...SALE, timeoutMs: 100_000 },
    })
  })

  it('is silent as a relay when the proxy is away', async () => {
    const transport = createRelayTransport({ base: 'http://127.0.0.1:1', deviceId: 'x', token: () => null })
    await expect(transport.send(SALE, PATIENT)).resolves.toMatchObject({ cause: 'relay', sent: 'perhaps' })
  })

  const problem = '{"ok":false,"failure":{"kind":"not-paired"}}'
  it.each([400, 401, 403, 404, 413, 429, 503])(
    'knows that status %i with JSON means that nothing was sent',
    (status) => {
      expect(readRelayReply(status, problem)).toMatchObject({ kind: 'silence', cause: 'relay', sent: 'never' })
      expect(readRelayReply(status, '<html>')).toMatchObject({ cause: 'relay', sent: 'perhaps' })
    },
  )

  it.each([
    [200, problem],
    [200, '<html>'],
    [200, '{"kind":"reply","status":"200","reason":"1","body":"29852781"}'],
    [200, '{"kind":"reply","status":200,"reason":"1"}'],
    [500, problem],
    [502, problem],
    [504, ''],
    [0, ''],
  ])('concludes nothing from status %i with %s', (status, body) => {
    expect(readRelayReply(status, body)).toMatchObject({ kind: 'silence', cause: 'relay', sent: 'perhaps' })
  })

  it('takes a reply of the device only under status 200', () => {
    const body = '{"kind":"reply","status":400,"reason":"x","body":"-1","extra":1}'
    expect(readRelayReply(200, body)).toEqual({ kind: 'reply', status: 400, reason: 'x', body: '-1' })
    expect(readRelayReply(502, body)).toMatchObject({ kind: 'silence' })
  })
})

describe('what the relay lets through', () => {
  const valid = { ...SALE, timeoutMs: 30_000 }
  it.each([
    ['another path', { ...valid, path: '/admin' }],
    ['dots', { ...valid, path: '/dump/../admin' }],
    ['a query inside of the path', { ...valid, path: '/api/?sale=1' }],
    ['a host', { ...valid, path: '//evil.example/api/' }],
    ['a line end in the query', { ...valid, query: 'key=1\r\nX: y' }],
    ['another method', { ...valid, method: 'DELETE' }],
    ['no time-out', { ...valid, timeoutMs: 0 }],
  ])('not %s', (_, request) => {
    expect(v.safeParse(RelayRequestSchema, request).success).toBe(false)
  })

  it('every request that the terminal makes', async () => {
    const requests = await import('../requests.ts')
    const made = [
      requests.depositRequest(tiyn(100)),
      requests.zReportRequest(),
      requests.bankStartRequest('purchase', tiyn(100), 1),
      requests.bankResultRequest(1),
      requests.statusRequest(),
      requests.infoRequest('minimum'),
      requests.printHeaderRequest('Жарнама'),
      requests.printRequest('x'),
      requests.chequesRequest(5),
      requests.transactionRequest('12345678'),
      requests.rebootRequest(),
    ]
    for (const request of made) {
      const relayed = { ...withKey(request, '12345678'), timeoutMs: 30_000 }
      expect(v.safeParse(RelayRequestSchema, relayed).success, request.path).toBe(true)
    }
  })
})
