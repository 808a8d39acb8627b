/**
 * Which till writes to a register of the relay. Behind one relay all tills have one address, so the register's own host
 * lock can't tell them apart: the relay lets one till at a time through, and the others hear who has it.
 *
 * - The first till that works with a register holds it, until a person hands it to another one. It never runs out by
 *   itself: however long a till is silent, its last request may have been lost on the way back and its receipts wait.
 * - Each holding has a random `term`. Who sends with a former term has looked at the register before somebody else wrote
 *   there: refused, so that it looks again.
 * - It isn't handed on while a request of the holder may still be executed: until its answer, and without one until
 *   `D_MAX_MS` after it left (assumption A2 of `src/queue/types.ts`).
 *
 * Kept in the state folder: a restart doesn't change who holds a register.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { parseJson } from '../src/contract/json.ts'
import { D_MAX_MS } from '../src/contract/device.ts'
import { onlyLooks, type LeaseView, type RelayRequest } from '../src/contract/relay.ts'
import { writePrivateFile } from './kept-token.ts'
import { silentLogger, type Logger } from './log.ts'

const FILE = 'register-leases.json'
/** The last use is written at most this often, ms: it is for people to read. */
const WRITE_EVERY_MS = 60_000

/** Who asks: a till's own id, else its token's, else this machine; and the letters in its marks, where it tells them. */
export interface LeaseCaller {
  readonly till: string
  readonly letters: string | null
}

const heldSchema = v.object({
  till: v.string(),
  letters: v.nullable(v.string()),
  term: v.string(),
  /** ms since 1970. */
  sinceMs: v.number(),
  lastUseMs: v.number(),
})
type Held = v.InferOutput<typeof heldSchema>

const storedSchema = v.object({
  /** The process ended with every request answered, and none has left since. */
  quiet: v.boolean(),
  /** By the register's origin: two names of one register are one register. */
  registers: v.record(v.string(), heldSchema),
})

/** What became of an admitted request: `perhaps` without a verdict of the register. */
export type Ending = 'answered' | 'never' | 'perhaps'

export interface Admitted {
  readonly kind: 'admitted'
  /** Null for a look that needs no lease. */
  readonly term: string | null
  /** The whole request has left; time counts from here. */
  sent(): void
  end(how: Ending): void
}

export type Admission =
  | Admitted
  /** Another till holds the register, or it was handed on since the caller's look. Nothing is sent. */
  | { readonly kind: 'held' | 'changed'; readonly lease: LeaseView }

export type TakeOver =
  | { readonly kind: 'taken'; readonly lease: LeaseView }
  /** A request of the holder may still be executed; `lease.busyMs` says how long. */
  | { readonly kind: 'busy'; readonly lease: LeaseView }
  /** Somebody else took it since the person looked. */
  | { readonly kind: 'held'; readonly lease: LeaseView }
  /** The state folder can't be written: after a restart the former holder would come back. */
  | { readonly kind: 'notKept' }

export interface RegisterLeases {
  /** Lets a request to the register at `origin` through, or says who holds it. The first one takes a free register. */
  admit(origin: string, caller: LeaseCaller, request: RelayRequest): Admission
  view(origin: string, till: string): LeaseView
  /** A person's deliberate act; `seenTerm` is the holding that they saw, null for a free register. */
  takeOver(origin: string, caller: LeaseCaller, seenTerm: string | null): TakeOver
  /** The process ends. Call when no request is under way any more, if that can be waited for. */
  close(): void
}

interface UnderWay {
  /** When the request left, by the clock that never jumps; null while it may still leave or be answered. */
  sentAt: number | null
}

export interface LeaseOptions {
  readonly stateDir: string
  readonly logger?: Logger
  /** ms since 1970. */
  readonly now?: () => number
  /** ms, never jumps. */
  readonly mono?: () => number
}

function readStored(path: string): v.InferOutput<typeof storedSchema> {
  try {
    return v.parse(storedSchema, parseJson(readFileSync(path, 'utf8')))
  } catch {
    // Not there yet, or damaged: the next till that works with a register holds it under a new term.
    return { quiet: true, registers: {} }
  }
}

/** Reads what the state folder holds. A folder that can't be written makes leases of this run only, and hands none on. */
export function createRegisterLeases(options: LeaseOptions): RegisterLeases {
  const { stateDir, logger = silentLogger, now = Date.now, mono = () => performance.now() } = options
  const path = join(stateDir, FILE)
  const stored = readStored(path)
  const held = new Map(Object.entries(stored.registers))
  const underWay = new Map<string, Set<UnderWay>>()
  const startedAt = mono()
  /** Registers whose holder may have a request under way that an earlier process sent. */
  const unsure = new Set(stored.quiet ? [] : held.keys())
  /** What the file says; null where it says nothing to rely on. */
  let writtenQuiet: boolean | null = stored.quiet
  let writtenAt = -Infinity

  function write(registers: ReadonlyMap<string, Held>, quiet: boolean): boolean {
    try {
      writePrivateFile(path, `${JSON.stringify({ quiet, registers: Object.fromEntries(registers) }, null, 1)}\n`)
      writtenQuiet = quiet
      writtenAt = mono()
      return true
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      logger.log('warn', 'register-lease-not-kept', { stateDir, code })
      return false
    }
  }

  /** Ms until nothing of the holder can be executed any more. */
  function busyMs(origin: string): number {
    const at = mono()
    let left = unsure.has(origin) ? startedAt + D_MAX_MS - at : 0
    const requests = underWay.get(origin) ?? new Set()
    for (const request of requests) {
      const until = (request.sentAt ?? at) + D_MAX_MS
      if (until <= at) requests.delete(request)
      else left = Math.max(left, until - at)
    }
    if (left <= 0) unsure.delete(origin)
    return Math.max(0, Math.ceil(left))
  }

  function view(origin: string, till: string): LeaseView {
    const holder = held.get(origin)
    return {
      holder:
        holder === undefined
          ? null
          : { letters: holder.letters, sinceMs: holder.sinceMs, lastUseMs: holder.lastUseMs, term: holder.term },
      mine: holder?.till === till,
      busyMs: busyMs(origin),
      atMs: now(),
    }
  }

  function holding({ till, letters }: LeaseCaller): Held {
    return { till, letters, term: randomUUID(), sinceMs: now(), lastUseMs: now() }
  }

  /** Who holds the register: the caller where nobody did. On the disk before anything leaves. */
  function holderFor(origin: string, caller: LeaseCaller): Held {
    const known = held.get(origin)
    if (known !== undefined) return known
    const first = holding(caller)
    held.set(origin, first)
    write(held, false)
    return first
  }

  /** The holder works. Before its request leaves the file stops calling this process quiet: it may die any moment. */
  function noteUse(origin: string, holder: Held, letters: string | null): void {
    held.set(origin, { ...holder, letters: letters ?? holder.letters, lastUseMs: now() })
    if (writtenQuiet !== false) write(held, false)
  }

  function follow(origin: string): Pick<Admitted, 'sent' | 'end'> {
    const request: UnderWay = { sentAt: null }
    const requests = underWay.get(origin) ?? new Set()
    requests.add(request)
    underWay.set(origin, requests)
    return {
      sent() {
        request.sentAt ??= mono()
      },
      end(how) {
        if (how === 'perhaps') request.sentAt ??= mono()
        else requests.delete(request)
        // After the answer: a slow disk holds up no receipt.
        if (mono() - writtenAt >= WRITE_EVERY_MS) write(held, false)
      },
    }
  }

  const UNCOUNTED = { sent: () => undefined, end: () => undefined }

  return {
    view,
    admit(origin, caller, request) {
      const ask = request.lease
      const looks = onlyLooks(request)
      if (looks && ask?.use !== 'work') return { kind: 'admitted', term: null, ...UNCOUNTED }
      const holder = holderFor(origin, caller)
      if (holder.till !== caller.till) return { kind: 'held', lease: view(origin, caller.till) }
      const known = ask?.term ?? null
      if (known !== null && known !== holder.term) return { kind: 'changed', lease: view(origin, caller.till) }
      noteUse(origin, holder, caller.letters)
      // A look that is executed late changes nothing: it holds nobody up.
      return { kind: 'admitted', term: holder.term, ...(looks ? UNCOUNTED : follow(origin)) }
    },
    takeOver(origin, caller, seenTerm) {
      const holder = held.get(origin)
      if (holder?.till === caller.till) return { kind: 'taken', lease: view(origin, caller.till) }
      if ((holder?.term ?? null) !== seenTerm) return { kind: 'held', lease: view(origin, caller.till) }
      if (busyMs(origin) > 0) return { kind: 'busy', lease: view(origin, caller.till) }
      // On the disk first: a former holder that came back with a restart would go on with what it read before.
      const next = new Map(held).set(origin, holding(caller))
      if (!write(next, false)) return { kind: 'notKept' }
      held.set(origin, next.get(origin) ?? holding(caller))
      logger.log('info', 'register-taken-over', { from: holder?.letters ?? '', to: caller.letters ?? '' })
      return { kind: 'taken', lease: view(origin, caller.till) }
    },
    close() {
      if (held.size === 0) return
      write(
        held,
        [...held.keys()].every((origin) => busyMs(origin) === 0),
      )
    },
  }
}
