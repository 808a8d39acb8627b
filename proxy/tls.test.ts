import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, request as httpsRequest, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettingsError } from './config.ts'
import {
  CertificateError,
  ensureCertificate,
  makeCertificate,
  ownNames,
  type CertificateFiles,
} from './certificates.ts'
import { startTestProxy } from './testing/proxy-kit.ts'
import { createHttpTransport } from './upstream.ts'

const folder = join(mkdtempSync(join(tmpdir(), 'ikkm-tls-')), 'certificates')
let files: CertificateFiles
let server: Server
let received = 0
let origin = ''

beforeAll(async () => {
  files = await makeCertificate(folder, ['localhost', '127.0.0.1', 'kassa.local'])
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

  it('is renewed under the same authority, so that tablets keep trusting it', async () => {
    const other = mkdtempSync(join(tmpdir(), 'ikkm-tls-'))
    const first = await makeCertificate(other, ['a.local'])
    const authority = readFileSync(first.authority, 'utf8')
    const before = readFileSync(first.certificate, 'utf8')
    await makeCertificate(other, ['b.local'])
    expect(readFileSync(first.authority, 'utf8')).toBe(authority)
    expect(readFileSync(first.certificate, 'utf8')).not.toBe(before)
  })

  it('is made anew only before it ends or for another name, by itself', async () => {
    const other = mkdtempSync(join(tmpdir(), 'ikkm-tls-'))
    const now = Date.UTC(2026, 0, 1)
    const day = 86_400_000
    expect((await ensureCertificate(other, ['a.local', '192.168.1.5'], now)).renewed).toBe(true)
    expect((await ensureCertificate(other, ['a.local', '192.168.1.5'], now)).renewed).toBe(false)
    expect((await ensureCertificate(other, ['192.168.1.5'], now + 700 * day)).renewed).toBe(false)
    expect((await ensureCertificate(other, ['192.168.1.5', '192.168.1.6'], now)).renewed).toBe(true)
    expect((await ensureCertificate(other, ['192.168.1.5', '192.168.1.6'], now + 770 * day)).renewed).toBe(true)
    writeFileSync(join(other, 'server.key'), 'no key')
    expect((await ensureCertificate(other, ['192.168.1.5'], now + 770 * day)).renewed).toBe(true)
  })

  it('says what to do when the authority cannot be read', async () => {
    const other = mkdtempSync(join(tmpdir(), 'ikkm-tls-'))
    await makeCertificate(other, ['a.local'])
    writeFileSync(join(other, 'ca.key'), 'no key')
    await expect(makeCertificate(other, ['a.local'])).rejects.toThrow('delete both')
  })

  it('is refused for a name that is none', async () => {
    await expect(makeCertificate(folder, ['a\nb'])).rejects.toThrow(CertificateError)
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

  it('is made by the proxy itself with TLS=auto; its page tells tablets over plain HTTP how to trust it', async () => {
    const proxy = await startTestProxy({ TLS: 'auto', TRUST_PORT: '0' })
    const trust = `http://127.0.0.1:${proxy.trust?.port ?? 0}`
    const authority = await fetch(`${trust}/trust/ca.crt`)
    expect(authority.headers.get('content-type')).toBe('application/x-x509-ca-cert')
    const ca = await authority.text()
    expect(new X509Certificate(ca).fingerprint256).toBe(proxy.trust?.fingerprint)
    expect(ca).not.toContain('PRIVATE')
    const status = await new Promise<number>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: proxy.port, path: '/healthz', ca, agent: false }
      httpsRequest(options, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(200)
    for (const [lang, word] of [
      ['ru', 'Скачать сертификат'],
      ['kk', 'Сертификатты жүктеп алу'],
      ['en', 'Download the certificate'],
    ] as const) {
      const page = await fetch(`${trust}/trust?lang=${lang}`)
      const html = await page.text()
      expect(html).toContain(word)
      for (const part of [
        'Android',
        'iPadOS',
        'Windows',
        proxy.trust?.fingerprint ?? '',
        `https://127.0.0.1:${proxy.port}/`,
      ])
        expect(html).toContain(part)
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
    expect(
      (await fetch(`${trust}/trust`, { headers: { 'accept-language': 'kk-KZ,ru;q=0.8' } })).headers.get('vary'),
    ).toBe('Accept-Language')
    for (const path of ['/api/config', '/index.html', '/../../etc/passwd', '/trust/ca.key', '/trust/server.key']) {
      const reply = await fetch(trust + path, { redirect: 'manual' })
      expect([302, 404]).toContain(reply.status)
    }
    await proxy.close()
  })

  it('that ends while the proxy runs is renewed and taken up without a restart', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'ikkm-tls-'))
    const certificates = join(stateDir, 'certificates')
    const proxy = await startTestProxy(
      { TLS: 'auto', TRUST_PORT: '0', STATE_DIR: stateDir },
      { certificateCheckMs: 20 },
    )
    const ca = readFileSync(join(certificates, 'ca.crt'), 'utf8')
    const served = () =>
      new Promise<string>((resolve, reject) => {
        const socket = tlsConnect({ host: '127.0.0.1', port: proxy.port, ca }, () => {
          resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '')
          socket.destroy()
        }).on('error', reject)
      })
    const before = await served()
    // Made so long ago that it serves today and ends within the days of the renewal.
    await makeCertificate(certificates, ownNames(), Date.now() - 790 * 86_400_000)
    const deadline = Date.now() + 20_000
    let after = before
    while (after === before && Date.now() < deadline) after = await served()
    expect(after).not.toBe(before)
    expect(proxy.logLines.some((line) => line.includes('certificate-renewed'))).toBe(true)
    await proxy.close()
    rmSync(stateDir, { recursive: true, force: true })
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
    expect(await transport.send(get)).toMatchObject({ failure: 'upstream-refused' })
    transport.close()
  })
})
