/** Where the device stands, and what the browser thinks of that place (Local Network Access). */
import { DEVICE_PORT } from '../contract/device.ts'

/** `public` only for address literals; a name may resolve to anything. */
export type AddressSpace = 'loopback' | 'local' | 'public' | 'unknown'

/** The browser's address space of a host name or address literal, as far as the text tells. */
export function addressSpace(hostname: string): AddressSpace {
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
  if (host === 'localhost' || host.endsWith('.localhost') || host === '::1') return 'loopback'
  if (host.endsWith('.local')) return 'local'
  if (host.includes(':')) {
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(host)?.[1]
    if (mapped !== undefined) return addressSpace(mapped)
    return /^(?:f[cd]|fe[89ab])/.test(host) ? 'local' : 'public'
  }
  const octets = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)
  if (!octets) return 'unknown'
  const a = Number(octets[1])
  const b = Number(octets[2])
  if (a === 127) return 'loopback'
  const local =
    a === 10 ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b <= 127) ||
    (a === 198 && (b === 18 || b === 19))
  return local ? 'local' : 'public'
}

/**
 * What to pass as `targetAddressSpace` of a fetch; null for nothing. A wrong value is an error, so a name gets one
 * only where nothing works without it: on an HTTPS page.
 */
export function targetAddressSpace(deviceHost: string, pageProtocol: string): 'loopback' | 'local' | null {
  const space = addressSpace(deviceHost)
  if (space === 'loopback' || space === 'local') return space
  return space === 'unknown' && pageProtocol === 'https:' ? 'local' : null
}

/**
 * Origin of a device from what a person types or scans: `192.168.1.50`, `kassa.local:9000`, `http://10.0.0.5:8080`.
 * Without scheme and port it is the document's port 8080; an origin with scheme is taken as it is. Null for no address.
 */
export function deviceOrigin(text: string): string | null {
  const trimmed = text.trim()
  const hasScheme = /^https?:\/\//i.test(trimmed)
  if (trimmed === '' || /\s/.test(trimmed) || (!hasScheme && trimmed.includes('://'))) return null
  const address = hasScheme ? trimmed : `http://${trimmed}`
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if (url.hostname === '' || url.username !== '' || url.password !== '') return null
  const hasPort = /:\d+$/.test(trimmed.split('/')[0] ?? '')
  if (!hasScheme && !hasPort) url.port = String(DEVICE_PORT)
  return url.origin
}
