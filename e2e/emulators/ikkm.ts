/**
 * The device model of `src/device-model` behind real HTTP/1.1 (source 004): exact reason phrases, real connections, faults.
 *
 * Control port (JSON, no CORS headers: it is for tests, not for pages)
 *   GET  /             this list
 *   GET  /ledger       every executed document in order; `?kind=sale` filters
 *   GET  /state        the device's state without its ledger, and what the emulator does
 *   GET  /key          { key }
 *   GET  /paper        printed documents as text
 *   GET  /log          every request on the wire with times, connection, fault and answer; `DELETE /log` empties it
 *   POST /fault        one fault or a list of them, see below
 *   POST /fault/clear  no faults; paper, battery, block and port as they should be
 *   POST /random       { seed, probabilities: { <kind>: 0…1 }, match? }: each request is struck at random
 *   POST /clock        { offsetMs }: the device's clock against the real one, e.g. 90000000 for a shift over 24 h
 *   POST /cors         { on }: answers with or without `Access-Control-Allow-Origin: *`
 *   POST /foreign      a foreign operation now: { kind: 'sale', totalTiyn } | { kind: 'deposit', amountTiyn } |
 *                      { kind: 'z' } | { kind: 'cashier', cashierId }
 *   POST /bank         ends of the next bank operations: one or a list of
 *                      { result: 'approve' | 'decline' | 'hang' | 'not-found', durationMs, failedBefore?, responseCode? }
 *   POST /bank/cancel  a person cancels the running bank operation
 *   POST /ofd          { reachable }: the line to the tax authority
 *   POST /tax          { id, name, rate }: edits a tax (rate in hundredths of a percent), which changes its id
 *
 * Faults: `{ kind, count = 1 | probability, match = path prefix }`
 *   end a request:  drop-before (closed, not executed) · drop-after (executed, closed) · execute-late (closed,
 *                   executed after `ms`) · double (executed twice) · hang (`execute`: false leaves it out) ·
 *                   cut (after `bytes` of the body, closed; `whole`: a short body with a fitting length) ·
 *                   html (another host's page, `body`; not executed) · empty-reason · answer (`status`, `reason`,
 *                   `body`, `execute`) · busy (-2) · code (`code`; -99 follows the device's reading) ·
 *                   close-keepalive (executed unless `execute` is false, closed; strikes reused connections only)
 *   before one:     delay (`ms`) · foreign (`operation`; a sale of 700 ₸ unless given)
 *   at the device:  no-paper · paper · no-printer (external) · low-battery · blocked (`code`) · unblocked · reboot ·
 *                   wrong-key · down (port closed) · up. At once, or before a request where a timing is given.
 */
import type { DeviceReply } from '../../src/contract/device.ts'
import { refusedWith } from '../../src/device-model/execution.ts'
import { IkkmDevice, newDeviceState, type DeviceOptions, type DeviceReadings } from '../../src/device-model/device.ts'
import { deviceDate } from '../../src/device-model/wire.ts'
import { startControl } from './ikkm-control.ts'
import {
  FaultPlan,
  happensAtOnce,
  type FaultKind,
  type FaultOrder,
  type SideFault,
  type Strike,
} from './ikkm-faults.ts'
import { createRawServer, type Ending, type RawRequest, type RawResponse } from './ikkm-http.ts'

export interface IkkmEmulatorOptions {
  /** 0 or absent: any free port. */
  readonly port?: number
  readonly controlPort?: number
  /** Address to listen on; 127.0.0.1 unless given. */
  readonly host?: string
  /** Answers carry `Access-Control-Allow-Origin: *`; true unless given. */
  readonly cors?: boolean
  /** Header by which the device tells hosts apart, in place of their address: all of a test's browsers share one. */
  readonly hostHeader?: string
  readonly seed?: number
  readonly options?: Partial<DeviceOptions>
  readonly readings?: Partial<DeviceReadings>
  /** The real one unless given. */
  readonly clock?: EmulatorClock
}

/** A clock that agreed with the real one at `sinceMs` (ms since the epoch) and has run `rate` times as fast since. */
export interface EmulatorClock {
  readonly sinceMs: number
  readonly rate: number
}

/** One request as it stood on the wire. */
export interface LoggedRequest {
  /** ms since the epoch on the real clock: when it was whole, and when its answer left (null: never). */
  readonly atMs: number
  answeredMs: number | null
  readonly host: string
  readonly connection: number
  readonly sequence: number
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  faults: readonly FaultKind[]
  /** How often the device executed it. */
  executed: number
  /** The device's own answer, whatever reached the client. */
  reply: DeviceReply | null
}

export interface IkkmEmulator {
  readonly port: number
  readonly origin: string
  readonly controlOrigin: string
  readonly device: IkkmDevice
  readonly faults: {
    /** As `POST /fault`. Resolves when a fault that happens at once has happened. */
    add(order: FaultOrder): Promise<void>
    clear(): Promise<void>
    random(seed: number, probabilities: Partial<Record<FaultKind, number>>, match?: string): void
    pending(): readonly FaultOrder[]
  }
  log(): readonly LoggedRequest[]
  clearLog(): void
  /** Time on the device's clock. */
  now(): number
  setClockOffset(offsetMs: number): void
  setCors(on: boolean): void
  isListening(): boolean
  close(): Promise<void>
}

const MAX_LOGGED = 50_000
const CONTENT_TYPES = ['text/html; charset=UTF-8', 'text/plain', 'text/plain; charset=utf-8']
const WRONG_HOST_PAGE = '<!doctype html><html><head><title>Router</title></head><body><h1>Login</h1></body></html>'

/** Starts a device of its own on a loopback port. */
export async function startIkkmEmulator(given: IkkmEmulatorOptions = {}): Promise<IkkmEmulator> {
  const emulator = new Emulator(given)
  await emulator.start()
  return emulator
}

class Emulator implements IkkmEmulator {
  readonly device: IkkmDevice
  readonly faults: IkkmEmulator['faults']
  port = 0
  controlOrigin = ''
  private readonly plan = new FaultPlan()
  private readonly server = createRawServer((request) => this.serve(request))
  private readonly host: string
  private readonly late = new Set<NodeJS.Timeout>()
  private closeControl = (): Promise<void> => Promise.resolve()
  private entries: LoggedRequest[] = []
  private served = 0
  private offsetMs = 0
  private readonly clock: EmulatorClock
  private cors: boolean
  private listening = false

  constructor(private readonly given: IkkmEmulatorOptions) {
    this.host = given.host ?? '127.0.0.1'
    this.cors = given.cors ?? true
    this.clock = given.clock ?? { sinceMs: 0, rate: 1 }
    this.device = new IkkmDevice(
      newDeviceState({
        seed: given.seed ?? 1,
        nowMs: this.now(),
        ...given.options,
        ...(given.readings !== undefined && { readings: given.readings }),
      }),
    )
    this.faults = {
      add: async (order) => {
        if (happensAtOnce(order)) await this.strike(order as SideFault)
        else this.plan.add(order)
      },
      clear: () => this.clearFaults(),
      random: (seed, probabilities, match) => {
        this.plan.randomise(seed, probabilities, match)
      },
      pending: () => this.plan.pending(),
    }
  }

  get origin(): string {
    return `http://${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`
  }

  async start(): Promise<void> {
    this.port = await this.server.open(this.given.port ?? 0, this.host)
    this.listening = true
    const control = await startControl(this, this.given.controlPort ?? 0)
    this.controlOrigin = control.origin
    this.closeControl = control.close
  }

  async close(): Promise<void> {
    for (const timer of this.late) clearTimeout(timer)
    await this.closeControl()
    await this.server.shut()
    this.listening = false
  }

  log(): readonly LoggedRequest[] {
    return this.entries
  }

  clearLog(): void {
    this.entries = []
  }

  now(): number {
    const { sinceMs, rate } = this.clock
    return Math.round(sinceMs + (Date.now() - sinceMs) * rate) + this.offsetMs
  }

  setClockOffset(offsetMs: number): void {
    this.offsetMs = offsetMs
    this.device.advance(this.now())
  }

  setCors(on: boolean): void {
    this.cors = on
  }

  isListening(): boolean {
    return this.listening
  }

  private async open(): Promise<void> {
    if (this.listening) return
    this.port = await this.server.open(this.port, this.host)
    this.listening = true
  }

  private async clearFaults(): Promise<void> {
    this.plan.clear()
    const { state } = this.device
    state.printer = 'ready'
    state.batteryPercent = 80
    state.blockedCode = null
    state.failNext = null
    await this.open()
  }

  /** `ms` on the device's clock. */
  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms / this.clock.rate))
  }

  private async strike(fault: SideFault): Promise<void> {
    const { state } = this.device
    switch (fault.kind) {
      case 'delay':
        await this.pause(fault.ms ?? 1_000)
        return
      case 'foreign':
        this.device.foreignOperation(fault.operation ?? { kind: 'sale', totalTiyn: 70_000 }, this.now())
        return
      case 'no-paper':
        state.printer = 'no-paper'
        return
      case 'paper':
        state.printer = 'ready'
        return
      case 'no-printer':
        state.printer = 'no-connection'
        return
      case 'low-battery':
        state.batteryPercent = 3
        return
      case 'blocked':
        state.blockedCode = fault.code ?? 0
        return
      case 'unblocked':
        state.blockedCode = null
        return
      case 'reboot':
        this.device.reboot(this.now())
        return
      case 'wrong-key':
        this.device.changeKey()
        return
      case 'down':
        this.listening = false
        await this.server.shut()
        return
      case 'up':
        await this.open()
    }
  }

  private write(request: RawRequest, strike: Strike): LoggedRequest {
    const entry: LoggedRequest = {
      atMs: Date.now(),
      answeredMs: null,
      host: request.host,
      connection: request.connection,
      sequence: request.sequence,
      method: request.method,
      path: request.path,
      query: request.query,
      body: request.body,
      headers: Object.fromEntries(request.headers),
      faults: [...strike.before, ...(strike.ending === null ? [] : [strike.ending])].map((fault) => fault.kind),
      executed: 0,
      reply: null,
    }
    this.entries.push(entry)
    if (this.entries.length > MAX_LOGGED) this.entries.shift()
    return entry
  }

  private async serve(request: RawRequest): Promise<Ending> {
    this.served += 1
    const strike = this.plan.take(request.path, request.sequence > 1)
    const entry = this.write(request, strike)
    for (const fault of strike.before) await this.strike(fault)
    if (!this.listening || !this.device.isUp(this.now())) return { kind: 'close' }
    const ending = await this.end(request, strike.ending, entry)
    if (ending.kind === 'answer' || ending.kind === 'cut') entry.answeredMs = Date.now()
    return ending
  }

  /** Executes the request as the fault lets it and says what becomes of the connection. */
  private async end(request: RawRequest, fault: Strike['ending'], entry: LoggedRequest): Promise<Ending> {
    switch (fault?.kind) {
      case undefined:
        return { kind: 'answer', response: this.response(await this.execute(request, entry)) }
      case 'drop-before':
        return { kind: 'close' }
      case 'drop-after':
        await this.execute(request, entry)
        return { kind: 'close' }
      case 'execute-late': {
        const timer = setTimeout(
          () => {
            this.late.delete(timer)
            if (this.device.isUp(this.now())) this.handle(request, entry)
          },
          (fault.ms ?? 5_000) / this.clock.rate,
        )
        this.late.add(timer)
        return { kind: 'close' }
      }
      case 'double':
        this.handle(request, entry)
        return { kind: 'answer', response: this.response(await this.execute(request, entry)) }
      case 'hang':
        if (fault.execute !== false) await this.execute(request, entry)
        return { kind: 'hang' }
      case 'cut': {
        const response = this.response(await this.execute(request, entry))
        const bytes = fault.bytes ?? Math.floor(Buffer.byteLength(response.body) / 2)
        if (fault.whole !== true) return { kind: 'cut', response, bytes }
        return { kind: 'answer', response: { ...response, body: response.body.slice(0, bytes) } }
      }
      case 'html': {
        const reply: DeviceReply = { kind: 'reply', status: 200, reason: 'OK', body: fault.body ?? WRONG_HOST_PAGE }
        return { kind: 'answer', response: this.response(reply, 'text/html') }
      }
      case 'empty-reason':
        return { kind: 'answer', response: { ...this.response(await this.execute(request, entry)), reason: '' } }
      case 'answer': {
        const { status = 200, reason = 'OK', body = '' } = fault
        if (fault.execute === true) await this.execute(request, entry)
        return { kind: 'answer', response: this.response({ kind: 'reply', status, reason, body }) }
      }
      case 'busy':
        return { kind: 'answer', response: this.response(refusedWith(-2)) }
      case 'code': {
        if (fault.code !== -99) return { kind: 'answer', response: this.response(refusedWith(fault.code)) }
        this.device.failNext(-99)
        const reply = await this.execute(request, entry)
        // A request that can't fail so (a report) must not leave the failure to the next one.
        this.device.state.failNext = null
        return { kind: 'answer', response: this.response(reply.body === '-99' ? reply : refusedWith(-99)) }
      }
      case 'close-keepalive':
        if (fault.execute !== false) await this.execute(request, entry)
        return { kind: 'close' }
    }
  }

  private handle(request: RawRequest, entry: LoggedRequest): DeviceReply {
    const { method, path, query, body, headers } = request
    const { hostHeader } = this.given
    const host = hostHeader === undefined ? request.host : (headers.get(hostHeader) ?? '')
    // Anything but GET and POST, a preflight too, is no method of the device (chapter 3).
    const reply =
      method === 'GET' || method === 'POST'
        ? this.device.handle({ method, path, query, body: method === 'POST' ? body : null }, this.now(), host)
        : refusedWith(-8)
    entry.executed += 1
    entry.reply = reply
    return reply
  }

  /** Executes and holds the answer for as long as the device works on it. */
  private async execute(request: RawRequest, entry: LoggedRequest): Promise<DeviceReply> {
    const reply = this.handle(request, entry)
    if (this.device.workMs > 0) await this.pause(this.device.workMs)
    return reply
  }

  private response(reply: DeviceReply, type?: string): RawResponse {
    const { status, reason, body } = reply
    const headers = {
      'Content-Type': type ?? CONTENT_TYPES[this.served % CONTENT_TYPES.length] ?? '',
      // The document's own samples give the date in this form (5.2).
      Date: deviceDate(this.now(), this.device.state.options.utcOffsetMinutes).slice(0, 16),
      ...(this.cors && { 'Access-Control-Allow-Origin': '*' }),
    }
    return { status, reason, headers, body }
  }
}
