/**
 * Numbers, money and time as people read them. Money is written the Kazakhstani way in every language
 * (`4 895 ₸`, the sign behind, no-break spaces throughout), so that a total never breaks over two lines.
 * Chromium ships `kk` without its data: its separators and month names are written out here.
 */

export type Locale = 'ru' | 'kk' | 'en'

/** Narrow no-break space (U+202F): between thousands. */
const NNBSP = '\u202f'
/** No-break space (U+00A0): before a sign. */
const NBSP = '\u00a0'
/** Minus sign (U+2212), as wide as a digit. */
const MINUS = '\u2212'
const TENGE = '₸'

const KAZAKH_MONTHS = [
  'қаңтар',
  'ақпан',
  'наурыз',
  'сәуір',
  'мамыр',
  'маусым',
  'шілде',
  'тамыз',
  'қыркүйек',
  'қазан',
  'қараша',
  'желтоқсан',
]

const digits = new Intl.NumberFormat('en', { useGrouping: true, maximumFractionDigits: 0 })

function decimalSign(locale: Locale): string {
  return locale === 'en' ? '.' : ','
}

/** Whole number with narrow no-break spaces between thousands. */
export function formatInteger(value: number): string {
  const text = digits.format(Math.abs(Math.trunc(value))).replaceAll(',', NNBSP)
  return value < 0 ? MINUS + text : text
}

/** `value` of `10 ** places` parts, without trailing zeros beyond `keep` places. Integers only: no float is made. */
function formatParts(value: number, places: number, keep: number, locale: Locale): string {
  const unit = 10 ** places
  const size = Math.abs(value)
  const padded = String(size % unit).padStart(places, '0')
  const significant = padded.replace(/0+$/, '')
  const fraction = significant === '' ? '' : significant.padEnd(keep, '0')
  const whole = formatInteger((size - (size % unit)) / unit)
  return (value < 0 ? MINUS : '') + whole + (fraction === '' ? '' : decimalSign(locale) + fraction)
}

/** Tiyn without the sign: `4 895`, `4 890,50`. */
export function formatAmount(tiyn: number, locale: Locale): string {
  return formatParts(tiyn, 2, 2, locale)
}

/** Tiyn with the sign: `4 895 ₸`. */
export function formatMoney(tiyn: number, locale: Locale): string {
  return `${formatAmount(tiyn, locale)}${NBSP}${TENGE}`
}

/** Thousandths: `2`, `0,25`. */
export function formatQuantity(thousandths: number, locale: Locale): string {
  return formatParts(thousandths, 3, 1, locale)
}

/** Hundredths of a percent: `10 %`, `7,5 %`. */
export function formatPercent(hundredths: number, locale: Locale): string {
  return `${formatParts(hundredths, 2, 1, locale)}${NBSP}%`
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `14:32`, in the tablet's own time zone. */
export function formatTime(ms: number): string {
  const date = new Date(ms)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `22.11.2026`. */
export function formatDate(ms: number): string {
  const date = new Date(ms)
  return `${two(date.getDate())}.${two(date.getMonth() + 1)}.${date.getFullYear()}`
}

/** `22.11.2026, 14:32`. */
export function formatDateTime(ms: number): string {
  return `${formatDate(ms)}, ${formatTime(ms)}`
}

const longDates = {
  ru: new Intl.DateTimeFormat('ru', { day: 'numeric', month: 'long' }),
  en: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' }),
}

/** `22 ноября`, `22 қараша`, `22 November`. */
export function formatDay(ms: number, locale: Locale): string {
  if (locale !== 'kk') return longDates[locale].format(ms)
  const date = new Date(ms)
  return `${date.getDate()} ${KAZAKH_MONTHS[date.getMonth()] ?? ''}`
}

export interface DurationParts {
  readonly days: number
  readonly hours: number
  readonly minutes: number
}

/** Whole days, hours and minutes of a span in ms; a negative span (the clock was set back) counts as none. */
export function durationParts(ms: number): DurationParts {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  return { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 }
}
