/** The way to the device that the settings name: transport, slot over all tabs, paced client. */
import type { DeviceTransport } from '../contract/device.ts'
import type { AtProxy } from './register-lease.ts'
import { createPacedClient, type PacedClient } from '../ikkm/paced-client.ts'
import { pageSlot, storedNextStart, webSlot, type Slot } from '../ikkm/slot.ts'
import { createDirectTransport } from '../ikkm/transports/direct.ts'
import type { Stamp } from '../queue/effects.ts'
import { stamp } from '../stores/register-clock.ts'
import type { KeyValueStore } from '../storage/key-value.ts'
import type { LeaseGateway } from '../till/services.ts'
import type { DeviceSettings } from '../stores/settings.ts'

export interface DeviceLink {
  readonly transport: DeviceTransport
  readonly client: PacedClient
  /** The queue's own way: what it read before another till had the register must not be sent on. */
  readonly queueTransport: DeviceTransport
  /** For lists and directories: another till may hold the register while this one reads its goods. */
  readonly lookTransport: DeviceTransport
  /** Which till writes to a register of the relay; null on other ways. */
  readonly lease: LeaseGateway | null
  /** Key that the demo device shows on its screen; null on a real way, where only a person can read it. */
  shownKey(): Promise<string | null>
}

/** One request at a time over all tabs that talk to this device. */
function slotFor(settings: DeviceSettings): Slot {
  const name = `device:${settings.transport}:${settings.origin}:${settings.relayId}`
  if (!('locks' in navigator)) return pageSlot()
  return webSlot({ locks: navigator.locks, name, nextStart: storedNextStart(localStorage, `next:${name}`) })
}

/** An answer carried this `Date` header: it left and was there at these moments of ours. */
type OnDate = (header: string, left: Stamp, back: Stamp) => void

/** The same way; each answer's date is told before anybody reads the answer. */
function tellingDates(transport: DeviceTransport, onDate: OnDate): DeviceTransport {
  return {
    kind: transport.kind,
    async send(request, options) {
      const left = stamp()
      const answer = await transport.send(request, options)
      if (answer.kind === 'reply' && answer.date !== undefined) onDate(answer.date, left, stamp())
      return answer
    },
  }
}

/**
 * Opens the way to the device. Relay and demo are loaded when they are chosen: the demo's device model has no place
 * in a till, and most tills need no relay.
 */
export async function openDeviceLink(
  settings: DeviceSettings,
  keyValues: KeyValueStore,
  proxy: AtProxy,
  onDate: OnDate = () => undefined,
): Promise<DeviceLink> {
  const link = (
    way: DeviceTransport,
    shownKey: DeviceLink['shownKey'],
    relay: Partial<Pick<DeviceLink, 'queueTransport' | 'lookTransport' | 'lease'>> = {},
  ): DeviceLink => {
    const telling = (one: DeviceTransport) => tellingDates(one, onDate)
    const transport = telling(way)
    return {
      transport,
      client: createPacedClient({ transport, slot: slotFor(settings) }),
      // The same object where there is one way for all: whoever compares them sees that a look is no lesser contact.
      queueTransport: relay.queueTransport ? telling(relay.queueTransport) : transport,
      lookTransport: relay.lookTransport ? telling(relay.lookTransport) : transport,
      lease: relay.lease ?? null,
      shownKey,
    }
  }
  const unseen = () => Promise.resolve(null)
  switch (settings.transport) {
    case 'direct':
      return link(createDirectTransport({ origin: settings.origin, pageProtocol: location.protocol }), unseen)
    case 'relay': {
      const { openRelay } = await import('./register-lease.ts')
      const { transport, ...ways } = await openRelay(settings.relayId, keyValues, proxy)
      return link(transport, unseen, ways)
    }
    case 'demo': {
      const { createDemoDevice } = await import('./demo-device.ts')
      const demo = createDemoDevice(keyValues)
      return link(demo, () => demo.atDevice((device) => device.currentKey()))
    }
  }
}
