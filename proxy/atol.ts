/** Client of ATOL Online's device information (source 003). */
import { isRecord, parseJson } from '../src/contract/json.ts'
import { failed, failure, success, type Failure, type Result } from '../src/contract/errors.ts'
import type { AtolDetail, AtolPage } from '../src/contract/atol.ts'
import { atolFailure, readAtolDevice, readAtolPage, readAtolToken, type AtolToken } from './atol-wire.ts'
import type { UpstreamSettings } from './config.ts'
import { silenceFailure } from './iiko-errors.ts'
import type { HealthNotes } from './health.ts'
import { logFields, unreadableFields } from './iiko.ts'
import { createTaskLine, LineFullError } from './task-line.ts'
import type { Logger } from './log.ts'
import { looksLikeHtml } from './wire.ts'
import type { UpstreamAnswer, UpstreamReply, UpstreamTransport } from './upstream.ts'

/** A wrong password stays wrong: no knocking for this long, or the service locks the account. */
const LOGIN_PAUSE_MS = 60_000
const CONCURRENT = 4
const MAX_WAITING = 200

/** ATOL's base address may be given with the path of its API: `/api`, `/api/kkt/v1`. */
export function atolBaseUrl(url: string): string {
  return url.replace(/\/+$/, '').replace(/\/api(?:\/(?:kkt|auth)(?:\/v\d+)?)?$/i, '')
}

export interface AtolClient {
  /** A page of devices; `limit` 1 to 100. */
  devices(limit: number, offset: number): Promise<Result<AtolPage>>
  device(serial: string): Promise<Result<AtolDetail>>
  close(): Promise<void>
}

export interface AtolClientParts {
  readonly settings: Pick<UpstreamSettings, 'login' | 'password'>
  readonly transport: UpstreamTransport
  readonly logger: Logger
  readonly now?: () => number
  readonly health?: HealthNotes
}

export function createAtolClient(parts: AtolClientParts): AtolClient {
  const { settings, transport, logger } = parts
  const now = parts.now ?? Date.now
  const line = createTaskLine(CONCURRENT, MAX_WAITING)
  let current: AtolToken | null = null
  let fetching: Promise<Result<AtolToken>> | null = null
  let refused: { readonly failure: Failure; readonly until: number } | null = null
  logger.protect(settings.password)

  const fromAnswer = (answer: UpstreamAnswer, asked: 'token' | 'devices'): Result<UpstreamReply> => {
    if (answer.kind === 'silence') return { ok: false, failure: silenceFailure(answer, 'atol', logger.clean) }
    const good = answer.status === 200 && !looksLikeHtml(answer.contentType, answer.body)
    return good ? success(answer) : { ok: false, failure: atolFailure(answer, logger.clean, asked) }
  }
  const broken = (code: string) => failure('upstream-broken-answer', { upstream: 'atol', status: 200, code })

  const fetchToken = async (): Promise<Result<AtolToken>> => {
    if (refused !== null && now() < refused.until) return { ok: false, failure: refused.failure }
    const answer = await transport.send({
      method: 'POST',
      path: '/api/auth/v1/gettoken',
      query: '',
      headers: { 'content-type': 'application/json; charset=utf-8', accept: 'application/json' },
      body: JSON.stringify({ login: settings.login, pass: settings.password }),
    })
    const outcome = fromAnswer(answer, 'token')
    const token = outcome.ok ? readAtolToken(parseJson(outcome.value.body)) : null
    if (token !== null) {
      logger.protect(token.token)
      logger.log('info', 'atol-token', {
        expiresAt: token.expiresAt === null ? null : new Date(token.expiresAt).toISOString(),
      })
      current = token
      refused = null
      return success(token)
    }
    const why = outcome.ok ? broken('NO_TOKEN') : outcome.failure
    if (why.kind === 'atol-wrong-login') refused = { failure: why, until: now() + LOGIN_PAUSE_MS }
    logger.log('warn', 'atol-token-failed', logFields(why))
    return { ok: false, failure: why }
  }

  /** One question for a token at a time, whoever needs it; a token that another caller renewed meanwhile is used. */
  const tokenFor = async (dead: string | null): Promise<Result<AtolToken>> => {
    if (current !== null && current.token !== dead) return success(current)
    fetching ??= fetchToken().finally(() => {
      fetching = null
    })
    return fetching
  }

  const get = (path: string, query: string, token: AtolToken): Promise<UpstreamAnswer> =>
    transport.send({
      method: 'GET',
      path,
      query,
      headers: { token: token.token, accept: 'application/hal+json' },
      body: null,
    })

  /** Whether a 401 is a reason to ask for a new token: it ran out, or the service didn't recognise it. */
  const renewable = (why: Failure, token: AtolToken) =>
    why.kind === 'atol-expired-token' ||
    why.kind === 'atol-missing-token' ||
    (why.kind === 'atol-unauthorized' && token.expiresAt !== null && now() >= token.expiresAt)

  const ask = async (path: string, query: string): Promise<Result<UpstreamReply>> => {
    const token = await tokenFor(null)
    if (!token.ok) return token
    const first = fromAnswer(await get(path, query, token.value), 'devices')
    if (first.ok || !renewable(first.failure, token.value)) return first
    const fresh = await tokenFor(token.value.token)
    // Asked again, the service may hand out the old token with its old time: the same question then has the same answer.
    if (!fresh.ok || fresh.value.token === token.value.token) return fresh.ok ? first : fresh
    return fromAnswer(await get(path, query, fresh.value), 'devices')
  }

  const inTurn = async (path: string, query: string): Promise<Result<UpstreamReply>> => {
    try {
      return await line.run(() => ask(path, query))
    } catch (error) {
      if (error instanceof LineFullError) return failed('upstream-busy', { upstream: 'atol' })
      throw error
    }
  }

  /** Asks, reads and logs; null from `read` is an answer that can't be read. */
  const request = async <T extends object>(
    path: string,
    query: string,
    read: (value: unknown) => T | null,
  ): Promise<Result<T>> => {
    const startedAt = now()
    const raw = await inTurn(path, query)
    const value = raw.ok ? read(parseJson(raw.value.body)) : null
    const why = raw.ok ? (value === null ? broken('UNREADABLE') : null) : raw.failure
    logger.log(why === null ? 'info' : 'warn', 'atol-request', {
      path,
      durationMs: now() - startedAt,
      ...(why === null ? {} : logFields(why)),
      ...(raw.ok && why !== null ? unreadableFields(raw.value) : {}),
    })
    if (why === null) parts.health?.succeeded()
    else parts.health?.failed(why.kind)
    return why !== null || value === null ? { ok: false, failure: why ?? broken('UNREADABLE') } : success(value)
  }

  return {
    devices(limit, offset) {
      const query = new URLSearchParams({ limit: String(limit), offset: String(offset) }).toString()
      return request('/api/kkt/v1/cash-registers', query, (value) => readAtolPage(value, { limit, offset }))
    },
    device(serial) {
      return request(`/api/kkt/v1/cash-registers/${encodeURIComponent(serial)}`, '', (value) => {
        const device = readAtolDevice(isRecord(value) ? value.data : null)
        return device === null ? null : { device, serialDiffers: device.serialNumber !== serial }
      })
    },
    async close() {
      await line.idle()
      transport.close()
    },
  }
}
