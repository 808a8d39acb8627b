/** Trying a way to the device and keeping it: the outside half of `stores/setup.ts`. */
import type { QueueStore } from '../queue/store.ts'
import { runDiagnosis, type BrowserFindings, type Diagnosis, type LocalNetworkPermission } from '../ikkm/diagnosis.ts'
import { browserKnowsAddressSpaces, createDirectTransport } from '../ikkm/transports/direct.ts'
import type { AppDatabase } from '../storage/app-db.ts'
import type { Changes } from '../storage/changes.ts'
import type { KeyValueStore } from '../storage/key-value.ts'
import type { LedgerDatabase } from '../storage/ledger-db.ts'
import type { SetupGateway } from '../till/services.ts'
import type { DeviceSettings, KeptDevice, Settings } from '../stores/settings.ts'
import { ensureDeviceRecord } from './device-record.ts'
import { openDeviceLink } from './device-link.ts'
import { pendingKeyName, queueChannelName } from './queue-names.ts'
import { recordIdOf } from './record-of.ts'

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
  readonly app: AppDatabase
  readonly changes: Pick<Changes, 'tell'>
  readonly keyValues: KeyValueStore
  readonly proxyToken: () => string | null
  /** Letters in the till's marks; empty before there are any. */
  readonly letters: () => string
  /** The way that is kept now; null before the first one. */
  readonly current: () => KeptDevice | null
  /** Settings that another till's records bring along. */
  readonly adopt: (patch: Partial<Settings>) => Promise<void>
  /** The ledger that a way belongs to; the demo has one of its own. */
  readonly ledgerFor: (
    way: DeviceSettings,
  ) => Promise<{ readonly database: LedgerDatabase; readonly store: QueueStore }>
}

export function createSetupGateway(parts: SetupGatewayParts): Pick<SetupGateway, 'diagnose' | 'inUse' | 'keep'> {
  // Whoever sets up may look at a register that another till holds: it may be about to take it over.
  const atProxy = { token: parts.proxyToken, letters: parts.letters, use: 'look' } as const

  /** Factory number of the register that this terminal works with; a demo is none. */
  async function expectedSerial(): Promise<string | null> {
    const current = parts.current()
    if (current === null || current.transport === 'demo') return null
    const { database } = await parts.ledgerFor(current)
    return (await database.get('devices', current.deviceId))?.serial ?? null
  }

  async function waiting(): Promise<number> {
    const current = parts.current()
    if (current === null) return 0
    const { database } = await parts.ledgerFor(current)
    return database.countFromIndex('entries', 'open')
  }

  async function diagnose(way: DeviceSettings, key: string): Promise<Diagnosis | null> {
    const { transport, client } = await openDeviceLink(way, parts.keyValues, atProxy)
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

  return {
    diagnose,
    async inUse() {
      const [serial, count] = await Promise.all([expectedSerial(), waiting()])
      return { serial, waiting: count }
    },
    async keep(way, typedKey, serial) {
      const { database, store } = await parts.ledgerFor(way)
      const shown =
        way.transport === 'demo' ? await (await openDeviceLink(way, parts.keyValues, atProxy)).shownKey() : null
      const key = shown ?? typedKey
      const id = recordIdOf(await database.getAll('devices'), { way, serial, key })
      const record = await ensureDeviceRecord(store, parts.keyValues, { id, key, serial })
      if (record.key === key) return id
      if ((await store.storeKey(id, key)) !== 'bound') {
        // A window that sends may be asleep over the question for it.
        const channel = new BroadcastChannel(queueChannelName(database.name, id))
        channel.postMessage({ kind: 'event', event: { kind: 'key', key } })
        channel.close()
        return id
      }
      // It answers the question for the key, should the request in doubt have lost the one that it is bound to.
      await parts.keyValues.set(pendingKeyName(id), { key, over: record.key })
      return id
    },
  }
}
