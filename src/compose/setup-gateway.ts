/** Trying a way to the device and keeping it: the outside half of `stores/setup.ts`. */
import type { QueueStore } from '../queue/store.ts'
import { newDeviceRecord } from '../queue/types.ts'
import { runDiagnosis, type BrowserFindings, type Diagnosis, type LocalNetworkPermission } from '../ikkm/diagnosis.ts'
import { browserKnowsAddressSpaces, createDirectTransport } from '../ikkm/transports/direct.ts'
import type { KeyValueStore } from '../storage/key-value.ts'
import type { LedgerDatabase } from '../storage/ledger-db.ts'
import type { SetupGateway } from '../stores/services.ts'
import type { DeviceSettings, KeptDevice } from '../stores/settings.ts'
import { openDeviceLink } from './device-link.ts'
import { pendingKeyName } from './pending-key.ts'

/** The browser's permission for the local network, under whichever name it knows it. */
async function localNetworkPermission(): Promise<LocalNetworkPermission> {
  for (const name of ['local-network-access', 'local-network']) {
    try {
      const status = await navigator.permissions.query({ name: name as PermissionName })
      return status.state
    } catch {
      // This browser doesn't know the name.
    }
  }
  return 'unknown'
}

/** Remembers whether the browser's own policy stopped a request while `work` ran. */
async function watchingPolicy<T>(work: (violated: () => boolean) => Promise<T>): Promise<T> {
  let violated = false
  const note = () => (violated = true)
  document.addEventListener('securitypolicyviolation', note)
  try {
    return await work(() => violated)
  } finally {
    document.removeEventListener('securitypolicyviolation', note)
  }
}

export interface SetupGatewayParts {
  readonly keyValues: KeyValueStore
  readonly proxyToken: () => string | null
  /** The way that is kept now; null before the first one. */
  readonly current: () => KeptDevice | null
  /** The ledger that a way belongs to; the demo has one of its own. */
  readonly ledgerFor: (
    way: DeviceSettings,
  ) => Promise<{ readonly database: LedgerDatabase; readonly store: QueueStore }>
}

export function createSetupGateway(parts: SetupGatewayParts): Pick<SetupGateway, 'diagnose' | 'keep'> {
  /** Factory number of the register that this terminal works with; a demo is none. */
  async function expectedSerial(): Promise<string | null> {
    const current = parts.current()
    if (current === null || current.transport === 'demo') return null
    const { database } = await parts.ledgerFor(current)
    return (await database.get('devices', current.deviceId))?.serial ?? null
  }

  async function diagnose(way: DeviceSettings, key: string): Promise<Diagnosis | null> {
    const { transport, client } = await openDeviceLink(way, parts.keyValues, parts.proxyToken)
    const expected = await expectedSerial()
    return watchingPolicy((violated) => {
      const browser = async (): Promise<BrowserFindings> => ({
        online: navigator.onLine,
        pageProtocol: location.protocol,
        pageHost: location.hostname,
        knowsAddressSpaces: browserKnowsAddressSpaces(),
        permission: await localNetworkPermission(),
        cspViolation: violated(),
      })
      const blind =
        way.transport === 'direct'
          ? createDirectTransport({ origin: way.origin, pageProtocol: location.protocol, mode: 'no-cors' })
          : null
      return runDiagnosis({
        via: transport.kind,
        origin: way.origin,
        key,
        expectedSerial: expected,
        transport,
        noCors: blind,
        inTurn: (work) => client.inTurn('status', work),
        browser,
        now: () => performance.now(),
      })
    })
  }

  /** A device is known by its factory number; where that wasn't read, by the way to it. */
  async function recordId(database: LedgerDatabase, way: DeviceSettings, serial: string | null): Promise<string> {
    const devices = await database.getAll('devices')
    const byWay = `${way.transport}:${way.origin}${way.relayId}`
    const known =
      devices.find((device) => serial !== null && device.serial === serial) ??
      devices.find(
        (device) => device.id === byWay && (serial === null || device.serial === null || device.serial === serial),
      )
    return known?.id ?? (devices.some((device) => device.id === byWay) ? `${byWay}#${serial ?? ''}` : byWay)
  }

  async function trackPrefix(): Promise<number> {
    const stored = await parts.keyValues.get('track-prefix')
    if (typeof stored === 'number') return stored
    const drawn = 1 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 998)
    await parts.keyValues.set('track-prefix', drawn)
    return drawn
  }

  return {
    diagnose,
    async keep(way, typedKey, serial) {
      const { database, store } = await parts.ledgerFor(way)
      const shown =
        way.transport === 'demo'
          ? await (await openDeviceLink(way, parts.keyValues, parts.proxyToken)).shownKey()
          : null
      const key = shown ?? typedKey
      const id = await recordId(database, way, serial)
      const fresh = newDeviceRecord({ id, key, trackPrefix: await trackPrefix(), hostLockWanted: false })
      const record = await store.createDevice({ ...fresh, serial })
      // A device that is known already keeps its record; the queue takes the typed key when it starts again.
      if (record.key !== key) await parts.keyValues.set(pendingKeyName(id), key)
      return id
    },
  }
}
