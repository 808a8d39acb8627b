/**
 * A browser with several tabs in virtual time: what its tasks, timers, Web Locks, BroadcastChannel and storage may do to
 * a page. Nothing here knows of the queue. One task at a time; whatever a page does without waiting for the browser
 * (its promises) happens wholly within the task that began it.
 */
import type { Random } from '../../../src/device-model/random.ts'
import type { ChannelLike, LocksLike } from '../../../src/queue/runner/service.ts'

export type TabState = 'running' | 'frozen' | 'dead'

interface Task {
  readonly atMs: number
  /** Null: of the browser or of the world, which no page can hold up. */
  readonly tab: Tab | null
  readonly run: () => void
  cancelled: boolean
}

export class Tab {
  state: TabState = 'running'
  /** Timers of a page in the background come in steps of so many ms; 0 for one that is seen. */
  timerStepMs = 0
  /** What came due while it was frozen, in its order. */
  readonly parked: Task[] = []
  constructor(readonly name: string) {}
}

interface LockRequest {
  readonly tab: Tab
  readonly name: string
  /** `granted`: by the browser; the page hasn't heard of it yet. */
  state: 'waiting' | 'granted' | 'running' | 'aborted' | 'ended'
  readonly enter: () => void
  readonly lose: () => void
}

const abortError = (why: string): DOMException => new DOMException(why, 'AbortError')

/** Everything that a page has queued without waiting runs before this resolves. */
const pageIsIdle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export class Browser {
  nowMs = 0
  readonly tabs: Tab[] = []
  /** Called after each task of a page: a place to die or to freeze. */
  afterTask: (tab: Tab) => void = () => undefined
  /** How long the next message, lock or transaction is under way, in ms from 0 to this, by chance. */
  delayMs = 5
  /** Messages that reach a frozen page are thrown away instead of kept. */
  forgetsMessages: () => boolean = () => false
  /** Called when a lock is taken from a tab. */
  onTheft: (robbed: Tab) => void = () => undefined
  private readonly tasks: Task[] = []
  private readonly holders = new Map<string, LockRequest>()
  private readonly queues = new Map<string, LockRequest[]>()
  private readonly ports = new Map<Tab, ChannelLike>()
  /** When the last message from one tab to another arrives: they never overtake each other. */
  private readonly lastMessage = new Map<string, number>()
  private readonly chance: Random

  constructor(chance: Random) {
    this.chance = chance
  }

  open(name: string): Tab {
    const tab = new Tab(name)
    this.tabs.push(tab)
    return tab
  }

  running(): Tab[] {
    return this.tabs.filter((tab) => tab.state === 'running')
  }

  /** Lets `run` happen in `afterMs`, in the order of time and, at one moment, of posting. */
  post(tab: Tab | null, afterMs: number, run: () => void): () => void {
    const task: Task = { atMs: this.nowMs + Math.max(0, afterMs), tab, run, cancelled: false }
    let index = this.tasks.length
    while (index > 0 && (this.tasks[index - 1]?.atMs ?? 0) > task.atMs) index -= 1
    this.tasks.splice(index, 0, task)
    return () => {
      task.cancelled = true
    }
  }

  /** Does what is due next, up to `untilMs`; false where nothing is. */
  async step(untilMs: number): Promise<boolean> {
    const task = this.tasks[0]
    if (task === undefined || task.atMs > untilMs) {
      this.nowMs = untilMs
      return false
    }
    this.tasks.shift()
    this.nowMs = Math.max(this.nowMs, task.atMs)
    const { tab } = task
    if (task.cancelled || tab?.state === 'dead') return true
    if (tab?.state === 'frozen') {
      tab.parked.push(task)
      return true
    }
    task.run()
    if (tab === null) return true
    await pageIsIdle()
    this.afterTask(tab)
    return true
  }

  freeze(tab: Tab): void {
    if (tab.state === 'running') tab.state = 'frozen'
  }

  /** What waited for it comes now, in the order in which it would have come. */
  thaw(tab: Tab): void {
    if (tab.state !== 'frozen') return
    tab.state = 'running'
    for (const task of tab.parked.splice(0)) {
      const cancel = this.post(tab, 0, () => {
        if (!task.cancelled) task.run()
      })
      if (task.cancelled) cancel()
    }
  }

  /** Gone without a word: its locks are free, and nobody hears what it still waited for. */
  kill(tab: Tab): void {
    if (tab.state === 'dead') return
    tab.state = 'dead'
    this.ports.delete(tab)
    for (const queue of this.queues.values()) {
      for (const request of queue.filter((one) => one.tab === tab)) queue.splice(queue.indexOf(request), 1)
    }
    for (const [name, holder] of this.holders) if (holder.tab === tab) this.release(name, holder)
  }

  /** A page's `setTimeout`. */
  timerOf(tab: Tab): (run: () => void, ms: number) => () => void {
    return (run, ms) => {
      const step = tab.timerStepMs
      const dueMs = this.nowMs + Math.max(0, ms)
      const atMs = step > 0 ? Math.ceil(dueMs / step) * step : dueMs
      return this.post(tab, atMs - this.nowMs, run)
    }
  }

  private someMs(): number {
    return this.chance.below(this.delayMs + 1)
  }

  holderOf(name: string): Tab | null {
    return this.holders.get(name)?.tab ?? null
  }

  private release(name: string, request: LockRequest): void {
    if (this.holders.get(name) !== request) return
    this.holders.delete(name)
    this.grantNext(name)
  }

  private grantNext(name: string): void {
    if (this.holders.has(name)) return
    const next = this.queues.get(name)?.shift()
    if (next !== undefined) this.grant(next)
  }

  private grant(request: LockRequest): void {
    this.holders.set(request.name, request)
    request.state = 'granted'
    this.post(request.tab, 0, request.enter)
  }

  private arrives(request: LockRequest, steal: boolean): void {
    if (request.tab.state === 'dead' || request.state !== 'waiting') return
    const { name } = request
    if (steal) {
      const robbed = this.holders.get(name)
      if (robbed !== undefined) {
        this.holders.delete(name)
        this.onTheft(robbed.tab)
        this.post(robbed.tab, 0, robbed.lose)
      }
      return void this.grant(request)
    }
    const queue = this.queues.get(name) ?? []
    this.queues.set(name, queue)
    queue.push(request)
    this.grantNext(name)
  }

  /** A page's `navigator.locks`. */
  locksOf(tab: Tab): LocksLike {
    return {
      request: <T>(name: string, options: { steal?: boolean; signal?: AbortSignal }, work: () => Promise<T>) =>
        new Promise<T>((resolve, reject) => {
          const { signal } = options
          if (signal?.aborted === true) return void reject(abortError('aborted'))
          const request: LockRequest = {
            tab,
            name,
            state: 'waiting',
            enter: () => {
              if (request.state === 'aborted') return void this.leave(request)
              request.state = 'running'
              void work().then(
                (value) => {
                  this.leave(request)
                  resolve(value)
                },
                (error: unknown) => {
                  this.leave(request)
                  reject(error)
                },
              )
            },
            lose: () => reject(abortError('stolen')),
          }
          signal?.addEventListener('abort', () => {
            if (request.state !== 'waiting' && request.state !== 'granted') return
            request.state = 'aborted'
            reject(abortError('aborted'))
            this.post(null, this.someMs(), () => {
              const queue = this.queues.get(name)
              if (queue?.includes(request)) queue.splice(queue.indexOf(request), 1)
            })
          })
          this.post(null, this.someMs(), () => this.arrives(request, options.steal === true))
        }),
    }
  }

  private leave(request: LockRequest): void {
    request.state = 'ended'
    this.post(null, this.someMs(), () => this.release(request.name, request))
  }

  /** A page's `BroadcastChannel`: to every other page that lives now, in order, copied. */
  channelOf(tab: Tab): ChannelLike {
    const port: ChannelLike = {
      onmessage: null,
      postMessage: (message) => {
        for (const [other, target] of this.ports) {
          if (other === tab) continue
          const copy: unknown = structuredClone(message)
          const pair = `${tab.name}>${other.name}`
          const atMs = Math.max(this.nowMs + this.someMs(), this.lastMessage.get(pair) ?? 0)
          this.lastMessage.set(pair, atMs)
          this.post(null, atMs - this.nowMs, () => {
            if (other.state === 'frozen' && this.forgetsMessages()) return
            this.post(other, 0, () => target.onmessage?.({ data: copy }))
          })
        }
      },
    }
    this.ports.set(tab, port)
    return port
  }

  /**
   * Work of a page that the browser does for it, like a transaction: `work` happens in `afterMs` whether the page is
   * frozen or not, and its outcome reaches the page later. A page that died meanwhile may have it done or not.
   */
  done<T>(tab: Tab, afterMs: number, work: () => T, evenIfDead: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      this.post(null, afterMs, () => {
        if (tab.state === 'dead' && !evenIfDead) return
        let report: () => void
        try {
          const value = work()
          report = () => resolve(value)
        } catch (error) {
          report = () => reject(error)
        }
        this.post(tab, this.someMs(), report)
      })
    })
  }
}
