/** The world outside the app: virtual time, the device, the way to it, other hands on it. */
import type { RegisterClock } from '../../src/queue/register-clock.ts'
import type { DeviceAnswer, DeviceReply, DeviceRequest } from '../../src/contract/device.ts'
import { IkkmDevice, newDeviceState } from '../../src/device-model/device.ts'
import type { LedgerEntry } from '../../src/device-model/device.ts'
import type { Entry } from '../../src/queue/types.ts'
import type { DriverDefects } from './defects.ts'
import type { Faults } from './faults.ts'
import type { Receipt } from '../../src/domain/receipt.ts'
import { FOREIGN_CASH_TIYN, TEMPLATES } from './goods.ts'
import type { Plan } from './plan.ts'

const START_MS = 1_760_000_000_000
/** Somebody who counts money and goods takes so long from one sale to the next. */
const RIVAL_PAUSE_MS = 40_000
/** From our tap on Pay to the moment when every look before a send is over. */
const AT_ONCE_MS = 5_000
/** Two tills that sell the same goods are looked for so far back. */
const RIVAL_SEEN_MS = 600_000
/** How far a receipt's date may lie before a send and after it and still be that send's: what the terminal can't tell. */
interface Margins {
  readonly beforeMs: number
  readonly afterMs: number
}

/** The rules of `openedWhen`, counted from outside: what it allows for a send, for the whole seconds of a date, ... */
const PROMPT_MS = 2_000
const DATE_MS = 1_000
const STEADY_MS = 350
/** ... and more where the register's clock or the send are known from an earlier life only. */
const EARLIER_LIFE: Margins = { beforeMs: 2_000, afterMs: 3_500 }
/** Without any clock of the register. */
const CLOCKLESS: Margins = { beforeMs: 5_000, afterMs: 5_000 }

function marginsOf(clock: RegisterClock | null, openedAtMs: number): Margins {
  if (clock === null) return CLOCKLESS
  const isMinute = Math.floor(openedAtMs / 1_000) % 60 === 0
  const { wall } = isMinute ? clock : (clock.ifSeconds ?? clock)
  const widthMs = wall.high - wall.low + (clock.seconds || !isMinute ? DATE_MS : 60_000) + STEADY_MS
  const earlier = clock.at === null ? EARLIER_LIFE : { beforeMs: 0, afterMs: 0 }
  return { beforeMs: widthMs + earlier.beforeMs, afterMs: PROMPT_MS + widthMs + earlier.afterMs }
}

const RIGHTS_SENIOR = 166
const RIGHTS_CASHIER = 100

/** What a request does at the device, for the checks. */
export interface Execution {
  readonly entryId: string | null
  readonly document: LedgerEntry
}

interface Planned {
  readonly atMs: number
  readonly order: number
  readonly action: () => void
}

export class World {
  nowMs = 0
  /** Difference between the tablet's wall clock and true time. */
  wallOffsetMs = 0
  readonly device: IkkmDevice
  readonly plan: Plan
  readonly faults: Faults
  readonly defects: DriverDefects
  /** Every executed document of ours, with the entry whose bytes caused it. */
  readonly executions: Execution[] = []
  /** Entries whose case nobody can decide: an identical foreign document consumed their key and was answered to them. */
  readonly undecidable = new Set<string>()
  /** Entries that were answered by somebody else's receipt like theirs, opened between their first send and the answer. */
  readonly answeredByLike = new Set<string>()
  /** Before its last send the terminal knew of somebody else here, and no person had said that they are gone. */
  foreignKnown = false
  /** Somebody else's receipts that nothing tells from ours: such a one is no sign of somebody else. */
  private readonly takenForOurs = new Set<number>()
  /** A window froze while something of it was on its way or not proven yet. */
  frozeAtWork = false
  /** What the terminal knows of the register's clock. */
  clock: RegisterClock | null = null
  /** Wall-clock times of the attempts that are recorded for what is under way. */
  counted: readonly number[] = []
  /** A person made sure that nobody else sells here any more. */
  rivalGone = false
  /** A foreign document was made while the host lock was held: a person at the device. */
  foreignUnderLock = false
  foreignCount = 0
  evictions = 0
  /** Entries whose records the browser evicted: what they left behind is foreign to the terminal. */
  readonly forgotten = new Set<string>()
  keyChanges = 0
  /** The device's cashier may not read reports. */
  weakRights: boolean
  /** A code lost its end on the way: -14 looks like -1 then. */
  codeCut = false
  wrongDeviceUntilMs = 0
  /** Path of the last request: what a verdict was based on. */
  lastPath = ''
  trace: string[] | null = null
  /** Called for every new document of ours and every closed shift. */
  onDocument: (execution: Execution) => void = () => undefined
  /** The entry that is under way, for a foreign copy of it. */
  underWay: Entry | null = null
  private stranger: IkkmDevice | null = null
  private readonly planned: Planned[] = []
  private orders = 0
  private seenDocuments = 0
  /** When the last report of a shift was answered. */
  lookedMs = -10_000
  /** When the last request left. */
  leftMs = 0
  private lastSentMs = -10_000
  /** Moments of the sends of each registration, on the register's clock. */
  private readonly sends = new Map<string, number[]>()
  private closingFor: string | null = null

  constructor(plan: Plan, faults: Faults, defects: DriverDefects) {
    this.plan = plan
    this.faults = faults
    this.defects = defects
    this.weakRights = plan.weakRights
    this.device = new IkkmDevice(
      newDeviceState({
        seed: plan.seed,
        nowMs: START_MS,
        readings: plan.readings,
        paperLimit: 0,
        cashTiyn: plan.poorDrawer ? 0 : 100_000_00,
        lastNumber: 40,
        lastShift: 7,
        cashierId: plan.weakRights ? RIGHTS_CASHIER : RIGHTS_SENIOR,
        bootMs: 12_000,
        keySpace: plan.fewKeys ? 12 : 100_000_000,
      }),
    )
  }

  deviceMs(): number {
    return START_MS + this.nowMs
  }

  note(text: string): void {
    this.trace?.push(`${String(Math.round(this.nowMs / 100) / 10).padStart(8)} s  ${text}`)
  }

  /** Does `action` at `atMs`, in the order of time. */
  schedule(atMs: number, action: () => void): void {
    this.orders += 1
    const item = { atMs: Math.max(atMs, this.nowMs), order: this.orders, action }
    let index = this.planned.length
    while (index > 0 && (this.planned[index - 1]?.atMs ?? 0) > item.atMs) index -= 1
    this.planned.splice(index, 0, item)
  }

  nextMs(): number | null {
    return this.planned[0]?.atMs ?? null
  }

  /** Lets time pass and everything in it happen. `until` stops early once it says so. */
  advanceTo(atMs: number, until: () => boolean = () => false): void {
    for (;;) {
      const next = this.planned[0]
      if (!next || next.atMs > atMs) break
      this.planned.shift()
      this.nowMs = Math.max(this.nowMs, next.atMs)
      next.action()
      if (until()) return
    }
    this.nowMs = Math.max(this.nowMs, atMs)
  }

  /** The paced exchange: returns what the app sees; time has passed then. */
  send(request: DeviceRequest, timeoutMs: number, entryId: string | null): DeviceAnswer {
    this.advanceTo(this.lastSentMs + 1000)
    this.lastSentMs = this.nowMs
    this.leftMs = this.nowMs
    this.lastPath = request.path
    const { faults } = this
    if (entryId !== null && request.path === '/api/') {
      this.sends.set(entryId, [...(this.sends.get(entryId) ?? []), this.deviceMs()])
    }
    this.disturb()
    const latencyMs = 20 + faults.chance.below(180)
    if (faults.hits('requestLost')) return this.silence(timeoutMs, 'request lost')
    if (faults.hits('networkError')) {
      // The page can't tell whether anything arrived.
      if (faults.detail(2) === 0) this.deliverLater(request, entryId, latencyMs)
      this.advanceTo(this.nowMs + latencyMs)
      this.note('  network error')
      return { kind: 'silence', cause: 'network', sent: 'perhaps' }
    }
    if (faults.hits('executedLate')) return this.late(request, entryId, timeoutMs)
    this.advanceTo(this.nowMs + latencyMs)
    const repeats = this.mayRepeat(request)
    if (repeats && faults.hits('doubled')) {
      this.note('  (delivered twice)')
      this.deliver(request, entryId)
    }
    const reply = this.deliver(request, entryId)
    if (!reply) return this.silence(timeoutMs, 'device is down')
    if (repeats && faults.hits('doubledLate')) {
      this.deliverLater(request, entryId, 500 + faults.detail(110_000))
      // A browser repeats what got no answer: with a refusal in hand there is no second copy under way.
      if (reply.body.startsWith('-')) return this.silence(timeoutMs, 'repeated by the browser, both without an answer')
    }
    this.advanceTo(this.nowMs + latencyMs)
    if (faults.hits('replyLost'))
      return this.silence(timeoutMs, `reply lost: ${reply.status} ${reply.reason} ${reply.body}`)
    if (request.path.endsWith('/report') || request.path.endsWith('/shifts')) this.lookedMs = this.nowMs
    return this.spoil(reply, request.path === '/api/' ? entryId : null)
  }

  private silence(timeoutMs: number, why: string): DeviceAnswer {
    this.advanceTo(this.nowMs + timeoutMs)
    this.note(`  time-out: ${why}`)
    return { kind: 'silence', cause: 'timeout', sent: 'perhaps' }
  }

  private late(request: DeviceRequest, entryId: string | null, timeoutMs: number): DeviceAnswer {
    const longestMs = this.defects.hourLate ? 3_600_000 : 118_000
    this.deliverLater(request, entryId, 500 + this.faults.detail(longestMs))
    return this.silence(timeoutMs, 'on its way for long')
  }

  private deliverLater(request: DeviceRequest, entryId: string | null, delayMs: number): void {
    this.schedule(this.nowMs + delayMs, () => {
      this.note('  (late delivery)')
      this.deliver(request, entryId)
    })
  }

  /** A3: a browser repeats what it likes; deposits, bank starts and Z are assumed not to be repeated. */
  private mayRepeat(request: DeviceRequest): boolean {
    if (this.defects.repeatsCash) return true
    return request.path === '/api/' || request.method === 'GET'
  }

  /** `entryId`: the registration whose reply this is, null for any other. */
  private spoil(reply: DeviceReply, entryId: string | null): DeviceAnswer {
    const { faults } = this
    let spoiled: DeviceAnswer = reply
    if (faults.hits('cut')) {
      this.codeCut ||= reply.body.startsWith('-')
      const cutBody = reply.body.slice(0, faults.detail(Math.max(1, reply.body.length)))
      spoiled =
        faults.detail(3) === 0 ? { kind: 'silence', cause: 'cut', sent: 'perhaps' } : { ...reply, body: cutBody }
    } else if (faults.hits('zero')) spoiled = { ...reply, status: 200, body: '0' }
    else if (faults.hits('html')) spoiled = { kind: 'reply', status: 200, reason: 'OK', body: '<html>Login</html>' }
    else if (entryId !== null && faults.hits('mixed'))
      spoiled = { ...reply, status: 200, reason: 'bank-is-opened', body: '12345678' }
    else if (faults.hits('reasonLost')) {
      spoiled = { ...reply, reason: '' }
      this.markNumberless(reply, entryId)
    }
    if (this.trace) {
      this.note(
        spoiled.kind === 'reply'
          ? `  <- ${spoiled.status} ${spoiled.reason} ${spoiled.body.slice(0, 60)}`
          : `  <- cut off`,
      )
    }
    return spoiled
  }

  /** Executes at the device that is at the address now; null while it is down. */
  private deliver(request: DeviceRequest, entryId: string | null): DeviceReply | null {
    if (this.nowMs < this.wrongDeviceUntilMs) return this.strange().handle(request, this.deviceMs())
    if (!this.device.isUp(this.deviceMs())) return null
    this.foreignBefore()
    if (!this.device.isUp(this.deviceMs())) return null
    if (request.path === '/apizreport/') this.closingFor = entryId
    this.settle()
    const reply = this.device.handle(request, this.deviceMs(), 'tablet')
    // What a Z books by itself (a withdrawal under one reading) belongs to nobody's entry.
    this.collect(request.path === '/apizreport/' ? null : entryId)
    if (entryId !== null && request.path === '/api/') this.markUndecidable(reply, entryId)
    return reply
  }

  private strange(): IkkmDevice {
    this.stranger ??= new IkkmDevice(
      newDeviceState({ seed: this.plan.seed + 7, nowMs: START_MS, factorySerialNumber: '999', paperLimit: 0 }),
    )
    return this.stranger
  }

  /** The shift that a person sees open and means by "close the shift". */
  openShift(): number | null {
    const shift = this.device.state.shifts.at(-1)
    return shift?.closedMs === 0 ? shift.id : null
  }

  /** Lets the device finish what is due, and books it. */
  settle(): void {
    this.device.advance(this.deviceMs())
    this.collect(null)
  }

  private collect(entryId: string | null): void {
    const ledger = this.device.state.ledger
    for (; this.seenDocuments < ledger.length; this.seenDocuments += 1) {
      const document = ledger[this.seenDocuments]
      if (!document) continue
      if (document.foreign) {
        this.note(`    device: foreign ${document.kind} ${document.number}`)
        continue
      }
      const owner = document.kind === 'z' ? this.closingFor : entryId
      this.note(`    device: ${document.kind} ${document.number} shift ${document.shift}`)
      const execution = { entryId: owner, document }
      this.executions.push(execution)
      this.onDocument(execution)
    }
  }

  /**
   * Somebody else's answer without its number, on a device whose reports let any key pass: neither the number nor the
   * key can contradict it, and one more foreign document like ours makes the counters right.
   */
  private markNumberless(reply: DeviceReply, entryId: string | null): void {
    if (entryId === null || reply.status !== 200 || this.plan.readings.dumpChecksKey) return
    const answered = this.device.state.ledger.find((one) => one.number === Number(reply.reason))
    if (answered?.foreign === true) this.undecidable.add(entryId)
  }

  /** The other till sells what we sell, some time after our last look or in the very moment of our sale. */
  rival(when: 'inTurn' | 'atOnce', receipt: Receipt | null): void {
    const delayMs = this.faults.detail(when === 'inTurn' ? RIVAL_PAUSE_MS : AT_ONCE_MS)
    this.schedule(this.nowMs + delayMs, () => {
      const { session } = this.device.state
      const now = this.deviceMs()
      if (this.rivalGone || !this.device.isUp(now) || this.device.isBusy(now)) return
      if (this.plan.rivalApart) {
        if (session.lockedTo !== null && session.lockedTo !== 'rival') return
        session.lockedTo = 'rival'
      }
      this.settle()
      this.foreignCount += 1
      if (session.lockedTo !== null) this.foreignUnderLock = true
      if (receipt) this.foreignReceipt(receipt)
      this.collect(null)
    })
  }

  private markUndecidable(reply: DeviceReply, entryId: string): void {
    if (reply.status !== 200 || this.executions.some((one) => one.entryId === entryId && one.document.number > 0))
      return
    const number = Number(reply.reason)
    const lost = this.executions.find(
      ({ entryId: owner, document }) => document.number === number && owner !== null && this.forgotten.has(owner),
    )
    const foreign = this.device.state.ledger.find((one) => one.number === number && one.foreign)
    const document = lost?.document ?? foreign
    const receipt = this.underWay?.id === entryId ? this.underWay.receipt : null
    if (!document || !receipt || !isLike(document, receipt)) return
    if (this.looksLikeOurs(entryId, document)) {
      this.undecidable.add(entryId)
      this.takenForOurs.add(document.number)
    }
    const counted = this.counted.map((wall) => START_MS + wall - this.wallOffsetMs)
    const first = Math.min(...(this.sends.get(entryId) ?? []), ...counted)
    if (document.atMs >= first - marginsOf(this.clock, document.atMs).beforeMs) this.answeredByLike.add(entryId)
  }

  /**
   * The second of one of our sends, and the first time that somebody else sells the same here: then nothing tells the
   * two apart. Whoever has seen the other one asks.
   */
  private looksLikeOurs(entryId: string, document: LedgerEntry): boolean {
    const counted = this.counted.map((wall) => START_MS + wall - this.wallOffsetMs)
    const sends = [...(this.sends.get(entryId) ?? []), ...counted].sort((a, b) => a - b)
    const [first = 0] = sends
    // The first receipt of a terminal's life: the register's clock isn't known before it.
    const { beforeMs, afterMs } = marginsOf(this.clock, document.atMs)
    if (this.clock === null && !this.foreignKnown && document.atMs >= first - beforeMs) return true
    const near = sends.some((at) => document.atMs >= at - beforeMs && document.atMs <= at + afterMs)
    const seen = this.device.state.ledger.some(
      (other) =>
        other.foreign &&
        other.seq < document.seq &&
        other.kind === document.kind &&
        other.totalTiyn === document.totalTiyn &&
        other.shift === document.shift &&
        document.atMs - other.atMs <= RIVAL_SEEN_MS &&
        !this.takenForOurs.has(other.number),
    )
    return near && !(seen && this.foreignKnown)
  }

  private foreignBefore(): void {
    if (this.faults.hits('foreignBefore')) this.foreign()
    if (this.faults.hits('foreignTwice')) {
      this.foreign()
      this.foreign()
    }
  }

  private foreign(): void {
    this.settle()
    if (this.device.isBusy(this.deviceMs())) return
    const pick = this.faults.detail(10)
    const detail = this.faults.detail(TEMPLATES.length)
    const copied = this.plan.identicalForeign ? this.underWay : null
    const receipt = copied?.receipt ?? TEMPLATES[detail]
    if (this.device.state.session.lockedTo !== null) this.foreignUnderLock = true
    this.foreignCount += 1
    const now = this.deviceMs()
    if (!copied && pick === 0) this.device.foreignOperation({ kind: 'deposit', amountTiyn: FOREIGN_CASH_TIYN }, now)
    else if (!copied && (pick === 1 || (pick < 6 && (this.plan.profile === 'zHeavy' || this.plan.profile === 'lateZ'))))
      this.device.foreignOperation({ kind: 'z' }, now)
    else if (receipt) this.foreignReceipt(receipt)
    this.collect(null)
  }

  private foreignReceipt(receipt: Receipt): void {
    const itemdata = JSON.stringify(
      receipt.rows.map((row) =>
        row.kind === 'discount'
          ? { name: 'x', discount: String(row.discount / 100) }
          : {
              name: 'x',
              price: String(row.price / 100),
              qty: String(row.quantity / 1000),
              sum: String(row.sum / 100),
            },
      ),
    )
    this.device.foreignOperation(
      { kind: receipt.kind, totalTiyn: receipt.total, payments: receipt.payments, itemdata, footer: 'foreign' },
      this.deviceMs(),
    )
  }

  /** What may befall the device at any request. */
  private disturb(): void {
    const { faults, device } = this
    const { state } = device
    const now = this.deviceMs()
    if (faults.hits('reboot')) {
      this.note('  !! reboot')
      this.settle()
      device.reboot(now)
      this.collect(null)
    }
    if (faults.hits('foreignIdle')) this.foreign()
    if (faults.hits('paper')) state.printer = 'no-paper'
    if (faults.hits('battery')) state.batteryPercent = 2
    if (faults.hits('blocked')) state.blockedCode = 37
    if (faults.hits('internalError')) device.failNext(-99, 1 + faults.detail(4))
    if (faults.hits('offline72')) {
      device.setOfdReachable(false, now)
      state.ofd.silentSinceMs = now - 73 * 3_600_000
    }
    if (faults.hits('overdue')) {
      const shift = state.shifts.at(-1)
      if (shift?.closedMs === 0) shift.openedMs -= 25 * 3_600_000
    }
    if (faults.hits('cashier')) device.foreignOperation({ kind: 'cashier', cashierId: RIGHTS_CASHIER }, now)
    if (faults.hits('wrongDevice')) this.wrongDeviceUntilMs = this.nowMs + 1000 + faults.detail(90_000)
    if (faults.hits('clockJump')) this.wallOffsetMs += (faults.detail(3) - 1) * 3_600_000
    if (faults.hits('keyChanged')) {
      device.changeKey()
      this.keyChanges += 1
    }
  }

  /** Back to the senior cashier; a shift that another one opened has to be closed at the device first (-11). */
  private rightCashier(): void {
    const { state } = this.device
    const shift = state.shifts.at(-1)
    this.settle()
    if (shift?.closedMs === 0 && shift.cashierId !== RIGHTS_SENIOR && state.closing === null) {
      this.foreignCount += 1
      this.device.foreignOperation({ kind: 'z' }, this.deviceMs())
      this.collect(null)
    }
    this.device.foreignOperation({ kind: 'cashier', cashierId: RIGHTS_SENIOR }, this.deviceMs())
  }

  /** A person puts the device right; `code` is what the terminal showed. */
  repair(code: number | null = null): void {
    if (code === -16 || code === -11) this.weakRights = false
    if (code === -18) {
      // The other till is switched off and the register restarted: chapter 10.1 knows no other way.
      this.rivalGone = true
      this.device.reboot(this.deviceMs())
    }
    const { state } = this.device
    state.printer = 'ready'
    state.batteryPercent = 90
    state.blockedCode = null
    state.failNext = null
    this.device.setOfdReachable(true, this.deviceMs())
    if (!this.weakRights) this.rightCashier()
    this.settle()
  }
}

function isLike(document: LedgerEntry, receipt: Receipt): boolean {
  return document.kind === receipt.kind && document.totalTiyn === receipt.total
}
