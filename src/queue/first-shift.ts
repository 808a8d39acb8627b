/** A register before its first shift: it has no report to prove the key by, and refuses to give one (source 004, chapter 9). */
import { withKey } from '../ikkm/codec.ts'
import { decodeShifts } from '../ikkm/reports.ts'
import { shiftsRequest } from '../ikkm/requests.ts'
import type { Flow } from './effects.ts'
import { backOff, exchange, pause, type Memory } from './memory.ts'
import { emptyCounters, withoutReport } from './probe.ts'
import type { Baseline } from './types.ts'

/**
 * Proves the key by the list of shifts, which is empty. Null: it couldn't be read or a shift was opened meanwhile; the
 * flow has waited or asked, look again from the top.
 */
export function* proveWithoutShift(
  memory: Memory,
  key: string,
  base: Omit<Baseline, 'counters'>,
): Flow<Baseline | null> {
  const decoded = decodeShifts(yield* exchange(memory, withKey(shiftsRequest(), key)))
  if (decoded.kind === 'unknown') {
    memory.trouble()
    yield* backOff(memory)
    return null
  }
  if (decoded.kind === 'code') return yield* withoutReport(memory, decoded.code, base)
  if (decoded.value.rows.some(({ id }) => id > 0)) {
    yield* pause(1000)
    return null
  }
  return { ...base, counters: emptyCounters(base.shift) }
}
