/** One schedule: a day's work, the app with its crashes, the world with its faults, the checks. */
import { encodeRegistration } from '../../src/ikkm/codec.ts'
import type { FrozenRequest } from '../../src/ikkm/codec.ts'
import { depositRequest, printRequest, withdrawalRequest, xReportRequest } from '../../src/ikkm/requests.ts'
import type { Effect, Resume } from '../../src/queue/effects.ts'
import { run } from '../../src/queue/machine.ts'
import { Memory } from '../../src/queue/memory.ts'
import { MemoryCore, newMemoryData } from '../../src/queue/memory-store.ts'
import * as rareSteps from '../../src/queue/rare-steps.ts'
import type { Change } from '../../src/queue/store.ts'
import { D_MAX_MS, newBankLeg, newDeviceRecord } from '../../src/queue/types.ts'
import type { AskedQuestion, Entry, EntryDraft } from '../../src/queue/types.ts'
import { Checks } from './checks.ts'
import type { Finding } from './checks.ts'
import { NO_DEFECTS } from './defects.ts'
import type { DriverDefects } from './defects.ts'
import { Faults } from './faults.ts'
import type { Fired } from './faults.ts'
import { BAD_SALE, CARD_SALE, DEPOSIT, TEMPLATES, WITHDRAWAL } from './goods.ts'
import { answerOf, inWorld } from './person.ts'
import { makePlan } from './plan.ts'
import type { Plan, PlannedEntry, ProfileName } from './plan.ts'
import { World } from './world.ts'

export interface ScheduleOptions {
  readonly profile?: ProfileName | null
  readonly only?: ReadonlySet<string> | null
  readonly defects?: Partial<DriverDefects>
  readonly trace?: boolean
}

export interface ScheduleResult {
  readonly findings: readonly Finding[]
  readonly fired: readonly Fired[]
  readonly entries: number
  readonly requests: number
  readonly trace: readonly string[]
}

const DEVICE = 'd'
/** A schedule that takes more effects than this never comes to rest. */
const EFFECT_LIMIT = 6000
/** Virtual time after which nothing may be open any more. */
const TIME_LIMIT_MS = 12 * 3_600_000

/** The app in one life: a machine, what it waits for, and its right to write. */
interface Life {
  readonly memory: Memory
  readonly machine: Generator<Effect, never, Resume>
  readonly epoch: number
  effect: Effect
}

/** The machine's next effect. Fetching its rarer steps changes nothing durable and takes no time here: it is passed over. */
function nextOf(machine: Life['machine'], resume: Resume): Effect {
  const effect = machine.next(resume).value
  return effect.kind === 'load' ? nextOf(machine, { kind: 'loaded', steps: rareSteps }) : effect
}

/** States of an entry that the device may know of. */
const PENDING: ReadonlySet<string> = new Set(['sending', 'acked', 'recon'])

class Schedule {
  readonly world: World
  readonly core = new MemoryCore(newMemoryData())
  readonly checks: Checks
  readonly enqueued: string[] = []
  requests = 0
  private readonly plan: Plan
  private readonly faults: Faults
  private readonly defects: DriverDefects
  private life: Life | null = null
  private zombie: Life | null = null
  private readonly answered = new Set<string>()
  private left: number
  /** For the defect "relaxed": records as they were before the last commits. */
  private undo: (() => void)[] = []
  /** For the defect "send before persist". */
  private postponed: Change | null = null

  constructor(seed: number, options: ScheduleOptions) {
    this.plan = makePlan(seed, options.profile ?? null)
    this.faults = new Faults(this.plan, options.only ?? null)
    this.defects = { ...NO_DEFECTS, ...options.defects }
    this.world = new World(this.plan, this.faults, this.defects)
    if (options.trace) this.world.trace = []
    this.checks = new Checks(this.world, this.core)
    this.setUp(this.world.device.currentKey())
    this.left = this.plan.entries.length
    for (const planned of this.plan.entries) {
      this.world.schedule(planned.atMs, () => {
        this.enqueue(planned)
      })
    }
    this.world.schedule(this.plan.calmFromMs, () => {
      this.faults.on = false
      this.world.wrongDeviceUntilMs = 0
      this.world.repair()
      this.world.note('---- from here on nothing fails any more')
    })
    this.start()
  }

  private setUp(key: string | null): void {
    const record = newDeviceRecord({ id: DEVICE, key, trackPrefix: 7, hostLockWanted: this.plan.hostLock })
    this.core.createDevice({ ...record, serial: this.world.device.state.options.factorySerialNumber })
  }

  /**
   * The browser threw everything away, and a person sets the terminal up anew, which takes longer than D_MAX. What was
   * queued is gone (queue.md: nothing left to send); what comes after it still becomes exactly one receipt each.
   */
  private evict(): void {
    const { data } = this.core
    this.world.evictions += 1
    for (const id of data.entries.keys()) this.world.forgotten.add(id)
    for (const store of [data.entries, data.devices, data.leases]) store.clear()
    data.nextSequence = 1
    this.zombie = null
    this.undo = []
    this.world.note('the storage was evicted')
    this.setUp(null)
  }

  run(): void {
    for (let effects = 0; ; effects += 1) {
      if (this.checks.findings.length > 0) return
      if (effects > EFFECT_LIMIT || this.world.nowMs > TIME_LIMIT_MS) return this.stuck()
      if (!this.life) {
        if (this.world.nextMs() === null) return this.stuck()
        this.world.advanceTo(this.world.nextMs() ?? 0)
        continue
      }
      if (this.atRest()) return this.checks.atRest(this.enqueued.filter((id) => !this.world.forgotten.has(id)))
      this.perform(this.life)
    }
  }

  private atRest(): boolean {
    const { life } = this
    if (life?.effect.kind !== 'sleep' || life.effect.ms !== null || life.memory.inbox.length > 0) return false
    if (this.world.nextMs() !== null || this.left > 0) return false
    return this.core.load(DEVICE)?.open.length === 0
  }

  private stuck(): void {
    const open = this.core.load(DEVICE)?.open ?? []
    const device = this.core.data.devices.get(DEVICE)
    const states = open.map(
      (entry) => `${entry.mark} ${entry.kind} ${entry.state} ${entry.question?.question.kind ?? ''}`,
    )
    this.checks.find('stuck', `I7 ${states.join('; ')} device asks ${device?.question?.question.kind ?? 'nothing'}`)
  }

  private start(): void {
    const claim = this.core.claim(DEVICE, 'tab', 0)
    if (!claim) throw new Error('the device was created')
    const { world, faults } = this
    const clock = { wall: () => world.nowMs + world.wallOffsetMs, mono: () => world.nowMs }
    const memory = new Memory(claim, { clock, chance: () => faults.chance.fraction() })
    memory.inbox.push({ kind: 'prepare' })
    const machine = run(memory)
    this.life = { memory, machine, epoch: claim.epoch, effect: nextOf(machine, { kind: 'go' }) }
    world.note('app starts')
    for (const entry of claim.open) if (entry.question) this.noticed(entry.question)
    if (claim.device.question) this.noticed(claim.device.question)
  }

  private die(why: string): void {
    const dead = this.life
    this.life = null
    this.postponed = null
    this.world.note(`app dies: ${why}`)
    // Dates tell a replay from a receipt of ours only as long as the clock was watched since the send (README, "What no
    // terminal can know"): a terminal that dies before the proof can't exclude any more that the receipt is its own.
    for (const id of this.world.answeredByLike) {
      if (this.core.data.entries.get(id)?.state !== 'done') this.world.undecidable.add(id)
    }
    if (this.defects.relaxed) {
      for (const step of this.undo.reverse()) step()
    }
    this.undo = []
    // A frozen tab keeps what it was about to do, and wakes up when another one works.
    if (dead && !this.zombie && this.faults.hits('zombie')) {
      this.zombie = dead
      this.world.frozeAtWork ||= dead.memory.open.some((entry) => PENDING.has(entry.state))
    }
    const evicted = this.faults.hits('evicted')
    const awayMs = evicted ? D_MAX_MS : this.zombie === dead ? 0 : 500
    this.world.schedule(this.world.nowMs + awayMs + this.faults.chance.below(40_000), () => {
      if (evicted) this.evict()
      this.start()
    })
  }

  private enqueue(planned: PlannedEntry): void {
    if (!this.life) {
      this.world.schedule(this.world.nowMs + 1000, () => {
        this.enqueue(planned)
      })
      return
    }
    const id = `e${this.enqueued.length}`
    const { entry } = this.core.enqueue(id, ({ mark }) => this.draft(id, planned, mark))
    this.enqueued.push(id)
    this.left -= 1
    this.world.note(`cashier: ${entry.mark} ${planned.kind} ${entry.amount / 100}`)
    // The tab may die right after the sale is durable.
    if (this.faults.hits('crashAfter')) return this.die('after enqueueing')
    this.life.memory.inbox.push({ kind: 'enqueued', entry })
    if (this.faults.hits('rivalAtOnce')) this.world.rival('atOnce', entry.receipt)
  }

  private draft(id: string, planned: PlannedEntry, mark: string): EntryDraft {
    const receipt =
      planned.kind === 'registration'
        ? (TEMPLATES[this.plan.oneTemplate ? 0 : planned.template] ?? null)
        : planned.kind === 'badSale'
          ? BAD_SALE
          : planned.kind === 'cardSale'
            ? CARD_SALE
            : null
    const kind = planned.kind === 'badSale' || planned.kind === 'cardSale' ? 'registration' : planned.kind
    const amount = receipt?.total ?? (kind === 'withdrawal' ? WITHDRAWAL : DEPOSIT)
    const card = planned.kind === 'cardSale' || kind === 'bank'
    return {
      id,
      deviceId: DEVICE,
      kind,
      request: receipt ? encodeRegistration(receipt, { mark }) : bytesOf(kind),
      receipt,
      amount,
      cashier: 'Aliya',
      createdAtMs: this.world.nowMs,
      shift: kind === 'zReport' ? this.world.openShift() : null,
      bank: card ? newBankLeg('purchase', amount) : null,
    }
  }

  private perform(life: Life): void {
    const { effect } = life
    if (effect.kind === 'turn' && this.defects.twoEngines) this.secondEngine()
    if (effect.kind !== 'sleep' && effect.kind !== 'turn' && this.faults.hits('crashBefore')) {
      return this.die(`before ${effect.kind}`)
    }
    const resume = this.resumeOf(life, effect)
    if (this.life !== life) return
    if (effect.kind !== 'turn' && this.faults.hits('crashAfter')) return this.die(`after ${effect.kind}`)
    if (!resume) return this.die('superseded')
    this.advance(life, resume)
    if (this.zombie && this.zombie !== life && effect.kind === 'turn') this.wakeZombie()
  }

  private advance(life: Life, resume: Resume): void {
    life.effect = nextOf(life.machine, resume)
  }

  private resumeOf(life: Life, effect: Effect): Resume | null {
    switch (effect.kind) {
      case 'transaction':
        return this.commit(life, effect.change) ? { kind: 'go' } : null
      case 'request':
        return this.exchange(life, effect)
      case 'sleep':
        this.sleep(life, effect.ms)
        return { kind: 'go' }
      case 'readNumbers':
        return { kind: 'numbers', entries: this.core.registeredAs(DEVICE, effect.numbers) }
      case 'readShift':
        return { kind: 'shift', entries: this.core.registeredInShift(DEVICE, effect.shift) }
      case 'load':
        return { kind: 'loaded', steps: rareSteps }
      case 'turn':
        return { kind: 'go' }
    }
  }

  private sleep(life: Life, ms: number | null): void {
    const { world } = this
    const awake = (): boolean => life.memory.inbox.length > 0 || this.life !== life
    if (awake()) return
    if (ms !== null) return world.advanceTo(world.nowMs + ms, awake)
    const next = world.nextMs()
    if (next === null) return this.stuck()
    while (!awake() && world.nextMs() !== null) world.advanceTo(world.nextMs() ?? 0, awake)
  }

  private exchange(life: Life, effect: Extract<Effect, { kind: 'request' }>): Resume {
    this.requests += 1
    const { request, entryId } = effect
    const entry = entryId === null ? null : (this.core.data.entries.get(entryId) ?? null)
    const { memory } = life
    this.world.underWay = entry
    const { foreign } = memory.device
    this.world.foreignKnown = foreign !== null && foreign.accepted !== true
    this.world.clock = memory.registerClock
    // An attempt that was counted before the app died may have left.
    this.world.counted = entry?.history.filter((item) => item.event === 'sent').map((item) => item.atMs) ?? []
    if (this.world.trace) {
      this.world.note(
        `-> ${request.path} ${entry?.mark ?? ''} key ${/key=(\d+)/.exec(request.body ?? request.query)?.[1] ?? ''}`,
      )
    }
    if (entryId !== null) this.checks.beforeSend(entryId, request.body, request.path)
    const answer = this.world.send(request, effect.timeoutMs, entryId)
    if (entry?.receipt && this.faults.hits('rivalInTurn')) this.world.rival('inTurn', entry.receipt)
    if (this.postponed) {
      const change = this.postponed
      this.postponed = null
      this.write(change)
    }
    const leftMs = this.world.leftMs
    return { kind: 'answer', answer, left: { wall: leftMs + this.world.wallOffsetMs, mono: leftMs } }
  }

  private commit(life: Life, change: Change): boolean {
    const { defects } = this
    if (!defects.twoEngines && this.core.data.leases.get(DEVICE)?.epoch !== life.epoch) return false
    if (defects.sendBeforePersist && change.entries?.some((entry) => entry.state === 'sending')) {
      this.postponed = change
      return true
    }
    if (defects.splitCommit !== 'none' && change.device && change.entries) {
      const parts: Change[] = [{ entries: change.entries }, { device: change.device }]
      if (defects.splitCommit === 'deviceFirst') parts.reverse()
      const [first, second] = parts
      if (first) this.write(first)
      if (this.faults.hits('crashBefore')) {
        this.die('between two transactions')
        return true
      }
      if (second) this.write(second)
      return true
    }
    this.write(change)
    return true
  }

  private write(given: Change): void {
    const change = this.damaged(given)
    const { data } = this.core
    if (this.defects.relaxed) this.remember(change)
    if (this.world.trace) this.noteChange(change)
    const epoch = data.leases.get(DEVICE)?.epoch ?? 0
    this.core.commit(DEVICE, change, epoch)
    if (this.defects.splitCommit === 'none' && !this.defects.twoEngines) this.checks.afterCommit(change.entries ?? [])
    this.checks.afterShiftCloseDone(change.entries ?? [])
    if (change.device?.question) this.noticed(change.device.question)
    for (const entry of change.entries ?? []) if (entry.question) this.noticed(entry.question)
  }

  private damaged(change: Change): Change {
    const { defects } = this
    let { device, entries } = change
    const known = this.core.data.devices.get(DEVICE)
    const success = entries?.some(
      (entry) => entry.newKey !== null && (entry.state === 'acked' || entry.state === 'recon'),
    )
    if (defects.newKeyNotStored && device && success) device = { ...device, key: known?.key ?? null }
    if (defects.attemptsNotStored && entries) {
      entries = entries.map((entry) => (entry.attempts > 1 ? { ...entry, attempts: 1 } : entry))
    }
    if (defects.noCountersBeforeCash && entries) {
      entries = entries.map((entry) =>
        entry.kind === 'deposit' || entry.kind === 'withdrawal' ? { ...entry, before: null } : entry,
      )
    }
    return { ...(device ? { device } : {}), ...(entries ? { entries } : {}) }
  }

  private remember(change: Change): void {
    const { data } = this.core
    const device = data.devices.get(DEVICE)
    const before = (change.entries ?? []).map((entry) => data.entries.get(entry.id))
    this.undo.push(() => {
      if (device) data.devices.set(DEVICE, device)
      for (const entry of before) if (entry) data.entries.set(entry.id, entry)
    })
    if (this.undo.length > 2) this.undo.shift()
  }

  private noteChange({ device, entries }: Change): void {
    const parts = (entries ?? []).map((entry: Entry) => {
      const asks = entry.question ? ` asks ${entry.question.question.kind}` : ''
      return `${entry.mark} ${entry.state} n=${entry.number ?? '-'} a=${entry.attempts}/${entry.answered}${asks}`
    })
    const asks = device?.question ? ` asks ${device.question.question.kind}` : ''
    if (device) parts.push(`device key=${device.key ?? '?'} bound=${device.bound ?? '-'}${asks}`)
    this.world.note(`commit ${parts.join(' | ')}`)
  }

  /** A person sees the question, and does something about it after a while. */
  private noticed(asked: AskedQuestion): void {
    if (this.answered.has(asked.id)) return
    this.answered.add(asked.id)
    this.checks.asked(asked.question)
    this.later(asked)
  }

  private later(asked: AskedQuestion): void {
    const { world } = this
    world.schedule(world.nowMs + 3000 + this.faults.chance.below(57_000), () => {
      const device = this.core.data.devices.get(DEVICE)
      const entry = this.core.load(DEVICE)?.open.find((one) => one.question?.id === asked.id) ?? null
      if (device?.question?.id !== asked.id && !entry) return
      this.later(asked)
      if (!this.life) return
      const answer = answerOf(inWorld(world), asked, entry)
      if (asked.question.kind === 'decide' && entry) {
        this.core.resolve(entry.id, { kind: 'writtenOff', reason: 'simulated', atMs: world.nowMs })
      }
      const { memory } = this.life
      if (answer) {
        world.note(`person: ${asked.question.kind} -> ${JSON.stringify(answer)}`)
        memory.inbox.push({ kind: 'answer', questionId: asked.id, answer })
      } else if (asked.question.kind === 'decide' && entry) {
        memory.inbox.push({ kind: 'resolved', entryId: entry.id })
      }
    })
  }

  /** The frozen tab thaws: its commit must be rejected, and a request that it held back is stale. */
  private wakeZombie(): void {
    const { zombie } = this
    this.zombie = null
    if (zombie?.effect.kind !== 'transaction') return
    this.world.note('a frozen tab wakes up and wants to commit')
    const result = this.core.commit(DEVICE, zombie.effect.change, zombie.epoch)
    if (result !== 'superseded') this.checks.find('unsafe', 'A1 a superseded tab could commit')
  }

  /** The defect: another engine over the same records takes a few steps of its own. */
  private secondEngine(): void {
    if (!this.faults.chance.chance(0.2)) return
    const mine = this.life
    this.start()
    const other = this.life
    for (let steps = 0; other && steps < 6 && this.life === other; steps += 1) {
      if (other.effect.kind === 'sleep') break
      const resume = this.resumeOf(other, other.effect)
      if (resume) this.advance(other, resume)
    }
    this.life = mine
  }
}

function bytesOf(kind: Entry['kind']): FrozenRequest | null {
  switch (kind) {
    case 'deposit':
      return depositRequest(DEPOSIT)
    case 'withdrawal':
      return withdrawalRequest(WITHDRAWAL)
    case 'xReport':
      return xReportRequest()
    case 'print':
      return printRequest('Open at nine')
    case 'registration':
    case 'zReport':
    case 'bank':
    case 'bankClose':
    case 'debt':
      return null
  }
}

/** Runs the schedule of one seed to its rest, or to the first violation. */
export function runSchedule(seed: number, options: ScheduleOptions = {}): ScheduleResult {
  const schedule = new Schedule(seed, options)
  schedule.run()
  return {
    findings: schedule.checks.findings,
    fired: schedule.world.faults.fired,
    entries: schedule.enqueued.length,
    requests: schedule.requests,
    trace: schedule.world.trace ?? [],
  }
}
