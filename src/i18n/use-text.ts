/** Words and figures for a component, in the current language; every one follows a switch at once. */
import {
  durationParts,
  formatAmount,
  formatDate,
  formatDateTime,
  formatDay,
  formatInteger,
  formatMoney,
  formatPercent,
  formatQuantity,
  formatTime,
} from './format.ts'
import { currentLocale, translate } from './i18n.ts'
import type { MessageKey } from './schema.ts'

export type Named = Readonly<Record<string, string | number>>

/** The text of a key. `count` in `named` chooses the plural form and is written as it stands there. */
export function text(key: MessageKey, named: Named = {}): string {
  const count = named.count
  return typeof count === 'number'
    ? translate(key, { ...named, count: formatInteger(count) }, count)
    : translate(key, named)
}

function duration(ms: number): string {
  const { days, hours, minutes } = durationParts(ms)
  if (days > 0) return text('time.daysHours', { days, hours })
  return hours > 0 ? text('time.hoursMinutes', { hours, minutes }) : text('time.minutes', { minutes })
}

/** Everything a template needs to say something. */
export function useText() {
  const locale = currentLocale
  return {
    t: text,
    locale,
    money: (tiyn: number) => formatMoney(tiyn, locale()),
    amount: (tiyn: number) => formatAmount(tiyn, locale()),
    quantity: (thousandths: number) => formatQuantity(thousandths, locale()),
    percent: (hundredths: number) => formatPercent(hundredths, locale()),
    integer: formatInteger,
    time: formatTime,
    date: formatDate,
    dateTime: formatDateTime,
    day: (ms: number) => formatDay(ms, locale()),
    duration,
  }
}
