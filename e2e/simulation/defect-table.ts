/** Deliberate defects (queue.md): each must be noticed by the simulation, or the simulation proves nothing. */
import type { DeviceAnswer } from '../../src/contract/device.ts'
import { decodeRegistrationReply } from '../../src/ikkm/codec.ts'
import type { Outcome } from '../../src/ikkm/codec.ts'
import { RULES } from '../../src/queue/rules.ts'
import type { Rules } from '../../src/queue/rules.ts'
import type { Baseline, Entry } from '../../src/queue/types.ts'
import type { DriverDefects } from './defects.ts'
import type { ProfileName } from './plan.ts'

export interface Defect {
  readonly name: string
  /** Directed profile, null for the general mixture. */
  readonly profile: ProfileName | null
  readonly rules?: Partial<Rules>
  readonly defects?: Partial<DriverDefects>
}

function defect(name: string, rules: Partial<Rules>, profile: ProfileName | null = null): Defect {
  return { name, profile, rules }
}

function around(name: string, defects: Partial<DriverDefects>, profile: ProfileName | null = null): Defect {
  return { name, profile, defects }
}

/** Takes the first digits for a key, whatever their number. */
function decodeLoosely(answer: DeviceAnswer): Outcome {
  const outcome = decodeRegistrationReply(answer)
  if (outcome.kind !== 'unknown' || answer.kind !== 'reply' || answer.status !== 200) return outcome
  const digits = /^\d+/.exec(answer.body.trim())?.[0]
  if (digits === undefined || digits === '0') return outcome
  return { kind: 'key', key: digits.padStart(8, '0').slice(0, 8), number: numberIn(answer.reason) }
}

/** Believes the body although the reason belongs to something else. */
function decodeWithoutCrossCheck(answer: DeviceAnswer): Outcome {
  const outcome = decodeRegistrationReply(answer)
  if (outcome.kind !== 'unknown' || answer.kind !== 'reply' || !/^\d{8}$/.test(answer.body.trim())) return outcome
  return { kind: 'key', key: answer.body.trim(), number: numberIn(answer.reason) }
}

function decodeZeroAsSuccess(answer: DeviceAnswer): Outcome {
  const outcome = decodeRegistrationReply(answer)
  return outcome.kind === 'zero' ? { kind: 'key', key: '00000000', number: null } : outcome
}

function decodeAny200(answer: DeviceAnswer): Outcome {
  if (answer.kind !== 'reply' || answer.status !== 200) return decodeRegistrationReply(answer)
  const key = /^\d{8}$/.exec(answer.body.trim())?.[0] ?? '00000000'
  return { kind: 'key', key, number: numberIn(answer.reason) }
}

/** Takes these codes for a lasting refusal. */
function refusing(codes: (code: number) => boolean): Rules['decode'] {
  return (answer) => {
    const outcome = decodeRegistrationReply(answer)
    return outcome.kind === 'code' && codes(outcome.code) ? { ...outcome, code: -15 } : outcome
  }
}

function numberIn(reason: string): number | null {
  return /^\d{1,12}$/.test(reason) ? Number(reason) : null
}

function auditWithoutCash(before: Baseline, now: Baseline, batch: readonly Entry[]): boolean {
  if (!before.counters || !now.counters) return RULES.audit(before, now, batch)
  const start = before.open ? before.counters : null
  const none = { count: 0, sum: 0 as Entry['amount'] }
  const counters = { ...now.counters, cashIn: start?.cashIn ?? none, cashOut: start?.cashOut ?? none }
  return RULES.audit(before, { ...now, counters }, batch)
}

/** Any number will do. */
/** As if the receipt had opened whichever shift is open now. */
function auditInAnyShift(before: Baseline, now: Baseline, batch: readonly Entry[]): boolean {
  const moved = !before.open && now.shift > before.shift
  return auditWithoutNumber(moved ? { ...before, shift: now.shift - 1 } : before, now, batch)
}

function auditWithoutNumber(before: Baseline, now: Baseline, batch: readonly Entry[]): boolean {
  return RULES.audit(
    before,
    now,
    batch.map((entry): Entry => ({ ...entry, number: null })),
  )
}

const neverAsk: Rules['reconcile'] = (entry, found, current) => {
  const verdict = RULES.reconcile(entry, found, current)
  if (verdict.kind !== 'ask') return verdict
  return verdict.number === null ? { kind: 'notRegistered' } : { kind: 'done', number: verdict.number }
}

const trustContent: Rules['reconcile'] = (entry, found, current) =>
  found.first && found.content === 'same' && entry.number !== null
    ? { kind: 'done', number: found.first.number }
    : RULES.reconcile(entry, found, current)

const trustNumber: Rules['reconcile'] = (entry, found, current) =>
  entry.number === null ? RULES.reconcile(entry, found, current) : { kind: 'done', number: entry.number }

const anyMatch: Rules['candidates'] = (entry, lists) => {
  const all = lists.flatMap((list) => list.cheques)
  const { receipt } = entry
  return all.filter((cheque) => receipt && RULES.content(receipt, cheque) === 'same')
}

const trustReplay: Rules['afterSuccess'] = () => 'audit'

export const DEFECTS: readonly Defect[] = [
  around('send before persist', { sendBeforePersist: true }),
  around('entry and key in separate transactions, entry first', { splitCommit: 'entryFirst' }),
  around('entry and key in separate transactions, key first', { splitCommit: 'deviceFirst' }),
  around('two engines without a lock', { twoEngines: true }),
  defect('blind second deposit', {
    cash: (entry, now) => (entry.state === 'recon' ? 'unchanged' : RULES.cash(entry, now)),
    cashFenceMs: 0,
  }),
  {
    name: 'no counters before a deposit',
    profile: null,
    defects: { noCountersBeforeCash: true },
    rules: { cash: (entry) => (entry.state === 'recon' ? 'unchanged' : 'once') },
  },
  defect('fresh key on retry', { afterUnknown: () => 'freshKey' }),
  defect('in doubt taken as done after a crash', { afterCrash: () => 'done' }),
  around('attempts not stored', { attemptsNotStored: true }),
  defect('time-out = not registered', { afterUnknown: () => 'notRegistered' }),
  defect('next receipt on the same key after a time-out', {
    afterUnknown: () => 'nextOnSameKey',
    pick: (live) => live.find((entry) => entry.state === 'queued') ?? live[0],
  }),
  defect('last in, first out', { pick: (live) => live.at(-1) }),
  defect('deposit without waiting', { cashFenceMs: 0 }, 'cashHeavy'),
  defect('any code = refused', { decode: refusing(() => true), refusalNeedsProbe: false }),
  defect('-1 = done', { afterKeyWrong: () => 'done' }),
  around('new key not stored', { newKeyNotStored: true }),
  around('relaxed durability', { relaxed: true }),
  defect('-6 = not registered', { decode: refusing((code) => code === -6), refusalNeedsProbe: false }, 'trouble'),
  defect('loose parsing with no length check', { decode: decodeLoosely }),
  defect('any 200 = success', { decode: decodeAny200 }),
  defect("Z's error ignored", { shiftCloseErrorCounts: false }, 'zHeavy'),
  defect('no probe', { needsProbe: false }),
  defect('reconciliation takes the last receipt', {
    candidates: (_entry, lists) => lists.flatMap((list) => list.cheques).slice(-1),
  }),
  defect('-1 = new key and send again', { afterKeyWrong: () => 'sendAgain' }),
  defect('no audit', { audit: () => true }),
  around('transport repeats a deposit', { repeatsCash: true }),
  defect('old key under -3', { checksShiftOver: false }, 'trouble'),
  defect('0 = success', { decode: decodeZeroAsSuccess }),
  defect('track used twice', { nextTrack: () => 5 }, 'bankHeavy'),
  defect('reconciliation trusts the answered number', { reconcile: trustNumber, sumsAgree: () => true }),
  defect('refused without a fence', { refusalFenceMs: 0 }, 'poorDrawer'),
  defect('never ask, identical foreign content', { reconcile: neverAsk }, 'identicalForeign'),
  defect('bank started again too early', { bankFenceMs: 0, bankAsks: false }, 'bankHeavy'),
  around('requests executed an hour later', { hourLate: true }),
  defect('content trusted though the number differs', { reconcile: trustContent }, 'identicalForeign'),
  defect('refused without a probe', { refusalNeedsProbe: false }, 'poorDrawer'),
  defect('Z of the remembered shift', { mayClose: () => true }, 'zHeavy'),
  defect('audit without cash counters', { audit: auditWithoutCash }),
  defect('Z not awaited', { shiftCloseIsAwaited: false }, 'zHeavy'),
  defect("Z's intent not stored", { storesShiftClose: false }, 'zHeavy'),
  defect('no waiting after a Z', { shiftCloseFenceMs: 0 }, 'lateZ'),
  // Each of these hides behind a second layer; together they don't.
  defect('pair: loose parsing, no cross-check of number and body', {
    decode: (answer) => {
      const loose = decodeLoosely(answer)
      return loose.kind === 'unknown' ? decodeWithoutCrossCheck(answer) : loose
    },
  }),
  defect('pair: no cross-check, no audit', { decode: decodeWithoutCrossCheck, audit: () => true }),
  defect('three: audit without the number and in any shift, a replay trusted', {
    audit: auditInAnyShift,
    afterSuccess: trustReplay,
  }),
  defect('pair: a replay trusted, no audit', { afterSuccess: trustReplay, audit: () => true }),
  defect(
    'pair: reconciliation by any match, content trusted',
    { candidates: anyMatch, reconcile: trustContent, sumsAgree: () => true },
    'identicalForeign',
  ),
]
