/** The one store behind all tabs: serial transactions that take time, fail, and outlive the page that asked for them. */
import type { MemoryCore } from '../../../src/queue/memory-store.ts'
import type { Change, QueueStore } from '../../../src/queue/store.ts'
import type { Browser, Tab } from './browser.ts'
import type { TabFault } from './plan.ts'

export interface StoredParts {
  readonly browser: Browser
  readonly core: MemoryCore
  readonly hits: (fault: TabFault) => boolean
  readonly someMs: () => number
  readonly coin: () => boolean
  readonly note: (text: string) => void
  /** After something was written. */
  readonly written: (change: Change | null) => void
  /** After an entry of this tab is there. */
  readonly enqueued: (tab: Tab) => void
}

export class Storage {
  /** Every transaction fails until then. */
  offUntilMs = 0
  private readonly parts: StoredParts
  private lastMs = 0

  constructor(parts: StoredParts) {
    this.parts = parts
  }

  /** What one tab sees of it. */
  of(tab: Tab): QueueStore {
    const { core } = this.parts
    const read = <T>(name: string, work: () => T): Promise<T> => this.transact(tab, name, work, false)
    const write = <T>(name: string, work: () => T): Promise<T> => this.transact(tab, name, work, true)
    return {
      createDevice: (device) => write('createDevice', () => core.createDevice(device)),
      storeKey: (...given) => write('storeKey', () => core.storeKey(...given)),
      mergeDevice: (...given) => write('mergeDevice', () => core.mergeDevice(...given)),
      load: (id) => read('load', () => core.load(id)),
      lease: (id) => read('lease', () => core.data.leases.get(id) ?? null),
      claim: (...given) => write('claim', () => core.claim(...given)),
      commit: (id, change, epoch) =>
        write('commit', () => {
          const result = core.commit(id, change, epoch)
          if (result === 'committed') this.parts.written(change)
          else this.parts.note(`${tab.name}: superseded`)
          return result
        }),
      enqueue: (...given) => write('enqueue', () => core.enqueue(...given)),
      enqueueAll: (...given) => write('enqueueAll', () => core.enqueueAll(...given)),
      resolve: (...given) => write('resolve', () => core.resolve(...given)),
      openAtOtherRegisters: (id) => read('openAtOtherRegisters', () => core.openAtOtherRegisters(id)),
      settleAtOtherRegister: (...given) => write('settleAtOtherRegister', () => core.settleAtOtherRegister(...given)),
      entry: (id) => read('entry', () => core.data.entries.get(id) ?? null),
      registeredAs: (...given) => read('registeredAs', () => core.registeredAs(...given)),
      registeredInShift: (...given) => read('registeredInShift', () => core.registeredInShift(...given)),
    }
  }

  private transact<T>(tab: Tab, name: string, work: () => T, writes: boolean): Promise<T> {
    const { browser, hits, someMs, coin, note, written, enqueued } = this.parts
    // Serial over all tabs, in the order in which they were asked for.
    this.lastMs = Math.max(this.lastMs, browser.nowMs + someMs())
    const fails = hits('storeFails')
    const lies = writes && hits('storeLies')
    return browser.done(
      tab,
      this.lastMs - browser.nowMs,
      () => {
        if (fails || browser.nowMs < this.offUntilMs) {
          note(`${tab.name}: ${name} fails`)
          throw new DOMException('no room', 'QuotaExceededError')
        }
        const result = work()
        if (name === 'claim') note(`${tab.name}: claims`)
        if (writes) written(null)
        if (name === 'enqueue') enqueued(tab)
        if (lies) {
          note(`${tab.name}: ${name} is stored and said to have failed`)
          throw new DOMException('perhaps', 'UnknownError')
        }
        return result
      },
      writes && coin(),
    )
  }
}
