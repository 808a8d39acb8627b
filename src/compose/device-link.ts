/** The way to the device that the settings name: transport, slot over all tabs, paced client. */
import type { DeviceTransport } from '../contract/device.ts'
import { createPacedClient, type PacedClient } from '../ikkm/paced-client.ts'
import { pageSlot, storedNextStart, webSlot, type Slot } from '../ikkm/slot.ts'
import { createDirectTransport } from '../ikkm/transports/direct.ts'
import type { KeyValueStore } from '../storage/key-value.ts'
import type { DeviceSettings } from '../stores/settings.ts'

export interface DeviceLink {
  readonly transport: DeviceTransport
  readonly client: PacedClient
  /** Key that the demo device shows on its screen; null on a real way, where only a person can read it. */
  shownKey(): Promise<string | null>
}

/** One request at a time over all tabs that talk to this device. */
function slotFor(settings: DeviceSettings): Slot {
  const name = `device:${settings.transport}:${settings.origin}:${settings.relayId}`
  if (!('locks' in navigator)) return pageSlot()
  return webSlot({ locks: navigator.locks, name, nextStart: storedNextStart(localStorage, `next:${name}`) })
}

/**
 * Opens the way to the device. Relay and demo are loaded when they are chosen: the demo's device model has no place
 * in a till, and most tills need no relay.
 */
export async function openDeviceLink(
  settings: DeviceSettings,
  keyValues: KeyValueStore,
  proxyToken: () => string | null,
): Promise<DeviceLink> {
  const link = (transport: DeviceTransport, shownKey: DeviceLink['shownKey']): DeviceLink => ({
    transport,
    client: createPacedClient({ transport, slot: slotFor(settings) }),
    shownKey,
  })
  const unseen = () => Promise.resolve(null)
  switch (settings.transport) {
    case 'direct':
      return link(createDirectTransport({ origin: settings.origin, pageProtocol: location.protocol }), unseen)
    case 'relay': {
      const { createRelayTransport } = await import('../ikkm/transports/relay.ts')
      return link(createRelayTransport({ base: '', deviceId: settings.relayId, token: proxyToken }), unseen)
    }
    case 'demo': {
      const { createDemoDevice } = await import('./demo-device.ts')
      const demo = createDemoDevice(keyValues)
      return link(demo, () => demo.atDevice((device) => device.currentKey()))
    }
  }
}
