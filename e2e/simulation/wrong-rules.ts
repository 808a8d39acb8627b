/** Wrong rules, for the defects that put one in the place of a right one (`defect-table.ts`). */
import type { DeviceAnswer } from '../../src/contract/device.ts'
import { decodeRegistrationReply } from '../../src/ikkm/codec.ts'
import type { Outcome } from '../../src/ikkm/codec.ts'
import { compareContent } from '../../src/queue/content.ts'
import { openedWhen } from '../../src/queue/register-clock.ts'
import { countersProve, listProves } from '../../src/queue/rules.ts'
import type { ShiftList } from '../../src/queue/rules.ts'
import type { Baseline, Entry } from '../../src/queue/types.ts'

type Lists = readonly ShiftList[]

/** Takes the first digits for a key, whatever their number. */
export function decodeLoosely(answer: DeviceAnswer): Outcome {
  const outcome = decodeRegistrationReply(answer)
  if (outcome.kind !== 'unknown' || answer.kind !== 'reply' || answer.status !== 200) return outcome
  const digits = /^\d+/.exec(answer.body.trim())?.[0]
  if (digits === undefined || digits === '0') return outcome
  return { kind: 'key', key: digits.padStart(8, '0').slice(0, 8), number: numberIn(answer.reason) }
}

/** Believes the body although the reason belongs to something else. */
export function decodeWithoutCrossCheck(answer: DeviceAnswer): Outcome {
  const outcome = decodeRegistrationReply(answer)
  if (outcome.kind !== 'unknown' || answer.kind !== 'reply' || !/^\d{8}$/.test(answer.body.trim())) return outcome
  return { kind: 'key', key: answer.body.trim(), number: numberIn(answer.reason) }
}

export function decodeLooselyWithoutCrossCheck(answer: DeviceAnswer): Outcome {
  const loose = decodeLoosely(answer)
  return loose.kind === 'unknown' ? decodeWithoutCrossCheck(answer) : loose
}

export function decodeZeroAsSuccess(answer: DeviceAnswer): Outcome {
  const outcome = decodeRegistrationReply(answer)
  return outcome.kind === 'zero' ? { kind: 'key', key: '00000000', number: null } : outcome
}

export function decodeAny200(answer: DeviceAnswer): Outcome {
  if (answer.kind !== 'reply' || answer.status !== 200) return decodeRegistrationReply(answer)
  const key = /^\d{8}$/.exec(answer.body.trim())?.[0] ?? '00000000'
  return { kind: 'key', key, number: numberIn(answer.reason) }
}

/** Takes every code for a lasting refusal. */
export function refuseAny(answer: DeviceAnswer): Outcome {
  const outcome = decodeRegistrationReply(answer)
  return outcome.kind === 'code' ? { ...outcome, code: -15 } : outcome
}

/** Takes "no paper" for a lasting refusal. */
export function refusePaper(answer: DeviceAnswer): Outcome {
  const outcome = decodeRegistrationReply(answer)
  return outcome.kind === 'code' && outcome.code === -6 ? { ...outcome, code: -15 } : outcome
}

function numberIn(reason: string): number | null {
  return /^\d{1,12}$/.test(reason) ? Number(reason) : null
}

export function auditWithoutCash(before: Baseline, now: Baseline, batch: readonly Entry[]): boolean {
  if (!before.counters || !now.counters) return countersProve(before, now, batch)
  const start = before.open ? before.counters : null
  const none = { count: 0, sum: 0 as Entry['amount'] }
  const counters = { ...now.counters, cashIn: start?.cashIn ?? none, cashOut: start?.cashOut ?? none }
  return countersProve(before, { ...now, counters }, batch)
}

/** Any number will do, as if the receipt had opened whichever shift is open now. */
export function auditInAnyShift(before: Baseline, now: Baseline, batch: readonly Entry[]): boolean {
  const moved = !before.open && now.shift > before.shift
  const unnumbered = batch.map((entry): Entry => ({ ...entry, number: null }))
  return countersProve(moved ? { ...before, shift: now.shift - 1 } : before, now, unnumbered)
}

export const neverAsk: typeof listProves = (entry, found, current) => {
  const verdict = listProves(entry, found, current)
  if (verdict.kind !== 'ask') return verdict
  return verdict.number === null ? { kind: 'notRegistered' } : { kind: 'done', number: verdict.number }
}

export const trustContent: typeof listProves = (entry, found, current) =>
  found.first && found.content === 'same' && entry.number !== null
    ? { kind: 'done', number: found.first.number }
    : listProves(entry, found, current)

export const trustFirst: typeof listProves = (entry, found, current) =>
  found.first && found.content === 'same'
    ? { kind: 'done', number: found.first.number }
    : listProves(entry, found, current)

export const trustNumber: typeof listProves = (entry, found, current) =>
  entry.number === null ? listProves(entry, found, current) : { kind: 'done', number: entry.number }

export function lastReceipt(_entry: Entry, lists: Lists) {
  return lists.flatMap((list) => list.cheques).slice(-1)
}

export function anyMatch({ receipt }: Entry, lists: Lists) {
  const all = lists.flatMap((list) => list.cheques)
  return all.filter((cheque) => receipt && compareContent(receipt, cheque) === 'same')
}

/** As good as the second of our send, whoever else sells the same. */
export const openedAnyTime: typeof openedWhen = (...given) => (openedWhen(...given) === 'not' ? 'not' : 'after')
