/** Every decision of the queue that is a pure function of what was stored and what was read. */
import type { Receipt } from '../domain/receipt.ts'
import type { Cheque } from '../ikkm/cheques.ts'
import type { KeyOutcome, Outcome } from '../ikkm/codec.ts'
import { codeRow } from '../ikkm/codes.ts'
import type { QueueStep } from '../ikkm/codes.ts'
import type { Content } from './content.ts'
import type { Opened } from './register-clock.ts'
import type { Baseline, Entry, ShiftCounters } from './types.ts'

/** What a reply to a registration makes the terminal do. */
export type Reaction =
  | { readonly kind: 'success'; readonly key: string; readonly number: number | null }
  /** Neither done nor failed: stay bound, the same bytes again. */
  | { readonly kind: 'unknown' }
  /** What the table of codes says. */
  | { readonly kind: QueueStep }

export type ReconVerdict =
  | { readonly kind: 'done'; readonly number: number }
  | { readonly kind: 'notRegistered' }
  | { readonly kind: 'ask'; readonly number: number | null }

/** Receipts of one shift, ascending by number. */
export interface ShiftList {
  readonly shift: number
  readonly cheques: readonly Cheque[]
}

/** What the device's list holds after an entry's baseline. */
export interface Found extends Timing {
  readonly first: Cheque | undefined
  readonly content: Content
  readonly later: Cheque | undefined
}

/** What the opening time of a receipt says about whose it is. */
export interface Timing {
  readonly opened: Opened
  /** Somebody else registered our very content in the minutes before it. */
  readonly rival: boolean
  /** Somebody else was ever seen to register at this device. */
  readonly shared: boolean
}

/** What a probe's age is judged by. */
export interface Alone {
  readonly lockHeld: boolean
  readonly foreignSeen: boolean
  /** The register's clock against ours. */
  readonly clockKnown: boolean
}

/** What a decoded reply to a registration makes the terminal do. */
export function react(outcome: Outcome): Reaction {
  switch (outcome.kind) {
    case 'key':
      return { kind: 'success', key: outcome.key, number: outcome.number }
    case 'zero':
    case 'unknown':
      return { kind: 'unknown' }
    case 'code':
      return { kind: codeRow(outcome.code).step }
  }
}

/** A success counts as first-hand only when no earlier send can have caused it and its number is a new one. */
export function afterSuccess(entry: Entry, outcome: KeyOutcome): 'audit' | 'reconcile' {
  if (entry.attempts !== 1 || outcome.key === entry.key) return 'reconcile'
  const known = entry.before?.number ?? 0
  return outcome.number !== null && outcome.number <= known ? 'reconcile' : 'audit'
}

const KINDS = ['sale', 'buy', 'saleReturn', 'buyReturn'] as const

/** Counters prove the batch: same shift, our kinds grown by ours, nothing else moved, last number ours. */
export function countersProve(before: Baseline, now: Baseline, batch: readonly Entry[]): boolean {
  const last = batch.at(-1)
  if (!last) return false
  // Without a number in the answer the last one has to be at least a new one.
  if (last.number === null ? now.number === before.number : now.number !== last.number) return false
  // A receipt opens the next shift itself; a later one holds somebody else's receipt, however much it looks like ours.
  if (!now.open || now.shift !== before.shift + (before.open ? 0 : 1)) return false
  if (before.counters === null || now.counters === null) return auditWithoutReports(before, now, batch)
  const start = before.open ? before.counters : null
  return sumsGrewBy(start, now.counters, batch) && sameCash(start, now.counters)
}

function sumsGrewBy(start: ShiftCounters | null, now: ShiftCounters, batch: readonly Entry[]): boolean {
  for (const kind of KINDS) {
    let count: number = start?.byKind[kind].count ?? 0
    let sum: number = start?.byKind[kind].sum ?? 0
    for (const entry of batch) {
      if (entry.receipt?.kind !== kind) continue
      count += 1
      sum += entry.receipt.total
    }
    if (now.byKind[kind].count !== count || now.byKind[kind].sum !== sum) return false
  }
  return true
}

function sameCash(before: ShiftCounters | null, now: ShiftCounters): boolean {
  return (
    now.cashIn.count === (before?.cashIn.count ?? 0) &&
    now.cashIn.sum === (before?.cashIn.sum ?? 0) &&
    now.cashOut.count === (before?.cashOut.count ?? 0) &&
    now.cashOut.sum === (before?.cashOut.sum ?? 0)
  )
}

/** Tiyn that a receipt moves in the drawer. */
export function cashEffect(receipt: Receipt): number {
  const cash = (receipt.payments.cash ?? 0) - receipt.change
  return receipt.kind === 'sale' || receipt.kind === 'buyReturn' ? cash : -cash
}

/** -16: only number, shift and drawer can be read. Weaker, and said so on the device page. */
function auditWithoutReports(before: Baseline, now: Baseline, batch: readonly Entry[]): boolean {
  if (before.cash === null || now.cash === null) return batch.length === 1
  let cash: number = before.cash
  for (const entry of batch) if (entry.receipt) cash += cashEffect(entry.receipt)
  return cash === now.cash
}

/**
 * The receipts after the baseline, in order; by the key lemma only the first can be ours. Counted by place in the
 * shift where counters are known: under some readings the number in `getInfo` is a cash document's own and can't be
 * compared with receipts' numbers.
 */
export function candidates(entry: Entry, lists: readonly ShiftList[]): readonly Cheque[] {
  const before = entry.before
  if (!before) return []
  const found: Cheque[] = []
  for (const list of lists) {
    if (list.shift < before.shift) continue
    if (before.counters === null) found.push(...list.cheques.filter((cheque) => cheque.number > before.number))
    else found.push(...list.cheques.slice(list.shift === before.shift ? receiptCount(before.counters) : 0))
  }
  return found
}

export function receiptCount(counters: ShiftCounters): number {
  const { sale, buy, saleReturn, buyReturn } = counters.byKind
  return sale.count + buy.count + saleReturn.count + buyReturn.count
}

/**
 * `later`: a receipt after the first one has our content. That can't be ours while every receipt changes the key; if
 * the device is different, the mark on paper tells, and nothing is sent twice on a guess.
 */
export function listProves(entry: Entry, found: Found, keyStillCurrent: boolean): ReconVerdict {
  const { first, content, later } = found
  if (!first || content === 'different')
    return later ? { kind: 'ask', number: later.number } : { kind: 'notRegistered' }
  if (content === 'same' && entry.number === first.number && keyStillCurrent && isOurTime(entry, found)) {
    return { kind: 'done', number: first.number }
  }
  return { kind: 'ask', number: first.number }
}

/**
 * A receipt opened before our request left answers somebody else's, and beside a till that sells the same goods the
 * second of our send is not enough: two requests within it look the same.
 */
export function isOurTime(entry: Entry, { opened, rival, shared }: Timing): boolean {
  // Between two sends of the same bytes there was time for another till: without a date only the mark tells.
  if (opened === 'unknown' && shared && entry.attempts > 1) return false
  return opened === 'after' || (opened !== 'not' && !rival)
}

/** Under the host lock, while nobody else was ever seen: the device may restart unnoticed after that. */
const LOCKED_PROBE_MS = 300_000
/** Two reads at one request a second and the send: in a full queue the audit of one receipt is as fresh as a new look. */
const FRESH_PROBE_MS = 2_500

/** How old a probe may be that a key is bound on, ms. */
export function probeLastsMs({ lockHeld, foreignSeen, clockKnown }: Alone): number {
  return lockHeld && !foreignSeen && clockKnown ? LOCKED_PROBE_MS : FRESH_PROBE_MS
}

/**
 * The list may leave discounts out; the counters don't. Comparable only while all receipts since the baseline are in
 * one shift and are the registered ones, which the caller makes sure of.
 */
export function sumsAgree(before: Baseline | null, now: Baseline, registered: readonly Entry[]): boolean | null {
  if (registered.length === 0) return true
  if (!before?.counters || !now.counters) return null
  if (before.open ? now.shift !== before.shift : now.shift !== before.shift + 1) return null
  return sumsGrewBy(before.open ? before.counters : null, now.counters, registered)
}

/** Same number, shift and counters as before the first send: nothing of ours was executed. */
export function refusalStands(before: Baseline | null, now: Baseline): boolean {
  if (!before || before.number !== now.number || before.shift !== now.shift || before.open !== now.open) return false
  if (before.counters === null || now.counters === null) return before.cash === now.cash
  return receiptCount(before.counters) === receiptCount(now.counters)
}

/** Whether the shift's cash documents grew by exactly this one. */
export function cashMoved(entry: Entry, now: Baseline): 'unchanged' | 'once' | 'unclear' {
  const before = entry.before
  if (!before) return 'unclear'
  if (before.counters === null || now.counters === null) return cashByDrawer(entry, before, now)
  const field = entry.kind === 'deposit' ? 'cashIn' : 'cashOut'
  if (before.open && now.shift !== before.shift) return 'unclear'
  if (!before.open && now.shift === before.shift) return now.open ? 'unclear' : 'unchanged'
  // A shift in between may have taken it and been closed.
  if (!before.open && now.shift !== before.shift + 1) return 'unclear'
  const start = before.open ? before.counters[field] : { count: 0, sum: 0 }
  const count = now.counters[field].count - start.count
  const sum = now.counters[field].sum - start.sum
  if (count === 0 && sum === 0) return 'unchanged'
  return count === 1 && sum === entry.amount ? 'once' : 'unclear'
}

function cashByDrawer(entry: Entry, before: Baseline, now: Baseline): 'unchanged' | 'once' | 'unclear' {
  if (before.cash === null || now.cash === null) return 'unclear'
  const sameShift = now.shift === before.shift && now.open === before.open
  const opened = !before.open && now.open && now.shift === before.shift + 1
  // A shift that was closed since may have taken the cash out with it.
  if (!sameShift && !opened) return 'unclear'
  if (before.cash === now.cash && before.number === now.number) return 'unchanged'
  const moved = entry.kind === 'deposit' ? now.cash - before.cash : before.cash - now.cash
  return moved === entry.amount ? 'once' : 'unclear'
}
