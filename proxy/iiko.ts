/**
 * The one client of iikoServer: one token, because a token holds a licence slot; one request after another, because
 * the server wants it so (source 000); logged out when idle and at stop.
 */
import { createHash } from 'node:crypto'
import { failed, failure, success, type Failure, type Outcome } from '../src/contract/errors.ts'
import type { UpstreamSettings } from './config.ts'
import { iikoFailure, silenceFailure } from './iiko-errors.ts'
import { createLane, LaneFullError } from './lane.ts'
import type { LogFields, Logger } from './log.ts'
import { excerpt, looksLikeHtml } from './wire.ts'
import type { UpstreamAnswer, UpstreamReply, UpstreamTransport } from './upstream.ts'

/** The server forgets a token after about an hour; a licence slot is worth giving back much earlier. */
const IDLE_LOGOUT_MS = 5 * 60_000
/** After a refused login nobody knocks again for this long, so that page reloads can't lock the account. */
const LOGIN_PAUSE_MS = 10_000
const MAX_WAITING = 200

/** A request below `/resto/api`. */
export interface IikoRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query?: URLSearchParams
  /** JSON text. */
  readonly body?: string
  /** Needs no token: asked without one while there is none, so that it works when no licence slot is free. */
  readonly withoutLogin?: boolean
}

export interface IikoClient {
  /** A good answer (2xx, no HTML), or what went wrong. Waits for its turn. */
  request(request: IikoRequest): Promise<Outcome<UpstreamReply>>
  /** Ends what runs, gives the licence slot back. */
  close(): Promise<void>
}

export interface IikoClientParts {
  readonly settings: Pick<UpstreamSettings, 'login' | 'password'>
  readonly transport: UpstreamTransport
  readonly logger: Logger
  readonly now?: () => number
  readonly idleLogoutMs?: number
}

/** Lower-case hexadecimal SHA-1 of the whole password (source 000, "Авторизация"). */
export function passwordHash(password: string): string {
  return createHash('sha1').update(password, 'utf8').digest('hex')
}

/** The token is the body's text; some servers wrap it into an XML element. Null when it can't be one. */
export function tokenOf(body: string): string | null {
  const text = body.replace(/^\s*(?:<\?xml[^>]*\?>)?\s*<(\w+)[^>]*>([^<]*)<\/\1>\s*$/, '$2').trim()
  return /^[A-Za-z0-9._~-]{8,200}$/.test(text) ? text : null
}

/** iiko's base address may be given with or without `/resto`, `/resto/api`. */
export function iikoBaseUrl(url: string): string {
  return url.replace(/\/+$/, '').replace(/\/resto(?:\/api)?$/, '')
}

/** What the log says about a failure; the server's text helps its support (source 000). */
export function logFields(failed: Failure): LogFields {
  return { kind: failed.kind, status: failed.status, text: failed.text === null ? undefined : excerpt(failed.text) }
}

type Attempt = { readonly kind: 'done'; readonly outcome: Outcome<UpstreamReply> } | { readonly kind: 'token-dead' }

export function createIikoClient(parts: IikoClientParts): IikoClient {
  const { settings, transport, logger } = parts
  const now = parts.now ?? Date.now
  const idleLogoutMs = parts.idleLogoutMs ?? IDLE_LOGOUT_MS
  const hash = passwordHash(settings.password)
  const lane = createLane(1, MAX_WAITING)
  let token: string | null = null
  let refused: { readonly failure: Failure; readonly until: number } | null = null
  let idleTimer: NodeJS.Timeout | null = null
  let closed = false
  for (const secret of [settings.password, hash]) logger.protect(secret)

  const fromAnswer = (answer: UpstreamAnswer): Outcome<UpstreamReply> => {
    if (answer.kind === 'silence') return { ok: false, failure: silenceFailure(answer, 'iiko') }
    const good = answer.status >= 200 && answer.status < 300 && !looksLikeHtml(answer.contentType, answer.body)
    return good ? success(answer) : { ok: false, failure: iikoFailure(answer, logger.clean) }
  }

  const login = async (): Promise<Outcome<string>> => {
    if (refused !== null && now() < refused.until) return { ok: false, failure: refused.failure }
    const query = new URLSearchParams({ login: settings.login, pass: hash }).toString()
    const answer = await transport.send({ method: 'POST', path: '/resto/api/auth', query, headers: {}, body: null })
    const outcome = fromAnswer(answer)
    const fresh = outcome.ok ? tokenOf(outcome.value.body) : null
    if (fresh !== null) {
      logger.protect(fresh)
      token = fresh
      refused = null
      logger.log('info', 'iiko-login')
      return success(fresh)
    }
    const why = outcome.ok
      ? failure('upstream-broken-answer', { upstream: 'iiko', status: outcome.value.status })
      : outcome.failure
    if (why.kind.startsWith('iiko-')) refused = { failure: why, until: now() + LOGIN_PAUSE_MS }
    logger.log('warn', 'iiko-login-failed', { kind: why.kind, status: why.status })
    return { ok: false, failure: why }
  }

  const logout = async (): Promise<void> => {
    if (token === null) return
    const leaving = token
    token = null
    const query = new URLSearchParams({ key: leaving }).toString()
    const answer = await transport.send({ method: 'POST', path: '/resto/api/logout', query, headers: {}, body: null })
    logger.log('info', 'iiko-logout', { done: answer.kind === 'reply' && answer.status < 300 })
  }

  const attempt = async (request: IikoRequest, anonymous = false): Promise<Attempt> => {
    const current = anonymous ? success('') : token === null ? await login() : success(token)
    if (!current.ok) return { kind: 'done', outcome: current }
    const answer = await transport.send({
      method: request.method,
      path: `/resto/api${request.path}`,
      query: request.query?.toString() ?? '',
      headers: {
        ...(anonymous ? {} : { cookie: `key=${current.value}` }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      },
      body: request.body ?? null,
    })
    if (answer.kind === 'reply' && answer.status === 401) return { kind: 'token-dead' }
    return { kind: 'done', outcome: fromAnswer(answer) }
  }

  const perform = async (request: IikoRequest): Promise<Outcome<UpstreamReply>> => {
    if (request.withoutLogin === true && token === null) {
      const anonymous = await attempt(request, true)
      if (anonymous.kind === 'done') return anonymous.outcome
    }
    const first = await attempt(request)
    if (first.kind === 'done') return first.outcome
    // 401 means that nothing was done: the token died with its hour or with the server. Once is enough.
    token = null
    const second = await attempt(request)
    if (second.kind === 'done') return second.outcome
    // Refused though fresh: whatever the server means, the slot goes back.
    await logout()
    return failed('iiko-login', { upstream: 'iiko', status: 401 })
  }

  const armIdleTimer = () => {
    if (idleTimer !== null) clearTimeout(idleTimer)
    if (closed) return
    idleTimer = setTimeout(() => {
      void lane.run(logout).catch((error: unknown) => {
        logger.log('warn', 'iiko-idle-logout-skipped', { error: String(error) })
      })
    }, idleLogoutMs)
    idleTimer.unref()
  }

  return {
    async request(request) {
      if (closed) return failed('proxy-stopping', { upstream: 'iiko' })
      const startedAt = now()
      try {
        const outcome = await lane.run(() => perform(request))
        logger.log(outcome.ok ? 'info' : 'warn', 'iiko-request', {
          method: request.method,
          path: request.path,
          durationMs: now() - startedAt,
          ...(outcome.ok ? {} : logFields(outcome.failure)),
        })
        return outcome
      } catch (error) {
        if (error instanceof LaneFullError) return failed('upstream-busy', { upstream: 'iiko' })
        throw error
      } finally {
        armIdleTimer()
      }
    },
    async close() {
      closed = true
      if (idleTimer !== null) clearTimeout(idleTimer)
      await lane.idle()
      await logout()
      transport.close()
    },
  }
}
