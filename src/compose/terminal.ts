/** Puts the real parts together: databases, the way to the device, the queue, and hands them to the stores. */
import { reactive } from 'vue'
import { REPLY_TIMEOUT_MS, type DeviceAnswer } from '../contract/device.ts'
import { errorText } from '../domain/error-text.ts'
import { decodeCommandReply, withKey, type FrozenRequest, type ReadRequest } from '../ikkm/codec.ts'
import type { Lane, PacedClient } from '../ikkm/paced-client.ts'
import type { ChannelLike, LocksLike, QueueService } from '../queue/runner/service.ts'
import { createQueueService } from '../queue/runner/service.ts'
import type { QueueStore } from '../queue/store.ts'
import { newDeviceRecord } from '../queue/types.ts'
import { openAppDatabase } from '../storage/app-db.ts'
import { createCartRepository } from '../storage/cart-repository.ts'
import { createCatalogRepository } from '../storage/catalog-repository.ts'
import { createJournalRepository } from '../storage/journal-repository.ts'
import { createKeyValueStore, type KeyValueStore } from '../storage/key-value.ts'
import { LEDGER_DATABASE, openLedger, type LedgerDatabase } from '../storage/ledger-db.ts'
import { createLedgerStore } from '../storage/ledger-store.ts'
import { askPersistence, readPersistence } from '../storage/persistence.ts'
import { useCashiersStore } from '../stores/cashiers.ts'
import { provideServices, type DeviceGateway, type QueueGateway, type SetupGateway } from '../stores/services.ts'
import { useSettingsStore, type DeviceSettings } from '../stores/settings.ts'
import { lazyBackoffice } from './backoffice.ts'
import { openDeviceLink } from './device-link.ts'
import { pendingKeyName } from './pending-key.ts'
import type { SetupGatewayParts } from './setup-gateway.ts'

const PROXY_TOKEN = 'proxy-token'

interface Ledger {
  readonly database: LedgerDatabase
  readonly store: QueueStore
}

/** Receipts of the demo never mix with real ones: they have a ledger of their own. */
const ledgerName = (way: DeviceSettings) => (way.transport === 'demo' ? `${LEDGER_DATABASE}-demo` : LEDGER_DATABASE)

const clock = { wall: () => Date.now(), mono: () => performance.now() }

function setTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

function deviceGateway(client: PacedClient, queue: QueueService): DeviceGateway {
  const currentKey = () => queue.snapshot()?.device.key ?? null
  /** The key is put in when the turn has come: a receipt that went first has changed it. */
  function send(request: ReadRequest | FrozenRequest, lane: Lane): Promise<DeviceAnswer | null> {
    return client.inTurn(lane, async () => {
      const key = currentKey()
      return key === null ? null : client.transport.send(withKey(request, key), { timeoutMs: REPLY_TIMEOUT_MS })
    })
  }
  return {
    async read(request, decode) {
      const lane = request.path.startsWith('/dump/table/') ? 'directory' : 'status'
      const answer = currentKey() === null ? null : await send(request, lane)
      return answer === null ? { kind: 'noKey' } : decode(answer)
    },
    async command(request) {
      const answer = currentKey() === null ? null : await send(request, 'status')
      return answer === null ? { kind: 'noKey' } : decodeCommandReply(answer)
    },
    async commission() {
      const key = currentKey()
      if (key === null) return { kind: 'noKey' }
      const { commissionDevice } = await import('../ikkm/commissioning.ts')
      const options = { lane: 'directory', timeoutMs: REPLY_TIMEOUT_MS } as const
      return commissionDevice((request) => client.send(request, options), key, false)
    },
  }
}

function queueGateway(deviceId: string, queue: QueueService): QueueGateway {
  return {
    ...queue,
    deviceId,
    sending: () => queue.sending() !== null,
  }
}

function startQueue(
  deviceId: string,
  ledger: Ledger,
  client: PacedClient,
  onStorage: (error: unknown) => void,
): QueueService {
  const locks: LocksLike | null = 'locks' in navigator ? (navigator.locks as LocksLike) : null
  const queue = createQueueService({
    store: ledger.store,
    deviceId,
    holder: crypto.randomUUID(),
    exchange: (request, { timeoutMs, mayStart }) =>
      client.inTurn('queue', async () => (mayStart() ? client.transport.send(request, { timeoutMs }) : null)),
    locks,
    channel: new BroadcastChannel(`queue:${ledger.database.name}:${deviceId}`) as ChannelLike,
    clock,
    chance: Math.random,
    setTimer,
    onStorage,
  })
  const nudge = () => {
    if (document.visibilityState === 'visible') queue.retryNow()
  }
  document.addEventListener('visibilitychange', nudge)
  window.addEventListener('online', nudge)
  return queue
}

/** Hands over a key that was typed in the setup for a device whose record existed already. */
async function takePendingKey(keyValues: KeyValueStore, deviceId: string, queue: QueueService): Promise<void> {
  const name = pendingKeyName(deviceId)
  const key = await keyValues.get(name)
  if (typeof key !== 'string') return
  if (queue.provideKey(key) === 'accepted') await keyValues.set(name, null)
}

/** The assistant's probing is fetched when somebody sets a device up: a till in use never needs it. */
function lazySetup(parts: SetupGatewayParts): SetupGateway {
  const load = async () => (await import('./setup-gateway.ts')).createSetupGateway(parts)
  return {
    diagnose: async (way, key) => (await load()).diagnose(way, key),
    keep: async (way, key, serial) => (await load()).keep(way, key, serial),
    restart: (path) => location.replace(path),
  }
}

/** What a small strict write says: null, or the browser's name and words for why it is refused. */
async function writeProblem(keyValues: KeyValueStore): Promise<string | null> {
  try {
    await keyValues.set('write-probe', Date.now())
    return null
  } catch (error) {
    return errorText(error)
  }
}

/** Composes the terminal. Rejects only when the browser has no storage at all: nothing can be sold then. */
export async function composeTerminal(): Promise<void> {
  const app = await openAppDatabase()
  const keyValues = createKeyValueStore(app)
  const storedToken = await keyValues.get(PROXY_TOKEN)
  let token = typeof storedToken === 'string' ? storedToken : null
  const ledgers = new Map<string, Promise<Ledger>>()
  // The ledger's own failures, and the room that is left on the disk: either stops selling.
  const outside = reactive({ ledger: null as string | null, room: null as string | null })

  const settings = useSettingsStore()
  const onStorage = (error: unknown) => {
    outside.ledger = error === null ? null : errorText(error)
  }
  const ledgerFor = (way: DeviceSettings): Promise<Ledger> => {
    const name = ledgerName(way)
    const opened =
      ledgers.get(name) ??
      openLedger(name).then((database) => ({
        database,
        store: createLedgerStore(database, { markPrefix: () => settings.values.markPrefix, now: () => Date.now() }),
      }))
    ledgers.set(name, opened)
    return opened
  }

  const base = {
    keyValues,
    carts: createCartRepository(app),
    catalog: createCatalogRepository(app),
    setup: lazySetup({ keyValues, proxyToken: () => token, current: () => settings.values.device, ledgerFor }),
    backoffice: lazyBackoffice({ baseUrl: () => '', token: () => token }),
    persistence: () => readPersistence(navigator.storage),
    askPersistence: () => askPersistence(navigator.storage),
    proxyToken: () => token,
    keepProxyToken: async (next: string) => {
      token = next
      await keyValues.set(PROXY_TOKEN, next)
    },
    cashier: () => useCashiersStore().current,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
  }
  provideServices({
    ...base,
    ledger: null,
    imported: () => Promise.resolve(null),
    queue: null,
    device: null,
    get storageProblem() {
      return outside.ledger ?? outside.room
    },
  })
  await settings.load()
  // Only a first start needs to ask the proxy what it is.
  const firstWay = async () => (await import('./demo-way.ts')).demoWay(settings, base.setup, token)
  const way = settings.values.device ?? (await firstWay())
  if (way === null) return
  void import('./storage-guard.ts').then(({ guardStorage }) =>
    guardStorage({
      persistence: base.persistence,
      writeProblem: () => writeProblem(keyValues),
      onProblem: (problem) => (outside.room = problem),
      // Nobody sells on a page that nobody sees.
      every: (run, ms) => setInterval(() => document.hidden || run(), ms),
    }),
  )

  try {
    const ledger = await ledgerFor(way)
    await ensureRecord(ledger, way.deviceId, keyValues)
    const link = await openDeviceLink(way, keyValues, () => token)
    const queue = startQueue(way.deviceId, ledger, link.client, onStorage)
    await queue.start()
    await takePendingKey(keyValues, way.deviceId, queue)
    provideServices({
      ...base,
      ledger: createJournalRepository(ledger.database),
      imported: async () =>
        (await import('../storage/imported-repository.ts')).createImportedRepository(ledger.database),
      queue: queueGateway(way.deviceId, queue),
      device: deviceGateway(link.client, queue),
      get storageProblem() {
        return outside.ledger ?? outside.room
      },
    })
  } catch (error) {
    onStorage(error)
  }
}

/**
 * A ledger that the browser evicted doesn't know the device any more: its record is made anew without a key, so that
 * the next sale asks for one instead of waiting for ever.
 */
async function ensureRecord(ledger: Ledger, deviceId: string, keyValues: KeyValueStore): Promise<void> {
  const stored = await keyValues.get('track-prefix')
  const trackPrefix = typeof stored === 'number' ? stored : 1
  await ledger.store.createDevice(newDeviceRecord({ id: deviceId, key: null, trackPrefix, hostLockWanted: false }))
}
