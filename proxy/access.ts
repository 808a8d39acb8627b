/**
 * Who may use the API. A browser on this machine may at once; any other pairs once with the code that the proxy
 * shows at start and sends a token from then on.
 */
import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MiddlewareHandler } from 'hono'
import { failure } from '../src/contract/errors.ts'
import { CONFIG_PATH, PAIR_PATH } from '../src/contract/config.ts'
import type { ProxyEnv } from './env.ts'
import { fail } from './reply.ts'
import { hostName, isLoopbackAddress, isLoopbackName } from './security.ts'

const CODE_LENGTH = 8
const SECRET_BYTES = 32
/** Wrong codes or tokens that one address may send in `ATTEMPT_WINDOW_MS`, and all addresses together. */
const ATTEMPTS_PER_ADDRESS = 5
const ATTEMPTS_TOTAL = 30
const ATTEMPT_WINDOW_MS = 15 * 60_000

export type PairResult =
  { readonly kind: 'paired'; readonly token: string } | { readonly kind: 'wrong-code' | 'too-many-attempts' }

export interface Access {
  /** The code that a person types on the tablet. */
  readonly code: string
  pair(code: string, address: string): PairResult
  /** `too-many` stops an address that guesses tokens. */
  check(token: string | null, address: string): 'allowed' | 'refused' | 'too-many'
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

/** `now` in ms. Tokens are `<id>.<signature>`: nothing about paired browsers has to be stored. */
export function createAccess(options: { code: string; secret: Buffer; now?: () => number }): Access {
  const now = options.now ?? Date.now
  const codeAttempts = createAttempts(now)
  const tokenAttempts = createAttempts(now)
  const sign = (id: string) => createHmac('sha256', options.secret).update(`token:${id}`).digest('base64url')
  const valid = (token: string) => {
    const [id = '', signature = '', ...rest] = token.split('.')
    return rest.length === 0 && id !== '' && sameText(signature, sign(id))
  }
  return {
    code: options.code,
    pair(code, address) {
      if (codeAttempts.exhausted(address)) return { kind: 'too-many-attempts' }
      if (!sameText(code.trim(), options.code)) {
        codeAttempts.count(address)
        return { kind: 'wrong-code' }
      }
      const id = randomBytes(12).toString('base64url')
      return { kind: 'paired', token: `${id}.${sign(id)}` }
    },
    check(token, address) {
      if (token === null) return 'refused'
      if (valid(token)) return 'allowed'
      if (tokenAttempts.exhausted(address)) return 'too-many'
      tokenAttempts.count(address)
      return 'refused'
    },
  }
}

/** What the access rules look at, besides the token. */
export interface Caller {
  readonly address: string
  readonly host: string | undefined
  /** A reverse proxy stands in between: loopback then says nothing about the person. */
  readonly forwarded: boolean
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

/** Lets config and pairing through; everything else under `/api/` needs loopback or a token. */
export function accessGuard(
  access: Access,
  callerOf: (context: Parameters<MiddlewareHandler<ProxyEnv>>[0]) => Caller,
): MiddlewareHandler<ProxyEnv> {
  return async (context, next) => {
    const path = context.req.path
    if (path === CONFIG_PATH || path === PAIR_PATH) return next()
    const caller = callerOf(context)
    if (isLocalCaller(caller)) return next()
    const verdict = access.check(bearerToken(context.req.header('authorization')), caller.address)
    if (verdict === 'allowed') return next()
    return verdict === 'too-many'
      ? fail(context, failure('too-many-attempts'), 429)
      : fail(context, failure('not-paired'), 401)
  }
}
