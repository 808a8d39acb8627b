/** Shift records: which one is open, and which the device has archived. */
import type { DeviceState, ShiftRecord } from './state.ts'

/** The open shift, null while none is open. */
export function currentShift(state: DeviceState): ShiftRecord | null {
  const last = state.shifts[state.shifts.length - 1]
  return last?.closedMs === 0 ? last : null
}

/** The open shift; the first document opens one. */
export function openShift(state: DeviceState, nowMs: number): ShiftRecord {
  const open = currentShift(state)
  if (open !== null) return open
  const shift: ShiftRecord = {
    id: (state.shifts[state.shifts.length - 1]?.id ?? state.options.lastShift) + 1,
    openedMs: nowMs,
    closedMs: 0,
    cashierId: state.cashierId,
    sumsAtOpen: state.sums.slice(),
    sums: [0, 0, 0, 0],
    counts: [0, 0, 0, 0],
    cashInCount: 0,
    cashInTiyn: 0,
    cashOutCount: 0,
    cashOutTiyn: 0,
    cashAtCloseTiyn: 0,
    firstSeq: state.lastSeq + 1,
  }
  state.shifts.push(shift)
  return shift
}

/** True for a shift whose documents the device no longer keeps (9.2, `isArhived`). */
export function isArchived(state: DeviceState, shift: ShiftRecord): boolean {
  const last = state.shifts[state.shifts.length - 1]
  return last !== undefined && last.id - shift.id > state.options.archiveAfterShifts
}
