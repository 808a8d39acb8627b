/**
 * What the device in use can do (docs/protocol.md, "What the document leaves open"): found out once for a serial number and a
 * firmware, and again after an update. Reads only; a sale that comes meanwhile goes first.
 */
import { shallowRef } from 'vue'
import * as v from 'valibot'
import type { DeviceAbilities } from '../ikkm/commissioning.ts'
import { useQueueStore } from '../stores/queue.ts'
import { services } from './services.ts'

const answer = v.nullable(v.boolean())
const storedAbilities = v.object({
  serial: v.nullable(v.string()),
  firmware: v.nullable(v.string()),
  reasonPhrase: answer,
  infoChecksKey: answer,
  dumpChecksKey: answer,
  reports: v.picklist(['allowed', 'denied', 'unknown']),
  hostLock: v.picklist(['held', 'refused', 'notAsked']),
})

/** Where the abilities of one device are kept; another firmware is looked at anew. */
const abilitiesKey = (serial: string, firmware: string | null): string => `abilities:${serial}:${firmware ?? ''}`

export function useAbilities() {
  const abilities = shallowRef<DeviceAbilities | null>(null)

  /** Reads what is stored, or asks the device where nothing is; null stays where the device couldn't be asked now. */
  async function load(serial: string, firmware: string | null): Promise<void> {
    const { keyValues, device } = services()
    const stored = v.safeParse(storedAbilities, await keyValues.get(abilitiesKey(serial, firmware)))
    if (stored.success) {
      abilities.value = stored.output
      return
    }
    // With receipts waiting the line belongs to them.
    if (device === null || useQueueStore().open.length > 0) return
    const read = await device.commission()
    if (read.kind !== 'ok' || read.abilities.serial !== serial) return
    abilities.value = read.abilities
    // A device without a shift has no report to try: what is not known yet is asked again.
    const { reasonPhrase, infoChecksKey, dumpChecksKey, reports } = read.abilities
    if ([reasonPhrase, infoChecksKey, dumpChecksKey].includes(null) || reports === 'unknown') return
    await keyValues.set(abilitiesKey(serial, read.abilities.firmware), read.abilities)
  }

  return { abilities, load }
}
