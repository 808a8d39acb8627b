/** The attack list of issue 4, against a running proxy over real sockets. */
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ATOL_ACCOUNT, startAtolEmulator, type AtolEmulator } from '../e2e/emulators/atol.ts'
import { IIKO_ACCOUNT, startIikoEmulator, type IikoEmulator } from '../e2e/emulators/iiko.ts'
import { DOCUMENT_SAMPLE, PAYMENTS_SAMPLE, SHIFT_LIST_SAMPLE } from './models/iiko-samples.ts'
import { passwordHash } from './iiko.ts'
import { readDocument } from './iiko-wire.ts'
import { createRateLimiter } from './limits.ts'
import { rawRequest, startTestProxy, type TestProxy } from './testing/proxy-kit.ts'

const MARKUP = '<img src=x onerror=alert(1)>"\'&\u2028</script>'
const SHIFT = '/api/iiko/shifts/f67fea0a-90d4-427c-ac3d-b82c1582f7f9'
const json = { 'content-type': 'application/json' }

let iiko: IikoEmulator
let atol: AtolEmulator
let proxy: TestProxy
let token = ''
let bait: { hits: number; origin: string; close: () => Promise<void> }

async function startBait() {
  const server = createServer((_request, response) => {
    bait.hits += 1
    response.end('caught')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve()
      })
    })
  return { hits: 0, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

beforeAll(async () => {
  iiko = await startIikoEmulator({ shifts: 100 })
  atol = await startAtolEmulator({ devices: 50 })
  bait = await startBait()
  const dist = mkdtempSync(join(tmpdir(), 'ikkm-dist-'))
  writeFileSync(join(dist, 'index.html'), '<!doctype html><title>app</title>')
  mkdirSync(join(dist, 'assets'))
  writeFileSync(join(dist, 'assets', 'a.js'), 'export {}')
  writeFileSync(join(dist, '..', 'outside.txt'), 'outside')
  proxy = await startTestProxy(
    {
      IIKO_URL: iiko.origin,
      IIKO_LOGIN: IIKO_ACCOUNT.login,
      IIKO_PASSWORD: IIKO_ACCOUNT.password,
      ATOL_URL: atol.origin,
      ATOL_LOGIN: ATOL_ACCOUNT.login,
      ATOL_PASSWORD: ATOL_ACCOUNT.password,
      ALLOWED_ORIGINS: 'https://shop.example',
      PAIRING_CODE: '97531864',
      DIST_DIR: dist,
    },
    { withoutApp: false, requestTimeoutMs: 600 },
  )
  const paired = await rawRequest(proxy.base, '/api/pair', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ code: '97531864' }),
  })
  token = (JSON.parse(paired.body) as { token: string }).token
})

afterAll(async () => {
  await Promise.all([proxy.close(), iiko.close(), atol.close(), bait.close()])
})

/** As a paired browser asks: with ALLOWED_ORIGINS set, this machine's address alone opens nothing. */
const asked: typeof rawRequest = (base, path, init) =>
  rawRequest(base, path, { ...init, headers: { authorization: `Bearer ${token}`, ...init?.headers } })

function failureKind(body: string): string | undefined {
  return (JSON.parse(body) as { failure?: { kind: string } }).failure?.kind
}

describe('foreign pages', () => {
  it.each([
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'https://shop.example.evil',
    'http://127.0.0.1',
  ])('of origin %s are refused', async (origin) => {
    const reply = await asked(proxy.base, '/api/atol/devices', { headers: { origin } })
    expect([reply.status, failureKind(reply.body)]).toEqual([403, 'origin-refused'])
    expect(reply.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('get no permission from a preflight', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const reply = await asked(proxy.base, '/api/iiko/document', { method: 'OPTIONS', headers })
    expect(reply.status).toBe(403)
    expect(reply.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('that hide their origin behind an image or a link are unmasked', async () => {
    for (const site of ['cross-site', 'same-site']) {
      expect((await asked(proxy.base, '/api/atol/devices', { headers: { 'sec-fetch-site': site } })).status).toBe(403)
    }
  })

  it('cannot use a plain form: only declared JSON is read', async () => {
    const reply = await asked(proxy.base, '/api/pair', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"code":"97531864"}',
    })
    expect([reply.status, failureKind(reply.body)]).toEqual([400, 'bad-request'])
  })

  it.each(['evil.example', 'evil.example:8787', 'localhost.evil.example', 'a b', '127.0.0.1.evil.example', '[::1'])(
    'under the name %j (DNS rebinding) are refused',
    async (host) => {
      for (const path of ['/api/config', '/', '/healthz']) {
        expect([400, 403]).toContain((await asked(proxy.base, path, { headers: { host } })).status)
      }
    },
  )

  it('that are allow-listed and the own page are served', async () => {
    const allowed = await asked(proxy.base, '/api/atol/devices?limit=1', {
      headers: { origin: 'https://shop.example' },
    })
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([200, 'https://shop.example'])
    expect((await asked(proxy.base, '/api/atol/devices?limit=1', { headers: { origin: proxy.base } })).status).toBe(200)
    const preflight = await asked(proxy.base, '/api/pair', {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    })
    expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([
      204,
      'authorization, content-type',
    ])
  })
})

describe('without a token', () => {
  it('nothing is served to a caller that came through a reverse proxy', async () => {
    for (const header of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
      const reply = await rawRequest(proxy.base, '/api/iiko/names', { headers: { [header]: 'for=10.0.0.1' } })
      expect([reply.status, failureKind(reply.body)]).toEqual([401, 'not-paired'])
    }
  })

  it('nothing is served through one that hides: our own address as Host, no sign of it, a page of its own let in', async () => {
    for (const path of ['/api/iiko/names', '/api/atol/devices', '/api/health', '/api/ikkm/main/send']) {
      const reply = await rawRequest(proxy.base, path, { headers: { host: '127.0.0.1' } })
      expect([reply.status, failureKind(reply.body)]).toEqual([401, 'not-paired'])
    }
    const config = await rawRequest(proxy.base, '/api/config', { headers: { host: '127.0.0.1' } })
    expect(JSON.parse(config.body)).toMatchObject({ pairingRequired: true, devices: [] })
  })

  it('nothing is served to HTTP/1.0, even where loopback is proof: no browser speaks it, reverse proxies do', async () => {
    const open = await startTestProxy()
    const first = await new Promise<string>((resolve) => {
      const socket = connect(open.port, '127.0.0.1', () =>
        socket.write('GET /api/iiko/names HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n'),
      )
      socket.once('data', (data: Buffer) => {
        resolve(data.toString('latin1').split('\r\n')[0] ?? '')
      })
    })
    expect(first).toContain('401')
    expect((await rawRequest(open.base, '/api/iiko/names')).status).toBe(200)
    await open.close()
  })
})

describe('paths', () => {
  it.each([
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/..%2foutside.txt',
    '/assets/..%5c..%5coutside.txt',
    '/%2e%2e/outside.txt',
    '/assets/a.js/../../../outside.txt',
    '/assets/%00',
    '//etc/passwd',
  ])('%s reaches no file', async (path) => {
    const reply = await asked(proxy.base, path)
    expect(reply.body).not.toContain('outside')
    expect(reply.body).not.toContain('root:')
    expect([200, 400, 404]).toContain(reply.status)
    if (reply.status === 200) expect(reply.body).toContain('<title>app</title>')
  })

  it.each([
    '/api/iiko/shifts/..%2f..%2fauth',
    '/api/iiko/shifts/%2e%2e',
    '/api/iiko/shifts/a%0d%0aX:y',
    '/api/iiko/shifts/%F0%9F%98%80',
    `/api/iiko/shifts/${'a'.repeat(65)}`,
    '/api/atol/devices/..%2fgettoken',
    '/api/atol/devices/1?x#y/..',
    '/api/atol/devices?limit=101',
    '/api/atol/devices?limit=-1',
    '/api/atol/devices?offset=1e9',
    '/api/iiko/shifts?from=2026-01-01&to=2026-01-01&status=%0aANY',
    '/api/iiko/shifts?from=2026-01-01%26key%3d1&to=2026-01-01',
    '/api/iiko/licence?moduleId=1%26key=2',
  ])('%s is refused or harmless at the upstream', async (path) => {
    const before = iiko.requests().length + atol.requests().length
    const reply = await asked(proxy.base, path)
    const sent = [...iiko.requests(), ...atol.requests()].slice(before)
    expect(sent.every((request) => !request.path.includes('..') && !request.query.includes('\n'))).toBe(true)
    if (path !== '/api/atol/devices/1?x#y/..') expect([400, 404]).toContain(reply.status)
  })
})

describe('upstreams that lead elsewhere', () => {
  it.each(['iiko', 'atol'] as const)('a redirect of %s to another host is not followed', async (name) => {
    const emulator = name === 'iiko' ? iiko : atol
    emulator.addFault({
      kind: 'redirect',
      path: name === 'iiko' ? '/resto/api/v2' : '/api/kkt',
      location: `${bait.origin}/latest/meta-data`,
    })
    const reply = await asked(proxy.base, name === 'iiko' ? SHIFT : '/api/atol/devices')
    expect([reply.status, failureKind(reply.body)]).toEqual([502, 'upstream-redirect'])
    expect(bait.hits).toBe(0)
  })

  it('no address in a request is ever called', async () => {
    for (const path of [
      `/api/atol/devices?next=${bait.origin}`,
      `/${bait.origin}`,
      `/api/iiko/shifts?from=2026-01-01&to=2026-01-01&departmentId=${encodeURIComponent(bait.origin)}`,
    ]) {
      await asked(proxy.base, path)
    }
    await asked(proxy.base, '/api/ikkm/main/send', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ origin: bait.origin }),
    })
    await asked(proxy.base, `${bait.origin}/x`)
    expect(bait.hits).toBe(0)
  })

  it('cookies of an upstream are not passed on', async () => {
    const reply = await asked(proxy.base, SHIFT)
    expect(reply.status).toBe(200)
    expect(reply.headers['set-cookie']).toBeUndefined()
  })
})

describe('bodies', () => {
  it('that are too large are refused', async () => {
    const reply = await asked(proxy.base, '/api/iiko/document', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ id: 'x'.repeat(5_000_000) }),
    }).catch(() => null)
    // The server may close while the client still sends.
    if (reply !== null) expect([reply.status, failureKind(reply.body)]).toEqual([413, 'body-too-large'])
    expect((await asked(proxy.base, '/healthz')).status).toBe(200)
  })

  it('that come too slowly are cut off', async () => {
    const closedAfterMs = await new Promise<number>((resolve) => {
      const startedAt = performance.now()
      const socket = connect(proxy.port, '127.0.0.1', () => {
        socket.write(
          'POST /api/pair HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
        )
      })
      const drip = setInterval(() => socket.write(' '), 50)
      socket.on('error', () => undefined)
      socket.resume()
      socket.on('close', () => {
        clearInterval(drip)
        resolve(performance.now() - startedAt)
      })
    })
    expect(closedAfterMs).toBeLessThan(5_000)
  })

  it.each(['', '{', '[]', 'null', '{"__proto__":{"polluted":1}}', '{"code":{"toString":1}}', '"x"'])(
    'that are not what was asked for (%s) are refused',
    async (body) => {
      for (const path of ['/api/pair', '/api/iiko/document', '/api/ikkm/main/send']) {
        expect((await asked(proxy.base, path, { method: 'POST', headers: json, body })).status).toBeGreaterThanOrEqual(
          400,
        )
      }
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    },
  )

  it('keys that would change a prototype change nothing, and a document that is no edit of its own text is refused', async () => {
    const raw = JSON.stringify(DOCUMENT_SAMPLE).replace(/^\{/, '{"__proto__":{"polluted":1},')
    const document = readDocument(JSON.parse(raw), raw)
    const post = (sent: object) =>
      asked(proxy.base, '/api/iiko/document', { method: 'POST', headers: json, body: JSON.stringify(sent) })
    expect((await post({ ...document })).status).toBe(200)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    const before = iiko.requests().length
    expect((await post({ ...document, id: 'other' })).status).toBe(400)
    expect((await post({ ...document, raw: '{}' })).status).toBe(400)
    expect(iiko.requests()).toHaveLength(before)
  })
})

describe('header injection', () => {
  it('through a reply of the upstream gets no header of its own', async () => {
    iiko.addFault({ kind: 'answer', path: '/resto/api/v2', status: 409, body: 'x\r\nSet-Cookie: a=b\r\n\r\n<html>' })
    const reply = await asked(proxy.base, SHIFT)
    expect(reply.headers['set-cookie']).toBeUndefined()
    expect(reply.headers['content-type']).toMatch(/^application\/json/)
  })

  it('through the request id is impossible: the proxy makes its own', async () => {
    const reply = await asked(proxy.base, '/api/config', { headers: { 'x-request-id': 'mine' } })
    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('markup in every text field', () => {
  /** The sample with markup in place of every text; ids included. */
  const spoiled = (value: unknown): unknown => {
    if (typeof value === 'string') return MARKUP
    if (Array.isArray(value)) return value.map(spoiled)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spoiled(inner)]))
  }

  it.each([
    ['/api/iiko/shifts?from=2017-02-21&to=2017-02-21', SHIFT_LIST_SAMPLE],
    [`${SHIFT}/payments`, PAYMENTS_SAMPLE],
  ])('of %s arrives as JSON text, exactly as it was, never as a page', async (path, sample) => {
    iiko.addFault({
      kind: 'answer',
      path: '/resto/api/v2',
      status: 200,
      contentType: 'application/json',
      body: JSON.stringify(spoiled(sample)),
    })
    const reply = await asked(proxy.base, path)
    expect(reply.status).toBe(200)
    expect(reply.headers['content-type']).toMatch(/^application\/json/)
    expect(reply.headers['x-content-type-options']).toBe('nosniff')
    expect(JSON.stringify(JSON.parse(reply.body))).toContain(JSON.stringify(MARKUP).slice(1, -1))
  })

  it('of an error text stays text', async () => {
    iiko.addFault({ kind: 'answer', path: '/resto/api/v2', status: 409, body: MARKUP })
    const reply = await asked(proxy.base, SHIFT)
    expect((JSON.parse(reply.body) as { failure: { text: string } }).failure.text).toBe(MARKUP)
    expect(reply.headers['content-type']).toMatch(/^application\/json/)
  })
})

describe('every answer', () => {
  it.each(['/', '/iiko/5', '/assets/a.js', '/api/config', '/api/none', '/healthz', '/assets/none.js'])(
    'to %s carries the security headers',
    async (path) => {
      const { headers } = await asked(proxy.base, path)
      expect(headers['content-security-policy']).toContain("default-src 'self'")
      expect(headers['content-security-policy']).not.toContain('unsafe-inline')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['permissions-policy']).toBeUndefined()
      expect(headers['x-powered-by']).toBeUndefined()
    },
  )

  it('to a burst without end becomes a refusal', async () => {
    // The clock of the allowance stands still: a busy machine lets a burst come as slowly as it grows.
    let now = 0
    const hungry = await startTestProxy({}, { rateLimiter: createRateLimiter(() => now) })
    const status = async () => (await fetch(`${hungry.base}/api/config`)).status
    const statuses = new Set<number>()
    for (let index = 0; index < 400 && !statuses.has(429); index += 1) statuses.add(await status())
    expect(statuses).toContain(429)
    // Whoever waits is served again, at the pace that is allowed: sixty a second.
    now += 100
    const later = []
    for (let index = 0; index < 8; index += 1) later.push(await status())
    expect(later).toEqual([200, 200, 200, 200, 200, 200, 429, 429])
    await hungry.close()
  })
})

describe('logs', () => {
  it('hold no password, hash, token, pairing code, key or query', async () => {
    await asked(proxy.base, `${SHIFT}?key=12345678`)
    await asked(proxy.base, '/api/atol/devices?limit=1')
    await asked(proxy.base, '/api/pair', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ code: '97531864' }),
    })
    await asked(proxy.base, '/api/97531864/x')
    const tokens = [
      ...iiko.requests().flatMap((request) => request.headers.cookie?.slice(4) ?? []),
      ...atol.requests().flatMap((request) => request.headers.token ?? []),
    ]
    const log = proxy.logLines.join('\n')
    expect(tokens.length).toBeGreaterThan(2)
    for (const secret of [
      IIKO_ACCOUNT.password,
      passwordHash(IIKO_ACCOUNT.password),
      ATOL_ACCOUNT.password,
      '97531864',
      '12345678',
      ...tokens,
    ]) {
      expect(log).not.toContain(secret)
    }
    expect(proxy.logLines.every((line) => typeof (JSON.parse(line) as { event: unknown }).event === 'string')).toBe(
      true,
    )
    expect(log).toContain('"requestId":"')
  })
})
