/** Several tabs of one terminal in virtual time: locks, channel, timers and deaths as a browser does them. */
import type { DeviceAnswer, DeviceRequest } from '../../../contract/device.ts'
import { tiyn } from '../../../domain/money.ts'
import { encodeRegistration } from '../../../ikkm/codec.ts'
import { itemRow, receipt } from '../../../ikkm/testing/receipts.ts'
import type { RareSteps } from '../../effects.ts'
import { MemoryStore, newMemoryData, type MemoryData } from '../../memory-store.ts'
import * as rareSteps from '../../rare-steps.ts'
import type { EnqueueResult, QueueStore } from '../../store.ts'
import { newDeviceRecord, type Entry, type EntryDraft } from '../../types.ts'
import { createQueueService, type ChannelLike, type LocksLike, type QueueService } from '../service.ts'

export const DEVICE_ID = 'till'

interface Timer {
  readonly atMs: number
  readonly tab: string
  readonly run: () => void
}

interface Waiter {
  readonly tab: string
  readonly grant: () => void
}

/** What stood on the wire. */
export interface Sent {
  readonly atMs: number
  readonly tab: string
  readonly request: DeviceRequest
}

export interface WorldOptions {
  /** The device; null is silence. */
  readonly answer: (request: DeviceRequest, nowMs: number) => DeviceAnswer
  readonly key: string
  /** How long an exchange takes, in ms. */
  readonly latencyMs?: number
  /** Default: false. */
  readonly hostLockWanted?: boolean
}

/** One browser with tabs; time passes only in `advance`. */
export class World {
  nowMs = 1_800_000_000_000
  readonly data: MemoryData = newMemoryData()
  readonly store = new MemoryStore(this.data)
  readonly sent: Sent[] = []
  /** While set, exchanges wait for their turn. */
  turnIsBlocked = false
  private timers: Timer[] = []
  private readonly frozen = new Set<string>()
  private readonly dead = new Set<string>()
  private readonly channels = new Map<string, ChannelLike>()
  private held: { tab: string; lose: (error: Error) => void } | null = null
  private waiters: Waiter[] = []

  constructor(private readonly options: WorldOptions) {
    this.store.core.createDevice(
      newDeviceRecord({
        id: DEVICE_ID,
        key: options.key,
        trackPrefix: 1,
        hostLockWanted: options.hostLockWanted ?? false,
      }),
    )
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let round = 0; round < 12; round += 1) await new Promise((resolve) => setImmediate(resolve))
  }

  async advance(ms: number): Promise<void> {
    const end = this.nowMs + ms
    await this.settle()
    for (let steps = 0; steps < 10_000; steps += 1) {
      const next = this.timers
        .filter((timer) => !this.frozen.has(timer.tab) && timer.atMs <= end)
        .sort((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      this.timers.splice(this.timers.indexOf(next), 1)
      this.nowMs = Math.max(this.nowMs, next.atMs)
      if (!this.dead.has(next.tab)) next.run()
      await this.settle()
    }
    this.nowMs = end
  }

  timerFor(tab: string): (run: () => void, ms: number) => () => void {
    return (run, ms) => {
      const timer = { atMs: this.nowMs + ms, tab, run }
      this.timers.push(timer)
      return () => {
        this.timers = this.timers.filter((other) => other !== timer)
      }
    }
  }

  /** The tab is gone without a word: the browser frees its lock. */
  kill(tab: string): void {
    this.dead.add(tab)
    this.channels.delete(tab)
    this.waiters = this.waiters.filter((waiter) => waiter.tab !== tab)
    if (this.held?.tab === tab) this.release()
  }

  /** The browser freezes the tab: it keeps its lock, and nothing of it runs. */
  freeze(tab: string): void {
    this.frozen.add(tab)
  }

  thaw(tab: string): void {
    this.frozen.delete(tab)
  }

  holder(): string | null {
    return this.held?.tab ?? null
  }

  private release(): void {
    this.held = null
    this.waiters.shift()?.grant()
  }

  private locksFor(tab: string): LocksLike {
    return {
      request: <T>(_name: string, options: { steal?: boolean; signal?: AbortSignal }, work: () => Promise<T>) =>
        new Promise<T>((resolve, reject) => {
          const grant = (): void => {
            const mine = { tab, lose: reject }
            this.held = mine
            void work().then(
              (value) => {
                if (this.held === mine) this.release()
                resolve(value)
              },
              (error: unknown) => {
                if (this.held === mine) this.release()
                reject(error)
              },
            )
          }
          if (options.steal === true) {
            const robbed = this.held
            grant()
            if (robbed !== null) {
              this.timerFor(robbed.tab)(() => robbed.lose(new DOMException('stolen', 'AbortError')), 0)
            }
            return
          }
          if (this.held === null) {
            grant()
            return
          }
          const waiter = { tab, grant }
          this.waiters.push(waiter)
          options.signal?.addEventListener('abort', () => {
            if (!this.waiters.includes(waiter)) return
            this.waiters = this.waiters.filter((other) => other !== waiter)
            reject(new DOMException('aborted', 'AbortError'))
          })
        }),
    }
  }

  private channelFor(tab: string): ChannelLike {
    const channel: ChannelLike = {
      onmessage: null,
      postMessage: (message) => {
        for (const [other, target] of this.channels) {
          if (other !== tab) this.timerFor(other)(() => target.onmessage?.({ data: structuredClone(message) }), 0)
        }
      },
    }
    this.channels.set(tab, channel)
    return channel
  }

  /** One exchange in its turn, as `compose/terminal.ts` builds it over the paced client. */
  private exchangeFor(tab: string) {
    const setTimer = this.timerFor(tab)
    const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimer(resolve, ms))
    return async (request: DeviceRequest, { mayStart }: { readonly mayStart: () => boolean }) => {
      while (this.turnIsBlocked) await wait(1_000)
      if (!mayStart()) return null
      this.sent.push({ atMs: this.nowMs, tab, request })
      const answer = this.options.answer(request, this.nowMs)
      await wait(this.options.latencyMs ?? 10)
      return answer
    }
  }

  /** Opens a tab; `without` leaves out what some browsers lack. */
  open(
    tab: string,
    options: {
      readonly store?: QueueStore
      readonly without?: 'locks'
      readonly onStorage?: (error: unknown) => void
      readonly loadSteps?: () => Promise<RareSteps>
    } = {},
  ): QueueService {
    return createQueueService({
      store: options.store ?? this.store,
      deviceId: DEVICE_ID,
      holder: tab,
      exchange: this.exchangeFor(tab),
      locks: options.without === 'locks' ? null : this.locksFor(tab),
      channel: this.channelFor(tab),
      loadSteps: options.loadSteps ?? (() => Promise.resolve(rareSteps)),
      clock: { wall: () => this.nowMs, mono: () => this.nowMs },
      chance: () => 0.5,
      setTimer: this.timerFor(tab),
      onStorage: options.onStorage ?? (() => undefined),
    })
  }

  /** Enqueues a sale of one coffee; a moment passes until the tab goes on. */
  async sell(tab: QueueService, id: string): Promise<EnqueueResult> {
    const result = tab.enqueue(id, saleDraft(id, this.nowMs))
    result.catch(() => undefined)
    await this.advance(100)
    return result
  }

  entry(id: string): Entry | undefined {
    return this.data.entries.get(id)
  }

  /** Registrations on the wire, and who sent them. */
  registrations(): readonly Sent[] {
    return this.sent.filter((one) => one.request.path === '/api/')
  }
}

/** A sale of one coffee, frozen for the queue. */
export function saleDraft(id: string, nowMs: number): (place: { readonly mark: string }) => EntryDraft {
  const sale = receipt({
    total: tiyn(80_000),
    payments: { cash: tiyn(80_000) },
    change: tiyn(0),
    rows: [itemRow('Кофе', 80_000)],
  })
  return ({ mark }) => ({
    id,
    deviceId: DEVICE_ID,
    kind: 'registration',
    request: encodeRegistration(sale, { mark, language: 'ru' }),
    receipt: sale,
    amount: sale.total,
    cashier: 'Aliya',
    createdAtMs: nowMs,
    shift: null,
    bank: null,
  })
}
