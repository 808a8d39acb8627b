/** How the owner's page says days, moments and changes, on the shop's clock. */
import { writtenDay } from '../domain/calendar-day.ts'
import { formatDay } from '../i18n/format.ts'
import { useText } from '../i18n/use-text.ts'
import type { Change } from './comparison.ts'
import type { DayPeriod } from './period.ts'
import { useShop } from './use-shop.ts'

export function useShopWords() {
  const shop = useShop()
  const { t, locale, percent, quantity, date, time, dateTime, duration, ...rest } = useText()

  /** `27 ноября`, `27.11.2025` of another year; the day as it stands where it is none. */
  const dayWord = (day: string): string => {
    const span = writtenDay(day)
    if (span === null) return day
    return day.slice(0, 4) === shop.dayNow().slice(0, 4) ? formatDay(span.from, locale()) : date(span.from)
  }
  /** `27 ноября`, `1–27 ноября`, `28 октября – 3 ноября`, `28.12.2025 – 3 января`. */
  const days = ({ from, to }: DayPeriod): string => {
    if (from === to) return dayWord(from)
    const last = dayWord(to)
    const isOneMonth = from.slice(0, 7) === to.slice(0, 7) && !/^\d+\./.test(last)
    return isOneMonth ? `${Number(from.slice(8))}–${last}` : t('shop.period.span', { from: dayWord(from), to: last })
  }

  /** What the shown days are compared with, for the middle of a sentence. */
  function beforeWord(shown: DayPeriod, before: DayPeriod): string {
    if (shown.from !== shown.to) return t('shop.before.days', { days: days(before) })
    return t(shown.from === shop.dayNow() ? 'shop.before.yesterday' : 'shop.before.dayEarlier')
  }

  function changeWord(change: Change, before: string): string {
    switch (change.kind) {
      case 'more':
      case 'less':
        return t(`shop.change.${change.kind}`, { percent: percent(change.hundredths), before })
      case 'times':
        return change.thousandths % 1_000 === 0
          ? t('shop.change.times', { count: change.thousandths / 1_000, before })
          : t('shop.change.timesPart', { times: quantity(change.thousandths), before })
      case 'same':
        return t('shop.change.same', { before })
      default:
        return t(`shop.change.${change.kind}`)
    }
  }

  /** A moment on the shop's clock: the time alone where it is today. */
  function moment(ms: number): string {
    const wall = shop.wall(ms)
    const today = writtenDay(shop.dayNow())
    return today !== null && wall >= today.from && wall < today.to ? time(wall) : dateTime(wall)
  }

  return {
    ...rest,
    t,
    locale,
    percent,
    quantity,
    duration,
    dayWord,
    days,
    beforeWord,
    changeWord,
    moment,
    dateTime: (ms: number) => dateTime(shop.wall(ms)),
    time: (ms: number) => time(shop.wall(ms)),
    dayAt: (ms: number) => formatDay(shop.wall(ms), locale()),
  }
}
