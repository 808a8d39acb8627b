/**
 * A certificate authority of the shop's own and a server certificate under it, made by @peculiar/x509 over Node's own
 * cryptography: no OpenSSL on the machine. Only the authority is installed on tablets; the server's certificate is made
 * anew under it before it ends, or when this computer gets another name or address.
 */
import 'reflect-metadata'
import { createPrivateKey, randomBytes, webcrypto, X509Certificate as NodeCertificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { writePrivateFile } from './kept-token.ts'

const DAY_MS = 86_400_000
/** Ten years; a person installs it on every tablet by hand. */
const AUTHORITY_DAYS = 3_650
/** iPadOS refuses server certificates that live longer than 825 days. */
const SERVER_DAYS = 820
/** Renewed this long before its end: a shop may be closed for weeks. */
const RENEW_DAYS = 60
/** A clock that is a little slow must not find the certificate in its future. */
const BACKDATED_MS = DAY_MS
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

export interface CertificateFiles {
  /** To be trusted on the tablets; without the private key. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

/** A name that can't stand in a certificate, or files that can't be read; `message` is for the person. */
export class CertificateError extends Error {}

x509.cryptoProvider.set(webcrypto as Crypto)

/** Names and addresses under which this machine can be reached. */
export function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((each) => each.family === 'IPv4').map((each) => each.address),
  )
  const name = hostname().toLowerCase()
  return [...new Set(['localhost', '127.0.0.1', name, ...(name.includes('.') ? [] : [`${name}.local`]), ...addresses])]
}

function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (isIP(name) === 0 && !/^[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?$/i.test(name))
      throw new CertificateError(`${name} is neither a host name nor an address`)
  }
}

interface Authority {
  readonly certificate: x509.X509Certificate
  readonly privateKey: CryptoKey
}

function serialNumber(): string {
  // Positive: the first bit is the sign.
  const bytes = randomBytes(16)
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0)
  return bytes.toString('hex')
}

function validity(days: number, now: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now - BACKDATED_MS), notAfter: new Date(now - BACKDATED_MS + days * DAY_MS) }
}

async function pemOfKey(key: CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`
}

async function newAuthority(now: number): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: ['Cashier terminal local CA'] }, { OU: [hostname().slice(0, 60)] }],
    ...validity(AUTHORITY_DAYS, now),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate, privateKey: keys.privateKey }
}

async function readAuthority(certificatePath: string, keyPath: string): Promise<Authority> {
  try {
    const certificate = new x509.X509Certificate(readFileSync(certificatePath, 'utf8'))
    // Through Node: it reads every dress in which a key may come.
    const der = createPrivateKey(readFileSync(keyPath)).export({ type: 'pkcs8', format: 'der' })
    return { certificate, privateKey: await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']) }
  } catch {
    throw new CertificateError(
      `${certificatePath}, ${keyPath}: cannot be read. Restore them, or delete both: the tablets then have to trust a new one`,
    )
  }
}

async function newServerCertificate(authority: Authority, names: readonly string[], now: number) {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [names[0] ?? 'localhost'] }],
    issuer: authority.certificate.subject,
    ...validity(SERVER_DAYS, now),
    signingAlgorithm: ALGORITHM,
    signingKey: authority.privateKey,
    publicKey: keys.publicKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate: `${certificate.toString('pem')}\n`, key: await pemOfKey(keys.privateKey) }
}

function filesIn(folder: string): CertificateFiles & { readonly authorityKey: string } {
  const file = (name: string) => join(folder, name)
  return {
    authority: file('ca.crt'),
    authorityKey: file('ca.key'),
    certificate: file('server.crt'),
    key: file('server.key'),
  }
}

/**
 * Makes a server certificate for `names` in `folder`, under the authority that is there or a new one. `now` in ms since
 * 1970. Throws CertificateError.
 */
export async function makeCertificate(
  folder: string,
  names: readonly string[],
  now: number = Date.now(),
): Promise<CertificateFiles> {
  checkNames(names)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { authorityKey, ...files } = filesIn(folder)
  const known = existsSync(files.authority) && existsSync(authorityKey)
  const authority = known ? await readAuthority(files.authority, authorityKey) : await newAuthority(now)
  if (!known) {
    writePrivateFile(authorityKey, await pemOfKey(authority.privateKey))
    writePrivateFile(files.authority, `${authority.certificate.toString('pem')}\n`)
  }
  const server = await newServerCertificate(authority, names, now)
  writePrivateFile(files.key, server.key)
  writePrivateFile(files.certificate, server.certificate)
  return files
}

/** Whether the certificate in `folder` serves all `names` for a good while yet, with its own key and authority. */
function stillGood(folder: string, names: readonly string[], now: number): boolean {
  const files = filesIn(folder)
  try {
    const certificate = new NodeCertificate(readFileSync(files.certificate))
    const covered = names.every((name) =>
      isIP(name) === 0 ? certificate.checkHost(name) !== undefined : certificate.checkIP(name) !== undefined,
    )
    return (
      covered &&
      Date.parse(certificate.validTo) - now > RENEW_DAYS * DAY_MS &&
      certificate.checkPrivateKey(createPrivateKey(readFileSync(files.key))) &&
      certificate.verify(new NodeCertificate(readFileSync(files.authority)).publicKey)
    )
  } catch {
    return false
  }
}

/** The certificate of `folder`, made anew where it ends soon or lacks a name. `renewed` says which. */
export async function ensureCertificate(
  folder: string,
  names: readonly string[],
  now: number = Date.now(),
): Promise<CertificateFiles & { readonly renewed: boolean }> {
  checkNames(names)
  if (stillGood(folder, names, now)) return { ...filesIn(folder), renewed: false }
  return { ...(await makeCertificate(folder, names, now)), renewed: true }
}

/** SHA-256 fingerprint of a certificate file, as tablets show it. */
export function fingerprintOf(path: string): string {
  return new NodeCertificate(readFileSync(path)).fingerprint256
}
