/**
 * How the prices of one column are written. A cell alone may mean two things (`12,500` is twelve and a half, or twelve
 * thousand five hundred); all rows of the column together nearly always say which.
 */
import { tiyn } from './money.ts'
import type { Tiyn } from './money.ts'

/** The sign before the decimals; the other one then stands between thousands. `either`: both were seen before decimals. */
export const DECIMAL_SIGNS = ['comma', 'dot', 'either'] as const
export type DecimalSign = (typeof DECIMAL_SIGNS)[number]

export interface NumberReading {
  readonly decimal: DecimalSign
  /** Cells that would be another number if the column were read the other way, the first few as they stand. */
  readonly ambiguous: readonly string[]
}

const CURRENCY = /(?:₸|тенге|теңге|тг|kzt|т)\.?/iu
const BEFORE = new RegExp(`^${CURRENCY.source}\\s*`, 'iu')
const AFTER = new RegExp(`\\s*${CURRENCY.source}$`, 'iu')
/** Longest cell that may be a price. */
const LONGEST = 40
/** What people write where there is no price. */
const NO_PRICE = /^[-–—]*$/

/** The bare digits and signs of a cell: without currency; spaces (narrow, no-break) and apostrophes as one thin sign. */
function bareNumber(cell: string): string {
  return cell
    .slice(0, LONGEST + 1)
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .trim()
    .replace(BEFORE, '')
    .replace(AFTER, '')
    .replace(/[−–]/g, '-')
    .replace(/(?<=\d)[\s'’`](?=\d{3}(?!\d))/g, '_')
}

type Sign = ',' | '.'
const other = (sign: Sign): Sign => (sign === ',' ? '.' : ',')

/** What one cell says about its column: the decimal sign, that it is ambiguous, or nothing. */
function evidenceOf(cell: string): { readonly decimal: Sign; readonly sure: boolean } | null {
  const bare = bareNumber(cell).replace(/^-/, '')
  const signs = bare.match(/[.,]/g) ?? []
  const last = signs.at(-1) as Sign | undefined
  if (last === undefined || !/^[\d_]*(?:[.,][\d_]+)*$/.test(bare)) return null
  // `1.234.567`: a sign that comes twice parts thousands; `1.234,5`: of two the last one is the decimal sign.
  if (signs.filter((sign) => sign === last).length > 1) return { decimal: other(last), sure: true }
  if (signs.length > 1) return { decimal: last, sure: true }
  const [whole = '', fraction = ''] = bare.split(last)
  const asThousands = /^[1-9]\d{0,2}$/.test(whole) && /^\d{3}$/.test(fraction)
  // Alone it is taken for thousands: no shop has prices of three decimals.
  return asThousands ? { decimal: other(last), sure: false } : { decimal: last, sure: true }
}

const EXAMPLES = 3

/** The decimal sign of a column of quantities, where three decimals are grams: what speaks for thousands alone is one. */
export function guessQuantitySign(cells: readonly string[]): DecimalSign {
  const found = cells.flatMap((cell) => evidenceOf(cell) ?? [])
  const sure = found.filter((one) => one.sure)
  if (sure.length > 0 || found.length === 0) return guessReading(cells).decimal
  const dots = found.filter((one) => other(one.decimal) === '.').length
  return 2 * dots > found.length ? 'dot' : 'comma'
}

/** The reading of a column that its rows speak for; a column without any sign is read with a comma. */
export function guessReading(cells: Iterable<string>): NumberReading {
  const sure = { ',': 0, '.': 0 }
  const maybe = { ',': 0, '.': 0 }
  const ambiguous: string[] = []
  for (const cell of cells) {
    const evidence = evidenceOf(cell)
    if (evidence === null) continue
    const counts = evidence.sure ? sure : maybe
    counts[evidence.decimal]++
    if (!evidence.sure && ambiguous.length < EXAMPLES) ambiguous.push(cell.trim())
  }
  const both = sure[','] > 0 && sure['.'] > 0
  const { ',': commas, '.': dots } = sure[','] + sure['.'] > 0 ? sure : maybe
  return { decimal: both ? 'either' : dots > commas ? 'dot' : 'comma', ambiguous }
}

export type ReadNumber =
  | { readonly kind: 'number'; readonly amount: Tiyn; readonly rounded: boolean }
  /** Nothing stands in the cell, or a dash. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }

/** Decimals up to which a price is taken as it stands; what a spreadsheet computed may have more and is rounded. */
const COMPUTED_DECIMALS = 4

function wholeDigits(text: string, thousands: string): string | null {
  if (/^\d*$/.test(text)) return text
  const parts = text.split('_').join(thousands).split(thousands)
  return /^\d{1,3}$/.test(parts[0] ?? '') && parts.slice(1).every((part) => /^\d{3}$/.test(part))
    ? parts.join('')
    : null
}

/**
 * An amount as the column's reading has it, in tiyn, or in units of so many decimals. More decimals are an error; four or
 * more (a computed cell) are rounded half up and told. Never throws.
 */
export function readNumber(cell: string, decimal: DecimalSign, places = 2): ReadNumber {
  if (NO_PRICE.test(cell.trim())) return { kind: 'none' }
  const bare = bareNumber(cell)
  const match = /^(-?)([\d_.,]*)$/.exec(bare)
  if (match === null || cell.trim().length > LONGEST) return { kind: 'unreadable' }
  const body = match[2] ?? ''
  const sign: Sign =
    decimal === 'either' ? (body.lastIndexOf('.') > body.lastIndexOf(',') ? '.' : ',') : decimal === 'dot' ? '.' : ','
  const [before = '', fraction = '', ...more] = body.split(sign)
  const whole = wholeDigits(before, other(sign))
  const isNumber = whole !== null && whole.length <= 12 && more.length === 0 && /^\d*$/.test(fraction)
  if (!isNumber || whole + fraction === '') return { kind: 'unreadable' }
  const surplus = fraction.slice(places)
  const rounded = /[1-9]/.test(surplus)
  if (rounded && fraction.length < COMPUTED_DECIMALS) return { kind: 'unreadable' }
  const up = rounded && surplus >= '5' ? 1 : 0
  const amount = Number((whole || '0') + fraction.slice(0, places).padEnd(places, '0')) + up
  if (!Number.isSafeInteger(amount)) return { kind: 'unreadable' }
  return { kind: 'number', amount: tiyn(match[1] === '-' ? -amount : amount), rounded }
}
