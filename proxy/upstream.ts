/**
 * One HTTP exchange with iikoServer or ATOL Online. Redirects are never followed, so no host is reached that isn't
 * configured; nothing is sent before the certificate was judged; an answer has a size and a time.
 */
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from 'node:https'
import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls'
import type { FailureKind } from '../src/contract/errors.ts'

const CONNECT_TIMEOUT_MS = 10_000
const ANSWER_TIMEOUT_MS = 60_000
/** A catalogue of tens of thousands of products fits; a runaway answer ends here. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST'
  /** Path below the base address, beginning with a slash, encoded. */
  readonly path: string
  /** Encoded query without the question mark. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
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
}

class CertificateError extends Error {
  constructor(readonly fingerprint: string | null) {
    super('certificate')
  }
}

type Created = (error: Error | null, socket: Duplex) => void

/**
 * Hands out a connection only after its certificate was judged: by the pinned fingerprint where there is one, else by
 * the chain. The handshake itself is let through so that the fingerprint can be shown to the person who would pin it.
 */
class JudgingAgent extends HttpsAgent {
  constructor(private readonly pinned: string | null) {
    super({ keepAlive: true, maxCachedSessions: 0 })
  }

  override createConnection(requested: RequestOptions, created?: Created): Duplex | null | undefined {
    // Node hands the agent's and the request's options together: what a TLS connection takes is among them.
    const options = requested as ConnectionOptions
    const host = options.host ?? ''
    const socket = tlsConnect({
      ...options,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: false,
      timeout: CONNECT_TIMEOUT_MS,
    })
    const fail = (error: Error) => {
      socket.destroy()
      created?.(error, socket)
      created = undefined
    }
    socket.once('error', fail)
    socket.once('timeout', () => {
      fail(Object.assign(new Error('connect'), { code: 'ETIMEDOUT' }))
    })
    socket.once('secureConnect', () => {
      const shown = (socket.getPeerCertificate() as { fingerprint256?: string }).fingerprint256 ?? null
      const trusted = this.pinned === null ? socket.authorized : shown === this.pinned
      if (!trusted) {
        fail(new CertificateError(shown))
        return
      }
      socket.removeListener('error', fail)
      // The request hears of errors itself; this one covers the tick before it holds the socket.
      socket.on('error', () => undefined)
      socket.removeAllListeners('timeout')
      socket.setTimeout(0)
      created?.(null, socket)
      created = undefined
    })
    return undefined
  }
}

function silence(failure: UpstreamSilence['failure'], fingerprint: string | null = null): UpstreamSilence {
  return { kind: 'silence', failure, fingerprint }
}

function silenceOf(error: unknown): UpstreamSilence {
  if (error instanceof CertificateError) return silence('upstream-certificate', error.fingerprint)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ETIMEDOUT') return silence('upstream-timeout')
  if (code.startsWith('HPE_')) return silence('upstream-broken-answer')
  return silence('upstream-unreachable')
}

/** The server had closed the idle connection before the request came. */
function closedByPeer(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
}

function readAnswer(response: IncomingMessage, maxBytes: number): Promise<UpstreamAnswer> {
  const status = response.statusCode ?? 0
  if (status >= 300 && status < 400) {
    response.destroy()
    return Promise.resolve(silence('upstream-redirect'))
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) {
        response.destroy()
        resolve(silence('upstream-too-large'))
      } else chunks.push(chunk)
    })
    response.on('end', () => {
      const contentType = response.headers['content-type'] ?? ''
      if (response.complete)
        resolve({ kind: 'reply', status, contentType, body: Buffer.concat(chunks).toString('utf8') })
      else resolve(silence('upstream-broken-answer'))
    })
    response.on('error', () => {
      resolve(silence('upstream-broken-answer'))
    })
    response.on('close', () => {
      resolve(silence('upstream-broken-answer'))
    })
  })
}

/**
 * A transport for one configured server. `baseUrl` has no trailing slash; `fingerprint` pins a self-signed
 * certificate. A GET whose idle connection the server had closed is sent once more; nothing else is repeated.
 */
export function createHttpTransport(
  baseUrl: string,
  fingerprint: string | null,
  limits: UpstreamLimits = {},
): UpstreamTransport {
  const base = new URL(baseUrl)
  const secure = base.protocol === 'https:'
  const agent = secure ? new JudgingAgent(fingerprint) : new HttpAgent({ keepAlive: true })
  const answerTimeoutMs = limits.answerTimeoutMs ?? ANSWER_TIMEOUT_MS
  const connectTimeoutMs = limits.connectTimeoutMs ?? CONNECT_TIMEOUT_MS
  const maxBytes = limits.maxAnswerBytes ?? MAX_ANSWER_BYTES

  const exchange = (request: UpstreamRequest, mayRepeat: boolean): Promise<UpstreamAnswer> =>
    new Promise((resolve) => {
      const body = request.body === null ? null : Buffer.from(request.body, 'utf8')
      const options: RequestOptions = {
        method: request.method,
        hostname: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port === '' ? (secure ? 443 : 80) : Number(base.port),
        path: base.pathname.replace(/\/+$/, '') + request.path + (request.query === '' ? '' : `?${request.query}`),
        headers: { ...request.headers, ...(body === null ? {} : { 'content-length': String(body.length) }) },
        agent,
      }
      const outgoing: ClientRequest = secure ? httpsRequest(options) : httpRequest(options)
      const settle = (answer: UpstreamAnswer) => {
        clearTimeout(timer)
        resolve(answer)
      }
      const timer = setTimeout(() => {
        settle(silence('upstream-timeout'))
        outgoing.destroy()
      }, answerTimeoutMs)
      outgoing.on('socket', (socket: Socket) => {
        if (!socket.connecting) return
        const connectTimer = setTimeout(() => {
          settle(silence('upstream-timeout'))
          outgoing.destroy()
        }, connectTimeoutMs)
        socket.once('connect', () => {
          clearTimeout(connectTimer)
        })
        socket.once('close', () => {
          clearTimeout(connectTimer)
        })
      })
      outgoing.on('error', (error) => {
        const stale = mayRepeat && outgoing.reusedSocket && request.method === 'GET' && closedByPeer(error)
        if (stale) {
          clearTimeout(timer)
          void exchange(request, false).then(resolve)
        } else settle(silenceOf(error))
      })
      outgoing.on('response', (response) => {
        void readAnswer(response, maxBytes).then(settle)
      })
      outgoing.end(body ?? undefined)
    })

  return {
    send: (request) => exchange(request, true),
    close: () => {
      agent.destroy()
    },
  }
}
