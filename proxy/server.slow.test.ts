/** The proxy's own HTTP side, over real sockets: who can shut others out, what is compressed, what a monitor is told. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { IIKO_ACCOUNT, startIikoEmulator, type IikoEmulator } from '../e2e/emulators/iiko.ts'
import { failureReplySchema } from '../src/contract/errors.ts'
import { healthSchema } from '../src/contract/health.ts'
import { rawRequest, startTestProxy, type TestProxy } from './testing/proxy-kit.ts'

const SHIFT = '/api/iiko/shifts/f67fea0a-90d4-427c-ac3d-b82c1582f7f9'
let proxy: TestProxy | null = null
let iiko: IikoEmulator | null = null
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await proxy?.close()
  await iiko?.close()
  proxy = null
  iiko = null
})

async function startWithIiko(env: Record<string, string> = {}): Promise<{ proxy: TestProxy; iiko: IikoEmulator }> {
  iiko = await startIikoEmulator({ shifts: 300 })
  const { login, password } = IIKO_ACCOUNT
  proxy = await startTestProxy({ IIKO_URL: iiko.origin, IIKO_LOGIN: login, IIKO_PASSWORD: password, ...env })
  return { proxy, iiko }
}

describe('sockets that read nothing', () => {
  /** Far more than a kernel buffers for a client that doesn't read. */
  const LARGE = 16 * 1024 * 1024

  function folderWithLargeFile(): string {
    const dist = mkdtempSync(join(tmpdir(), 'ikkm-dist-'))
    writeFileSync(join(dist, 'index.html'), '<!doctype html>')
    mkdirSync(join(dist, 'assets'))
    writeFileSync(join(dist, 'assets', 'large.bin'), Buffer.alloc(LARGE))
    return dist
  }

  /** Asks for the large file and never reads. Resolves when connected. */
  function deafSocket(port: number, localAddress: string): Promise<Socket> {
    return new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress }, () => {
        socket.write('GET /assets/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n')
        resolve(socket)
      })
      socket.pause()
      socket.on('error', () => undefined)
      sockets.push(socket)
    })
  }

  it('in their hundreds keep nobody out, from another address or from their own', async () => {
    proxy = await startTestProxy({ DIST_DIR: folderWithLargeFile() }, { withoutApp: false, writeStallMs: 60_000 })
    for (let count = 0; count < 520; count += 1) await deafSocket(proxy.port, '127.0.0.2')
    const startedAt = performance.now()
    expect((await rawRequest(proxy.base, '/healthz')).status).toBe(200)
    const own = await new Promise<string>((resolve) => {
      const socket = connect({ port: proxy?.port ?? 0, host: '127.0.0.1', localAddress: '127.0.0.2' }, () => {
        socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
      })
      sockets.push(socket)
      socket.once('data', (data: Buffer) => {
        resolve(data.toString('latin1').slice(0, 15))
      })
    })
    expect(own).toBe('HTTP/1.1 200 OK')
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it('are cut off after a while; one that reads slowly, and one that waits for its answer, are not', async () => {
    const started = await startWithIiko({ DIST_DIR: folderWithLargeFile() })
    await started.proxy.close()
    proxy = await startTestProxy(
      {
        DIST_DIR: folderWithLargeFile(),
        IIKO_URL: started.iiko.origin,
        IIKO_LOGIN: IIKO_ACCOUNT.login,
        IIKO_PASSWORD: IIKO_ACCOUNT.password,
      },
      { withoutApp: false, writeStallMs: 300 },
    )
    started.iiko.addFault({ kind: 'delay', path: '/resto/api/v2', delayMs: 1_200 })
    const waiting = rawRequest(proxy.base, SHIFT)
    const deaf = await deafSocket(proxy.port, '127.0.0.2')
    const cut = new Promise<void>((resolve) => deaf.once('close', () => resolve()))
    // A socket learns of its end only when it reads; by then the proxy has long let go of it.
    setTimeout(() => deaf.resume(), 1_000)
    let received = 0
    const slow = await new Promise<number>((resolve) => {
      httpRequest(`${proxy?.base ?? ''}/assets/large.bin`, { agent: false }, (response) => {
        response.on('data', (chunk: Buffer) => {
          received += chunk.length
          response.pause()
          setTimeout(() => response.resume(), 5)
        })
        response.on('close', () => resolve(received))
      }).end()
    })
    expect(slow).toBe(LARGE)
    expect((await waiting).status).toBe(200)
    await cut
  })
})

describe('long answers of the API', () => {
  it('are compressed, short ones and those of the relay are not', async () => {
    await startWithIiko()
    const base = proxy?.base ?? ''
    const gzip = { 'accept-encoding': 'gzip' }
    const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10)
    const month = `${base}/api/iiko/shifts?from=${day(27)}&to=${day(0)}`
    const long = await fetch(month, { headers: gzip })
    expect(long.headers.get('content-encoding')).toBe('gzip')
    expect(((await long.json()) as { ok: boolean }).ok).toBe(true)
    const bytes = await new Promise<Buffer>((resolve) => {
      httpRequest(month, { headers: gzip }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve(Buffer.concat(chunks)))
      }).end()
    })
    expect(bytes.length).toBeLessThan(gunzipSync(bytes).length / 4)
    const plain = await fetch(month, {
      headers: { 'accept-encoding': 'identity' },
    })
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect((await fetch(base + SHIFT, { headers: gzip })).headers.get('content-encoding')).toBeNull()
  })
})

describe('a monitor', () => {
  it('is told what is configured and how each server did last, without a secret or an address', async () => {
    const started = await startWithIiko({ IKKM_DEVICES: 'main=http://127.0.0.1:1' })
    const health = async () => v.parse(healthSchema, await (await fetch(`${started.proxy.base}/api/health`)).json())
    expect(await health()).toMatchObject({
      iiko: { configured: true, lastSuccess: null, lastFailure: null },
      atol: { configured: false },
      devices: [{ id: 'main', lastSuccess: null, lastFailure: null }],
    })
    await fetch(started.proxy.base + SHIFT)
    started.iiko.addFault({ kind: 'drop', times: 5 })
    await fetch(started.proxy.base + SHIFT)
    await fetch(`${started.proxy.base}/api/ikkm/main/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ method: 'GET', path: '/api/', query: '', body: null, timeoutMs: 500 }),
    })
    const after = await health()
    expect(after.iiko.lastSuccess).toMatch(/^\d{4}-/)
    expect(after.iiko.lastFailure?.kind).toBe('upstream-reset')
    expect(after.devices[0]?.lastFailure?.kind).toBe('network')
    const text = JSON.stringify(after)
    for (const secret of [IIKO_ACCOUNT.password, IIKO_ACCOUNT.login, '127.0.0.1']) expect(text).not.toContain(secret)
  })
})

describe('the number on the screen', () => {
  it.each([
    ['drop', { kind: 'drop', times: 3 }, 'upstream-reset', /"code":"(?:ECONNRESET|UND_ERR_SOCKET)"/],
    [
      'unreadable',
      { kind: 'answer', status: 200, body: '{"id":' },
      'upstream-broken-answer',
      /"code":"UNREADABLE".*"begins":"\{\\"id\\":"/,
    ],
    ['refusal', { kind: 'answer', status: 500, body: 'java.lang.Boom' }, 'iiko-server', /"text":"java.lang.Boom"/],
  ] as const)('leads to the cause in the log: %s', async (_name, fault, kind, cause) => {
    const started = await startWithIiko()
    started.iiko.addFault({ ...fault, path: '/resto/api/v2' })
    const reply = await fetch(started.proxy.base + SHIFT)
    const { failure } = v.parse(failureReplySchema, await reply.json())
    expect(failure.kind).toBe(kind)
    const lines = started.proxy.logLines.filter((line) => line.includes(failure.requestId ?? 'none'))
    const line = lines.find((each) => each.includes('"event":"iiko-request"')) ?? ''
    expect(line).toMatch(cause)
    expect(line).toContain('"level":"warn"')
  })
})
