/**
 * Who may use the API. A browser on this machine may at once; any other pairs once with the code that the proxy
 * shows at start and sends a token from then on.
 */
import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { MiddlewareHandler } from 'hono'
import { failure } from '../src/contract/errors.ts'
import { CONFIG_PATH, PAIR_PATH } from '../src/contract/config.ts'
import { HEALTH_PATH } from '../src/contract/health.ts'
import type { ProxyEnv } from './env.ts'
import type { Tills } from './till-registry.ts'
import { fail } from './reply.ts'
import type { ProxySettings } from './config.ts'
import { hostName, isLoopbackAddress, isLoopbackName, plainAddress } from './security.ts'

const CODE_LENGTH = 8
const SECRET_BYTES = 32
/** Wrong codes or tokens that one address may send in `ATTEMPT_WINDOW_MS`, and all addresses together. */
const ATTEMPTS_PER_ADDRESS = 5
const ATTEMPTS_TOTAL = 30
const ATTEMPT_WINDOW_MS = 15 * 60_000

export type PairResult =
  | { readonly kind: 'paired'; readonly token: string; readonly role: 'till' | 'owner' }
  | { readonly kind: 'wrong-code' | 'too-many-attempts' }

/**
 * What a token opens: a till everything that it sells and shows with, an owner the figures of the shop, a monitor
 * `/api/health` alone.
 */
export const ROLES = ['till', 'owner', 'monitor'] as const
export type Role = (typeof ROLES)[number]

export interface Access {
  /** The code that a person types on the tablet. */
  readonly code: string
  /** The code that opens the shop's figures; null where nobody may see them. */
  readonly ownerCode: string | null
  /** `agent` is what the browser calls itself: it helps to tell tablets apart in the list. */
  pair(code: string, address: string, agent?: string): PairResult
  /** The token's role; `too-many` stops an address that guesses tokens. */
  check(token: string | null, address: string, agent?: string): Role | 'refused' | 'too-many'
  /** The same for somebody who needs no token: a wrong one is none. */
  roleOf(token: string | null, address: string, agent?: string): Role | null
  /** The id in a token that this server signed; null for any other. */
  idOf(token: string | null): string | null
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

/** Random digits; the first may be 0. */
export function randomCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => randomInt(10)).join('')
}

/**
 * The secret that signs tokens, kept in `stateDir` so that tablets stay paired over a restart.
 * Deleting the file unpairs all of them. Falls back to a secret of this run when the folder can't be written.
 */
export function loadPairingSecret(stateDir: string): { readonly secret: Buffer; readonly kept: boolean } {
  const path = join(stateDir, 'pairing-secret')
  try {
    const stored = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
    if (stored.length === SECRET_BYTES) return { secret: stored, kept: true }
  } catch {
    // Not there yet: the next lines make it.
  }
  const secret = randomBytes(SECRET_BYTES)
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    writeFileSync(path, `${secret.toString('hex')}\n`, { mode: 0o600 })
    return { secret, kept: true }
  } catch {
    return { secret, kept: false }
  }
}

/** Counts failures by address within a window; forgets whole windows, so it can't grow without bound. */
function createAttempts(now: () => number) {
  let windowStart = now()
  let total = 0
  const byAddress = new Map<string, number>()
  const turn = () => {
    if (now() - windowStart < ATTEMPT_WINDOW_MS) return
    windowStart = now()
    total = 0
    byAddress.clear()
  }
  return {
    exhausted(address: string): boolean {
      turn()
      return total >= ATTEMPTS_TOTAL || (byAddress.get(address) ?? 0) >= ATTEMPTS_PER_ADDRESS
    },
    count(address: string): void {
      total += 1
      byAddress.set(address, (byAddress.get(address) ?? 0) + 1)
    },
  }
}

/** A token of its role: `<role>.<id>.<signature>`. */
export function signToken(secret: Buffer, role: Role, id: string): string {
  return `${role}.${id}.${createHmac('sha256', secret).update(`${role}:${id}`).digest('base64url')}`
}

/** A new token's id, random. */
export function newTokenId(): string {
  return randomBytes(12).toString('base64url')
}

/** Whose token it is; null when nobody signed it. Those of earlier versions carry no role: they are tills'. */
function ownerOf(secret: Buffer, token: string): { readonly role: Role; readonly id: string } | null {
  const parts = token.split('.')
  const [first = '', second = '', third = ''] = parts
  if (parts.length === 2 && first !== '') {
    const signature = createHmac('sha256', secret).update(`token:${first}`).digest('base64url')
    return sameText(second, signature) ? { role: 'till', id: first } : null
  }
  const role = ROLES.find((each) => each === first)
  if (parts.length !== 3 || role === undefined || second === '' || third === '') return null
  return sameText(token, signToken(secret, role, second)) ? { role, id: second } : null
}

/** `now` in ms. A token proves itself by its signature; `tills` knows which were taken back, and keeps their last use. */
export function createAccess(options: {
  code: string
  ownerCode?: string
  secret: Buffer
  tills?: Tills
  now?: () => number
}): Access {
  const { secret, tills, code: tillCode, ownerCode = null } = options
  const now = options.now ?? Date.now
  const codeAttempts = createAttempts(now)
  const tokenAttempts = createAttempts(now)
  const roleOf = (token: string | null, address: string, agent = ''): Role | null => {
    const owner = token === null ? null : ownerOf(secret, token)
    if (owner === null || tills?.isRevoked(owner.id) === true) return null
    tills?.used(owner, address, agent)
    return owner.role
  }
  return {
    code: tillCode,
    ownerCode,
    roleOf,
    pair(code, address, agent = '') {
      if (codeAttempts.exhausted(address)) return { kind: 'too-many-attempts' }
      const given = code.trim()
      const owns = ownerCode !== null && sameText(given, ownerCode)
      if (!sameText(given, tillCode) && !owns) {
        codeAttempts.count(address)
        return { kind: 'wrong-code' }
      }
      const role = owns ? 'owner' : 'till'
      const id = newTokenId()
      tills?.used({ id, role }, address, agent)
      return { kind: 'paired', token: signToken(secret, role, id), role }
    },
    check(token, address, agent = '') {
      if (token === null) return 'refused'
      const role = roleOf(token, address, agent)
      if (role !== null) return role
      // It was a good one once, and is no guess.
      if (ownerOf(secret, token) !== null) return 'refused'
      if (tokenAttempts.exhausted(address)) return 'too-many'
      tokenAttempts.count(address)
      return 'refused'
    },
    idOf: (token) => (token === null ? null : (ownerOf(secret, token)?.id ?? null)),
  }
}

/** What the access rules look at, besides the token. */
export interface Caller {
  readonly address: string
  readonly host: string | undefined
  /** A reverse proxy stands in between: loopback then says nothing about the person. */
  readonly forwarded: boolean
}

/**
 * Whether the address alone proves that a person sits at this machine: the proxy listens on loopback only, and no setting
 * speaks of something in front of it. A page of another origin that is let in is such a sign: a reverse proxy that puts
 * our own address into `Host` can't do without it.
 */
export function loopbackIsProof(settings: Pick<ProxySettings, 'host' | 'allowedOrigins' | 'trustedProxies'>): boolean {
  return (
    isLoopbackName(settings.host) &&
    settings.trustedProxies.length === 0 &&
    settings.allowedOrigins.every((origin) => isLoopbackName(hostName(new URL(origin).host) ?? ''))
  )
}

/** Headers that only something in between adds. */
const FORWARDING = /^(?:forwarded|via|x-forwarded(?:-.*)?|x-real-ip|x-client-ip|x-original-.*|true-client-ip|cf-.*)$/

/**
 * Who asks. Behind a proxy of `trustedProxies` it is the last address in `X-Forwarded-For` that isn't one of them. No
 * browser speaks HTTP/1.0, and the commonest reverse proxy does.
 */
export function callerOf(
  request: Pick<IncomingMessage, 'headers' | 'httpVersion' | 'socket'> | undefined,
  trustedProxies: readonly string[],
): Caller {
  const socketAddress = request?.socket.remoteAddress ?? 'unknown'
  const names = Object.keys(request?.headers ?? {})
  const trusted = trustedProxies.includes(plainAddress(socketAddress))
  const chain = String(request?.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => plainAddress(part.trim()))
  const told = trusted
    ? chain.findLast((address) => isIP(address) !== 0 && !trustedProxies.includes(address))
    : undefined
  return {
    address: told ?? socketAddress,
    host: request?.headers.host,
    forwarded: trusted || request?.httpVersion === '1.0' || names.some((name) => FORWARDING.test(name)),
  }
}

/** True for a browser on this very machine, which works without pairing. */
export function isLocalCaller(caller: Caller): boolean {
  const name = hostName(caller.host)
  return !caller.forwarded && isLoopbackAddress(caller.address) && name !== null && isLoopbackName(name)
}

export function bearerToken(header: string | undefined): string | null {
  const match = /^Bearer ([A-Za-z0-9._-]{1,256})$/.exec(header ?? '')
  return match?.[1] ?? null
}

/** Where a role may go. What an owner may see of the shop is its routes' question. */
function opens(role: Role | 'local', path: string): boolean {
  return role === 'till' || path === HEALTH_PATH || (role === 'owner' && path.startsWith('/api/shop/'))
}

/** Lets config and pairing through; everything else under `/api/` needs a local caller or a token. */
export function accessGuard(
  access: Access,
  caller: (context: Parameters<MiddlewareHandler<ProxyEnv>>[0]) => Caller & { readonly local: boolean },
): MiddlewareHandler<ProxyEnv> {
  return async (context, next) => {
    const path = context.req.path
    if (path === CONFIG_PATH || path === PAIR_PATH) return next()
    const { local, address } = caller(context)
    const token = bearerToken(context.req.header('authorization'))
    const agent = context.req.header('user-agent')
    const verdict = local ? (access.roleOf(token, address, agent) ?? 'local') : access.check(token, address, agent)
    if (local || (verdict !== 'too-many' && verdict !== 'refused' && opens(verdict, path))) {
      context.set('role', verdict === 'too-many' || verdict === 'refused' ? 'local' : verdict)
      context.set('token', verdict === 'local' ? 'local' : (access.idOf(token) ?? 'local'))
      return next()
    }
    return verdict === 'too-many'
      ? fail(context, failure('too-many-attempts'), 429)
      : fail(context, failure('not-paired'), 401)
  }
}
