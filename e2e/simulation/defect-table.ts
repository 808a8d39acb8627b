/**
 * Deliberate defects (queue.md): each must be noticed by the simulation, or the simulation proves nothing. Those of the
 * machine are patches of its source, those of the app around it are ways in which the simulation itself drives it.
 */
import type { DriverDefects } from './defects.ts'
import type { Patch } from './patched.ts'
import type { ProfileName } from './plan.ts'

export interface Defect {
  readonly name: string
  /** Directed profile, null for the general mixture. */
  readonly profile: ProfileName | null
  readonly patches: readonly Patch[]
  readonly defects?: Partial<DriverDefects>
}

function defect(name: string, patches: readonly Patch[], profile: ProfileName | null = null): Defect {
  return { name, profile, patches }
}

function around(name: string, defects: Partial<DriverDefects>): Defect {
  return { name, profile: null, patches: [], defects }
}

function patch(file: string, find: string, put: string): Patch {
  return { file, find, put }
}

const decodedBy = (wrong: string) =>
  patch('registration.ts', 'decodeRegistrationReply(answer)', `wrong.${wrong}(answer)`)

/** What stands in the place of `commit(...)` and the back-off after an answer that says nothing. */
const afterUnknown = (put: string) =>
  patch(
    'registration.ts',
    `  if (proven || entry.attempts === 1) yield* commit(memory, null, noted)
  yield* backOff(memory)`,
    put,
  )

const afterKeyWrong = (put: string) =>
  patch(
    'registration.ts',
    `  memory.adopt({ entries: [answered] })
  yield* keyLost(memory)`,
    `  yield* commit(memory, { bound: null }, { ...answered, ${put} })
  yield* keyLost(memory)`,
  )

const auditedBy = (put: string): Patch[] => [
  patch('audit.ts', 'countersProve(before, baseline, batch)', `${put}(before, baseline, batch)`),
  patch(
    'reconcile.ts',
    'countersProve(entry.before, read.baseline, pending)',
    `${put}(entry.before, read.baseline, pending)`,
  ),
]

const openedBy = (put: string): Patch[] => [
  patch('audit.ts', 'openedWhen(memory.registerClock', `${put}(memory.registerClock`),
  patch('reconcile.ts', 'openedWhen(memory.registerClock', `${put}(memory.registerClock`),
]

const provenBy = (wrong: string) => patch('reconcile.ts', 'return listProves(', `return wrong.${wrong}(`)

const foundBy = (wrong: string) => patch('reconcile.ts', 'candidates(entry, lists)', `wrong.${wrong}(entry, lists)`)

const NO_AUDIT = auditedBy('(() => true)')
const SUMS_AGREE = patch('reconcile.ts', 'sumsAgree(before ?? null, read.baseline, done) !== true', 'false')
const TRUST_REPLAY = patch('registration.ts', 'const next = afterSuccess(entry, outcome)', "const next = 'audit'")

const NO_PROBE_OF_REFUSAL = patch(
  'registration.ts',
  `  if (fenceMs > 0) return yield* pause(fenceMs)
  const read = yield* probe(memory)
  if (!read) return
  if (!refusalStands(entry.before, read.baseline)) {`,
  `  if (fenceMs > 0) return yield* pause(fenceMs)
  if (fenceMs < 0) {`,
)

const NO_CASH_FENCE = patch('cash.ts', 'const fenceMs = yield* fenceLeft(memory, entry)', 'const fenceMs = 0')

const inOrder = (put: string) => patch('machine.ts', 'const next = begun ?? waiting[0]', `const next = ${put}`)

export const DEFECTS: readonly Defect[] = [
  around('send before persist', { sendBeforePersist: true }),
  around('entry and key in separate transactions, entry first', { splitCommit: 'entryFirst' }),
  around('entry and key in separate transactions, key first', { splitCommit: 'deviceFirst' }),
  around('two engines without a lock', { twoEngines: true }),
  defect('blind second deposit', [
    patch(
      'cash.ts',
      'const verdict = cashMoved(entry, read.baseline)',
      "const verdict = entry.state === 'recon' ? 'unchanged' : cashMoved(entry, read.baseline)",
    ),
    NO_CASH_FENCE,
  ]),
  {
    name: 'no counters before a deposit',
    profile: null,
    defects: { noCountersBeforeCash: true },
    patches: [
      patch(
        'cash.ts',
        'const verdict = cashMoved(entry, read.baseline)',
        "const verdict = entry.state === 'recon' ? 'unchanged' : 'once'",
      ),
    ],
  },
  defect('fresh key on retry', [
    afterUnknown("  yield* commit(memory, { bound: null, key: null }, { ...noted, state: 'queued', attempts: 0 })"),
  ]),
  defect('in doubt taken as done after a crash', [
    patch(
      'machine.ts',
      "import { auditBatch } from './audit.ts'",
      "import { auditBatch, registered } from './audit.ts'",
    ),
    patch(
      'machine.ts',
      'export function* run(memory: Memory): Flow<never> {',
      `export function* run(memory: Memory): Flow<never> {
  for (const entry of [...memory.open]) {
    if (entry.state !== 'sending') continue
    yield* commit(memory, { bound: null }, registered(memory, entry, entry.number ?? 0, entry.shift))
  }`,
    ),
  ]),
  around('attempts not stored', { attemptsNotStored: true }),
  defect('time-out = not registered', [
    afterUnknown("  yield* commit(memory, { bound: null }, { ...noted, state: 'refused', code: 0 })"),
  ]),
  defect('next receipt on the same key after a time-out', [
    afterUnknown('  yield* commit(memory, { bound: null }, noted)'),
    inOrder(
      "waiting.find((entry) => entry.id === device.bound) ?? waiting.find(({ state }) => state === 'queued') ?? waiting[0]",
    ),
  ]),
  defect('last in, first out', [inOrder('waiting.find((entry) => entry.id === device.bound) ?? waiting.at(-1)')]),
  defect('deposit without waiting', [NO_CASH_FENCE], 'cashHeavy'),
  defect('any code = refused', [decodedBy('refuseAny'), NO_PROBE_OF_REFUSAL]),
  defect('-1 = done', [afterKeyWrong("state: 'done', doneAtMs: memory.clock.wall()")]),
  around('new key not stored', { newKeyNotStored: true }),
  around('relaxed durability', { relaxed: true }),
  defect('-6 = not registered', [decodedBy('refusePaper'), NO_PROBE_OF_REFUSAL], 'trouble'),
  defect('loose parsing with no length check', [decodedBy('decodeLoosely')]),
  defect('any 200 = success', [decodedBy('decodeAny200')]),
  defect(
    "Z's error ignored",
    [
      patch(
        'shift-close.ts',
        '  const { step, money } = codeRow(code)',
        `  if (code < 0) return yield* accountFor(memory, intent)
  const { step, money } = codeRow(code)`,
      ),
    ],
    'zHeavy',
  ),
  defect('no probe', [
    patch(
      'registration.ts',
      `  const read = probeIsGood(memory) ? memory.probe : yield* probe(memory)
  if (!read || (!pending && (yield* noticeForeign(memory, read)))) return
  if (!(yield* mayWrite(memory))) return`,
      `  const blind = { number: 0, shift: 0, open: true, cash: null, counters: null }
  const read = { baseline: memory.probe?.baseline ?? blind }`,
    ),
  ]),
  defect('reconciliation takes the last receipt', [foundBy('lastReceipt')]),
  defect('-1 = new key and send again', [afterKeyWrong("state: 'queued', attempts: 0, answered: 0")]),
  defect('no audit', NO_AUDIT),
  around('transport repeats a deposit', { repeatsCash: true }),
  defect(
    'old key under -3',
    [
      patch(
        'registration.ts',
        'export function* judgeShiftOver(memory: Memory, entry: Entry): Flow<void> {',
        `export function* judgeShiftOver(memory: Memory, entry: Entry): Flow<void> {
  if (entry.code === -3) return yield* offerToClose(memory, entry, entry.before?.shift ?? 0)`,
      ),
    ],
    'trouble',
  ),
  defect('0 = success', [decodedBy('decodeZeroAsSuccess')]),
  defect('track used twice', [patch('bank-leg.ts', '(nextTrack % TRACKS_A_PREFIX)', '5')], 'bankHeavy'),
  defect('reconciliation trusts the answered number', [provenBy('trustNumber'), SUMS_AGREE]),
  defect(
    'refused without a fence',
    [patch('registration.ts', 'const fenceMs = yield* fenceLeft(memory, entry)', 'const fenceMs = 0')],
    'poorDrawer',
  ),
  defect('never ask, identical foreign content', [provenBy('neverAsk')], 'identicalForeign'),
  defect(
    'bank started again too early',
    [
      patch(
        'bank-leg.ts',
        'const waitMs = memory.fenceLeftMs(trackId(attempt.track), memory.fenceStartMs(attempt.startedAtMs))',
        'const waitMs = 0',
      ),
      patch(
        'bank-leg.ts',
        "if (seen.kind === 'busy' || waitMs > 0) return yield* pause(POLL_MS)",
        `if (seen.kind === 'busy' || waitMs > 0) return yield* pause(POLL_MS)
  if (waitMs === 0) {
    return yield* commit(memory, null, { ...entry, bank: replaced(leg, attempt.track, { state: 'notCharged' }) })
  }`,
      ),
    ],
    'bankHeavy',
  ),
  around('requests executed an hour later', { hourLate: true }),
  defect('content trusted though the number differs', [provenBy('trustContent')], 'identicalForeign'),
  defect('refused without a probe', [NO_PROBE_OF_REFUSAL], 'poorDrawer'),
  defect(
    'Z of the remembered shift',
    [
      patch('shift-close.ts', '!read.baseline.open || shift !== read.baseline.shift', '!read.baseline.open'),
      patch('shift-close.ts', '!standing.open || intent.shift !== standing.shift', '!standing.open'),
    ],
    'zHeavy',
  ),
  defect('audit without cash counters', auditedBy('wrong.auditWithoutCash')),
  defect(
    'Z not awaited',
    [
      patch(
        'shift-close.ts',
        '  if (!maySend(memory, intent)) return yield* pause(POLL_MS)',
        `  if (intent.sends > 0) return yield* accountFor(memory, intent)
  if (!maySend(memory, intent)) return yield* pause(POLL_MS)`,
      ),
    ],
    'zHeavy',
  ),
  defect(
    "Z's intent not stored",
    [
      patch(
        'shift-close.ts',
        'yield* commit(memory, { openShiftClose: sent })',
        'yield* commit(memory, { openShiftClose: null })',
      ),
    ],
    'zHeavy',
  ),
  defect(
    'no waiting after a Z',
    [
      patch(
        'shift-close.ts',
        '? memory.fenceLeftMs(SHIFT_CLOSE_ID, memory.fenceStartMs(intent.sentAtMs)) : 0',
        '? 0 : 0',
      ),
    ],
    'lateZ',
  ),
  defect(
    "another till's receipt taken for ours: no dates compared",
    openedBy("((..._given: unknown[]) => 'unknown')"),
    'twoTills',
  ),
  defect(
    'a probe from the payment screen without the lock',
    [patch('probe.ts', 'probeLastsMs(alone)', '(alone ? 60_000 : 0)')],
    'twoTills',
  ),
  defect(
    'sells on without the lock after a foreign receipt',
    [
      patch(
        'probe.ts',
        'if (memory.lockHeld || foreign === null || foreign.accepted === true) return true',
        'if (memory) return true',
      ),
    ],
    'twoTills',
  ),
  defect('same second, same content, not asked', openedBy('wrong.openedAnyTime'), 'twoTills'),
  // Each of these hides behind a second layer; together they don't.
  defect('pair: loose parsing, no cross-check of number and body', [decodedBy('decodeLooselyWithoutCrossCheck')]),
  defect('pair: no cross-check, no audit', [decodedBy('decodeWithoutCrossCheck'), ...NO_AUDIT]),
  defect('three: audit without the number and in any shift, a replay trusted', [
    ...auditedBy('wrong.auditInAnyShift'),
    TRUST_REPLAY,
  ]),
  defect('pair: a replay trusted, no audit', [TRUST_REPLAY, ...NO_AUDIT]),
  defect(
    'pair: reconciliation by any match, content trusted',
    [foundBy('anyMatch'), provenBy('trustContent'), SUMS_AGREE],
    'identicalForeign',
  ),
  // With the guard the same three are noticed only where a receipt of nobody is taken for ours.
  defect('four: the first equal receipt taken, at any time, sums not compared, a number accepted twice', [
    foundBy('anyMatch'),
    provenBy('trustFirst'),
    SUMS_AGREE,
    ...openedBy("((..._given: unknown[]) => 'after')"),
    patch('audit.ts', 'if (numbers.length === 0) return new Set()', 'if (numbers.length >= 0) return new Set()'),
    patch('audit.ts', 'new Set(numbers).size < numbers.length', 'false'),
    patch(
      'reconcile.ts',
      "verdicts.slice(0, index).some((earlier) => earlier.kind === 'done' && earlier.number === number)",
      'false',
    ),
  ]),
]
