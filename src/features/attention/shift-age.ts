/** How old the device's shift may get before the bar says so. */
import type { ShiftState } from '../../stores/device.ts'
import type { ChipTone } from '../../ui/UiChip.vue'

const HOUR_MS = 3_600_000
/** A shift may last 24 hours (source 004, chapter 11, -3); the bar warns an hour before. */
export const SHIFT_WARNS_AFTER_MS = 23 * HOUR_MS
export const SHIFT_LIMIT_MS = 24 * HOUR_MS

/** `nowMs`: by the register's clock, which dates the opening; null where it isn't known. */
export function shiftTone(shift: ShiftState, nowMs: number | null): ChipTone {
  if (!shift.open || shift.openedAt === null || nowMs === null) return 'neutral'
  const age = nowMs - shift.openedAt
  if (age >= SHIFT_LIMIT_MS) return 'danger'
  return age >= SHIFT_WARNS_AFTER_MS ? 'warn' : 'neutral'
}
