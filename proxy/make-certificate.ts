/**
 * `npx tsx proxy/make-certificate.ts [name or address …]`: a local certificate authority and a server certificate for
 * the proxy in the LAN, for those who keep the files themselves; `TLS=auto` does it all by itself. Run again, it keeps the
 * authority (tablets trust it already) and renews the server certificate. Without names it takes this machine's own.
 */
import { join, resolve } from 'node:path'
import { CertificateError, fingerprintOf, makeCertificate, ownNames } from './certificates.ts'

async function main(): Promise<void> {
  const names = process.argv.length > 2 ? process.argv.slice(2) : ownNames()
  const folder = resolve(
    process.env.CERT_DIR ?? join(process.env.HOME ?? '.', '.local', 'state', 'ikkm-terminal', 'certificates'),
  )
  const files = await makeCertificate(folder, names)
  console.log(`Certificate for: ${names.join(', ')}
Start with:
  HOST=0.0.0.0 TLS_CERT=${files.certificate} TLS_KEY=${files.key} npm start
A host name (not an address) has to be allowed as well: ALLOWED_ORIGINS=https://<name>:8787

Trust ${files.authority} on every tablet (never copy the .key files):
  Android: copy the file to the tablet, Settings > Security > More > Install a certificate > CA certificate.
  iPadOS: open the file (AirDrop, mail), Settings > Profile downloaded > Install; then
          Settings > General > About > Certificate Trust Settings: switch it on.
  Windows, macOS: double-click, install for this user as a trusted root.
Its SHA-256 fingerprint, to compare on the tablet: ${fingerprintOf(files.authority)}`)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof CertificateError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
