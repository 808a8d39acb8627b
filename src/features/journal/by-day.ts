/** Entries under the day on which they were made, in the order in which they come. */
import type { Entry } from '../../queue/types.ts'

export interface DayGroup {
  readonly day: string
  readonly entries: readonly Entry[]
}

export function byDay(entries: readonly Entry[], nameOf: (ms: number) => string): readonly DayGroup[] {
  const groups: { day: string; entries: Entry[] }[] = []
  for (const entry of entries) {
    const day = nameOf(entry.createdAtMs)
    const group = groups.at(-1)
    if (group?.day === day) group.entries.push(entry)
    else groups.push({ day, entries: [entry] })
  }
  return groups
}
