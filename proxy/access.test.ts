import type { Socket } from 'node:net'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callerOf, createAccess, isLocalCaller, loadPairingSecret, loopbackIsProof, randomCode } from './access.ts'
import { createApp } from './app.ts'
import { loadSettings } from './config.ts'
import { createHealth } from './health.ts'
import { silentLogger } from './log.ts'
import { createMarks } from './marks.ts'
import { createShop } from './shop/shop.ts'
import { createUpstreams } from './upstreams.ts'

const secret = Buffer.alloc(32, 7)

/** The app as a socket from `address` sees it, without a socket. */
function appFor(address: string, host = '192.168.1.10:8787') {
  const settings = loadSettings({ PAIRING_CODE: '24681357', IKKM_DEVICES: 'main=http://10.0.0.5:8080' })
  const access = createAccess({ code: '24681357', secret })
  const app = createApp({
    settings,
    version: '1',
    logger: silentLogger,
    access,
    files: null,
    upstreams: createUpstreams(settings, silentLogger),
    health: createHealth(),
    marks: createMarks({ stateDir: mkdtempSync(join(tmpdir(), 'ikkm-access-')) }),
    shop: createShop(settings, silentLogger),
  })
  return {
    access,
    async ask(path: string, headers: Record<string, string> = {}, body?: object) {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
      const reply = await app.request(
        `http://${host}${path}`,
        { ...init, headers: { host, 'content-type': 'application/json', ...headers } },
        { incoming: { socket: { remoteAddress: address }, headers: { host, ...headers }, httpVersion: '1.1' } },
      )
      return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
    },
  }
}

describe('access from this machine', () => {
  it('works at once', async () => {
    const app = appFor('127.0.0.1', 'localhost:8787')
    expect((await app.ask('/api/atol/devices')).status).toBe(200)
    expect((await app.ask('/api/config')).body).toMatchObject({
      pairingRequired: false,
      devices: [{ id: 'main', name: 'main' }],
      iiko: 'demo',
    })
  })

  it.each([
    ['127.0.0.1', 'localhost', false, true],
    ['::1', '[::1]:8787', false, true],
    ['::ffff:127.0.0.1', '127.0.0.1:8787', false, true],
    ['192.168.1.5', 'localhost', false, false],
    ['127.0.0.1', 'kassa.local', false, false],
    ['127.0.0.1', 'localhost', true, false],
    ['127.0.0.1', undefined, false, false],
  ])('is what a socket from %s to host %s is (through a reverse proxy: %s): %s', (address, host, forwarded, local) => {
    expect(isLocalCaller({ address, host, forwarded })).toBe(local)
  })
})

describe('a reverse proxy on this machine', () => {
  it.each([
    [{}, true],
    [{ HOST: '::1' }, true],
    [{ ALLOWED_ORIGINS: 'http://localhost:5173' }, true],
    [{ HOST: '0.0.0.0' }, false],
    [{ HOST: '192.168.1.10' }, false],
    [{ TRUSTED_PROXY: '127.0.0.1' }, false],
    [{ ALLOWED_ORIGINS: 'https://kassa.example' }, false],
  ])('with the settings %j an address of loopback is proof: %s', (env: Record<string, string>, proof) => {
    expect(loopbackIsProof(loadSettings(env))).toBe(proof)
  })

  const seen = (headers: Record<string, string>, trusted: string[] = [], httpVersion = '1.1') =>
    callerOf({ headers, httpVersion, socket: { remoteAddress: '::ffff:127.0.0.1' } as Socket }, trusted)

  it.each(['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'cf-ray'])(
    'is recognised by %s',
    (name) => {
      expect(seen({ [name]: 'x' }).forwarded).toBe(true)
    },
  )

  it('is recognised by a version of HTTP that no browser speaks', () => {
    expect(seen({ host: '127.0.0.1' }).forwarded).toBe(false)
    expect(seen({ host: '127.0.0.1' }, [], '1.0').forwarded).toBe(true)
  })

  it('is believed about the caller only where a setting names it, and then its own word, not the client’s', () => {
    const chain = { 'x-forwarded-for': '1.1.1.1, 203.0.113.7, 10.0.0.2' }
    expect(seen(chain).address).toBe('::ffff:127.0.0.1')
    expect(seen(chain, ['127.0.0.1', '10.0.0.2'])).toMatchObject({ address: '203.0.113.7', forwarded: true })
    expect(seen({ 'x-forwarded-for': 'nonsense' }, ['127.0.0.1']).address).toBe('::ffff:127.0.0.1')
  })
})

describe('access from another address', () => {
  it('needs pairing, and tells nothing before', async () => {
    const app = appFor('192.168.1.77')
    expect((await app.ask('/api/config')).body).toMatchObject({ pairingRequired: true, devices: [] })
    for (const path of ['/api/atol/devices', '/api/iiko/names', '/api/nothing']) {
      expect(await app.ask(path)).toMatchObject({
        status: 401,
        body: { failure: { kind: 'not-paired' }, problem: 'not-paired' },
      })
    }
    expect((await app.ask('/api/ikkm/main/send', {}, {})).status).toBe(401)
  })

  it('pairs once with the code and uses the token from then on', async () => {
    const app = appFor('192.168.1.77')
    const paired = await app.ask('/api/pair', {}, { code: ' 24681357 ' })
    expect(paired.status).toBe(200)
    const authorization = `Bearer ${String(paired.body.token)}`
    expect((await app.ask('/api/atol/devices', { authorization })).status).toBe(200)
    expect((await app.ask('/api/config', { authorization })).body).toMatchObject({
      pairingRequired: false,
      devices: [{ id: 'main' }],
    })
  })

  it('lets nobody guess the code: five tries an address, then not even the right one', async () => {
    const app = appFor('192.168.1.77')
    for (let index = 0; index < 5; index += 1)
      expect((await app.ask('/api/pair', {}, { code: `${index}` })).status).toBe(403)
    expect(await app.ask('/api/pair', {}, { code: '24681357' })).toMatchObject({
      status: 429,
      body: { failure: { kind: 'too-many-attempts' } },
    })
  })

  it.each(['', 'Bearer', 'Bearer x', 'Bearer a.b', 'Basic YTpi', `Bearer ${'a'.repeat(500)}`, 'Bearer ../../x'])(
    'refuses the token %j',
    async (authorization) => {
      expect((await appFor('192.168.1.77').ask('/api/atol/devices', { authorization })).status).toBe(401)
    },
  )

  it('lets nobody guess tokens, and keeps working for those who have one', async () => {
    const app = appFor('192.168.1.77')
    const paired = await app.ask('/api/pair', {}, { code: '24681357' })
    for (let index = 0; index < 5; index += 1)
      await app.ask('/api/atol/devices', { authorization: `Bearer a.${index}` })
    expect((await app.ask('/api/atol/devices', { authorization: 'Bearer a.9' })).status).toBe(429)
    expect((await app.ask('/api/atol/devices', { authorization: `Bearer ${String(paired.body.token)}` })).status).toBe(
      200,
    )
  })
})

describe('attempts', () => {
  it('of all addresses together are limited too, and forgotten after a quarter of an hour', () => {
    let now = 0
    const access = createAccess({ code: '24681357', secret, now: () => now })
    const kinds = Array.from({ length: 40 }, (_, index) => access.pair('x', `10.0.0.${index}`).kind)
    expect(kinds.filter((kind) => kind === 'wrong-code')).toHaveLength(30)
    now = 15 * 60_000
    expect(access.pair('24681357', '10.0.0.1').kind).toBe('paired')
  })
})

describe('the secret behind the tokens', () => {
  it('survives a restart, readable for its owner only', () => {
    const dir = join(mkdtempSync(join(tmpdir(), 'ikkm-state-')), 'deep')
    const first = loadPairingSecret(dir)
    expect(first).toMatchObject({ kept: true })
    expect(loadPairingSecret(dir).secret.equals(first.secret)).toBe(true)
    expect(statSync(join(dir, 'pairing-secret')).mode & 0o077).toBe(0)
    expect(readFileSync(join(dir, 'pairing-secret'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  })

  it('lives for this run only where the folder cannot be written', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'ikkm-state-')), 'file')
    writeFileSync(file, '')
    expect(loadPairingSecret(join(file, 'below-a-file')).kept).toBe(false)
  })

  it('is not the code: codes are eight random digits', () => {
    const codes = new Set(Array.from({ length: 200 }, randomCode))
    expect(codes.size).toBeGreaterThan(195)
    expect([...codes].every((code) => /^\d{8}$/.test(code))).toBe(true)
  })
})
