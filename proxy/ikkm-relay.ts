/**
 * Carries one request to a configured iKKM device and its answer back: once, over a connection of its own, never
 * repeated. The caller learns whether a byte may have reached the device. Over Node's own client, not undici's: the
 * device's small server isn't always exact, and undici has no parser that bears with it.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { REQUEST_SPACING_MS, type DeviceAnswer, type DeviceSilence } from '../src/contract/device.ts'
import { MAX_DATE, RELAY_MARGIN_MS, type LeaseView, type RelayRequest } from '../src/contract/relay.ts'
import type { DeviceSettings } from './config.ts'
import { createHealth, type Health } from './health.ts'
import type { Logger } from './log.ts'
import type { Ending, LeaseCaller, RegisterLeases, TakeOver } from './register-lease.ts'

/** A caller that waited longer would get its verdict after it stopped listening for it. */
const MAX_QUEUE_WAIT_MS = RELAY_MARGIN_MS - 1_000
const MAX_WAITING = 20
const CONNECT_TIMEOUT_MS = 5_000
const MAX_ANSWER_BYTES = 8 * 1024 * 1024

/** The relay's verdict: an answer or a proven silence, or that it never tried. */
export type RelayVerdict =
  /** `term`: the holding under which it was sent; null for a look of somebody who needs none. */
  | { readonly kind: 'sent'; readonly answer: DeviceAnswer; readonly term: string | null }
  | { readonly kind: 'refused'; readonly problem: 'device-unknown' | 'device-busy' | 'proxy-stopping' }
  /** Another till holds the register, or it was handed on since the caller's last look. */
  | { readonly kind: 'notHolder'; readonly problem: 'register-held' | 'register-changed'; readonly lease: LeaseView }

export interface Relay {
  /** `signal` fires when the caller went away: a request that still waits in line is then dropped. */
  send(deviceId: string, request: RelayRequest, caller: LeaseCaller, signal: AbortSignal): Promise<RelayVerdict>
  /** Who holds this device; null when there is none of that id. */
  lease(deviceId: string, till: string): LeaseView | null
  /** A person hands it on; null when there is none of that id. */
  takeOver(deviceId: string, caller: LeaseCaller, seenTerm: string | null): TakeOver | null
  /** No new requests; those that wait are refused, those under way may still end. */
  close(): Promise<void>
  /** Gives up waiting for devices: their callers learn that the request may have arrived. */
  abandon(): void
}

type Sent = DeviceSilence['sent']

function silence(cause: DeviceSilence['cause'], sent: Sent): DeviceSilence {
  return { kind: 'silence', cause, sent }
}

/**
 * One exchange over a fresh socket. `never` only while the socket isn't connected: after that a byte may be there.
 * `onSent` is called when the whole request has left.
 */
export function exchange(
  origin: string,
  request: RelayRequest,
  onSent: () => void = () => undefined,
): Promise<DeviceAnswer> {
  const target = new URL(origin)
  const body = request.body === null ? null : Buffer.from(request.body, 'utf8')
  return new Promise((resolve) => {
    let sent: Sent = 'never'
    const outgoing = httpRequest({
      method: request.method,
      hostname: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port === '' ? 80 : Number(target.port),
      path: request.path + (request.query === '' ? '' : `?${request.query}`),
      headers: {
        accept: '*/*',
        connection: 'close',
        ...(body === null
          ? {}
          : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) }),
      },
      // No pool: a reused connection that dies is what makes clients repeat a sale by themselves.
      agent: false,
      // The device's small HTTP server isn't always exact; a browser would read it too.
      insecureHTTPParser: true,
    })
    const settle = (answer: DeviceAnswer) => {
      clearTimeout(timer)
      clearTimeout(connectTimer)
      resolve(answer)
      outgoing.destroy()
    }
    const giveUp = () => {
      settle(silence('timeout', sent))
    }
    const timer = setTimeout(giveUp, request.timeoutMs)
    const connectTimer = setTimeout(giveUp, Math.min(CONNECT_TIMEOUT_MS, request.timeoutMs))
    outgoing.on('socket', (socket: Socket) => {
      socket.once('connect', () => {
        clearTimeout(connectTimer)
        sent = 'perhaps'
      })
    })
    outgoing.on('finish', onSent)
    outgoing.on('error', () => {
      settle(silence('network', sent))
    })
    outgoing.on('response', (response) => {
      readReply(response, settle)
    })
    outgoing.end(body ?? undefined)
  })
}

function readReply(response: IncomingMessage, settle: (answer: DeviceAnswer) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  const cut = () => {
    settle(silence('cut', 'perhaps'))
  }
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > MAX_ANSWER_BYTES) cut()
    else chunks.push(chunk)
  })
  response.on('end', () => {
    if (!response.complete) {
      cut()
      return
    }
    const text = Buffer.concat(chunks).toString('utf8')
    const { date } = response.headers
    settle({
      kind: 'reply',
      status: response.statusCode ?? 0,
      reason: response.statusMessage ?? '',
      body: text,
      // The register's own clock: the page compares it with the tablet's.
      ...(date === undefined || date.length > MAX_DATE ? {} : { date }),
    })
  })
  response.on('error', cut)
  response.on('close', cut)
}

interface Waiting {
  readonly start: () => void
  readonly leave: () => void
}

/** The line before one device: one request at a time, one a second, whoever asks. */
class DeviceLine {
  private readonly waiting: Waiting[] = []
  private busy = false
  private lastStart = -Infinity
  private readonly spacingMs: number
  private timer: NodeJS.Timeout | null = null

  constructor(spacingMs: number) {
    this.spacingMs = spacingMs
  }

  /** Resolves true when it is this caller's turn, false when the caller left, waited too long, or the line is full. */
  enter(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || this.waiting.length >= MAX_WAITING) return Promise.resolve(false)
    return new Promise((resolve) => {
      const end = (turn: boolean) => {
        clearTimeout(tooLong)
        signal.removeEventListener('abort', entry.leave)
        resolve(turn)
      }
      const entry: Waiting = {
        start: () => {
          end(true)
        },
        leave: () => {
          const at = this.waiting.indexOf(entry)
          if (at >= 0) this.waiting.splice(at, 1)
          end(false)
        },
      }
      const tooLong = setTimeout(entry.leave, MAX_QUEUE_WAIT_MS)
      signal.addEventListener('abort', entry.leave)
      this.waiting.push(entry)
      this.advance()
    })
  }

  /** The request has left now: the second counts from here, however long the connection took. */
  sent(): void {
    this.lastStart = performance.now()
  }

  exit(): void {
    this.busy = false
    this.advance()
  }

  /** Sends everyone away who still waits. */
  dismiss(): void {
    for (const entry of [...this.waiting]) entry.leave()
  }

  private advance(): void {
    if (this.busy || this.timer !== null || this.waiting.length === 0) return
    const pause = this.lastStart + this.spacingMs - performance.now()
    if (pause > 0) {
      this.timer = setTimeout(() => {
        this.timer = null
        this.advance()
      }, Math.ceil(pause))
      return
    }
    const entry = this.waiting.shift()
    if (entry === undefined) return
    this.busy = true
    this.lastStart = performance.now()
    entry.start()
  }
}

/** Whether the register may still execute a request that ended so. */
function endingOf(answer: DeviceAnswer): Ending {
  if (answer.kind === 'reply') return 'answered'
  return answer.sent
}

/** `spacingMs`: between two requests to one device. */
export function createRelay(
  devices: readonly DeviceSettings[],
  logger: Logger,
  leases: RegisterLeases,
  health: Health = createHealth(),
  spacingMs: number = REQUEST_SPACING_MS,
): Relay {
  const lines = new Map(
    devices.map((device) => [device.id, { origin: device.origin, line: new DeviceLine(spacingMs) }]),
  )
  const running = new Set<Promise<unknown>>()
  let closed = false
  let giveUp: () => void = () => undefined
  const abandoned = new Promise<DeviceSilence>((resolve) => {
    giveUp = () => {
      resolve(silence('relay', 'perhaps'))
    }
  })
  return {
    abandon() {
      giveUp()
    },
    lease(deviceId, till) {
      const target = lines.get(deviceId)
      return target === undefined ? null : leases.view(target.origin, till)
    },
    takeOver(deviceId, caller, seenTerm) {
      const target = lines.get(deviceId)
      return target === undefined ? null : leases.takeOver(target.origin, caller, seenTerm)
    },
    async send(deviceId, request, caller, signal) {
      const target = lines.get(deviceId)
      if (target === undefined) return { kind: 'refused', problem: 'device-unknown' }
      if (closed) return { kind: 'refused', problem: 'proxy-stopping' }
      // From here on it counts as under way, also while it waits in line: the register isn't handed on meanwhile.
      const admission = leases.admit(target.origin, caller, request)
      if (admission.kind !== 'admitted') {
        const problem = admission.kind === 'held' ? 'register-held' : 'register-changed'
        logger.log('info', 'relay-not-holder', { device: deviceId, path: request.path, problem })
        return { kind: 'notHolder', problem, lease: admission.lease }
      }
      if (!(await target.line.enter(signal))) {
        admission.end('never')
        return { kind: 'refused', problem: closed ? 'proxy-stopping' : 'device-busy' }
      }
      const startedAt = performance.now()
      const exchanging = exchange(target.origin, request, () => {
        target.line.sent()
        admission.sent()
      })
      // The lease counts it until the device's own end, also where its caller was told to give up.
      const ending = exchanging.then((answer) => {
        admission.end(endingOf(answer))
      })
      running.add(ending)
      void ending.finally(() => running.delete(ending))
      try {
        const answer = await Promise.race([exchanging, abandoned])
        if (answer.kind === 'reply') health.notesOf(deviceId).succeeded()
        else health.notesOf(deviceId).failed(answer.cause)
        // Neither query nor body nor reply: they hold the device's key.
        logger.log('info', 'relay', {
          device: deviceId,
          method: request.method,
          path: request.path,
          durationMs: Math.round(performance.now() - startedAt),
          ...(answer.kind === 'reply' ? { status: answer.status } : { cause: answer.cause, sent: answer.sent }),
        })
        return { kind: 'sent', answer, term: admission.term }
      } finally {
        target.line.exit()
      }
    },
    async close() {
      closed = true
      for (const { line } of lines.values()) line.dismiss()
      await Promise.allSettled(running)
      leases.close()
    },
  }
}
