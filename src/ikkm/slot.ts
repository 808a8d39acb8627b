/**
 * The right to talk to the device, held for one request at a time. The document counts one request a second over
 * everything (source 004, chapter 3), so all tabs of the terminal share one slot and one "not before".
 */

/** When the next request may start, in ms of the wall clock; shared by everybody who may hold the slot. */
export interface NextStart {
  read(): number | null
  write(atMs: number): void
}

export interface Slot {
  /** Waits for the slot, runs `work` alone, frees the slot. Rejects only when `work` does or the slot is broken. */
  hold<T>(work: (nextStart: NextStart) => Promise<T>): Promise<T>
}

/** Keeps the next start in `localStorage` or anything like it; where that fails, in this page's memory. */
export function storedNextStart(storage: Pick<Storage, 'getItem' | 'setItem'>, name: string): NextStart {
  let here: number | null = null
  return {
    read() {
      try {
        const text = storage.getItem(name)
        const there = text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
        return there === null ? here : Math.max(there, here ?? 0)
      } catch {
        return here
      }
    },
    write(atMs) {
      here = atMs
      try {
        storage.setItem(name, String(Math.ceil(atMs)))
      } catch {
        // A full or forbidden storage must not stop the till: pacing then holds within this page.
      }
    },
  }
}

/** A slot for one page alone: tests, and pages without Web Locks. */
export function pageSlot(): Slot {
  let at: number | null = null
  const nextStart: NextStart = { read: () => at, write: (value) => (at = value) }
  let last: Promise<unknown> = Promise.resolve()
  return {
    hold(work) {
      const turn = last.then(() => work(nextStart))
      last = turn.catch(() => undefined)
      return turn
    },
  }
}

/** Longer than any request lasts (a Z report over the relay): whoever holds the slot longer is frozen by the browser. */
export const SLOT_PATIENCE_MS = 100_000

export interface WebSlotOptions {
  readonly locks: Pick<LockManager, 'request'>
  readonly name: string
  readonly nextStart: NextStart
  /** After this many ms of waiting the slot is taken from its holder. */
  readonly patienceMs?: number
}

/** A slot over all tabs: a Web Lock held for one request, and a shared next start. */
export function webSlot({ locks, name, nextStart, patienceMs = SLOT_PATIENCE_MS }: WebSlotOptions): Slot {
  return {
    async hold<T>(work: (nextStart: NextStart) => Promise<T>): Promise<T> {
      let running: Promise<T> | undefined
      const run = (): Promise<T> => (running = work(nextStart))
      const patience = AbortSignal.timeout(patienceMs)
      try {
        return await locks.request(name, { signal: patience }, run)
      } catch (error) {
        // A lock that another tab took over ends the lock, not the request under way.
        if (running !== undefined) return running
        if (!patience.aborted) throw error
      }
      try {
        return await locks.request(name, { steal: true }, run)
      } catch (error) {
        if (running !== undefined) return running
        throw error
      }
    },
  }
}
