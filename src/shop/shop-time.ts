/** The shop's clock on a phone that may stand in another time zone. */

const formats = new Map<string, Intl.DateTimeFormat>()

/** A zone that this browser doesn't know is read on the phone's own clock. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const parts = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const
  let made: Intl.DateTimeFormat
  try {
    made = new Intl.DateTimeFormat('en-US', { ...parts, hourCycle: 'h23', timeZone })
  } catch {
    made = new Intl.DateTimeFormat('en-US', { ...parts, hourCycle: 'h23' })
  }
  formats.set(timeZone, made)
  return made
}

/**
 * The moment at which this device's clock shows what the shop's shows at `ms`: what formats and exports local time then
 * says the shop's. ms since the epoch, whole seconds.
 */
export function wallMs(ms: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  return new Date(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')).getTime()
}
