/** Response headers, and who may ask at all: Host (DNS rebinding) and Origin (foreign pages). */
import { isIP } from 'node:net'
import type { Context, MiddlewareHandler } from 'hono'
import { failure, type FailureKind } from '../src/contract/errors.ts'
import type { ProxySettings } from './config.ts'
import { TILL_PATH } from '../src/contract/config.ts'
import type { ProxyEnv } from './env.ts'
import { fail } from './reply.ts'

/**
 * The device may stand at any LAN host and port over plain HTTP, so `connect-src` allows `http:`.
 * The camera scanner's decoder is WebAssembly, hence `wasm-unsafe-eval` (it doesn't allow `eval`).
 * No Permissions-Policy here: one that names `local-network` would take the device away.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self' http:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join('; ')

/** Sets the headers that every answer carries. */
export const securityHeaders: MiddlewareHandler<ProxyEnv> = async (context, next) => {
  await next()
  const headers = context.res.headers
  headers.set('content-security-policy', CONTENT_SECURITY_POLICY)
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('cross-origin-opener-policy', 'same-origin')
  headers.set('x-frame-options', 'DENY')
  // Nothing of a server behind this one reaches the browser as a cookie; the page's own is told again by one route.
  if (context.req.path !== TILL_PATH) headers.delete('set-cookie')
}

/** Host name of a Host header without the port; IPv6 without brackets. Null when it isn't one. */
export function hostName(header: string | undefined): string | null {
  if (header === undefined || !/^[A-Za-z0-9.:[\]_-]{1,255}$/.test(header)) return null
  if (!URL.canParse(`http://${header}`)) return null
  return new URL(`http://${header}`).hostname.replace(/^\[|\]$/g, '').toLowerCase()
}

/** Loopback as a name in a Host header. */
export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name)
}

/** An IPv4 address without the IPv6 dress in which a socket may show it. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:/i, '')
}

/** Loopback as the address of a socket's other end. */
export function isLoopbackAddress(address: string): boolean {
  const plain = plainAddress(address)
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}

/**
 * A page can make a browser call this proxy under a name that the attacker owns (DNS rebinding): such a request
 * carries that name. An address literal can't be rebound, so those are fine; names must be known.
 */
function hostAllowed(header: string | undefined, knownNames: readonly string[]): boolean {
  const name = hostName(header)
  if (name === null) return false
  if (isLoopbackName(name) || isIP(name) !== 0) return true
  return knownNames.includes(name)
}

/** Same origin as the request itself, or allow-listed. */
function originAllowed(
  origin: string,
  host: string | undefined,
  secure: boolean,
  allowedOrigins: readonly string[],
): boolean {
  if (allowedOrigins.includes(origin)) return true
  return host !== undefined && origin === `${secure ? 'https' : 'http'}://${host.toLowerCase()}`
}

function refuse(context: Context<ProxyEnv>, kind: FailureKind): Response {
  return fail(context, failure(kind), 403)
}

/**
 * `ownHostNames` are names in the certificate that the proxy made for itself. Checks Host for everything, and Origin for everything but plain page loads. Answers preflights.
 */
export function originGuard(
  settings: Pick<ProxySettings, 'host' | 'tls' | 'allowedOrigins'>,
  ownHostNames: readonly string[] = [],
): MiddlewareHandler<ProxyEnv> {
  const { allowedOrigins } = settings
  const secure = settings.tls !== null
  const allowedNames = allowedOrigins.map((origin) => new URL(origin).hostname)
  const knownNames = [settings.host, ...ownHostNames, ...allowedNames].map((name) => name.toLowerCase())
  return async (context, next) => {
    const host = context.req.header('host')
    if (!hostAllowed(host, knownNames)) return refuse(context, 'host-refused')
    const origin = context.req.header('origin')
    const isApi = context.req.path.startsWith('/api/')
    if (origin === undefined) {
      // A browser leaves Origin out only for navigations and no-cors reads; Sec-Fetch-Site unmasks the foreign ones.
      const site = context.req.header('sec-fetch-site')
      if (isApi && (site === 'cross-site' || site === 'same-site')) return refuse(context, 'origin-refused')
      await next()
      return
    }
    if (!originAllowed(origin, host, secure, allowedOrigins)) {
      if (isApi || context.req.method !== 'GET') return refuse(context, 'origin-refused')
      await next()
      return
    }
    if (context.req.method === 'OPTIONS') {
      return new Response(null, { status: 204, headers: preflightHeaders(origin) })
    }
    await next()
    context.res.headers.set('access-control-allow-origin', origin)
    context.res.headers.set('access-control-expose-headers', 'x-request-id, x-device-reason')
    context.res.headers.append('vary', 'Origin')
  }
}

function preflightHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '600',
    vary: 'Origin',
  }
}
