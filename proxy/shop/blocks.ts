/**
 * Blocks of days. Totals are kept for each day, for each eight days, for each eight of those, and so on: any period is
 * the sum of a few blocks, a year of some twenty, so that a report over ten years reads little more than one over a month.
 */

const FAN_OUT = 8
/** The largest block has 8^3 days, nearly a year and a half. */
const LEVELS = 4
/** A block's number is its level times this, plus its place among those of its size. Days are the blocks below it. */
const LEVEL_STEP = 1_000_000

/** The blocks that hold a day, given as days since 1970. The first one is the day itself. */
export function blocksOf(day: number): number[] {
  return Array.from({ length: LEVELS }, (_, level) => level * LEVEL_STEP + Math.floor(day / FAN_OUT ** level))
}

/** The fewest blocks that hold the days from `first` to `last`, both included, and no other. */
export function blocksBetween(first: number, last: number): number[] {
  const blocks: number[] = []
  let day = first
  while (day <= last) {
    let level = 0
    while (level + 1 < LEVELS && day % FAN_OUT ** (level + 1) === 0 && day + FAN_OUT ** (level + 1) - 1 <= last)
      level += 1
    blocks.push(level * LEVEL_STEP + day / FAN_OUT ** level)
    day += FAN_OUT ** level
  }
  return blocks
}
