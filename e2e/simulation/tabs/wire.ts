/** The register and the way to it from several tabs, and what every departure has to keep. */
import type { DeviceAnswer, DeviceReply, DeviceRequest } from '../../../src/contract/device.ts'
import { IkkmDevice, newDeviceState } from '../../../src/device-model/device.ts'
import type { LedgerEntry } from '../../../src/device-model/device.ts'
import type { Random } from '../../../src/device-model/random.ts'
import type { MemoryCore } from '../../../src/queue/memory-store.ts'
import { DEPARTS_WITHIN_MS } from '../../../src/queue/types.ts'
import type { Entry } from '../../../src/queue/types.ts'
import type { Browser, Tab } from './browser.ts'
import type { TabFault, TabPlan } from './plan.ts'

export const START_MS = 1_760_000_000_000
export const DEVICE = 'd'

/** Requests that the register executes once a key. */
const OPERATIONS: ReadonlySet<string> = new Set(['/api/', '/apideposit/', '/apiwithdraw/', '/apizreport/'])

export interface TabExecution {
  readonly entryId: string | null
  readonly document: LedgerEntry
}

interface Flight {
  readonly tab: Tab
  readonly operation: boolean
  readonly endMs: number
}

export interface WireParts {
  readonly plan: TabPlan
  readonly browser: Browser
  readonly core: MemoryCore
  readonly chance: Random
  readonly hits: (fault: TabFault) => boolean
  readonly find: (kind: 'unsafe' | 'duplicated' | 'misattributed', text: string) => void
  readonly note: (text: string) => void
}

const bytesOf = (request: { readonly path: string; readonly body: string | null }): string =>
  `${request.path} ${request.body ?? ''}`

export class Wire {
  readonly device: IkkmDevice
  readonly executions: TabExecution[] = []
  offUntilMs = 0
  private readonly parts: WireParts
  private flights: Flight[] = []
  /** When the record was stored that counts this send: the very bytes with their key. */
  private readonly counted = new Map<string, { readonly atMs: number; readonly entryId: string }>()
  /** The entry whose bytes left under a key last. */
  private readonly keyUsers = new Map<string, string>()
  private seenDocuments = 0

  constructor(parts: WireParts) {
    this.parts = parts
    this.device = new IkkmDevice(
      newDeviceState({
        seed: parts.plan.seed,
        nowMs: START_MS,
        readings: parts.plan.readings,
        paperLimit: 0,
        cashTiyn: 100_000_00,
        lastNumber: 40,
        lastShift: 7,
        bootMs: 12_000,
      }),
    )
  }

  private nowMs(): number {
    return START_MS + this.parts.browser.nowMs
  }

  /** After a commit: the sends that are on record now. */
  noteCounted(entries: readonly Entry[]): void {
    const device = this.parts.core.data.devices.get(DEVICE)
    for (const entry of entries) {
      if (entry.state !== 'sending' || entry.key === null || entry.request === null) continue
      if (device?.bound !== entry.id) continue
      const body = entry.request.body === '' ? `key=${entry.key}` : `key=${entry.key}&${entry.request.body}`
      this.counted.set(bytesOf({ path: entry.request.path, body }), { atMs: this.nowMs(), entryId: entry.id })
    }
  }

  private beforeDeparture(tab: Tab, request: DeviceRequest): string | null {
    const { parts } = this
    const { browser, core, plan } = parts
    const other = this.flights.find((one) => one.operation && one.tab !== tab && one.tab.state !== 'dead')
    // Without locks the tab that was opened last sends, and the one before it may have a request under way.
    if (other !== undefined && plan.locks) {
      parts.find('unsafe', `S3 ${tab.name} sends ${request.path} while one of ${other.tab.name} is on the wire`)
    }
    const device = core.data.devices.get(DEVICE)
    const key = /key=(\d+)/.exec(request.body ?? '')?.[1] ?? ''
    if (request.path === '/apizreport/') {
      const intent = device?.openShiftClose ?? null
      if (intent === null || intent.sends < 1) parts.find('unsafe', 'IZ a Z without its intent')
      return intent?.entryId ?? null
    }
    const record = this.counted.get(bytesOf(request))
    if (record === undefined) {
      parts.find('unsafe', `I6 ${tab.name} sends what no record counts: ${request.path} key ${key}`)
      return null
    }
    const ageMs = this.nowMs() - record.atMs
    if (ageMs > DEPARTS_WITHIN_MS) parts.find('unsafe', `${tab.name} sends ${ageMs} ms after the record of it`)
    const user = this.keyUsers.get(key)
    const before = user === undefined || user === record.entryId ? undefined : core.data.entries.get(user)
    const unproven = before?.state === 'sending' || before?.state === 'recon' || before?.state === 'acked'
    const spent = before?.state === 'done' && before.kind === 'registration'
    if (before?.key === key && (unproven || spent)) {
      parts.find('unsafe', `key ${key} of ${before.mark} (${before.state}) is used for another request`)
    }
    this.keyUsers.set(key, record.entryId)
    const entry = core.data.entries.get(record.entryId)
    const bound = device?.bound === record.entryId && device.key === key && entry?.state === 'sending'
    if (!bound && plan.locks) {
      parts.find(
        'unsafe',
        `S1 ${tab.name} sends ${entry?.mark ?? ''} as ${entry?.state ?? 'nothing'}, not bound any more`,
      )
    }
    if (device?.openShiftClose && device.openShiftClose.sends > 0 && browser.nowMs >= 0 && plan.locks) {
      parts.find('unsafe', `IZ ${entry?.mark ?? ''} is sent while a Z is unaccounted for`)
    }
    return record.entryId
  }

  /** One request leaves this tab now; resolves in the tab. */
  send(tab: Tab, request: DeviceRequest, timeoutMs: number): Promise<DeviceAnswer> {
    const { browser, chance, hits, note } = this.parts
    const operation = OPERATIONS.has(request.path)
    this.flights = this.flights.filter((one) => one.endMs > browser.nowMs)
    const entryId = operation ? this.beforeDeparture(tab, request) : null
    note(`${tab.name} -> ${request.path} ${/key=(\d+)/.exec(request.body ?? request.query)?.[1] ?? ''}`)
    if (hits('reboot')) {
      note('  !! reboot')
      this.settle()
      this.device.reboot(this.nowMs())
    }
    if (hits('busy')) this.device.state.busyUntilMs = this.nowMs() + 1_000 + chance.below(5_000)
    if (hits('paper')) this.device.state.printer = 'no-paper'
    const thereMs = 10 + chance.below(90)
    const backMs = 10 + chance.below(hits('slow') ? timeoutMs : 90)
    const inMs = Math.min(timeoutMs, thereMs + backMs)
    const answered = (answer: DeviceAnswer, afterMs: number): Promise<DeviceAnswer> => {
      this.flights.push({ tab, operation, endMs: browser.nowMs + afterMs })
      return new Promise((resolve) => {
        browser.post(tab, afterMs, () => {
          note(
            `${tab.name} <- ${answer.kind === 'reply' ? `${answer.status} ${answer.reason} ${answer.body.slice(0, 40)}` : answer.cause}`,
          )
          resolve(answer)
        })
      })
    }
    const silence: DeviceAnswer = { kind: 'silence', cause: 'timeout', sent: 'perhaps' }
    if (hits('requestLost')) return answered(silence, timeoutMs)
    if (hits('executedLate')) {
      browser.post(null, 500 + chance.below(118_000), () => void this.deliver(request, entryId))
      return answered(silence, timeoutMs)
    }
    // The register executes it when it arrives, whatever has become of the page.
    const repeats = request.path === '/api/' && hits('doubled')
    const lost = hits('answerLost')
    this.flights.push({ tab, operation, endMs: browser.nowMs + (lost ? timeoutMs : inMs) })
    return new Promise((resolve) => {
      browser.post(null, thereMs, () => {
        if (repeats) this.deliver(request, entryId)
        const reply = this.deliver(request, entryId)
        const inTime = !lost && reply !== null && thereMs + backMs <= timeoutMs
        const leftMs = (inTime ? inMs : timeoutMs) - thereMs
        if (!inTime) this.flights.push({ tab, operation, endMs: browser.nowMs + leftMs })
        const answer = inTime ? reply : silence
        browser.post(tab, leftMs, () => {
          note(
            `${tab.name} <- ${answer.kind === 'reply' ? `${answer.status} ${answer.reason} ${answer.body.slice(0, 40)}` : answer.cause}`,
          )
          resolve(answer)
        })
      })
    })
  }

  private deliver(request: DeviceRequest, entryId: string | null): DeviceReply | null {
    const now = this.nowMs()
    if (this.parts.browser.nowMs < this.offUntilMs || !this.device.isUp(now)) return null
    this.settle()
    const reply = this.device.handle(request, now, 'tablet')
    this.collect(request.path === '/apizreport/' ? null : entryId)
    return reply
  }

  settle(): void {
    this.device.advance(this.nowMs())
    this.collect(null)
  }

  private collect(entryId: string | null): void {
    const { ledger } = this.device.state
    for (; this.seenDocuments < ledger.length; this.seenDocuments += 1) {
      const document = ledger[this.seenDocuments]
      if (!document) continue
      this.parts.note(`    register: ${document.kind} ${document.number} shift ${document.shift}`)
      this.executions.push({ entryId, document })
      const entry = entryId === null ? undefined : this.parts.core.data.entries.get(entryId)
      if (!entry || document.number === 0) continue
      const count = this.executions.filter((one) => one.entryId === entryId && one.document.number > 0).length
      if (count > 1) this.parts.find('duplicated', `I2 ${entry.mark} (${entry.kind}) executed ${count} times`)
    }
  }

  /** A person puts the register right. */
  repair(): void {
    const { state } = this.device
    state.printer = 'ready'
    state.batteryPercent = 90
    state.failNext = null
    this.settle()
  }
}
