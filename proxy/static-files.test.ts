import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettingsError } from './config.ts'
import { rawRequest, startTestProxy, type TestProxy } from './testing/proxy-kit.ts'
import { acceptsGzip } from './static-files.ts'

const dist = mkdtempSync(join(tmpdir(), 'ikkm-dist-'))
let proxy: TestProxy

beforeAll(async () => {
  mkdirSync(join(dist, 'assets'))
  mkdirSync(join(dist, 'icons'))
  for (const [name, content] of Object.entries({
    'index.html': '<title>one</title>',
    'sw.js': 'self',
    'manifest.webmanifest': '{}',
    'scanner.wasm': '\0asm',
    'assets/index-abc123.js': 'export {}',
    'assets/index-abc123.css': 'a{}',
    'icons/icon.svg': '<svg/>',
  })) {
    writeFileSync(join(dist, name), content)
  }
  proxy = await startTestProxy({ DIST_DIR: dist }, { withoutApp: false })
})
afterAll(() => proxy.close())

describe('the built terminal', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['/manifest.webmanifest', 'application/manifest+json; charset=utf-8', 'no-cache'],
    ['/scanner.wasm', 'application/wasm', 'no-cache'],
    ['/icons/icon.svg', 'image/svg+xml', 'no-cache'],
    ['/assets/index-abc123.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/index-abc123.css', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
  ])('%s is served as %s, %s', async (path, type, cache) => {
    const reply = await rawRequest(proxy.base, path)
    expect([reply.status, reply.headers['content-type'], reply.headers['cache-control']]).toEqual([200, type, cache])
  })

  it.each([
    '/journal',
    '/queue',
    '/iiko/1c81b65a-1b8a-428f-8a74-2c994a928a86',
    '/atol/00107703864827',
    '/setup?device=http://10.0.0.5:8080&transport=direct',
  ])('the route %s is the app', async (path) => {
    const reply = await rawRequest(proxy.base, path)
    expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'no-cache'])
    expect(reply.body).toContain('<title>')
  })

  it.each(['/assets/gone-123.js', '/assets/gone', '/old.js', '/favicon.ico'])(
    '%s, which is not there, is no app page',
    async (path) => {
      expect((await rawRequest(proxy.base, path)).status).toBe(404)
    },
  )

  it('is not sent again when it did not change', async () => {
    const first = await rawRequest(proxy.base, '/sw.js')
    const second = await rawRequest(proxy.base, '/sw.js', { headers: { 'if-none-match': String(first.headers.etag) } })
    expect([second.status, second.body]).toEqual([304, ''])
  })

  it('comes packed to whoever takes that, as the very same bytes', async () => {
    const long = 'export const shop = 1\n'.repeat(200)
    writeFileSync(join(dist, 'assets', 'long-1.js'), long)
    writeFileSync(join(dist, 'index.html'), '<title>long</title>')
    const later = new Date(Date.now() + 2_000)
    utimesSync(join(dist, 'index.html'), later, later)
    const plain = await rawRequest(proxy.base, '/assets/long-1.js')
    expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, long])
    const packed = await fetch(`${proxy.base}/assets/long-1.js`, { headers: { 'accept-encoding': 'gzip, br' } })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(Number(packed.headers.get('content-length'))).toBeLessThan(long.length / 5)
    expect(packed.headers.get('vary')).toContain('Accept-Encoding')
    expect(packed.headers.get('etag')).not.toBe(plain.headers.etag)
    expect(await packed.text()).toBe(long)
    const small = await fetch(`${proxy.base}/sw.js`, { headers: { 'accept-encoding': 'gzip' } })
    expect(small.headers.get('content-encoding')).toBeNull()
  })

  it.each([
    ['gzip, deflate, br', true],
    ['br;q=1.0, *;q=0.1', true],
    ['gzip;q=0, *', false],
    ['br', false],
    ['', false],
  ])('accept-encoding %j takes gzip: %s', (header, taken) => {
    expect(acceptsGzip(header)).toBe(taken)
  })

  it('answers HEAD without a body and refuses other methods', async () => {
    const head = await rawRequest(proxy.base, '/', { method: 'HEAD' })
    expect([head.status, head.body]).toEqual([200, ''])
    expect((await rawRequest(proxy.base, '/', { method: 'DELETE' })).status).toBe(404)
  })

  it('is read anew after a build', async () => {
    writeFileSync(join(dist, 'index.html'), '<title>two</title>')
    writeFileSync(join(dist, 'assets', 'index-def456.js'), 'export {}')
    const later = new Date(Date.now() + 5_000)
    utimesSync(join(dist, 'index.html'), later, later)
    expect((await rawRequest(proxy.base, '/')).body).toContain('two')
    expect((await rawRequest(proxy.base, '/assets/index-def456.js')).status).toBe(200)
  })

  it('that was never built stops the start with a sentence', async () => {
    await expect(startTestProxy({ DIST_DIR: join(dist, 'nowhere') }, { withoutApp: false })).rejects.toThrow(
      SettingsError,
    )
  })
})
