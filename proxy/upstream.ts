/**
 * One HTTP exchange with iikoServer or ATOL Online, over undici. Ours on top of it: no redirect is followed, so no host
 * is reached that isn't configured; nothing is sent before the certificate was judged; an answer has a size and a time;
 * what may be repeated is repeated once, on a connection of its own.
 */
import type { TLSSocket } from 'node:tls'
import { buildConnector, Client, Pool, type Dispatcher } from 'undici'
import packageJson from '../package.json' with { type: 'json' }
import type { FailureKind } from '../src/contract/errors.ts'
import { PackedBodyError, textOfBody, unpack } from './body-text.ts'

const CONNECT_TIMEOUT_MS = 10_000
const ANSWER_TIMEOUT_MS = 60_000
/** A catalogue of tens of thousands of products fits; a runaway answer ends here. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024
/** As many as the clients let ask at once. */
const CONNECTIONS = 4
const KEEP_ALIVE_MS = 4_000

/** Some servers answer nameless clients with an error. */
export const USER_AGENT = `${packageJson.name}/${packageJson.version}`

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST'
  /** Path below the base address, beginning with a slash, encoded. */
  readonly path: string
  /** Encoded query without the question mark. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** Changes something that a second one would change again: sent once, on a fresh connection. */
  readonly once?: boolean
}

export interface UpstreamReply {
  readonly kind: 'reply'
  readonly status: number
  readonly contentType: string
  readonly body: string
}

export interface UpstreamSilence {
  readonly kind: 'silence'
  readonly failure: Extract<FailureKind, `upstream-${string}`>
  readonly fingerprint: string | null
  /** The library's or the system's name for what happened, for the log. */
  readonly code?: string
  /** What a person has to know besides: where a redirect leads, how an answer is packed. */
  readonly text?: string
}

export type UpstreamAnswer = UpstreamReply | UpstreamSilence

/** Sends one request. Never rejects. */
export interface UpstreamTransport {
  send(request: UpstreamRequest): Promise<UpstreamAnswer>
  close(): void
}

export interface UpstreamLimits {
  readonly connectTimeoutMs?: number
  readonly answerTimeoutMs?: number
  readonly maxAnswerBytes?: number
  /** Connections kept at once; a server that is asked one thing after another needs one. */
  readonly connections?: number
}

class CertificateError extends Error {
  constructor(readonly fingerprint: string | null) {
    super('certificate')
  }
}

class TooLargeError extends Error {}
class TooSlowError extends Error {}

type Connector = ReturnType<typeof buildConnector>

/**
 * Hands out a connection only after its certificate was judged: by the pinned fingerprint where there is one, else by
 * the chain. The handshake itself is let through so that the fingerprint can be shown to the person who would pin it.
 */
function judgingConnector(pinned: string | null, timeout: number): Connector {
  const connect = buildConnector({ timeout, rejectUnauthorized: false, maxCachedSessions: 0 })
  return (options, created) => {
    connect(options, (...result) => {
      const [error, connected] = result
      if (error !== null || options.protocol !== 'https:') {
        created(...result)
        return
      }
      const socket = connected as TLSSocket
      const shown = (socket.getPeerCertificate() as { fingerprint256?: string }).fingerprint256 ?? null
      const trusted = pinned === null ? socket.authorized : shown === pinned
      if (trusted) {
        created(...result)
        return
      }
      socket.destroy()
      created(new CertificateError(shown), null)
    })
  }
}

function silence(failure: UpstreamSilence['failure'], code?: string, text?: string): UpstreamSilence {
  return {
    kind: 'silence',
    failure,
    fingerprint: null,
    ...(code === undefined ? {} : { code }),
    ...(text === undefined ? {} : { text }),
  }
}

const BY_CODE: Readonly<Record<string, UpstreamSilence['failure']>> = {
  ENOTFOUND: 'upstream-name',
  EAI_AGAIN: 'upstream-name',
  EAI_FAIL: 'upstream-name',
  ECONNREFUSED: 'upstream-refused',
  ETIMEDOUT: 'upstream-timeout',
  UND_ERR_CONNECT_TIMEOUT: 'upstream-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'upstream-timeout',
  UND_ERR_BODY_TIMEOUT: 'upstream-timeout',
  ECONNRESET: 'upstream-reset',
  EPIPE: 'upstream-reset',
  UND_ERR_SOCKET: 'upstream-reset',
  UND_ERR_HEADERS_OVERFLOW: 'upstream-broken-answer',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'upstream-broken-answer',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'upstream-broken-answer',
  ERR_SSL_WRONG_VERSION_NUMBER: 'upstream-no-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'upstream-no-tls',
  ERR_SSL_HTTP_REQUEST: 'upstream-no-tls',
  ERR_SSL_UNKNOWN_PROTOCOL: 'upstream-no-tls',
}

/** An alert of TLS as the answer to a plain request: record type 21, version 3. */
function isTlsAlert(error: Error): boolean {
  const data: unknown = 'data' in error ? error.data : null
  return typeof data === 'string' && data.startsWith('\u0015\u0003')
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const code = 'code' in error && error.code !== undefined ? String(error.code) : ''
  // The first bytes are no HTTP: the library says so in words only.
  if (code === '' && error.name === 'HTTPParserError') return 'HPE_INVALID_PROTOCOL'
  // OpenSSL's reason says more than the system's "protocol error".
  const reason = code === 'EPROTO' && 'reason' in error ? String(error.reason) : ''
  return reason === '' ? code : `ERR_SSL_${reason.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`
}

function silenceOf(error: unknown, secure: boolean): UpstreamSilence {
  if (error instanceof CertificateError) return { ...silence('upstream-certificate'), fingerprint: error.fingerprint }
  if (error instanceof TooLargeError) return silence('upstream-too-large')
  if (error instanceof TooSlowError) return silence('upstream-timeout', 'ANSWER_LIMIT')
  if (error instanceof PackedBodyError) {
    const code = `CONTENT_ENCODING_${error.kind.toUpperCase().replace('-', '_')}`
    if (error.kind === 'too-large') return silence('upstream-too-large', code)
    return silence('upstream-broken-answer', code, `Content-Encoding: ${error.encoding}`)
  }
  const code = codeOf(error)
  const known = BY_CODE[code]
  if (known !== undefined) return silence(known, code)
  if (code.startsWith('HPE_')) {
    const alert = !secure && error instanceof Error && isTlsAlert(error)
    return silence(alert ? 'upstream-needs-tls' : 'upstream-broken-answer', code)
  }
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO')
    return silence('upstream-old-tls', code)
  return silence('upstream-unreachable', code === '' ? 'UNKNOWN' : code)
}

/** The connection ended without an answer: the server had closed it, or it broke. */
function endedWithoutAnswer(answer: UpstreamAnswer): boolean {
  return answer.kind === 'silence' && answer.failure === 'upstream-reset'
}

function headerOf(headers: Dispatcher.ResponseData['headers'], name: string): string {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? '')
}

/** Where a redirect leads, without its query: that may repeat a token. */
function redirectTarget(location: string, base: URL): string {
  if (!URL.canParse(location, base)) return location.slice(0, 200)
  const target = new URL(location, base)
  return `${target.protocol}//${target.host}${target.pathname}`.slice(0, 200)
}

/** Plain HTTP at a port of HTTPS, as Tomcat, nginx and Apache say it in a page of their own. */
const NEEDS_TLS = ['requires tls', 'plain http request was sent to https port', "you're speaking plain http"]

async function readBody(response: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new TooLargeError()
    chunks.push(chunk)
  }
  return unpack(Buffer.concat(chunks), headerOf(response.headers, 'content-encoding'), maxBytes)
}

/**
 * A transport for one configured server. `baseUrl` has no trailing slash; `fingerprint` pins a self-signed certificate.
 * A request whose connection ended without an answer is sent once more on a fresh one, unless it says `once`.
 */
export function createHttpTransport(
  baseUrl: string,
  fingerprint: string | null,
  limits: UpstreamLimits = {},
): UpstreamTransport {
  const base = new URL(baseUrl)
  const secure = base.protocol === 'https:'
  const answerTimeoutMs = limits.answerTimeoutMs ?? ANSWER_TIMEOUT_MS
  const maxBytes = limits.maxAnswerBytes ?? MAX_ANSWER_BYTES
  const options = {
    connect: judgingConnector(fingerprint, limits.connectTimeoutMs ?? CONNECT_TIMEOUT_MS),
    // One clock for the whole exchange stands below.
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  const pool = new Pool(base.origin, {
    ...options,
    connections: limits.connections ?? CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  })

  const exchange = async (request: UpstreamRequest, through: Dispatcher): Promise<UpstreamAnswer> => {
    const clock = new AbortController()
    const timer = setTimeout(() => {
      clock.abort(new TooSlowError())
    }, answerTimeoutMs)
    try {
      const response = await through.request({
        method: request.method,
        path: base.pathname.replace(/\/+$/, '') + request.path + (request.query === '' ? '' : `?${request.query}`),
        headers: { 'user-agent': USER_AGENT, 'accept-encoding': 'gzip, deflate, br', ...request.headers },
        body: request.body,
        signal: clock.signal,
      })
      const status = response.statusCode
      if (status >= 300 && status < 400) {
        response.body.on('error', () => undefined).destroy()
        return silence(
          'upstream-redirect',
          `HTTP_${status}`,
          redirectTarget(headerOf(response.headers, 'location'), base),
        )
      }
      const contentType = headerOf(response.headers, 'content-type')
      let body: Buffer
      try {
        body = await readBody(response, maxBytes)
      } catch (error) {
        const ended = silenceOf(error, secure)
        // The beginning of an answer came: that is no silence of the server any more.
        return endedWithoutAnswer(ended) ? silence('upstream-broken-answer', ended.code) : ended
      }
      const text = textOfBody(body, contentType)
      const beginning = status === 400 && !secure ? text.slice(0, 2_000).toLowerCase() : ''
      if (NEEDS_TLS.some((words) => beginning.includes(words))) return silence('upstream-needs-tls', 'HTTP_400')
      return { kind: 'reply', status, contentType, body: text }
    } catch (error) {
      return silenceOf(error, secure)
    } finally {
      clearTimeout(timer)
    }
  }

  const exchangeFresh = async (request: UpstreamRequest): Promise<UpstreamAnswer> => {
    // Without pipelining undici asks the server to close the connection after the answer.
    const client = new Client(base.origin, { ...options, pipelining: 0 })
    const answer = await exchange(request, client)
    void client.destroy()
    return answer
  }

  return {
    async send(request) {
      if (request.once === true) return exchangeFresh(request)
      const answer = await exchange(request, pool)
      return endedWithoutAnswer(answer) ? exchangeFresh(request) : answer
    },
    close: () => {
      void pool.destroy()
    },
  }
}
