/** How much one address may ask for. */
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { failure } from '../src/contract/errors.ts'
import { UPLOAD_PATH } from '../src/contract/shop.ts'
import type { ProxyEnv } from './env.ts'
import { fail } from './reply.ts'

/** A save of a shift with a few thousand postings is the largest honest body: as the server sent it, and as it is edited. */
const MAX_BODY_BYTES = 4 * 1024 * 1024
/** A full batch of a till's records has about 1 MB; receipts of hundreds of lines have more. */
const MAX_UPLOAD_BYTES = 8 * 1024 * 1024

/** A page that loads its lists sends some dozens at once; a steady stream of more is a loop or an attack. */
const BURST = 300
const REFILL_PER_S = 60
/** Buckets kept; full ones are dropped when there are more. */
const MAX_BUCKETS = 2_000

export interface RateLimiter {
  /** False when this address has used up its allowance. */
  take(address: string): boolean
}

/** Token bucket an address; `now` in ms. */
export function createRateLimiter(now: () => number = Date.now, burst = BURST, refillPerS = REFILL_PER_S): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    take(address) {
      const at = now()
      const bucket = buckets.get(address) ?? { tokens: burst, at }
      const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * refillPerS)
      const allowed = tokens >= 1
      buckets.delete(address)
      buckets.set(address, { tokens: allowed ? tokens - 1 : tokens, at })
      if (buckets.size > MAX_BUCKETS) {
        const oldest = buckets.keys().next()
        if (!oldest.done) buckets.delete(oldest.value)
      }
      return allowed
    },
  }
}

export function rateGuard(
  limiter: RateLimiter,
  addressOf: (context: Parameters<MiddlewareHandler<ProxyEnv>>[0]) => string,
): MiddlewareHandler<ProxyEnv> {
  return async (context, next) => {
    if (limiter.take(addressOf(context))) return next()
    return fail(context, failure('rate-limited'), 429)
  }
}

const limitedTo = (maxSize: number): MiddlewareHandler<ProxyEnv> =>
  bodyLimit({ maxSize, onError: (context) => fail(context, failure('body-too-large'), 413) })
const usual = limitedTo(MAX_BODY_BYTES)
const upload = limitedTo(MAX_UPLOAD_BYTES)

export const bodyGuard: MiddlewareHandler<ProxyEnv> = (context, next) =>
  (context.req.path === UPLOAD_PATH ? upload : usual)(context, next)
