import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request as httpsRequest, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettingsError } from './config.ts'
import { CertificateError, makeCertificate, ownNames, type CertificateFiles } from './make-certificate.ts'
import { startTestProxy } from './proxy.fixture.ts'
import { createHttpTransport } from './upstream.ts'

const folder = join(mkdtempSync(join(tmpdir(), 'ikkm-tls-')), 'certificates')
let files: CertificateFiles
let server: Server
let received = 0
let origin = ''

beforeAll(async () => {
  files = makeCertificate(folder, ['localhost', '127.0.0.1', 'kassa.local'])
  server = createServer(
    { cert: readFileSync(files.certificate), key: readFileSync(files.key) },
    (_request, response) => {
      received += 1
      response.end('hello')
    },
  )
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

const get = { method: 'GET', path: '/', query: '', headers: { cookie: 'key=secret' }, body: null } as const

describe('a certificate made by the project', () => {
  it('names what it was made for, is signed by its own authority, and its keys are private', () => {
    const certificate = new X509Certificate(readFileSync(files.certificate))
    const authority = new X509Certificate(readFileSync(files.authority))
    expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, DNS:kassa.local')
    expect(certificate.verify(authority.publicKey)).toBe(true)
    expect([authority.ca, certificate.ca]).toEqual([true, false])
    const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / 86_400_000
    expect(days).toBeLessThanOrEqual(825)
    for (const key of [files.key, join(folder, 'ca.key')]) expect(statSync(key).mode & 0o077).toBe(0)
  })

  it('is renewed under the same authority, so that tablets keep trusting it', () => {
    const other = mkdtempSync(join(tmpdir(), 'ikkm-tls-'))
    const first = makeCertificate(other, ['a.local'])
    const authority = readFileSync(first.authority, 'utf8')
    const before = readFileSync(first.certificate, 'utf8')
    makeCertificate(other, ['b.local'])
    expect(readFileSync(first.authority, 'utf8')).toBe(authority)
    expect(readFileSync(first.certificate, 'utf8')).not.toBe(before)
  })

  it('is refused for a name that is none', () => {
    expect(() => makeCertificate(folder, ['a\nb'])).toThrow(CertificateError)
    expect(ownNames()).toEqual(expect.arrayContaining(['localhost', '127.0.0.1']))
  })

  it('comes from one command that says how to start with it and how to trust it on Android and iPadOS', () => {
    const output = execFileSync(
      process.execPath,
      ['--import', 'tsx', 'proxy/make-certificate.ts', 'kassa.local', '192.168.1.7'],
      { encoding: 'utf8', env: { PATH: process.env.PATH, CERT_DIR: join(folder, 'by-command') } },
    )
    expect(output).toContain('Certificate for: kassa.local, 192.168.1.7')
    const [, certificate = '', key = ''] = /HOST=0\.0\.0\.0 TLS_CERT=(\S+) TLS_KEY=(\S+) npm start/.exec(output) ?? []
    expect(new X509Certificate(readFileSync(certificate)).subjectAltName).toBe(
      'DNS:kassa.local, IP Address:192.168.1.7',
    )
    expect(readFileSync(key, 'utf8')).toContain('PRIVATE KEY')
    expect(output).toMatch(/Android: .*CA certificate/)
    expect(output).toMatch(/iPadOS: [\s\S]*Certificate Trust Settings/)
  })

  it('serves the terminal over TLS', async () => {
    const proxy = await startTestProxy({ TLS_CERT: files.certificate, TLS_KEY: files.key })
    const status = await new Promise<number>((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: proxy.port,
        path: '/healthz',
        ca: readFileSync(files.authority),
        agent: false,
      }
      httpsRequest(options, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(200)
    expect(proxy.origin).toMatch(/^https:/)
    await proxy.close()
  })

  it('with a key that does not belong to it stops the start with a sentence', async () => {
    const wrong = join(mkdtempSync(join(tmpdir(), 'ikkm-tls-')), 'wrong.key')
    writeFileSync(wrong, 'no key')
    await expect(startTestProxy({ TLS_CERT: files.certificate, TLS_KEY: wrong })).rejects.toThrow(SettingsError)
  })
})

describe("an upstream's self-signed certificate", () => {
  it('is refused before anything is sent, and its fingerprint is shown', async () => {
    const transport = createHttpTransport(origin, null)
    const before = received
    const answer = await transport.send(get)
    const fingerprint = new X509Certificate(readFileSync(files.certificate)).fingerprint256
    expect(answer).toEqual({ kind: 'silence', failure: 'upstream-certificate', fingerprint })
    expect(received).toBe(before)
    transport.close()
  })

  it('is accepted when its fingerprint is pinned', async () => {
    const transport = createHttpTransport(origin, new X509Certificate(readFileSync(files.certificate)).fingerprint256)
    expect(await transport.send(get)).toMatchObject({ kind: 'reply', status: 200, body: 'hello' })
    expect(await transport.send(get)).toMatchObject({ kind: 'reply', status: 200, body: 'hello' })
    transport.close()
  })

  it('is refused when another one is pinned, even a good chain would not help', async () => {
    const transport = createHttpTransport(origin, Array<string>(32).fill('AA').join(':'))
    const before = received
    expect(await transport.send(get)).toMatchObject({ failure: 'upstream-certificate' })
    expect(received).toBe(before)
    transport.close()
  })

  it('where nothing listens is no matter of certificates', async () => {
    const transport = createHttpTransport('https://127.0.0.1:1', null)
    expect(await transport.send(get)).toMatchObject({ failure: 'upstream-unreachable' })
    transport.close()
  })
})
