/** Two records turned out to be one register: its own record goes on over the way that was just set up. */
import type { QueueStore } from '../queue/store.ts'
import type { DeviceRecord } from '../queue/types.ts'
import type { SetupGateway } from '../till/services.ts'
import type { KeptDevice, Settings } from '../stores/settings.ts'

export interface JoinParts {
  /** The record that has to give way, with the factory number that answered there. */
  readonly record: DeviceRecord
  readonly way: KeptDevice
  readonly store: Pick<QueueStore, 'mergeDevice'>
  readonly setup: Pick<SetupGateway, 'keep'>
  readonly change: (patch: Partial<Settings>) => Promise<void>
}

/** True when the terminal has to start anew over the register's own record. */
export async function joinRegister({ record, way, store, setup, change }: JoinParts): Promise<boolean> {
  if (record.sameAs === undefined) return false
  const { deviceId: _before, ...device } = way
  // The key that was typed here is kept with the record that has the register, or waits there.
  const deviceId = await setup.keep(device, record.key ?? '', record.sameAs)
  if (deviceId === record.id) return false
  await store.mergeDevice(record.id, deviceId)
  await change({ device: { ...device, deviceId } })
  return true
}
