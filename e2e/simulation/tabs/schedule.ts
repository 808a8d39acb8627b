/**
 * One day of a shop with several tabs over one store: the real queue service in each, the browser with its deaths and
 * pauses around them, the register behind, a person in front. When the faults are over everything has to come to rest.
 */
import { encodeRegistration } from '../../../src/ikkm/codec.ts'
import type { FrozenRequest } from '../../../src/ikkm/codec.ts'
import { createPacedClient } from '../../../src/ikkm/paced-client.ts'
import { depositRequest, withdrawalRequest, xReportRequest } from '../../../src/ikkm/requests.ts'
import { pageSlot, SLOT_PATIENCE_MS } from '../../../src/ikkm/slot.ts'
import type { Slot } from '../../../src/ikkm/slot.ts'
import { Random } from '../../../src/device-model/random.ts'
import type { Receipt } from '../../../src/domain/receipt.ts'
import { MemoryCore, newMemoryData } from '../../../src/queue/memory-store.ts'
import * as rareSteps from '../../../src/queue/rare-steps.ts'
import { createQueueService } from '../../../src/queue/runner/service.ts'
import type { LocksLike, QueueService } from '../../../src/queue/runner/service.ts'
import type { Change } from '../../../src/queue/store.ts'
import { newDeviceRecord } from '../../../src/queue/types.ts'
import type { AskedQuestion, Entry, EntryDraft, EntryKind } from '../../../src/queue/types.ts'
import type { Finding, Violation } from '../checks.ts'
import { BAD_SALE, DEPOSIT, TEMPLATES, WITHDRAWAL } from '../goods.ts'
import { answerOf } from '../person.ts'
import { Browser } from './browser.ts'
import type { Tab } from './browser.ts'
import { makeTabPlan, TAB_FAULTS } from './plan.ts'
import type { DayEvent, TabFault, TabPlan } from './plan.ts'
import { Storage } from './stored.ts'
import { DEVICE, START_MS, Wire } from './wire.ts'

/** From the calm on everything has to be settled within this: two fences of two minutes, a Z, and questions. */
const REST_WITHIN_MS = 30 * 60_000
/** A schedule that takes more tasks than this never comes to rest. */
const TASK_LIMIT = 60_000
/** What tells the screens of it arrives within this. */
const LAST_WORD_MS = 70_000
/** A person retries what was said to have failed, after so long. */
const RETRY_MS = 2_000

export interface TabsResult {
  readonly findings: readonly Finding[]
  readonly entries: number
  readonly requests: number
  readonly faults: number
  readonly tasks: number
  readonly trace: readonly string[]
}

/** One page: its tab, its service, and what it still owes to whoever asked it. */
interface Page {
  readonly tab: Tab
  readonly service: QueueService
  readonly owed: Map<number, string>
  storage: unknown
  /** Nobody works in it any more. */
  stopping: boolean
}

class Day {
  readonly findings: Finding[] = []
  readonly trace: string[] = []
  requests = 0
  tasks = 0
  faults = 0
  readonly sales = new Map<string, 'asked' | 'stored'>()
  private readonly plan: TabPlan
  private readonly browser: Browser
  private readonly core = new MemoryCore(newMemoryData())
  private readonly storage: Storage
  private readonly wire: Wire
  private readonly pages: Page[] = []
  private readonly streams = new Map<TabFault, Random>()
  private readonly person: Random
  private readonly jitter: Random
  private readonly traced: boolean
  private calm = false
  private promises = 0
  private wokeMs = 0
  private nextStartMs: number | null = null
  private nextAnswerMs = 0
  private eventsLeft: number
  private readonly keysStored: { readonly key: string | null; readonly atMs: number }[] = []

  constructor(seed: number, traced: boolean) {
    const plan = makeTabPlan(seed)
    this.plan = plan
    this.traced = traced
    for (const [index, fault] of TAB_FAULTS.entries()) this.streams.set(fault, Random.seeded(seed * 64 + index + 20))
    this.person = Random.seeded(seed * 64 + 1)
    this.jitter = Random.seeded(seed * 64 + 2)
    this.browser = new Browser(Random.seeded(seed * 64 + 3))
    this.browser.delayMs = plan.delayMs
    this.browser.forgetsMessages = () => this.hits('messageLost')
    this.browser.onTheft = (robbed) => {
      if (this.hits('wakesAtTheft')) this.thaw(robbed)
    }
    this.browser.afterTask = (tab) => this.afterTask(tab)
    const note = (text: string): void => this.note(text)
    this.storage = new Storage({
      browser: this.browser,
      core: this.core,
      hits: (fault) => this.hits(fault),
      someMs: () => this.jitter.below(plan.delayMs + 1),
      coin: () => this.jitter.chance(0.5),
      note,
      written: (change) => this.written(change),
      enqueued: (tab) => {
        if (this.hits('freezesStoring')) this.freeze(tab, 5_000 + this.person.below(150_000))
      },
    })
    this.wire = new Wire({
      plan,
      browser: this.browser,
      core: this.core,
      chance: Random.seeded(seed * 64 + 4),
      hits: (fault) => this.hits(fault),
      find: (kind, text) => this.find(kind, text),
      note,
    })
    const key = this.wire.device.currentKey()
    const record = newDeviceRecord({ id: DEVICE, key, trackPrefix: 7, hostLockWanted: plan.hostLock })
    this.core.createDevice({ ...record, serial: this.wire.device.state.options.factorySerialNumber })
    this.keysStored.push({ key, atMs: 0 })
    for (let count = 0; count < plan.tabs; count += 1) this.open()
    this.eventsLeft = plan.events.length
    for (const { atMs, event } of plan.events) {
      this.browser.post(null, atMs, () => {
        this.eventsLeft -= 1
        this.happens(event)
      })
    }
    this.browser.post(null, plan.calmFromMs, () => this.becomeCalm())
  }

  private find(kind: Violation, text: string): void {
    this.findings.push({ kind, text })
    this.note(`**** ${kind}: ${text}`)
  }

  private note(text: string): void {
    if (this.traced) this.trace.push(`${String(Math.round(this.browser.nowMs) / 1000).padStart(9)} s  ${text}`)
  }

  private hits(fault: TabFault): boolean {
    const rate = this.plan.rates[fault]
    if (rate === undefined || this.calm) return false
    const hit = this.streams.get(fault)?.chance(rate) === true
    if (hit) this.faults += 1
    return hit
  }

  private afterTask(tab: Tab): void {
    if (this.hits('dies')) this.kill(tab)
    else if (this.isSending(tab) && this.hits('freezesSending')) this.freeze(tab, 3_500 + this.person.below(60_000))
    else if (this.hits('freezes')) this.freeze(tab, this.person.chance(0.3) ? null : 500 + this.person.below(150_000))
  }

  private isSending(tab: Tab): boolean {
    const { data } = this.core
    return typeof data.devices.get(DEVICE)?.bound === 'string' && data.leases.get(DEVICE)?.holder === tab.name
  }

  private written(change: Change | null): void {
    const key = this.core.data.devices.get(DEVICE)?.key ?? null
    if (this.keysStored.at(-1)?.key !== key) this.keysStored.push({ key, atMs: this.browser.nowMs })
    if (change === null) return
    if (this.traced) this.noteChange(change)
    this.wire.noteCounted(change.entries ?? [])
  }

  private noteChange({ device, entries }: Change): void {
    const parts = (entries ?? []).map(
      (entry) =>
        `${entry.mark} ${entry.kind} ${entry.state} n=${entry.number ?? '-'} a=${entry.attempts}${asks(entry.question)}`,
    )
    if (device) parts.push(`device key=${device.key ?? '?'} bound=${device.bound ?? '-'}${asks(device.question)}`)
    this.note(`commit ${parts.join(' | ')}`)
  }

  // Tabs

  private open(): Page {
    const { browser, plan } = this
    const tab = browser.open(`t${this.pages.length}`)
    const setTimer = browser.timerOf(tab)
    const locks = plan.locks ? browser.locksOf(tab) : null
    const client = createPacedClient({
      slot: locks === null ? pageSlot() : this.slotOf(locks, setTimer),
      clock: { now: () => this.wallMs(), sleep: (ms) => new Promise((resolve) => void setTimer(resolve, ms)) },
      transport: {
        kind: 'direct',
        send: (request, { timeoutMs }) => {
          this.requests += 1
          return this.wire.send(tab, request, timeoutMs)
        },
      },
    })
    const service = createQueueService({
      store: this.storage.of(tab),
      deviceId: DEVICE,
      holder: tab.name,
      exchange: (request, { timeoutMs, mayStart }) =>
        client.inTurn('queue', async () => (mayStart() ? client.transport.send(request, { timeoutMs }) : null)),
      locks,
      channel: browser.channelOf(tab),
      loadSteps: () =>
        new Promise((resolve, reject) => {
          const fails = this.hits('loadFails')
          setTimer(() => (fails ? reject(new Error('offline')) : resolve(rareSteps)), this.jitter.below(50))
        }),
      clock: { wall: () => this.wallMs(), mono: () => browser.nowMs },
      chance: () => this.jitter.fraction(),
      setTimer,
      onStorage: (error) => {
        page.storage = error
      },
    })
    const page: Page = { tab, service, owed: new Map(), storage: null, stopping: false }
    this.pages.push(page)
    this.note(`${tab.name} is opened`)
    browser.post(tab, 0, () => this.start(page))
    return page
  }

  /** The page starts, and starts over where it can't read its records, as a person reloads it. */
  private start(page: Page): void {
    this.owe(page, 'start', page.service.start()).catch(() => {
      this.kill(page.tab)
      this.browser.post(null, RETRY_MS, () => this.open())
    })
  }

  private slotOf(locks: LocksLike, setTimer: (run: () => void, ms: number) => () => void): Slot {
    const nextStart = {
      read: () => this.nextStartMs,
      write: (atMs: number) => (this.nextStartMs = atMs),
    }
    return {
      async hold(work) {
        const patience = new AbortController()
        const cancel = setTimer(() => patience.abort(), SLOT_PATIENCE_MS)
        let running: ReturnType<typeof work> | undefined
        const run = (): ReturnType<typeof work> => {
          cancel()
          return (running = work(nextStart))
        }
        try {
          return await locks.request('slot', { signal: patience.signal }, run)
        } catch (error) {
          if (running !== undefined) return running
          if (!patience.signal.aborted) throw error
        }
        try {
          return await locks.request('slot', { steal: true }, run)
        } catch (error) {
          if (running !== undefined) return running
          throw error
        }
      },
    }
  }

  private wallMs(): number {
    return START_MS + this.browser.nowMs
  }

  private running(): Page[] {
    return this.pages.filter(({ tab, stopping }) => tab.state === 'running' && !stopping)
  }

  private alive(): Page[] {
    return this.pages.filter(({ tab }) => tab.state === 'running')
  }

  /** The tab that a person looks at: opened where there is none. */
  private anyPage(): Page {
    const running = this.running()
    return running.length === 0 ? this.open() : this.person.pick(running)
  }

  private holder(): Page | undefined {
    const holder = this.browser.holderOf(`queue:${DEVICE}`)
    return this.pages.find(({ tab }) => tab === holder)
  }

  private kill(tab: Tab): void {
    this.note(`${tab.name} dies`)
    this.browser.kill(tab)
  }

  private freeze(tab: Tab, forMs: number | null): void {
    if (tab.state !== 'running') return
    this.note(`${tab.name} freezes`)
    this.browser.freeze(tab)
    // Whoever meets a till that doesn't react opens another window of it.
    if (this.person.chance(0.5)) {
      const page = this.anyPage()
      this.browser.post(page.tab, 300, () => page.service.retryNow())
    }
    if (forMs !== null) this.browser.post(null, forMs, () => this.thaw(tab))
  }

  private thaw(tab: Tab): void {
    if (tab.state !== 'frozen') return
    this.note(`${tab.name} wakes`)
    this.wokeMs = this.browser.nowMs
    this.browser.thaw(tab)
    const page = this.pages.find((one) => one.tab === tab)
    if (page) this.inPage(page, () => page.service.retryNow())
  }

  private inPage(page: Page, run: () => void): void {
    this.browser.post(page.tab, 0, run)
  }

  /** Every promise of a page that goes on living has to settle. */
  private owe<T>(page: Page, what: string, promise: Promise<T>): Promise<T> {
    this.promises += 1
    const id = this.promises
    page.owed.set(id, what)
    const settled = (): void => void page.owed.delete(id)
    promise.then(settled, settled)
    return promise
  }

  // The day

  private happens(event: DayEvent): void {
    const page = this.anyPage()
    const { service } = page
    switch (event.kind) {
      case 'sale':
        return this.sell(page, event.template, event.twice)
      case 'badSale':
        this.enqueue(page, 'registration', BAD_SALE)
        return
      case 'twoReceipts':
        return this.sellTwo(page)
      case 'deposit':
      case 'withdrawal':
      case 'xReport':
      case 'zReport':
        this.enqueue(page, event.kind, null)
        return
      case 'prepare':
        return this.inPage(page, () => service.prepare())
      case 'look':
        return this.inPage(page, () => service.retryNow())
      case 'contact':
        return this.inPage(page, () => service.contact(this.person.chance(0.6) ? 'lost' : 'back'))
      case 'typedKey': {
        const right = this.person.chance(0.8)
        return this.inPage(page, () =>
          this.typeKey(page, right ? this.wire.device.currentKey() : String(10_000_000 + this.person.below(9e7))),
        )
      }
      case 'hostLock':
        return this.inPage(page, () => service.setHostLock(this.person.chance(0.5), 'simulated'))
      case 'freeze':
        return this.freeze((event.holder ? (this.holder() ?? page) : page).tab, event.forMs)
      case 'kill':
        return this.kill((event.holder ? (this.holder() ?? page) : page).tab)
      case 'stop':
        return this.stop(event.holder ? (this.holder() ?? page) : page)
      case 'open':
        this.open()
        return
      case 'background':
        page.tab.timerStepMs = event.stepMs
        return
      case 'deviceOff':
        this.note('the register is out of reach')
        this.wire.offUntilMs = this.browser.nowMs + event.forMs
        return
      case 'storageOff':
        this.note('the storage fails')
        this.storage.offUntilMs = this.browser.nowMs + event.forMs
    }
  }

  /** Orderly: the app gives the till up in this tab, and then the tab goes. */
  private stop(page: Page): void {
    page.stopping = true
    this.inPage(page, () => {
      this.note(`${page.tab.name} stops`)
      const gone = (): void => this.kill(page.tab)
      this.owe(page, 'stop', page.service.stop()).then(gone, gone)
    })
  }

  private sell(page: Page, template: number, twice: boolean): void {
    const id = this.enqueue(page, 'registration', TEMPLATES[template] ?? null)
    // A second tap in another tab that shows the same basket.
    if (twice) this.tryToStore(this.anyPage(), id, 'registration', TEMPLATES[template] ?? null)
  }

  private enqueue(page: Page, kind: EntryKind, receipt: Receipt | null): string {
    const id = `e${this.sales.size}`
    this.sales.set(id, 'asked')
    this.tryToStore(page, id, kind, receipt)
    return id
  }

  private tryToStore(page: Page, id: string, kind: EntryKind, receipt: Receipt | null): void {
    const draft = this.draftOf(id, kind, receipt)
    this.inPage(page, () => {
      this.note(`${page.tab.name}: ${kind} ${id}`)
      this.owe(page, `enqueue ${id}`, page.service.enqueue(id, draft)).then(
        ({ kind: result, entry }) => {
          this.note(`${page.tab.name}: ${id} is ${result} as ${entry.mark}`)
          if (result === 'conflict') this.find('lost', `${id} is another operation`)
          this.sales.set(id, 'stored')
        },
        () => this.later(() => this.tryToStore(this.anyPage(), id, kind, receipt)),
      )
    })
  }

  private sellTwo(page: Page): void {
    const ids = [`e${this.sales.size}`, `e${this.sales.size + 1}`]
    for (const id of ids) this.sales.set(id, 'asked')
    const attempt = (at: Page): void =>
      this.inPage(at, () => {
        const both = ids.map((id, index) => ({
          id,
          build: this.draftOf(id, 'registration', TEMPLATES[index] ?? null),
        }))
        this.owe(at, `enqueueAll ${ids.join()}`, at.service.enqueueAll(both)).then(
          () => ids.forEach((id) => this.sales.set(id, 'stored')),
          () => this.later(() => attempt(this.anyPage())),
        )
      })
    attempt(page)
  }

  /** Whoever was told that it failed tries again; the tab may be gone by then. */
  private later(run: () => void): void {
    this.browser.post(null, RETRY_MS, run)
  }

  private draftOf(id: string, kind: EntryKind, receipt: Receipt | null): (place: { mark: string }) => EntryDraft {
    const shift = this.wire.device.state.shifts.at(-1)
    const createdAtMs = this.wallMs()
    return ({ mark }) => ({
      id,
      deviceId: DEVICE,
      kind,
      request: receipt ? encodeRegistration(receipt, { mark }) : bytesOf(kind),
      receipt,
      amount: receipt?.total ?? (kind === 'withdrawal' ? WITHDRAWAL : DEPOSIT),
      cashier: 'Aliya',
      createdAtMs,
      shift: kind === 'zReport' && shift?.closedMs === 0 ? shift.id : null,
      bank: null,
    })
  }

  private typeKey(page: Page, key: string): void {
    const sinceMs = this.browser.nowMs
    const known = this.core.data.devices.get(DEVICE)?.key ?? null
    this.note(`${page.tab.name}: key ${key} is typed`)
    this.owe(page, 'provideKey', page.service.provideKey(key)).then(
      (result) => {
        this.note(`${page.tab.name}: key ${key} is ${result}`)
        const stored = known === key || this.keysStored.some((one) => one.key === key && one.atMs >= sinceMs)
        if (result === 'accepted' && !stored) this.find('lost', `key ${key} is called accepted and isn't stored`)
      },
      () => undefined,
    )
  }

  /** The person in front of a tab answers what its screen asks. */
  private answerSomething(page: Page): void {
    const view = page.service.snapshot()
    if (view === null) return
    const entry = view.open.find(({ question, state }) => question !== null || state === 'refused')
    const asked = view.device.question ?? entry?.question ?? null
    if (asked === null) return
    if (asked.question.kind === 'decide') return entry && this.giveUp(page, entry)
    const answer = answerOf(this.answerer, asked, view.device.question === null ? (entry ?? null) : null)
    if (answer === null) return
    this.note(`${page.tab.name}: person: ${asked.question.kind} -> ${JSON.stringify(answer)}`)
    page.service.answer(asked.id, answer)
  }

  private giveUp(page: Page, entry: Entry): void {
    const how = { kind: 'writtenOff', reason: 'simulated', atMs: this.wallMs() } as const
    this.owe(page, `resolve ${entry.id}`, page.service.resolve(entry.id, how)).catch(() => undefined)
  }

  private readonly answerer = {
    currentKey: () => this.wire.device.currentKey(),
    typesWrongKey: () => (!this.calm && this.person.chance(0.1) ? String(10_000_000 + this.person.below(9e7)) : null),
    putsRight: () => this.person.chance(0.5),
    triesCardAgain: () => false,
    repair: () => this.wire.repair(),
    executions: () => this.wire.executions,
    bank: () => null,
    rivalLeaves: () => undefined,
  }

  private becomeCalm(): void {
    this.note('---- from here on nothing fails any more')
    this.calm = true
    this.wire.offUntilMs = 0
    this.storage.offUntilMs = 0
    this.wire.repair()
    for (const { tab } of this.pages) {
      tab.timerStepMs = 0
      if (tab.state === 'frozen' && !this.plan.frozenForGood) this.thaw(tab)
    }
    // Somebody comes to the till and looks at one of its tabs.
    const page = this.anyPage()
    this.inPage(page, () => page.service.retryNow())
  }

  // The end

  async run(): Promise<void> {
    const endMs = this.plan.calmFromMs + REST_WITHIN_MS
    let restSinceMs: number | null = null
    while (this.findings.length === 0) {
      this.tasks += 1
      if (this.tasks > TASK_LIMIT || this.browser.nowMs >= endMs) {
        this.stuck()
        return
      }
      if (this.browser.nowMs >= this.nextAnswerMs) {
        this.nextAnswerMs = this.browser.nowMs + 2_000 + this.person.below(20_000)
        const running = this.running()
        const page = running.length === 0 ? null : this.person.pick(running)
        if (page) this.inPage(page, () => this.answerSomething(page))
      }
      restSinceMs = this.isAtRest() ? (restSinceMs ?? this.browser.nowMs) : null
      const quietMs = this.browser.nowMs - Math.max(restSinceMs ?? Infinity, this.wokeMs)
      if (quietMs >= LAST_WORD_MS) {
        this.checkRest()
        return
      }
      await this.browser.step(Math.max(this.browser.nowMs, Math.min(endMs, this.nextAnswerMs)))
    }
  }

  private isAtRest(): boolean {
    if (!this.calm || this.eventsLeft > 0) return false
    if (this.alive().some(({ owed }) => owed.size > 0)) return false
    return this.core.load(DEVICE)?.open.length === 0 && this.core.data.devices.get(DEVICE)?.question === null
  }

  private stuck(): void {
    const { device, open } = this.core.load(DEVICE) ?? { device: null, open: [] }
    const states = open.map((entry) => `${entry.mark} ${entry.kind} ${entry.state}${asks(entry.question)}`)
    const owed = this.alive().flatMap(({ tab, owed: promises }) =>
      [...promises.values()].map((what) => `${tab.name} never settles ${what}`),
    )
    this.find('stuck', `I7 ${[...states, ...owed].join('; ')}${asks(device?.question ?? null)}`)
  }

  private checkRest(): void {
    for (const [id, state] of this.sales) {
      const entry = this.core.data.entries.get(id)
      if (entry === undefined && state === 'stored') this.find('lost', `I1 ${id} is not stored any more`)
      if (entry !== undefined) this.checkEntry(entry)
    }
    const ours = this.wire.device.ledger().filter((one) => one.number > 0 && one.footer !== null)
    const marks = new Set([...this.core.data.entries.values()].map(({ mark }) => mark))
    for (const document of ours) {
      const mark = /A-\d{4}/.exec(document.footer ?? '')?.[0] ?? ''
      if (!marks.has(mark)) this.find('misattributed', `document ${document.number} is of no entry`)
    }
    const { device, open } = this.core.load(DEVICE) ?? { device: null, open: [] }
    for (const { tab, service, storage } of this.running()) {
      const view = service.snapshot()
      const shown = JSON.stringify([
        view?.device.key,
        view?.device.bound,
        view?.open.map(({ id, state }) => [id, state]),
      ])
      const real = JSON.stringify([device?.key, device?.bound, open.map(({ id, state }) => [id, state])])
      if (shown !== real) this.find('stuck', `${tab.name} shows ${shown}, stored is ${real}`)
      if (service.sending() !== null)
        this.find('stuck', `${tab.name} says that ${service.sending() ?? ''} is on the wire`)
      if (service.silentUntilMs() !== null) this.find('stuck', `${tab.name} waits for a tab that doesn't react`)
      if (storage !== null) this.find('stuck', `${tab.name} says that the storage fails: ${String(storage)}`)
    }
  }

  private checkEntry(entry: Entry): void {
    const mine = this.wire.executions.filter((one) => one.entryId === entry.id && one.document.number > 0)
    const ledger = this.wire.device.ledger().filter((one) => one.footer?.includes(entry.mark) === true)
    if (entry.kind === 'registration') {
      const wanted = entry.state === 'done' ? 1 : 0
      if (ledger.length > 1) this.find('duplicated', `I2 ${entry.mark} is ${ledger.length} documents`)
      if (ledger.length < wanted) this.find('lost', `I1 ${entry.mark} is done without a document`)
      if (ledger.length > wanted) this.find('lost', `I1 ${entry.mark} is ${entry.state} but registered`)
      const [document] = ledger
      if (!document || wanted === 0) return
      if (document.number !== entry.number) {
        this.find('misattributed', `I3 ${entry.mark}: ${String(entry.number)} for ${document.number}`)
      }
      if (document.totalTiyn !== entry.receipt?.total || document.kind !== entry.receipt.kind) {
        this.find('misattributed', `${entry.mark} has another content on paper`)
      }
    } else if (entry.kind === 'deposit' || entry.kind === 'withdrawal') {
      const done = entry.state === 'done' ? 1 : 0
      const own = mine.filter((one) => one.document.kind === entry.kind).length
      if (own !== done) this.find(own > done ? 'duplicated' : 'lost', `I1 ${entry.mark}: ${own} times, ${entry.state}`)
    }
  }
}

function asks(asked: AskedQuestion | null): string {
  return asked === null ? '' : ` asks ${asked.question.kind}`
}

function bytesOf(kind: EntryKind): FrozenRequest | null {
  if (kind === 'deposit') return depositRequest(DEPOSIT)
  if (kind === 'withdrawal') return withdrawalRequest(WITHDRAWAL)
  return kind === 'xReport' ? xReportRequest() : null
}

/** Runs the day of one seed to its rest, or to the first violation. */
export async function runTabs(seed: number, options: { readonly trace?: boolean } = {}): Promise<TabsResult> {
  const day = new Day(seed, options.trace === true)
  await day.run()
  const { findings, requests, faults, tasks, trace } = day
  return { findings, entries: day.sales.size, requests, faults, tasks, trace }
}
