/**
 * Durable records of the queue: small plain objects that IndexedDB can store as they are.
 * Nothing here is ever deleted; a record that can't be understood any more is kept and shown.
 *
 * Assumptions of the whole folder: A1 one writer (a lock, and an epoch that every transaction checks); A2 no request is
 * executed later than D_MAX_MS after it was sent; A3 the transport doesn't repeat deposits, withdrawals, bank starts
 * and Z (checked by counters where they exist), and an answered request has no other copy under way; A4 a strict commit survives power loss; A5 the person answers truthfully.
 */
import type { ENTRY_KINDS } from '../contract/entry-kinds.ts'
import type { EntryDebt } from '../domain/debts.ts'
import type { Tiyn } from '../domain/money.ts'
import type { PaidWay } from '../domain/paid-ways.ts'
import type { Receipt, ReceiptKind } from '../domain/receipt.ts'
import type { FrozenRequest } from '../ikkm/codec.ts'

/** Version of the shapes in this file; a migration in `src/storage` raises it. */
export const RECORD_VERSION = 1

/** A2: after this many ms a request that got no answer can't be executed any more. */
export { D_MAX_MS } from '../contract/device.ts'

/** An operation leaves within so many ms of the record that counts it, or not at all (`runner/driver.ts`). */
export const DEPARTS_WITHIN_MS = 30_000

export type EntryKind = (typeof ENTRY_KINDS)[number]

/**
 * `queued -> sending -> acked -> done`, `sending -> recon -> done | queued`, `acked -> recon`, `sending -> refused`.
 * `acked`: the device answered with success, not yet audited. `recon`: the device's own list must say what happened.
 */
export type EntryState = 'queued' | 'sending' | 'acked' | 'recon' | 'done' | 'refused'

/** Count of documents and their sum. */
export interface Tally {
  readonly count: number
  readonly sum: Tiyn
}

/** What the device counts in one shift (source 004, chapter 9.2, shift report). */
export interface ShiftCounters {
  readonly shift: number
  readonly open: boolean
  readonly byKind: Readonly<Record<ReceiptKind, Tally>>
  readonly cashIn: Tally
  readonly cashOut: Tally
}

/** Where the device stood before an operation was sent: what its outcome is compared with. */
export interface Baseline {
  /** Last closed document number. */
  readonly number: number
  readonly shift: number
  readonly open: boolean
  /** Cash in the drawer; null where the device doesn't say. */
  readonly cash: Tiyn | null
  /**
   * null where the device's cashier may not read reports (-16), and for the later receipts of one audit, whose
   * baseline is the number of the receipt before them.
   */
  readonly counters: ShiftCounters | null
}

/** One thing that a person is asked. Each names exactly what is needed. */
export type Question =
  /** The device's current 8-digit key. `refused`: the key that was typed and that the device rejected. */
  | { readonly kind: 'key'; readonly refused: string | null }
  /** Another device answers at the address. Goes on by itself when the right one is back. */
  | { readonly kind: 'wrongDevice'; readonly expected: string; readonly found: string }
  /** The shift is over 24 h old (-3): may the terminal close it? */
  | { readonly kind: 'closeShift'; readonly shift: number }
  /** Something at the device must be put right (`fix` in the table of codes); goes on by itself afterwards. */
  | { readonly kind: 'fix'; readonly code: number }
  /** -99 three times: the device's event log must be read. */
  | { readonly kind: 'readDeviceLog'; readonly code: number }
  /** Does receipt `number` carry the mark? `number` null: it could not be read which one, look for the mark. */
  | { readonly kind: 'isReceiptOurs'; readonly number: number | null; readonly mark: string }
  /** Deposit or withdrawal whose counters prove neither that it happened nor that it didn't. */
  | { readonly kind: 'depositDone'; readonly amount: Tiyn; readonly operation: 'deposit' | 'withdrawal' }
  /** The bank operation left no trace: was the card charged? */
  | { readonly kind: 'cardCharged'; readonly track: number; readonly amount: Tiyn }
  /** The bank refused: again with the same sale, or give the sale up. */
  | { readonly kind: 'cardDeclined'; readonly track: number; readonly amount: Tiyn }
  /** More than one bank operation of this entry succeeded: the extra ones must be refunded. */
  | { readonly kind: 'cardChargedTwice'; readonly tracks: readonly number[]; readonly amount: Tiyn }
  /** X report or text print without an answer. Doesn't hold up the queue. */
  | { readonly kind: 'printed' }
  /** The journal names receipts of this shift that the device doesn't have, before a Z. */
  | { readonly kind: 'shiftMismatch'; readonly shift: number; readonly missing: readonly number[] }
  /**
   * Receipts that this terminal didn't make, while the device isn't locked to it: two that sell equal goods can't be
   * told apart there. The lock is taken, or a person says that only this one sells. `number` null: not known which.
   */
  | { readonly kind: 'otherTill'; readonly number: number | null }
  /** The device refused for good: correct by a new entry, or write off with a reason. Doesn't hold up the queue. */
  | { readonly kind: 'decide'; readonly code: number }

export interface AskedQuestion {
  /** Unique inside the terminal; an answer names it, so that a late answer never meets another question. */
  readonly id: string
  readonly askedAtMs: number
  readonly question: Question
}

export type Answer =
  | { readonly kind: 'key'; readonly key: string }
  /**
   * closeShift, shiftMismatch: go ahead. fix, readDeviceLog, wrongDevice: it is put right, try again. otherTill: only
   * this one sells.
   */
  | { readonly kind: 'goOn' }
  /** otherTill: the device is locked to this host. */
  | { readonly kind: 'lock' }
  /** isReceiptOurs, depositDone, cardCharged, printed. `number`: read from the paper where the question has none. */
  | { readonly kind: 'yes'; readonly number?: number }
  | { readonly kind: 'no' }
  /** cardDeclined: a new bank operation for the same sale. */
  | { readonly kind: 'again' }
  /** cardDeclined: give the sale up; nothing was registered. shiftMismatch: don't close. */
  | { readonly kind: 'giveUp' }
  /** cardChargedTwice: the extra operations are refunded at the bank terminal. */
  | { readonly kind: 'refunded' }

export type BankMessage = 'purchase' | 'refund' | 'reversal'

/** One start of the bank application. Its track is committed before it is started and never used again. */
export interface BankAttempt {
  readonly track: number
  /** `planned`: the track is taken, nothing was sent. `started`: the start may have reached the device. */
  readonly state: 'planned' | 'started' | 'success' | 'fail' | 'notCharged'
  readonly startedAtMs: number | null
  /** The start's answer came and accepted it. */
  readonly accepted: boolean
  /** Details for the journal (reference number, masked card), null while unknown. */
  readonly details: BankDetails | null
}

export interface BankDetails {
  readonly refnum: string | null
  readonly pan: string | null
  readonly traceNumber: string | null
}

/** The bank operation of a card sale or return: part of the receipt's own record, so neither can be lost alone. */
export interface BankLeg {
  readonly message: BankMessage
  readonly amount: Tiyn
  /** `open`: not decided. `paid`: exactly one attempt succeeded (or a person saw it). `failed`: given up. */
  readonly state: 'open' | 'paid' | 'failed'
  readonly attempts: readonly BankAttempt[]
}

/** How a person settled a refused entry. Both records stay. */
export type Resolution =
  | { readonly kind: 'corrected'; readonly by: string; readonly atMs: number }
  | { readonly kind: 'writtenOff'; readonly reason: string; readonly atMs: number }

export interface HistoryItem {
  readonly atMs: number
  readonly event: HistoryEvent
  /** Code, number or track that goes with the event; null for none. */
  readonly value: number | null
}

export type HistoryEvent =
  | 'sent'
  | 'answered'
  | 'unknown'
  | 'acked'
  | 'reconciling'
  | 'notRegistered'
  | 'done'
  | 'refused'
  | 'asked'
  | 'personAnswered'
  | 'bankStarted'
  | 'bankSuccess'
  | 'bankFail'
  | 'replayed'

/** Oldest items make room beyond this: a record stays small whatever happens. */
export const HISTORY_LIMIT = 40

export interface Entry {
  readonly version: typeof RECORD_VERSION
  /** The sale's own id (uuid): enqueueing the same sale twice is impossible. */
  readonly id: string
  /** `DeviceRecord.id` of the device it is meant for. */
  readonly deviceId: string
  /** Ascending from 1 without gaps, over all devices of this terminal. */
  readonly sequence: number
  /** Owner mark on paper, `A-0137`: the only one that a person can read. */
  readonly mark: string
  readonly kind: EntryKind
  /** The bytes, without the key; null for a Z (its shift decides) and a pure bank operation. */
  readonly request: FrozenRequest | null
  /** Snapshot for the journal; null for everything but registrations. */
  readonly receipt: Receipt | null
  /** By which of the shop's own names it was paid; absent where by none, and in records of earlier versions. */
  readonly ways?: readonly PaidWay[]
  /** Whose debt it raises or lowers (`domain/debts.ts`); absent where nobody's, and in records of earlier versions. */
  readonly debt?: EntryDebt
  /** Total of the receipt, cash moved, or amount at the bank; 0 for reports and prints. */
  readonly amount: Tiyn
  readonly cashier: string
  readonly createdAtMs: number
  readonly state: EntryState
  /** Present only while unsettled: the index over it holds nothing of the settled entries. */
  readonly open?: 1
  /** Key that the entry is bound to, or was sent with last. */
  readonly key: string | null
  /** Where the device stood before the first send on `key`. */
  readonly before: Baseline | null
  /** Shift it was sent in, and for a Z the only shift that it may close. */
  readonly shift: number | null
  /** Sends on `key`, each counted before it left. */
  readonly attempts: number
  /** Attempts that got a whole, decodable answer. */
  readonly answered: number
  /** Answers with an error code. */
  readonly refusals: number
  readonly lastSentAtMs: number | null
  /**
   * Latest time (ms) of a send whose answer never came: until D_MAX_MS later it may still be executed. After a restart
   * the moment from which that is counted, where it can't be counted from the send (`lastSentAtMs`).
   */
  readonly unansweredAtMs: number | null
  /** Fiscal number, from the answer (`acked`, `recon`) or proven (`done`). */
  readonly number: number | null
  /** Key that the success returned. */
  readonly newKey: string | null
  /** Last error code of the device and its reason phrase. */
  readonly code: number | null
  readonly reason: string | null
  readonly doneAtMs: number | null
  /**
   * When the register opened this document, by its own clock (`chequeDate`, `createDate`; ms since the epoch): the date
   * on the paper. Absent where the register didn't tell it, and in records of earlier versions.
   */
  readonly deviceAtMs?: number
  /**
   * Taken over from a lost tablet, which may have sent it since: looked for at the register before anything of it leaves.
   * `fromShift` and `afterNumber`: the newest receipt of the register that the journal knew; null and 0 for none. Null
   * once that is decided.
   */
  readonly taken?: { readonly atMs: number; readonly fromShift: number | null; readonly afterNumber: number } | null
  readonly bank: BankLeg | null
  readonly question: AskedQuestion | null
  readonly resolution: Resolution | null
  readonly history: readonly HistoryItem[]
}

/** What a caller knows about a new operation; the rest starts empty. */
export interface EntryDraft {
  readonly id: string
  readonly deviceId: string
  readonly kind: EntryKind
  readonly request: FrozenRequest | null
  readonly receipt: Receipt | null
  readonly ways?: readonly PaidWay[] | undefined
  readonly debt?: EntryDebt | undefined
  readonly amount: Tiyn
  readonly cashier: string
  readonly createdAtMs: number
  /** For a Z: the shift that the person saw and means; null closes the one that is open when its turn comes. */
  readonly shift: number | null
  /** `newBankLeg` for a card operation; the old leg where a paid card sale is corrected; null for none. */
  readonly bank: BankLeg | null
}

/** A Z that may be on the wire: nothing fiscal is sent before it is accounted for. */
export interface OpenShiftClose {
  /** The Z entry, or the entry that can't go on before its shift is closed (-3). */
  readonly entryId: string
  /** The only shift that it may close. */
  readonly shift: number
  /** Sends, each counted before it left. */
  readonly sends: number
  /** Sends that got an answer that can be decoded. */
  readonly answered: number
  /** The last answer was an acceptance: the shift closes within the next 90 s. */
  readonly accepted: boolean
  readonly sentAtMs: number | null
}

/** Documents that this terminal didn't make were seen on the device. */
export interface ForeignSeen {
  readonly number: number | null
  readonly atMs: number
  /** A person said after this document that nobody else sells; the next one asks again. */
  readonly accepted?: true
}

/** The register's clock less ours, ms: it lies between these two. */
export interface ClockOffset {
  readonly low: number
  readonly high: number
}

/** What is stored of the register's clock. */
export interface StoredClock extends ClockOffset {
  /** A date with seconds other than 0 was seen: the register doesn't leave them out. */
  readonly seconds?: true
}

export interface DeviceRecord {
  readonly version: typeof RECORD_VERSION
  readonly id: string
  /** `factorySerialNumber`; null until the device answered once. */
  readonly serial: string | null
  readonly firmware: string | null
  /** Current web key, null when unknown. */
  readonly key: string | null
  /** Entry that the key is bound to: only its bytes use it. */
  readonly bound: string | null
  /** Last document number known to be there. */
  readonly lastNumber: number | null
  /** Counters at the last audit. */
  readonly audited: ShiftCounters | null
  readonly openShiftClose: OpenShiftClose | null
  /** 1 to 998: keeps this terminal's bank tracks apart from others'. */
  readonly trackPrefix: number
  readonly nextTrack: number
  readonly foreign: ForeignSeen | null
  /** A person switched the host lock off. Absent in records of earlier versions, where nobody was asked: it is on. */
  readonly hostLockOff?: boolean
  /** Why and when that was; null while it is on, absent in records of versions that asked for no reason. */
  readonly hostLockOffNote?: { readonly reason: string; readonly atMs: number } | null
  /** When the lock was last confirmed, null while not held. The device forgets it when it restarts. */
  readonly hostLockHeldSinceMs: number | null
  /** Whether the device's cashier may read reports; `denied` makes checks weaker and is shown. */
  readonly reports: 'unknown' | 'allowed' | 'denied'
  /** Question about the device itself (key, wrong device). Holds up the queue. */
  readonly question: AskedQuestion | null
  /** When it last answered, ms since the epoch; null until then. */
  readonly lastContactMs: number | null
  /** The register's clock against this terminal's wall clock, learned from our own proven receipts. */
  readonly registerClock?: StoredClock
  /**
   * Factory number that answered here and that another record has: nothing is sent for this one, because two records of
   * one register bind its key twice. Absent where there is none.
   */
  readonly sameAs?: string
  /** Id of the register's record that sends this one's entries from now on. Absent where there is none. */
  readonly mergedInto?: string
}

/** A bank operation that nobody has started yet. */
export function newBankLeg(message: BankMessage, amount: Tiyn): BankLeg {
  return { message, amount, state: 'open', attempts: [] }
}

/** A fresh device record. `trackPrefix` 1 to 998, different for every terminal of one device. */
export function newDeviceRecord(options: {
  readonly id: string
  readonly key: string | null
  readonly trackPrefix: number
  /** Default: true. */
  readonly hostLockWanted?: boolean
}): DeviceRecord {
  return {
    version: RECORD_VERSION,
    id: options.id,
    serial: null,
    firmware: null,
    key: options.key,
    bound: null,
    lastNumber: null,
    audited: null,
    openShiftClose: null,
    trackPrefix: options.trackPrefix,
    nextTrack: 1,
    foreign: null,
    hostLockOff: options.hostLockWanted === false,
    hostLockHeldSinceMs: null,
    reports: 'unknown',
    question: null,
    lastContactMs: null,
  }
}

/** The record with a key that a person read from the device's screen; it answers the question for it. */
export function withTypedKey(device: DeviceRecord, key: string): DeviceRecord {
  const { question } = device
  return { ...device, key, question: question?.question.kind === 'key' ? null : question }
}

/** Ids of the records whose entries this one sends: its own, and those that turned out to be the same register. */
export function idsOf(devices: readonly DeviceRecord[], deviceId: string): ReadonlySet<string> {
  return new Set([deviceId, ...devices.flatMap(({ id, mergedInto }) => (mergedInto === deviceId ? [id] : []))])
}

/** Ids of all records of this record's register: those of `idsOf`, and every one with its factory number. */
export function sameRegisterIds(devices: readonly DeviceRecord[], deviceId: string): ReadonlySet<string> {
  const serial = devices.find(({ id }) => id === deviceId)?.serial ?? null
  const same = devices.filter((device) => serial !== null && device.serial === serial)
  return new Set([deviceId, ...same.map(({ id }) => id)].flatMap((id) => [...idsOf(devices, id)]))
}

/** Factory numbers of all registers but this record's. */
export function serialsBeside(devices: readonly DeviceRecord[], deviceId: string): readonly string[] {
  return devices.flatMap(({ id, serial }) => (id === deviceId || serial === null ? [] : [serial]))
}

/** The entry as it enters the store: `queued`, never sent; a note in the debt book is done. */
export function newEntry(draft: EntryDraft, sequence: number, mark: string): Entry {
  const { kind, createdAtMs } = draft
  return {
    version: RECORD_VERSION,
    id: draft.id,
    deviceId: draft.deviceId,
    sequence,
    mark,
    kind,
    request: draft.request,
    receipt: draft.receipt,
    ...(draft.ways?.length && { ways: draft.ways }),
    ...(draft.debt && { debt: draft.debt }),
    amount: draft.amount,
    cashier: draft.cashier,
    createdAtMs,
    ...(kind === 'debt' ? { state: 'done' } : { state: 'queued', open: 1 }),
    key: null,
    before: null,
    shift: draft.shift,
    attempts: 0,
    answered: 0,
    refusals: 0,
    lastSentAtMs: null,
    unansweredAtMs: null,
    number: null,
    newKey: null,
    code: null,
    reason: null,
    doneAtMs: kind === 'debt' ? createdAtMs : null,
    bank: draft.bank,
    question: null,
    resolution: null,
    history: [],
  }
}

/** How an entry stands, also as the shop server reads it from JSON. */
interface Standing {
  readonly state: EntryState
  readonly question: object | null
  readonly resolution: object | null
}

/** Settled: nobody has to do anything about it any more. */
export function isSettled(entry: Standing): boolean {
  return (entry.state === 'done' && entry.question === null) || (entry.state === 'refused' && entry.resolution !== null)
}

/**
 * The fiscal number, once it is proven to be this entry's; null before. A device answers a swallowed receipt with the
 * number of somebody else's, so an answered number is shown to nobody as the receipt's own.
 */
export function provenNumber(entry: Pick<Entry, 'state' | 'number'>): number | null {
  return entry.state === 'done' ? entry.number : null
}

/** The date on the paper, ms since the epoch; the tablet's own where the register told none. Null: not registered. */
export function registeredAt(entry: Pick<Entry, 'state' | 'deviceAtMs' | 'doneAtMs'>): number | null {
  return entry.state === 'done' ? (entry.deviceAtMs ?? entry.doneAtMs) : null
}

/** Refused, and nobody has corrected it or written it off yet. */
export function isOpenRefusal(entry: Entry): boolean {
  return entry.state === 'refused' && entry.resolution === null
}

/** Question kinds that don't hold up the queue. */
const PARKED: ReadonlySet<string> = new Set(['printed', 'decide'])

/** Not in the machine's hands: refused and waiting for a decision, or a question that doesn't hold up the queue. */
export function isParked(entry: Entry): boolean {
  return entry.state === 'refused' || (entry.question !== null && PARKED.has(entry.question.question.kind))
}

/** Nothing that was counted as sent can still be about to leave: whoever took the queue over now would meet no request. */
export function isAtRest(device: DeviceRecord, open: readonly Entry[]): boolean {
  const intent = device.openShiftClose
  if (device.bound !== null || (intent !== null && intent.answered < intent.sends)) return false
  return open.every(
    ({ state, question, bank }) =>
      (state !== 'sending' || question !== null) &&
      bank?.attempts.every((attempt) => attempt.state !== 'started' || attempt.accepted) !== false,
  )
}

/**
 * Whether an entry surely has no document at its device, so that the sale may be registered elsewhere: `queued` entries
 * were never sent or proven not registered, `refused` ones had their probe. A card that may be charged stays.
 */
export function isMovable(entry: Entry): boolean {
  if (entry.resolution !== null || (entry.state !== 'queued' && entry.state !== 'refused')) return false
  return entry.bank === null || entry.bank.state !== 'open' || entry.bank.attempts.length === 0
}

/**
 * Whether a send on an earlier key, given up without an answer, may have been executed after the verdict on it, or one of
 * the tablet that this entry was taken over from.
 */
export function mayHaveArrived(entry: Entry, currentKey: string | null): boolean {
  if (entry.taken) return true
  return entry.unansweredAtMs !== null && entry.key !== null && entry.key !== currentKey
}

/** The entry as it stays in the journal once its sale was moved to another device (`by`), or was written off. */
export function movedAway(
  entry: Entry,
  how: { readonly nowMs: number; readonly reason?: string },
  by: Entry | null,
): Entry {
  const atMs = how.nowMs
  const resolution: Resolution =
    by === null ? { kind: 'writtenOff', reason: how.reason ?? '', atMs } : { kind: 'corrected', by: by.id, atMs }
  return { ...entry, state: 'refused', question: null, resolution }
}

/** Keeps the `open` marker in step with the state; every writer of entries passes through it. */
export function withOpenMarker(entry: Entry): Entry {
  const settled = isSettled(entry)
  if (settled === (entry.open === undefined)) return entry
  if (!settled) return { ...entry, open: 1 }
  const { open: _open, ...rest } = entry
  return rest
}
