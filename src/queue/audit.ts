/** The audit of answered receipts: the shift's counters and the register's own dates against what was sent. */
import { withKey } from '../ikkm/codec.ts'
import { concernsAnyRequest } from '../ikkm/codes.ts'
import { decodeTransaction } from '../ikkm/reports.ts'
import { transactionRequest } from '../ikkm/requests.ts'
import type { Flow } from './effects.ts'
import { backOff, commit, exchange, rareSteps } from './memory.ts'
import type { Memory, Probe } from './memory.ts'
import { glance, probe, readRefused } from './probe.ts'
import { compareContent } from './content.ts'
import { learned, openedWhen, toStore } from './register-clock.ts'
import { countersProve, isOurTime } from './rules.ts'
import type { Baseline, DeviceRecord, Entry } from './types.ts'

/**
 * ACKED -> DONE where the counters prove it and the receipts were opened after our requests had left, else to
 * reconciliation. Two reads: the shift's report, and the receipt's own record, or the list for several.
 */
export function* auditBatch(memory: Memory, batch: readonly Entry[]): Flow<void> {
  const before = batch[0]?.before
  if (!before || memory.device.foreign || (before.counters === null && memory.device.reports === 'allowed')) {
    // Counters prove that a receipt exists, not whose: beside a foreign writer only the list does.
    return yield* (yield* rareSteps(memory)).reconcileAll(memory, batch)
  }
  const read = yield* look(memory, batch, before)
  if (!read) return
  const { baseline } = read
  const proven = countersProve(before, baseline, batch)
  const opened = proven ? yield* openings(memory, batch, read) : null
  if (opened === 'later') return
  const ours = opened !== null && batch.every((entry) => openedByUs(memory, entry, opened.get(entry.id) ?? null))
  if (ours) {
    for (const entry of batch) learn(memory, entry, opened.get(entry.id) ?? null)
    return yield* auditPassed(memory, batch, read, opened)
  }
  yield* doubted(memory, batch)
}

/** What the counters and dates don't prove goes to the register's own list. */
function* doubted(memory: Memory, batch: readonly Entry[]): Flow<void> {
  yield* commit(
    memory,
    null,
    ...batch.map((entry): Entry => ({ ...entry, state: 'recon', history: memory.history(entry, 'reconciling') })),
  )
}

/**
 * Those of these numbers under which other receipts of ours are proven at this register. It numbers each receipt once,
 * over all shifts and whichever record of ours it was sent by, so such a number answers no further one.
 */
export function* takenBeside(entries: readonly Entry[], numbers: readonly number[]): Flow<ReadonlySet<number>> {
  if (numbers.length === 0) return new Set()
  const resume = yield { kind: 'readNumbers', numbers }
  if (resume.kind !== 'numbers') throw new Error(`driver answered readNumbers with ${resume.kind}`)
  const own = new Set(entries.map(({ id }) => id))
  return new Set(resume.entries.flatMap(({ id, number }) => (own.has(id) || number === null ? [] : [number])))
}

/** Where the device stands after them. The answer's own number needs no second look while its shift was open before. */
function* look(memory: Memory, batch: readonly Entry[], before: Baseline): Flow<Probe | null> {
  const number = batch.at(-1)?.number ?? null
  const short = before.open && before.counters !== null && memory.device.reports === 'allowed' && !memory.needsHello
  if (number === null || !short || memory.receiptKey === 'none') return yield* probe(memory)
  const read = yield* glance(memory, number, before.shift)
  return read === 'unclear' ? yield* probe(memory) : read
}

/** Opening time by entry, the register's; absent where the device doesn't tell. Null: the list contradicts the answers. */
function* openings(
  memory: Memory,
  batch: readonly Entry[],
  read: Probe,
): Flow<ReadonlyMap<string, number | null> | null | 'later'> {
  const [only] = batch
  if (memory.device.reports === 'denied' || memory.receiptKey === 'none' || !only) return new Map()
  const number = only.number ?? read.baseline.number
  if (batch.length === 1 && memory.receiptKey !== 'list') {
    const found = yield* openingByKey(memory, only, number, read.key)
    if (found !== 'list') return found === 'later' ? found : new Map([[only.id, found.openedAt]])
  }
  const list = yield* (yield* rareSteps(memory)).readList(memory, read.key, read.baseline.shift)
  if (list.kind === 'later') return 'later'
  if (list.kind === 'unreadable') {
    // Then the last number has to be read after all.
    memory.receiptKey = 'none'
    return 'later'
  }
  const rows = list.lists.flatMap((part) => part.cheques)
  const cheques = new Map(rows.map((cheque) => [cheque.number, cheque]))
  // Somebody was quicker than our reads: no baseline for the next send.
  if ((rows.at(-1)?.number ?? 0) > (batch.at(-1)?.number ?? number)) memory.probe = null
  const opened = new Map<string, number | null>()
  for (const entry of batch) {
    // Only the last answer of a batch may lack its number: then it is the register's last one.
    const cheque = cheques.get(entry.number ?? read.baseline.number)
    if (!cheque || !entry.receipt || compareContent(entry.receipt, cheque) !== 'same') return null
    opened.set(entry.id, cheque.openedAt)
  }
  return opened
}

type ByKey = { readonly openedAt: number | null } | 'list' | 'later'

/** The record of one receipt by its web key: the one sent or the one returned, source 004 leaves it open. */
function* openingByKey(memory: Memory, entry: Entry, number: number, key: string): Flow<ByKey> {
  const names = memory.receiptKey === 'returned' ? (['returned', 'sent'] as const) : (['sent', 'returned'] as const)
  for (const name of names) {
    const receiptKey = name === 'sent' ? entry.key : entry.newKey
    if (receiptKey === null) continue
    const decoded = decodeTransaction(yield* exchange(memory, withKey(transactionRequest(receiptKey), key)))
    if (decoded.kind === 'unknown' && decoded.why !== 'garbage') {
      memory.trouble()
      yield* backOff(memory)
      return 'later'
    }
    if (decoded.kind === 'code' && concernsAnyRequest(decoded.code)) {
      yield* readRefused(memory, decoded.code)
      return 'later'
    }
    if (decoded.kind !== 'ok' || decoded.value.number !== number || decoded.value.createdAt === null) continue
    memory.receiptKey = name
    return { openedAt: decoded.value.createdAt }
  }
  memory.receiptKey = 'list'
  return 'list'
}

function openedByUs(memory: Memory, entry: Entry, openedAt: number | null): boolean {
  const opened = openedWhen(memory.registerClock, openedAt, memory.sendsOf(entry))
  return isOurTime(entry, { opened, rival: false, shared: false })
}

/** A proven receipt of one answered send teaches the register's clock. */
function learn(memory: Memory, entry: Entry, openedAt: number | null): void {
  const [sent, ...more] = memory.sendsOf(entry)
  if (openedAt === null || !sent?.back || sent.left.mono === null || more.length > 0) return
  memory.registerClock = learned(memory.registerClock, openedAt, sent.left, sent.back)
  memory.sends.delete(entry.id)
}

/**
 * DONE for all of them; what the counters stood at is where the next audit begins. `otherwise` where one of the numbers is
 * another receipt's.
 */
export function* auditPassed(
  memory: Memory,
  batch: readonly Entry[],
  read: Probe,
  opened: ReadonlyMap<string, number | null> = new Map(),
  otherwise: (memory: Memory, batch: readonly Entry[]) => Flow<void> = doubted,
): Flow<void> {
  const { baseline } = read
  const numbers = batch.map((entry) => entry.number ?? baseline.number)
  const taken = yield* takenBeside(batch, numbers)
  if (taken.size > 0 || new Set(numbers).size < numbers.length) {
    return yield* otherwise(memory, batch)
  }
  yield* commit(
    memory,
    { ...standing(baseline), ...clockOf(memory) },
    ...batch.map((entry) =>
      registered(memory, entry, entry.number ?? baseline.number, baseline.shift, opened.get(entry.id) ?? null),
    ),
  )
}

/** What the device's record keeps of where the device stands. */
export function standing(baseline: Baseline): Partial<DeviceRecord> {
  return { lastNumber: baseline.number, ...(baseline.counters ? { audited: baseline.counters } : {}) }
}

/** What the next life of this terminal may know of the register's clock. */
function clockOf(memory: Memory): Partial<DeviceRecord> {
  return memory.registerClock?.at ? { registerClock: toStore(memory.registerClock) } : {}
}

/** DONE: the number is proven. `openedAt`: the register's own date of the document, ms; null where it told none. */
export function registered(
  memory: Memory,
  entry: Entry,
  number: number,
  shift: number | null,
  openedAt: number | null = null,
): Entry {
  return {
    ...entry,
    ...(openedAt === null ? {} : { deviceAtMs: openedAt }),
    state: 'done',
    number,
    shift,
    code: null,
    reason: null,
    question: null,
    doneAtMs: memory.clock.wall(),
    history: memory.history(entry, 'done', number),
  }
}

/**
 * Back to the queue, free of its key: proven not registered until now. While its key is still the device's, a send
 * without an answer may yet arrive; that is looked up before it goes out on another key (`mayHaveArrived`).
 */
export function notRegistered(memory: Memory, entry: Entry): Entry {
  return {
    ...entry,
    ...(entry.taken && { taken: null }),
    state: 'queued',
    unansweredAtMs: memory.device.key === entry.key ? entry.unansweredAtMs : null,
    number: null,
    newKey: null,
    code: null,
    question: null,
    history: memory.history(entry, 'notRegistered'),
  }
}
