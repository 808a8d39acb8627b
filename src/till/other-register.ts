/** Operations that wait for another cash register: moving a sale to the one in use, or writing it off. */
import { isMovable, type Entry } from '../queue/types.ts'
import { useQueueStore } from '../stores/queue.ts'
import { registrationOf } from './registration.ts'
import { services } from './services.ts'
import { useSettingsStore } from '../stores/settings.ts'

/** Whether the sale can be registered on the device in use: surely not registered, and its card not given up. */
export function canTakeOver(entry: Entry): boolean {
  return entry.kind === 'registration' && isMovable(entry) && entry.bank?.state !== 'failed'
}

/** Whether it may be written off without its money: a charged card needs its receipt, or its money given back first. */
export function canWriteOff(entry: Entry): boolean {
  return isMovable(entry) && entry.bank?.state !== 'paid'
}

/**
 * Registers the sale on the device in use; a card that was charged goes along. False when it could not be moved, null
 * when whoever is at the till may not.
 */
export async function takeOver(entry: Entry): Promise<boolean | null> {
  const { queue, now, newId } = services()
  const { receipt } = entry
  if (queue === null || receipt === null || !canTakeOver(entry)) return false
  if (entry.state === 'refused' && entry.bank?.state === 'paid') {
    const { useBankStore } = await import('../stores/bank.ts')
    // Its money may have gone back to the card: then nothing was paid for a new receipt.
    if ((await useBankStore().chargeOf(entry.id)).kind !== 'charged') return false
  }
  const { language, barcode } = useSettingsStore().values
  const { cashier, bank, ways, debt } = entry
  const nowMs = now()
  const given = {
    id: newId(),
    deviceId: queue.deviceId,
    language,
    barcode,
    cashier,
    createdAtMs: nowMs,
    bank,
    ways,
    debt,
  }
  const frozen = registrationOf(receipt, given)
  if (frozen.kind !== 'entry') return false
  const result = await queue.settleAtOtherRegister(entry.id, { nowMs, replacement: frozen.entry })
  await useQueueStore().readOtherRegisters()
  return typeof result === 'object' ? null : result === 'moved'
}

/** Settles it with a reason; it stays in the journal. False when only its own device can tell; null as for `takeOver`. */
export async function writeOffAtOtherRegister(entry: Entry, reason: string): Promise<boolean | null> {
  const { queue, now, writeOffPractice } = services()
  const here = await queue?.settleAtOtherRegister(entry.id, { nowMs: now(), reason })
  const result = here === 'unknown' && !useSettingsStore().isDemo ? await writeOffPractice(entry.id, reason) : here
  await useQueueStore().readOtherRegisters()
  return typeof result === 'object' ? null : result === 'moved'
}
