/**
 * The one client of iikoServer: one token, because a token holds a licence slot; one request after another, because
 * the server wants it so (source 000); logged out when idle and at stop.
 */
import { createHash } from 'node:crypto'
import { failed, failure, success, type Failure, type Result } from '../src/contract/errors.ts'
import type { UpstreamSettings } from './config.ts'
import { iikoFailure, silenceFailure } from './iiko-errors.ts'
import type { HealthNotes } from './health.ts'
import type { KeptToken } from './kept-token.ts'
import { createTaskLine, LineFullError } from './task-line.ts'
import type { LogFields, Logger } from './log.ts'
import { currentScope } from './scope.ts'
import { excerpt, looksLikeHtml } from './wire.ts'
import type { UpstreamAnswer, UpstreamReply, UpstreamTransport } from './upstream.ts'
import { unwrapped } from './xml.ts'

/** The server forgets a token after about an hour; a licence slot is worth giving back much earlier. */
const IDLE_LOGOUT_MS = 5 * 60_000
/** After a refused login nobody knocks again for this long, so that page reloads can't lock the account. */
const LOGIN_PAUSE_MS = 10_000
const MAX_WAITING = 200
/** A report that came after everybody had stopped waiting for it is kept for the next who asks. */
const UNTAKEN_LIFE_MS = 5 * 60_000
/** At a stop a running request gets this long before the slot is given back beside it. */
const CLOSE_PATIENCE_MS = 2_500

/** A request below `/resto/api`. */
export interface IikoRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query?: URLSearchParams
  /** JSON text. */
  readonly body?: string
  /** Needs no token: asked without one while there is none, so that it works when no licence slot is free. */
  readonly withoutLogin?: boolean
  /** Changes something that a second one would change again: sent once, on a fresh connection. */
  readonly once?: boolean
  /** Expensive for the server: the same one asked for meanwhile shares the answer. */
  readonly shared?: boolean
}

export interface IikoClient {
  /**
   * What `read` makes of a good answer (2xx, no HTML), or what went wrong; null from `read` is an answer that can't be
   * read. Waits for its turn, at most as long as whoever asked waits.
   */
  request<T extends object>(
    request: IikoRequest,
    read: (reply: UpstreamReply) => T | null | Promise<T | null>,
  ): Promise<Result<T>>
  /** Gives the licence slot back on a person's wish, in its turn; false when nobody was logged in or it failed. */
  logout(): Promise<boolean>
  /** Ends what runs, gives the licence slot back. */
  close(): Promise<void>
}

export interface IikoClientParts {
  readonly settings: Pick<UpstreamSettings, 'login' | 'password'>
  readonly transport: UpstreamTransport
  readonly logger: Logger
  readonly now?: () => number
  readonly idleLogoutMs?: number
  /** Where the token survives a kill; left out, it lives in memory. */
  readonly kept?: KeptToken
  readonly health?: HealthNotes
}

/** Lower-case hexadecimal SHA-1 of the whole password (source 000, "Авторизация"). */
export function passwordHash(password: string): string {
  return createHash('sha1').update(password, 'utf8').digest('hex')
}

/** A token in its wrapper is short; whatever is longer is something else. */
const MAX_TOKEN_ANSWER = 4_000

/** The token is the body's text; some servers wrap it into an XML element. Null when it can't be one. */
export function tokenOf(body: string): string | null {
  const text = unwrapped(body.slice(0, MAX_TOKEN_ANSWER))
  return /^[A-Za-z0-9._~-]{8,200}$/.test(text) ? text : null
}

/** iiko's base address may be given with any part of its path: `/resto`, `/resto/api`, `/resto/api/v2`, a page. */
export function iikoBaseUrl(url: string): string {
  const at = `${url}/`.toLowerCase().indexOf('/resto/', url.indexOf('://') + 3)
  return (at < 0 ? url : url.slice(0, at)).replace(/\/+$/, '')
}

/** What the log says about a failure; the server's text helps its support (source 000). */
export function logFields(failed: Failure): LogFields {
  return {
    kind: failed.kind,
    status: failed.status,
    code: failed.code ?? undefined,
    text: failed.text === null ? undefined : excerpt(failed.text),
  }
}

/** Every iikoServer has a login: where there is none, the address is another server's. */
function loginFailure(outcome: Result<UpstreamReply>): Failure {
  if (outcome.ok)
    return failure('upstream-broken-answer', { upstream: 'iiko', status: outcome.value.status, code: 'NO_TOKEN' })
  return outcome.failure.kind === 'iiko-not-found' ? { ...outcome.failure, kind: 'upstream-not-api' } : outcome.failure
}

const BEGINNING = 80

/** What the log says about an answer that couldn't be read: enough to tell a list from a page, no more. */
export function unreadableFields(reply: UpstreamReply): LogFields {
  const { contentType, body } = reply
  return { contentType: contentType.slice(0, 100), characters: body.length, begins: body.slice(0, BEGINNING) }
}

type Attempt =
  | { readonly kind: 'done'; readonly outcome: Result<UpstreamReply> }
  | { readonly kind: 'token-dead'; readonly reply: UpstreamReply }

/** One request on its way to iikoServer, and how many still wait for its answer. */
interface Turn {
  readonly answer: Promise<Result<UpstreamReply>>
  started: boolean
  listeners: number
}

export function createIikoClient(parts: IikoClientParts): IikoClient {
  const { settings, transport, logger, kept = null } = parts
  const now = parts.now ?? Date.now
  const idleLogoutMs = parts.idleLogoutMs ?? IDLE_LOGOUT_MS
  const hash = passwordHash(settings.password)
  const line = createTaskLine(1, MAX_WAITING)
  const shared = new Map<string, Turn>()
  let token: string | null = kept?.read() ?? null
  let refused: { readonly failure: Failure; readonly until: number } | null = null
  let idleTimer: NodeJS.Timeout | null = null
  let closed = false
  for (const secret of [settings.password, hash, token ?? '']) logger.protect(secret)

  const fromAnswer = (answer: UpstreamAnswer): Result<UpstreamReply> => {
    if (answer.kind === 'silence') return { ok: false, failure: silenceFailure(answer, 'iiko', logger.clean) }
    const good = answer.status >= 200 && answer.status < 300 && !looksLikeHtml(answer.contentType, answer.body)
    return good ? success(answer) : { ok: false, failure: iikoFailure(answer, logger.clean) }
  }

  const forget = () => {
    token = null
    kept?.clear()
  }

  const login = async (): Promise<Result<string>> => {
    if (refused !== null && now() < refused.until) return { ok: false, failure: refused.failure }
    const query = new URLSearchParams({ login: settings.login, pass: hash }).toString()
    const answer = await transport.send({ method: 'POST', path: '/resto/api/auth', query, headers: {}, body: null })
    const outcome = fromAnswer(answer)
    const fresh = outcome.ok ? tokenOf(outcome.value.body) : null
    if (fresh !== null) {
      token = fresh
      // Before anything else: a kill from here on finds the token on the disk.
      const written = kept === null || kept.write(fresh)
      logger.protect(fresh)
      refused = null
      logger.log(written ? 'info' : 'warn', written ? 'iiko-login' : 'iiko-login-not-kept')
      return success(fresh)
    }
    const why = loginFailure(outcome)
    if (why.kind.startsWith('iiko-')) refused = { failure: why, until: now() + LOGIN_PAUSE_MS }
    logger.log('warn', 'iiko-login-failed', logFields(why))
    return { ok: false, failure: why }
  }

  /** A token that couldn't be given back stays: it is used on, and the next idle time or start tries again. */
  const logout = async (): Promise<void> => {
    if (token === null) return
    const query = new URLSearchParams({ key: token }).toString()
    const answer = await transport.send({ method: 'POST', path: '/resto/api/logout', query, headers: {}, body: null })
    // 401: the server had forgotten it already.
    if (answer.kind === 'reply' && (answer.status < 300 || answer.status === 401)) {
      forget()
      logger.log('info', 'iiko-logout')
      return
    }
    const outcome = fromAnswer(answer)
    logger.log('warn', 'iiko-logout-failed', outcome.ok ? {} : logFields(outcome.failure))
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
      once: request.once ?? false,
    })
    if (answer.kind === 'reply' && answer.status === 401) return { kind: 'token-dead', reply: answer }
    return { kind: 'done', outcome: fromAnswer(answer) }
  }

  const perform = async (request: IikoRequest): Promise<Result<UpstreamReply>> => {
    if (request.withoutLogin === true && token === null) {
      const anonymous = await attempt(request, true)
      if (anonymous.kind === 'done') return anonymous.outcome
    }
    const first = await attempt(request)
    if (first.kind === 'done') return first.outcome
    // 401 means that nothing was done: the token died with its hour or with the server. Once is enough.
    forget()
    const second = await attempt(request)
    if (second.kind === 'done') return second.outcome
    // Refused though fresh: whatever the server means, the slot goes back, and the person reads its own words.
    await logout()
    return { ok: false, failure: iikoFailure(second.reply, logger.clean) }
  }

  const begin = (request: IikoRequest): Turn => {
    const turn = { started: false, listeners: 1 }
    const answer = line.run(() => {
      // Whoever asked was told that it took too long: nothing is sent behind their back.
      if (turn.listeners === 0) return Promise.resolve(failed('upstream-busy', { upstream: 'iiko' }))
      turn.started = true
      return perform(request)
    })
    return Object.assign(turn, { answer })
  }

  /** The turn of a request; the same report asked for again while it is made, or when nobody took it, is that one. */
  const turnOf = (request: IikoRequest): Turn => {
    if (request.shared !== true) return begin(request)
    const key = [request.method, request.path, request.query?.toString(), request.body].join('\n')
    const known = shared.get(key)
    if (known !== undefined) {
      known.listeners += 1
      return known
    }
    const turn = begin(request)
    shared.set(key, turn)
    const end = (outcome?: Result<UpstreamReply>) => {
      const remove = () => shared.delete(key)
      if (turn.listeners > 0 || outcome?.ok !== true) remove()
      else setTimeout(remove, UNTAKEN_LIFE_MS).unref()
    }
    turn.answer.then(end, () => {
      end()
    })
    return turn
  }

  /**
   * Waits for the answer as long as somebody listens. The request itself goes on: the server computes anyway, and the
   * next one waits for its end.
   */
  const patiently = (turn: Turn): Promise<Result<UpstreamReply>> => {
    const deadline = currentScope()?.deadline
    if (deadline === undefined) return turn.answer
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        turn.listeners -= 1
        const code = turn.started ? 'STILL_WORKING' : 'STILL_WAITING'
        resolve(failed(turn.started ? 'upstream-timeout' : 'upstream-busy', { upstream: 'iiko', code }))
      }, deadline - performance.now())
      turn.answer.then(resolve, reject).finally(() => {
        clearTimeout(timer)
      })
    })
  }

  const armIdleTimer = () => {
    if (idleTimer !== null) clearTimeout(idleTimer)
    if (closed) return
    idleTimer = setTimeout(() => {
      void line
        .run(logout)
        .catch((error: unknown) => {
          logger.log('warn', 'iiko-idle-logout-skipped', { error: String(error) })
        })
        .finally(() => {
          if (token !== null) armIdleTimer()
        })
    }, idleLogoutMs)
    idleTimer.unref()
  }
  // A token of an earlier run: used on like one of this run, and given back as early.
  if (token !== null) armIdleTimer()

  const asked = async (request: IikoRequest): Promise<Result<UpstreamReply>> => {
    try {
      return await patiently(turnOf(request))
    } catch (error) {
      if (error instanceof LineFullError) return failed('upstream-busy', { upstream: 'iiko' })
      throw error
    } finally {
      armIdleTimer()
    }
  }

  return {
    async request(request, read) {
      if (closed) return failed('proxy-stopping', { upstream: 'iiko' })
      const startedAt = now()
      const raw = await asked(request)
      const value = raw.ok ? await read(raw.value) : null
      const unreadable = raw.ok && value === null
      const outcome: Result<NonNullable<typeof value>> = !raw.ok
        ? raw
        : value === null
          ? failed('upstream-broken-answer', { upstream: 'iiko', status: raw.value.status, code: 'UNREADABLE' })
          : success(value)
      logger.log(outcome.ok ? 'info' : 'warn', 'iiko-request', {
        method: request.method,
        path: request.path,
        durationMs: now() - startedAt,
        ...(outcome.ok ? {} : logFields(outcome.failure)),
        ...(unreadable ? unreadableFields(raw.value) : {}),
      })
      if (outcome.ok) parts.health?.succeeded()
      else parts.health?.failed(outcome.failure.kind)
      return outcome
    },
    logout: () =>
      line.run(async () => {
        const held = token !== null
        await logout()
        return held && token === null
      }),
    async close() {
      closed = true
      if (idleTimer !== null) clearTimeout(idleTimer)
      await Promise.race([line.idle(), new Promise((resolve) => setTimeout(resolve, CLOSE_PATIENCE_MS).unref())])
      await logout()
      transport.close()
    },
  }
}
