/** The relay's side of the contract: what proves that nothing was sent, and what the relay lets through. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as v from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import { RelayRequestSchema } from '../../contract/relay.ts'
import type { DeviceAnswer } from '../../contract/device.ts'
import { tiyn } from '../../domain/money.ts'
import { decodeRegistrationReply, encodeRegistration, withKey } from '../codec.ts'
import { HANDED_ON, HELD_BY_TILL, NOT_CARRIED } from '../codes.ts'
import { receipt } from '../testing/receipts.ts'
import { createRelayTransport, readRelayReply } from './relay.ts'

const SALE = withKey(encodeRegistration(receipt(), { mark: 'A-0137' }), '12345678')
const PATIENT = { timeoutMs: 5_000 }

let relay: Server | null = null

afterEach(() => {
  relay?.closeAllConnections()
  relay?.close()
  relay = null
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

  it('names its till, goes by the holding that it read under, and hears who holds the register', async () => {
    const holder = { letters: 'B', sinceMs: 1, lastUseMs: 2, term: 'theirs' }
    const answers: (readonly [number, object])[] = [
      [200, { kind: 'reply', status: 200, reason: '1', body: '0', term: 'ours-1' }],
      [409, { failure: { kind: 'register-held' }, lease: { holder, mine: false, busyMs: 0, atMs: 3 } }],
      [
        409,
        {
          failure: { kind: 'register-changed' },
          lease: { holder: { ...holder, term: 'ours-2' }, mine: true, busyMs: 0, atMs: 3 },
        },
      ],
      [200, { kind: 'reply', status: 200, reason: '1', body: '0', term: 'ours-2' }],
    ]
    const asked: unknown[] = []
    relay = createServer((request, response) => {
      let text = ''
      request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
      request.on('end', () => {
        const [status, body] = answers[asked.length] ?? [500, {}]
        asked.push((JSON.parse(text) as { lease: unknown }).lease)
        response.writeHead(status).end(JSON.stringify(body))
      })
    })
    await new Promise<void>((resolve) => relay?.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`
    const us = { till: 'till-aaaaaaaa', letters: 'A', use: 'work' } as const
    const heard: unknown[] = []
    const transport = createRelayTransport({
      base,
      deviceId: 'main',
      token: () => null,
      lease: () => us,
      fenced: true,
      onHolder: (lease) => heard.push(lease.holder?.term),
    })
    const told: unknown[] = []
    for (let send = 0; send < 4; send += 1) told.push(await transport.send(SALE, PATIENT))
    const never = { kind: 'silence', sent: 'never' }
    expect(told).toMatchObject([
      { kind: 'reply' },
      { ...never, cause: 'held' },
      { ...never, cause: 'handedOn' },
      { kind: 'reply' },
    ])
    expect(asked).toEqual([null, 'ours-1', 'ours-1', 'ours-2'].map((term) => ({ ...us, term })))
    expect(heard).toEqual(['theirs', 'ours-2'])
    expect(decodeRegistrationReply(told[1] as DeviceAnswer)).toMatchObject({ kind: 'code', code: HELD_BY_TILL })
    expect(decodeRegistrationReply(told[2] as DeviceAnswer)).toMatchObject({ kind: 'code', code: HANDED_ON })
  })

  it('is silent as a relay when the proxy is away', async () => {
    const transport = createRelayTransport({ base: 'http://127.0.0.1:1', deviceId: 'x', token: () => null })
    await expect(transport.send(SALE, PATIENT)).resolves.toMatchObject({ cause: 'relay', sent: 'perhaps' })
  })

  it.each(['bad-request', 'body-too-large'])('knows that %s is said of the request itself and stays so', (kind) => {
    const body = JSON.stringify({ ok: false, failure: { kind } })
    for (const status of [400, 413]) {
      expect(readRelayReply(status, body)).toMatchObject({ kind: 'silence', cause: 'refused', sent: 'never' })
    }
    expect(readRelayReply(502, body)).toMatchObject({ cause: 'relay', sent: 'perhaps' })
    expect(decodeRegistrationReply(readRelayReply(413, body))).toMatchObject({ kind: 'code', code: NOT_CARRIED })
  })

  const problem = '{"ok":false,"failure":{"kind":"not-paired"}}'
  it.each([400, 401, 403, 404, 409, 413, 429, 503])(
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
