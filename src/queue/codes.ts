/** Which error codes of the device (source 004, chapter 11.1) mean what to the queue. */

export const RECEIPT_CODES = {
  /** Battery, paper, offline too long, other cashier, no right, other host: put right, then the same bytes again. */
  fix: new Set([-4, -5, -6, -11, -16, -18]),
  /** The bytes themselves, or the drawer (-15), make it impossible. */
  refused: new Set([-7, -8, -9, -10, -12, -13, -14, -15, -17]),
} as const

/** Blocked by the Tax Committee: its own code is this one minus 100. */
export function isBlocked(code: number): boolean {
  return code <= -100 && code >= -199
}
