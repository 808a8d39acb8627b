/** One contract over the ways to the device, against real sockets; the relay's end is the proxy's own. */
import { createServer, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { exchange } from '../../../proxy/ikkm-relay.ts'
import type { DeviceRequest, DeviceTransport } from '../../contract/device.ts'
import { RelayRequestSchema } from '../../contract/relay.ts'
import { decodeRegistrationReply, encodeRegistration, withKey } from '../codec.ts'
import { infoRequest, statusRequest } from '../requests.ts'
import { receipt } from '../testing/receipts.ts'
import { createDirectTransport, decodeReason } from './direct.ts'
import { createRelayTransport } from './relay.ts'

interface RawRequest {
  readonly line: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type RawAnswer = (socket: Socket, request: RawRequest) => void

/** A real TCP server that answers byte for byte what a test says, and keeps what it was sent. */
class RawDevice {
  readonly requests: RawRequest[] = []
  answer: RawAnswer = httpAnswer('200 1', '0')
  private readonly sockets = new Set<Socket>()
  private readonly server: TcpServer
  port = 0

  constructor() {
    this.server = createTcpServer((socket) => {
      this.sockets.add(socket)
      let received = ''
      socket.setEncoding('latin1')
      socket.on('error', () => undefined)
      socket.on('close', () => this.sockets.delete(socket))
      socket.on('data', (chunk: string) => {
        received += chunk
        const request = parse(received)
        if (!request) return
        received = ''
        this.requests.push(request)
        this.answer(socket, request)
      })
    })
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    const address = this.server.address()
    if (typeof address === 'object' && address) this.port = address.port
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

function parse(received: string): RawRequest | null {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [line = '', ...rows] = received.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    rows.map((row) => [row.slice(0, row.indexOf(':')).toLowerCase(), row.slice(row.indexOf(':') + 1).trim()]),
  )
  const body = received.slice(end + 4)
  return body.length < Number(headers['content-length'] ?? 0) ? null : { line, headers, body }
}

/** A whole reply as the document's TCP dump shows it, with any status and reason phrase. */
function httpAnswer(statusAndReason: string, body: string, extraHeader = ''): RawAnswer {
  return (socket) => {
    const length = Buffer.byteLength(body)
    socket.end(
      `HTTP/1.1 ${statusAndReason}\r\nContent-Length: ${length}\r\nContent-Type: text/html; charset=UTF-8\r\n` +
        `Date: 2017-02-15 15:00\r\n${extraHeader}\r\n${body}`,
    )
  }
}

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
    expect(answer).toEqual({ kind: 'reply', status: 200, reason: '164', body: '29852781', date: '2017-02-15 15:00' })
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
    expect(answer).toEqual({ kind: 'reply', status, reason, body, date: '2017-02-15 15:00' })
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
