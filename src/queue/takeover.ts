/**
 * A till is replaced by another tablet, which knows the journal as the shop server had it: the lost one may have sent
 * since, and may still be alive. Nothing that was taken over is sent blindly. What the register's list proves is done or
 * goes out again; where the list can't decide, one question names the mark to look for (design page "shop", part 2).
 */
import type { Cheque } from '../ikkm/cheques.ts'
import { notRegistered, registered, standing, takenBeside } from './audit.ts'
import { TRACKS_A_PREFIX } from './bank-leg.ts'
import { compareContent } from './content.ts'
import type { Flow } from './effects.ts'
import { commit } from './memory.ts'
import type { Memory } from './memory.ts'
import { probe } from './probe.ts'
import { askWhichIsOurs, readShifts } from './reconcile.ts'
import { isSettled } from './types.ts'
import type { BankAttempt, BankLeg, DeviceRecord, Entry } from './types.ts'

type Taken = NonNullable<Entry['taken']>

/**
 * The register's record as the successor begins with it. `trackPrefix`: 1 to 998, another than the lost tablet's, which
 * may still be starting bank operations.
 */
export function takeOverDevice(device: DeviceRecord, trackPrefix: number): DeviceRecord {
  return {
    ...device,
    // The lost one may have gone further on this key; a bound one is nobody's any more.
    bound: null,
    audited: null,
    question: null,
    hostLockHeldSinceMs: null,
    trackPrefix,
    nextTrack: 1,
  }
}

/**
 * An entry of the lost tablet's journal as its successor stores it: settled ones as they were. `device`: the register's
 * record as the lost tablet had it.
 */
export function takeOverEntry(entry: Entry, device: DeviceRecord, taken: Taken): Entry {
  return isSettled(entry) ? entry : inDoubt(entry, device, taken)
}

/** The newest receipt of a register that these entries of its record know: a receipt's number only ever rises. */
export function newestKnown(entries: readonly Entry[], deviceId: string): Omit<Taken, 'atMs'> {
  let newest: Omit<Taken, 'atMs'> = { fromShift: null, afterNumber: 0 }
  for (const { kind, state, number, shift, deviceId: device } of entries) {
    if (kind !== 'registration' || state !== 'done' || device !== deviceId) continue
    if (number !== null && number > newest.afterNumber) newest = { fromShift: shift, afterNumber: number }
  }
  return newest
}

function inDoubt(entry: Entry, device: DeviceRecord, taken: Taken): Entry {
  const sent = { unansweredAtMs: taken.atMs, attempts: Math.max(1, entry.attempts), answered: 0 }
  if (entry.bank?.state === 'open') {
    return { ...entry, state: 'queued', question: null, taken, bank: maybeStarted(entry.bank, device, taken.atMs) }
  }
  switch (entry.kind) {
    case 'registration':
      // Refused ones wait for a person, as before.
      return entry.state === 'refused' ? entry : { ...entry, ...sent, state: 'recon', question: null, taken }
    case 'deposit':
    case 'withdrawal':
      return entry.state === 'refused' ? entry : { ...entry, ...sent, state: 'recon', question: null, taken }
    case 'print':
    case 'xReport':
    case 'bankClose':
      // Paper may have come out: a person is asked before more does.
      return entry.state === 'queued' ? { ...entry, state: 'sending', question: null } : entry
    case 'bank':
    case 'debt':
    case 'zReport':
      // A Z names its shift and is sent only while that one is open.
      return entry
  }
}

/** As often as a card is tried for one receipt, or once more. */
const MOST_TRIES = 3

/**
 * The tracks that the lost tablet would have used next are looked up like ones that were started: its first one at once
 * (the machine polls the last), those of further tries before a card is charged anew.
 */
function maybeStarted(leg: BankLeg, device: DeviceRecord, nowMs: number): BankLeg {
  const started = (attempt: BankAttempt): BankAttempt =>
    attempt.state === 'planned' ? { ...attempt, state: 'started', startedAtMs: nowMs } : attempt
  const tracks = Array.from(
    { length: MOST_TRIES },
    (_, tries) => device.trackPrefix * TRACKS_A_PREFIX + ((device.nextTrack + tries) % TRACKS_A_PREFIX),
  )
  const [next, ...further] = tracks.map((track): BankAttempt => ({
    track,
    state: 'started',
    startedAtMs: nowMs,
    accepted: false,
    details: null,
  }))
  return { ...leg, attempts: [...leg.attempts.map(started), ...further, ...(next ? [next] : [])] }
}

/** A receipt of the register behind the last one that the journal knows. */
export interface Newer {
  readonly shift: number
  readonly cheque: Cheque
}

export type TakenVerdict =
  | { readonly kind: 'done'; readonly newer: Newer }
  | { readonly kind: 'notRegistered' }
  | { readonly kind: 'ask'; readonly number: number | null }

/**
 * What the register has behind the journal, against what was taken over, in order. A till sends in order and alone
 * (`alone`: nobody else was ever seen), so what it registered is the beginning of what it had: where the newer receipts
 * are just that, they are proven, and what comes after them wasn't registered. Anything else asks, by mark.
 */
export function matchTaken(
  pending: readonly Entry[],
  newer: readonly Newer[],
  alone: boolean,
): readonly TakenVerdict[] {
  const content = (entry: Entry, { cheque }: Newer) =>
    entry.receipt === null ? 'different' : compareContent(entry.receipt, cheque)
  const inOrder = pending.every((entry, place) => {
    const other = newer[place]
    if (other === undefined) return true
    return content(entry, other) === 'same' && (entry.number === null || entry.number === other.cheque.number)
  })
  if (alone && inOrder) {
    return pending.map((_, place) => {
      const other = newer[place]
      return other === undefined ? { kind: 'notRegistered' } : { kind: 'done', newer: other }
    })
  }
  return pending.map((entry) => {
    const similar = newer.filter((other) => content(entry, other) !== 'different')
    if (similar.length === 0) return { kind: 'notRegistered' }
    return { kind: 'ask', number: similar.length === 1 ? (similar[0]?.cheque.number ?? null) : null }
  })
}

/** RECON -> DONE or QUEUED, or one question, for receipts that another tablet may have sent. */
export function* reconcileTaken(memory: Memory, pending: readonly Entry[]): Flow<void> {
  const read = yield* probe(memory)
  if (!read) return
  const { baseline } = read
  if (memory.device.reports === 'denied') return yield* askWhichIsOurs(memory, pending, null)
  const from = Math.min(...pending.map(({ taken }) => taken?.fromShift ?? baseline.shift), baseline.shift)
  const found = yield* readShifts(memory, read, from)
  if (found.kind === 'later') return
  if (found.kind === 'unreadable') return yield* askWhichIsOurs(memory, pending, null)
  const after = Math.min(...pending.map(({ taken }) => taken?.afterNumber ?? 0))
  const behind = found.lists.flatMap(({ shift, cheques }) =>
    cheques.flatMap((cheque) => (cheque.number > after ? [{ shift, cheque }] : [])),
  )
  // What was recognised so far, or was sent from here, is no other receipt's.
  const numbers = behind.map(({ cheque }) => cheque.number)
  const known = yield* takenBeside(pending, numbers)
  const newer = behind.filter(({ cheque }) => !known.has(cheque.number))
  const verdicts = matchTaken(pending, newer, memory.device.foreign === null)
  const changed: Entry[] = []
  for (const [place, entry] of pending.entries()) {
    const verdict = verdicts[place] ?? { kind: 'ask', number: null }
    if (verdict.kind === 'ask') {
      const question = memory.ask(entry.question, { kind: 'isReceiptOurs', number: verdict.number, mark: entry.mark })
      changed.push({ ...entry, question, history: memory.history(entry, 'asked', verdict.number) })
      break
    }
    if (verdict.kind === 'notRegistered') changed.push(notRegistered(memory, entry))
    else {
      const { shift, cheque } = verdict.newer
      changed.push(registered(memory, entry, cheque.number, shift, cheque.openedAt))
    }
  }
  // What is there beyond them was sold on the lost tablet after the server last heard it, or by somebody else.
  const more = newer.length > verdicts.filter(({ kind }) => kind !== 'notRegistered').length
  const foreign = more ? { foreign: { number: baseline.number, atMs: memory.clock.wall() } } : {}
  yield* commit(memory, { ...standing(baseline), ...foreign }, ...changed)
  memory.probe = null
}
