/**
 * A tablet is lost and another one takes its till's place, drawn from a seed: what it sold, what the server had heard by
 * then, what of it the register registered afterwards, whether the lost one is dead, still alive or comes back after a
 * week, and where the new one dies on the way. In the end every operation that the new tablet knows is carried out once.
 */
import type { DeviceAnswer } from '../../../src/contract/device.ts'
import { Random, randomState } from '../../../src/device-model/random.ts'
import { newestKnown, takeOverDevice, takeOverEntry } from '../../../src/queue/takeover.ts'
import { newBankLeg, withOpenMarker, type DeviceRecord, type Entry } from '../../../src/queue/types.ts'
import { CARD_SALE, TEMPLATES } from '../goods.ts'
import { Lab, TIMEOUT, type Intercept } from '../lab.ts'
import { answerOf, type Surroundings } from '../person.ts'

export interface TakeoverResult {
  readonly findings: readonly {
    readonly kind: 'lost' | 'duplicated' | 'misattributed' | 'stuck'
    readonly text: string
  }[]
  readonly entries: number
  readonly requests: number
  readonly faults: number
  /** Questions about one receipt that the person at the new tablet was asked. */
  readonly asked: number
}

/** What the server has of a till. */
interface Uploaded {
  readonly device: DeviceRecord
  readonly entries: readonly Entry[]
}

const LONG_MS = 7 * 86_400_000
const MOST_TURNS = 400
/** How often the person looks at the screen, ms. */
const LOOK_MS = 20_000
/** Receipts on one tablet's till. */
const MOST_SOLD = 8
const MOST_AFTER = 3
const FIRST = TEMPLATES[0] ?? null

const uploadedBy = (lab: Lab): Uploaded =>
  structuredClone({ device: lab.record(), entries: [...lab.core.data.entries.values()] })

/** What the person at a tablet knows; `frees`: they end the register's lock of another tablet when they are asked to. */
function personAt(lab: Lab, frees: boolean): Surroundings {
  return {
    currentKey: () => lab.device.currentKey(),
    typesWrongKey: () => null,
    repair: () => {
      if (frees) lab.device.state.session.lockedTo = null
    },
    putsRight: () => false,
    executions: () => lab.executions,
    rivalLeaves: () => undefined,
    triesCardAgain: () => true,
    bank: (track) => lab.device.state.bank.transactions.some((one) => one.track === track && one.success),
  }
}

/** Runs a tablet and answers what it asks, at most so long. Resolves to the kinds of questions. */
function live(lab: Lab, person: Surroundings, forMs: number): readonly string[] {
  const untilMs = lab.nowMs + forMs
  const kinds: string[] = []
  for (let turn = 0; turn < MOST_TURNS && lab.nowMs < untilMs; turn += 1) {
    const before = lab.nowMs
    lab.run(Math.min(LOOK_MS, untilMs - lab.nowMs))
    const open = lab.core.load('d')?.open ?? []
    // A refused entry waits for its person for as long as it likes.
    const asking = open.find(({ question }) => question !== null && question.question.kind !== 'decide')
    const asked = lab.record().question ?? asking?.question ?? null
    if (asked === null && (lab.nowMs === before || open.length === 0)) return kinds
    if (asked === null) continue
    const entry = open.find(({ question }) => question?.id === asked.id) ?? null
    const answer = answerOf(person, asked, entry)
    if (answer === null) continue
    kinds.push(asked.question.kind)
    lab.answer(answer)
  }
  return kinds
}

function sell(lab: Lab, random: Random): void {
  const what = random.below(9)
  if (what === 0) lab.enqueue('deposit')
  else if (what === 1) lab.enqueue('registration', CARD_SALE, newBankLeg('purchase', CARD_SALE.total))
  else if (what === 2) lab.enqueue('xReport')
  else lab.enqueue('registration', TEMPLATES[random.below(TEMPLATES.length)] ?? FIRST)
}

/** Answers get lost, before or after the register has done it. */
function faulty(random: Random, count: () => void): Intercept {
  return (request, deliver): DeviceAnswer | null => {
    const writes = request.path === '/api/'
    if (random.below(writes ? 5 : 8) > 0) return null
    count()
    if (writes && random.below(2) === 0) deliver()
    return TIMEOUT
  }
}

/** What a new tablet stores, under an address of its own. */
function successor(lost: Lab, { device, entries }: Uploaded): Lab {
  const lab = new Lab({ beside: lost, host: 'new' })
  const taken = { atMs: lab.wallMs(), ...newestKnown(entries, 'd') }
  const { data } = lab.core
  for (const entry of entries) data.entries.set(entry.id, withOpenMarker(takeOverEntry(entry, device, taken)))
  data.nextSequence = 1_000
  data.devices.set(device.id, takeOverDevice(device, 8))
  lab.restart()
  return lab
}

type Finding = TakeoverResult['findings'][number]

/** `alive`: the lost tablet came back, and may print its own report once more; nothing fiscal. */
function judge(lab: Lab, known: Uploaded, alive: boolean): readonly Finding[] {
  const findings: Finding[] = []
  for (const entry of lab.core.data.entries.values()) {
    const made = lab.executions.filter(({ entryId, document }) => entryId === entry.id && counts(entry, document.kind))
    const { mark, kind, state } = entry
    const text = `${mark} (${kind}) is ${state} and ${String(made.length)} times carried out`
    if (made.length > 1 && !(alive && kind === 'xReport')) findings.push({ kind: 'duplicated', text })
    else if (state === 'done' && made.length === 0) findings.push({ kind: 'lost', text })
    else if (state === 'refused' && entry.resolution === null && made.length > 0)
      findings.push({ kind: 'misattributed', text })
    else if (state !== 'done' && state !== 'refused') findings.push({ kind: 'stuck', text })
    const number = made[0]?.document.number
    if (kind === 'registration' && state === 'done' && number !== undefined && entry.number !== number)
      findings.push({
        kind: 'misattributed',
        text: `${mark} is ${String(entry.number)}, its document ${String(number)}`,
      })
  }
  const cards = lab.device.state.bank.transactions.filter(({ success }) => success).length
  const sold = [...lab.core.data.entries.values()].filter(({ bank }) => bank !== null).length
  const heard = new Set(known.entries.map(({ id }) => id))
  const unheard = new Set(
    lab.executions.flatMap(({ entryId }) => (entryId !== null && !heard.has(entryId) ? [entryId] : [])),
  )
  if (cards > sold + unheard.size)
    findings.push({ kind: 'duplicated', text: `${String(cards)} card payments for ${String(sold)} receipts` })
  return findings
}

/** Whether a document of this kind is what the entry is about; a card's slip is none. */
function counts({ kind }: Entry, made: string): boolean {
  if (kind === 'xReport') return made === 'x'
  return made !== 'bank' && made !== 'x' && made !== 'print'
}

/** One history. `seed` from 1; the same seed gives the same history. */
export function runTakeover(seed: number): TakeoverResult {
  const random = new Random(randomState(seed))
  let faults = 0
  const locked = random.below(4) > 0
  const lost = new Lab({ device: { seed }, record: { hostLockOff: !locked }, host: 'lost' })
  lost.intercept = faulty(random, () => (faults += 1))
  const lostPerson = personAt(lost, false)

  const sold = 1 + random.below(MOST_SOLD)
  const heardAfter = random.below(sold + 1)
  let known = uploadedBy(lost)
  for (let n = 0; n < sold; n += 1) {
    sell(lost, random)
    if (n === heardAfter) {
      live(lost, lostPerson, random.below(40_000))
      known = uploadedBy(lost)
    }
    if (random.below(3) > 0) live(lost, lostPerson, random.below(60_000))
    if (random.below(6) === 0) lost.restart()
  }
  if (heardAfter === sold) known = uploadedBy(lost)
  live(lost, lostPerson, random.below(60_000))

  const lab = successor(lost, known)
  lab.intercept = faulty(random, () => (faults += 1))
  const person = personAt(lab, true)
  const asked: string[] = []
  // Dies now and then before it has come through.
  for (let deaths = random.below(4); deaths > 0; deaths -= 1) {
    asked.push(...live(lab, person, random.below(40_000)))
    lab.restart()
  }
  lab.intercept = () => null
  asked.push(...live(lab, person, 3_600_000))
  for (let n = random.below(MOST_AFTER); n > 0; n -= 1) {
    sell(lab, random)
    asked.push(...live(lab, person, 3_600_000))
  }
  // It was alive all the time, or lay in a drawer; where the register tells tablets apart, its lock keeps it out.
  const alive = locked && random.below(2) === 0
  if (alive) {
    lost.nowMs = lab.nowMs + random.below(LONG_MS)
    lost.intercept = () => null
    lost.restart()
    live(lost, lostPerson, 3_600_000)
    lab.nowMs = lost.nowMs
    asked.push(...live(lab, person, 3_600_000))
  }
  const requests = lost.sent.length + lab.sent.length
  return {
    findings: judge(lab, known, alive),
    entries: lab.core.data.entries.size,
    requests,
    faults,
    asked: asked.filter((kind) => kind === 'isReceiptOurs').length,
  }
}
