/** The shop's own ways to pay: what they are, and what a payment by them comes to. All amounts in tiyn. */
import { sumTiyn, tiyn } from './money.ts'
import type { Tiyn } from './money.ts'
import { owedBy, type PaidWay } from './paid-ways.ts'
import { TENDERS } from './receipt.ts'
import type { Payments, Tender } from './receipt.ts'

/** Pictures and colours that a way may have: names of the icons, places of the marks in `tokens.css`. */
export const WAY_ICONS = ['qr', 'card', 'terminal', 'phone', 'gift', 'cash', 'wallet', 'bank', 'clock', 'box'] as const
export const WAY_COLOURS = 8

/** What the cashier is asked for. */
export const WAY_QUESTIONS = ['nothing', 'digits', 'note'] as const

/** As it stands in the settings; what isn't known there is shown by the first picture or colour. */
export interface OwnWay {
  readonly id: string
  readonly name: string
  readonly icon: string
  readonly colour: number
  /** What it counts as for the register. */
  readonly tender: Tender
  /** More than what is due may be handed over. The register gives change from cash alone, so only such a way has it. */
  readonly change: boolean
  readonly asks: (typeof WAY_QUESTIONS)[number]
  /** Of a credit: a bank pays the shop (an instalment plan), so nobody is written into the debt book. */
  readonly bankPays?: true
}

/** The ways in a stored list; what isn't whole, or of a newer version, is left out. */
export function readWays(stored: readonly object[]): readonly OwnWay[] {
  return stored.filter((way): way is OwnWay => {
    const { id, name, icon, colour, tender, change, asks } = way as Partial<OwnWay>
    const texts = [id, name, icon].every((text) => typeof text === 'string')
    const places = Number.isSafeInteger(colour) && typeof change === 'boolean'
    return texts && places && TENDERS.some((one) => one === tender) && WAY_QUESTIONS.some((one) => one === asks)
  })
}

export const MAX_WAYS = 12
export const MAX_WAY_NAME = 24
export const MAX_WAY_NOTE = 40

/** Why a way can't be kept; null when it can. Names are compared without case and spaces around them. */
export function wayProblem(way: OwnWay, others: readonly OwnWay[]): 'name' | 'taken' | 'change' | null {
  const bare = (name: string): string => name.trim().toLowerCase()
  if (bare(way.name) === '' || way.name.length > MAX_WAY_NAME) return 'name'
  if (others.some((other) => other.id !== way.id && bare(other.name) === bare(way.name))) return 'taken'
  return way.change && way.tender !== 'cash' ? 'change' : null
}

/** A part of a payment: by a way of the shop, or by plain cash (null). `amount` null: all that is left. */
export interface WayPart {
  readonly way: OwnWay | null
  readonly amount: Tiyn | null
  readonly note: string
}

export interface OwnPayment {
  /** What the register gets: the parts of each tender added up. */
  readonly payments: Payments
  readonly ways: readonly PaidWay[]
  /** Still to be paid. */
  readonly left: Tiyn
  /** Of what is paid, the credit that no bank pays: somebody owes it to the shop. */
  readonly owed: Tiyn
  /**
   * `tooMuch`: more than is left by a way that gives no change. `note`, `digits`: not written yet. Where nothing is left
   * and nothing is wrong, the payment can be registered.
   */
  readonly problem: 'tooMuch' | 'note' | 'digits' | null
}

/** The payment as the screen shows it while it is being made. */
export interface OwnEntry extends OwnPayment {
  /** Name of the way at hand. */
  readonly name: string
  /** What was left before it: all of it where nothing is typed. */
  readonly due: Tiyn
}

function noteProblem({ way, note }: WayPart): OwnPayment['problem'] {
  if (way?.asks === 'digits') return /^\d{4}$/.test(note) ? null : 'digits'
  return way?.asks === 'note' && note.trim() === '' ? 'note' : null
}

const givesChange = ({ way }: WayPart): boolean => way === null || (way.change && way.tender === 'cash')

/** What a payment of `total` by these parts is, in their order. Nothing is rounded: the parts are what was typed. */
export function ownPayment(total: Tiyn, parts: readonly WayPart[]): OwnPayment {
  const payments: Partial<Record<Tender, Tiyn>> = {}
  const ways: PaidWay[] = []
  let left: number = total
  let problem: OwnPayment['problem'] = null
  for (const part of parts) {
    const handed = part.amount ?? tiyn(left)
    const kept = tiyn(Math.min(handed, left))
    if (handed > left && !givesChange(part)) problem = 'tooMuch'
    if (handed <= 0) continue
    problem ??= noteProblem(part)
    const tender = part.way?.tender ?? 'cash'
    payments[tender] = sumTiyn([payments[tender] ?? tiyn(0), handed])
    if (part.way !== null && kept > 0) ways.push(paidBy(part.way, kept, part.note))
    left -= kept
  }
  return { payments, ways, left: tiyn(left), owed: owedBy({ payments }, ways), problem }
}

function paidBy({ id, name, tender, asks, bankPays }: OwnWay, amount: Tiyn, note: string): PaidWay {
  const written = asks === 'nothing' ? '' : note.trim()
  const byBank = tender === 'credit' && bankPays
  return { id, name, tender, amount, ...(written === '' ? {} : { note: written }), ...(byBank && { bankPays }) }
}
