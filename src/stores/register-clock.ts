/** The register's clock against the tablet's, learned at each contact (`src/queue/register-now.ts`). */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { parseDateHeader } from '../ikkm/device-time.ts'
import type { Stamp } from '../queue/effects.ts'
import {
  clockTrouble,
  heardDate,
  notBefore,
  NOTHING_KNOWN,
  registerNow,
  taughtByReceipt,
  type ClockTrouble,
} from '../queue/register-now.ts'
import type { ClockOffset, DeviceRecord } from '../queue/types.ts'

/** Both clocks of the tablet at this moment. */
export function stamp(): Stamp {
  return { wall: Date.now(), mono: performance.now() }
}

export const useRegisterClockStore = defineStore('registerClock', () => {
  const time = shallowRef(NOTHING_KNOWN)
  /** What the record held when this page first saw it: an earlier life's, and the tablet may have been set since. */
  let seen: { readonly deviceId: string; readonly offset: ClockOffset | undefined } | null = null

  /** The `Date` header of an answer that left at `left` and was there at `back`. */
  function heard(header: string, left: Stamp, back: Stamp): void {
    const date = parseDateHeader(header)
    if (date !== null) time.value = heardDate(time.value, date, left, back)
  }

  /** A record of the register as it is stored now: a new offset in it was learned from a receipt a moment ago. */
  function follow({ id, registerClock: offset }: DeviceRecord): void {
    const news = seen?.deviceId === id && (seen.offset?.low !== offset?.low || seen.offset?.high !== offset?.high)
    seen = { deviceId: id, offset }
    if (news && offset !== undefined) time.value = taughtByReceipt(time.value, offset, stamp())
  }

  /** The register has dated something `at` (ms since the epoch). */
  function dated(at: number): void {
    time.value = notBefore(time.value, at, stamp())
  }

  /** The register's time (ms since the epoch) when the tablet's clock shows `wallMs`; null where it isn't known. */
  function at(wallMs: number): number | null {
    const now = stamp()
    const registerMs = registerNow(time.value, now)
    return registerMs === null ? null : registerMs + wallMs - now.wall
  }

  /** As `at`; the tablet's own time where the register's isn't known. For what happened in this life of the page. */
  const shown = (wallMs: number): number => at(wallMs) ?? wallMs

  /** What is wrong with the tablet's clock, if anything. */
  const trouble = (): ClockTrouble | null => clockTrouble(time.value, stamp())

  return { time, heard, follow, dated, at, shown, trouble }
})
