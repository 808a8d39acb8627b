/**
 * `npx tsx proxy/make-certificate.ts [name or address …]`: a local certificate authority and a server certificate for
 * the proxy in the LAN, made by the system's OpenSSL. Run again, it keeps the authority (tablets trust it already) and
 * renews the server certificate. Without names it takes this machine's own.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname, networkInterfaces, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Ten years; a person installs it on every tablet by hand. */
const AUTHORITY_DAYS = 3_650
/** iPadOS refuses server certificates that live longer than 825 days. */
const SERVER_DAYS = 820

export interface CertificateFiles {
  /** To be trusted on the tablets; without the private key. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

/** OpenSSL is missing or refused; `message` is for the person. */
export class CertificateError extends Error {}

function openssl(...args: string[]): void {
  try {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new CertificateError(
        'OpenSSL was not found. Install it (Debian: apt install openssl; Windows: winget install openssl) and try again.',
      )
    }
    throw new CertificateError(`OpenSSL failed: ${error instanceof Error ? error.message.slice(0, 500) : 'unknown'}`)
  }
}

/** Names and addresses under which this machine can be reached. */
export function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((each) => each.family === 'IPv4').map((each) => each.address),
  )
  const name = hostname().toLowerCase()
  return [...new Set(['localhost', '127.0.0.1', name, ...(name.includes('.') ? [] : [`${name}.local`]), ...addresses])]
}

function subjectNames(names: readonly string[]): string {
  for (const name of names) {
    if (isIP(name) === 0 && !/^[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/i.test(name))
      throw new CertificateError(`${name} is neither a host name nor an address`)
  }
  return names.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`).join(',')
}

const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-sha256']

/** Makes the files in `folder`. Throws CertificateError. */
export function makeCertificate(folder: string, names: readonly string[]): CertificateFiles {
  const alternatives = subjectNames(names)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = (name: string) => join(folder, name)
  const authority = file('ca.crt')
  const authorityKey = file('ca.key')
  if (!existsSync(authority) || !existsSync(authorityKey)) {
    const extensions = [
      '-addext',
      'basicConstraints=critical,CA:TRUE,pathlen:0',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    ]
    openssl(
      'req',
      '-x509',
      ...EC_KEY,
      '-days',
      String(AUTHORITY_DAYS),
      '-subj',
      '/CN=Cashier terminal local CA',
      ...extensions,
      '-keyout',
      authorityKey,
      '-out',
      authority,
    )
  }
  const work = mkdtempSync(join(tmpdir(), 'ikkm-certificate-'))
  try {
    const request = join(work, 'server.csr')
    const extensions = join(work, 'server.ext')
    writeFileSync(
      extensions,
      `subjectAltName=${alternatives}\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n`,
    )
    openssl(
      'req',
      '-new',
      ...EC_KEY,
      '-subj',
      `/CN=${names[0] ?? 'localhost'}`,
      '-keyout',
      file('server.key'),
      '-out',
      request,
    )
    openssl(
      'x509',
      '-req',
      '-sha256',
      '-in',
      request,
      '-CA',
      authority,
      '-CAkey',
      authorityKey,
      '-CAcreateserial',
      '-CAserial',
      join(work, 'serial'),
      '-days',
      String(SERVER_DAYS),
      '-extfile',
      extensions,
      '-out',
      file('server.crt'),
    )
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  for (const key of [authorityKey, file('server.key')]) chmodSync(key, 0o600)
  return { authority, certificate: file('server.crt'), key: file('server.key') }
}

function main(): void {
  const names = process.argv.length > 2 ? process.argv.slice(2) : ownNames()
  const folder = resolve(
    process.env.CERT_DIR ?? join(process.env.HOME ?? '.', '.local', 'state', 'ikkm-terminal', 'certificates'),
  )
  const files = makeCertificate(folder, names)
  console.log(`Certificate for: ${names.join(', ')}
Start with:
  HOST=0.0.0.0 TLS_CERT=${files.certificate} TLS_KEY=${files.key} npm start
A host name (not an address) has to be allowed as well: ALLOWED_ORIGINS=https://<name>:8787

Trust ${files.authority} on every tablet (never copy the .key files):
  Android: copy the file to the tablet, Settings > Security > More > Install a certificate > CA certificate.
  iPadOS: open the file (AirDrop, mail), Settings > Profile downloaded > Install; then
          Settings > General > About > Certificate Trust Settings: switch it on.
  Windows, macOS: double-click, install for this user as a trusted root.
Check the fingerprint on the tablet: openssl x509 -noout -fingerprint -sha256 -in ${files.authority}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    main()
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
