/** Puts the real parts together: databases, the way to the device, the queue, and hands them to the stores. */
import { reactive } from 'vue'
import { REPLY_TIMEOUT_MS, type DeviceAnswer } from '../contract/device.ts'
import { errorText } from '../domain/error-text.ts'
import { fetched } from '../features/common/fetched.ts'
import { decodeCommandReply, withKey, type FrozenRequest, type ReadRequest } from '../ikkm/codec.ts'
import { isCodeOf } from '../ikkm/codes.ts'
import type { Priority } from '../ikkm/paced-client.ts'
import type { ChannelLike, LocksLike, QueueService } from '../queue/runner/service.ts'
import { createQueueService } from '../queue/runner/service.ts'
import type { QueueStore } from '../queue/store.ts'
import type { DeviceRecord } from '../queue/types.ts'
import { openAppDatabase } from '../storage/app-db.ts'
import { createCartRepository } from '../storage/cart-repository.ts'
import { createChanges } from '../storage/changes.ts'
import { createCatalogRepository } from '../storage/catalog-repository.ts'
import { createJournalRepository } from '../storage/journal-repository.ts'
import { createKeyValueStore, type KeyValueStore } from '../storage/key-value.ts'
import { LEDGER_DATABASE, openLedger, type LedgerDatabase } from '../storage/ledger-db.ts'
import { GONE, lastingly } from '../storage/lasting.ts'
import { createLedgerStore } from '../storage/ledger-store.ts'
import { askPersistence, readPersistence } from '../storage/persistence.ts'
import { useCashiersStore } from '../stores/cashiers.ts'
import { guardQueue, refusalFor } from '../till/guard.ts'
import {
  DEMO_CHOSEN,
  provideServices,
  type DeviceGateway,
  type LeaseGateway,
  type LostTill,
  type QueueGateway,
  type SetupGateway,
} from '../till/services.ts'
import type { SerialPorts } from '../till/scale-link.ts'
import { useRegisterClockStore } from '../stores/register-clock.ts'
import { useSettingsStore, type DeviceSettings, type KeptDevice } from '../stores/settings.ts'
import { lazyBackoffice } from './backoffice.ts'
import { openDeviceLink, type DeviceLink } from './device-link.ts'
import { openOwnWindow } from './own-window.ts'
import { pendingKeyName, queueChannelName } from './queue-names.ts'
import { exists } from './exists.ts'
import type { IdentityParts } from './identity.ts'
import type { SetupGatewayParts } from './setup-gateway.ts'

const PROXY_TOKEN = 'proxy-token'
const START_LOOK_MS = 1_000
/** Another tablet took this till's place: nothing is sold or sent here any more. */
const REPLACED = 'TillReplaced'

interface Ledger {
  readonly database: LedgerDatabase
  readonly store: QueueStore
}

const PRACTICE_DATABASE = `${LEDGER_DATABASE}-demo`

/** Receipts of the demo never mix with real ones: they have a ledger of their own. */
const ledgerName = (way: DeviceSettings) => (way.transport === 'demo' ? PRACTICE_DATABASE : LEDGER_DATABASE)

const clock = { wall: () => Date.now(), mono: () => performance.now() }

function setTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

function deviceGateway({ client, lookTransport }: DeviceLink, queue: QueueService): DeviceGateway {
  const currentKey = () => queue.snapshot()?.device.key ?? null
  /** The key is put in when the turn has come: a receipt that went first has changed it. */
  async function send(request: ReadRequest | FrozenRequest, priority: Priority): Promise<DeviceAnswer | null> {
    const transport = priority === 'directory' ? lookTransport : client.transport
    const answer = await client.inTurn(priority, async () => {
      const key = currentKey()
      return key === null ? null : transport.send(withKey(request, key), { timeoutMs: REPLY_TIMEOUT_MS })
    })
    // That a register can be looked at doesn't say that this till may write to it.
    const onlyLooked = transport !== client.transport && answer?.kind === 'reply'
    if (answer !== null && !onlyLooked) tellContact(answer)
    return answer
  }
  let missed = false
  /** A register that was silent may have restarted and forgotten who holds it, and so may one that holds us off. */
  function tellContact(answer: DeviceAnswer): void {
    const lost = answer.kind === 'silence' || isCodeOf('host', decodeCommandReply(answer))
    if (lost && !missed) queue.contact('lost')
    if (!lost && missed) queue.contact('back')
    if (lost && (answer.kind === 'reply' || answer.cause === 'held')) queue.prepare()
    missed = lost
  }
  return {
    async read(request, decode) {
      const priority = request.path.startsWith('/dump/table/') ? 'directory' : 'status'
      const answer = currentKey() === null ? null : await send(request, priority)
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
      const options = { priority: 'directory', timeoutMs: REPLY_TIMEOUT_MS } as const
      return commissionDevice((request) => client.send(request, options), key, false)
    },
  }
}

function queueGateway(deviceId: string, queue: QueueService, lease: LeaseGateway | null): QueueGateway {
  return guardQueue({
    ...queue,
    deviceId,
    sending: () => queue.sending() !== null,
    prepare() {
      queue.prepare()
      // Whoever is about to sell hears at once that the register was handed on: the server knows without the register.
      void lease?.ifHeld(() => {
        queue.contact('lost')
        queue.prepare()
      })
    },
  })
}

function startQueue(
  deviceId: string,
  ledger: Ledger,
  { client, queueTransport }: DeviceLink,
  onStorage: (error: unknown) => void,
): QueueService {
  const locks: LocksLike | null = 'locks' in navigator ? navigator.locks : null
  const queue = createQueueService({
    store: ledger.store,
    deviceId,
    holder: crypto.randomUUID(),
    exchange: (request, { timeoutMs, mayStart }) =>
      client.inTurn('queue', async () => (mayStart() ? queueTransport.send(request, { timeoutMs }) : null)),
    loadSteps: () => import('../queue/rare-steps.ts'),
    locks,
    channel: new BroadcastChannel(queueChannelName(ledger.database.name, deviceId)) as ChannelLike,
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

/** A key that was typed in the setup while the device's own was bound waits until that one is out of the way. */
async function followPendingKey(keyValues: KeyValueStore, deviceId: string, queue: QueueService): Promise<void> {
  const name = pendingKeyName(deviceId)
  const stored = (await keyValues.get(name)) ?? null
  if (stored === null) return
  const { offerPendingKey } = await import('./offer-pending-key.ts')
  offerPendingKey(stored, queue, () => keyValues.set(name, null))
}

/** The assistant's probing is fetched when somebody sets a device up: a till in use never needs it. */
function lazySetup(parts: SetupGatewayParts): SetupGateway {
  const load = async () => (await import('./setup-gateway.ts')).createSetupGateway(parts)
  return {
    diagnose: async (way, key) => (await load()).diagnose(way, key),
    inUse: async () => (await load()).inUse(),
    keep: async (way, key, serial) => (await load()).keep(way, key, serial),
    replacement: async () => (await import('./replace-till.ts')).createReplacement(parts),
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
  // The ledger's own failures, and the room that is left on the disk: either stops selling.
  const outside = reactive({ ledger: null as string | null, room: null as string | null, gone: null as string | null })
  const onGone = () => (outside.gone = GONE)
  const [app, ownWindow] = await Promise.all([openAppDatabase(undefined, onGone), openOwnWindow()])
  const changes = createChanges(new BroadcastChannel('terminal'))
  const keyValues = lastingly(app, createKeyValueStore(app, changes))
  const storedToken = await keyValues.get(PROXY_TOKEN)
  let token = typeof storedToken === 'string' ? storedToken : null
  const ledgers = new Map<string, Promise<Ledger>>()
  const settings = useSettingsStore()
  const onStorage = (error: unknown) => {
    outside.ledger = error === null ? null : errorText(error)
  }
  const ledgerNamed = (name: string): Promise<Ledger> => {
    const opened =
      ledgers.get(name) ??
      openLedger(name, undefined, onGone).then((database) => ({
        database,
        store: lastingly(
          database,
          createLedgerStore(database, { markPrefix: () => settings.values.markPrefix, now: () => Date.now() }),
        ),
      }))
    ledgers.set(name, opened)
    return opened
  }
  const ledgerFor = (way: DeviceSettings) => ledgerNamed(ledgerName(way))
  /** Where the browser has it; nothing is made by looking. */
  const ledgerIfThere = async (name: string) => ((await exists(name)) ? ledgerNamed(name) : null)
  const otherLedger = async () =>
    (await import('./other-ledger.ts')).createOtherLedger({
      ledgerIfThere,
      practice: PRACTICE_DATABASE,
      isDemo: settings.isDemo,
      now: () => Date.now(),
    })
  const identity = (database: LedgerDatabase, device: KeptDevice) => ({
    database,
    device,
    token: () => token,
    chosen: () => settings.values.markPrefix,
    change: settings.adopt,
  })

  const letters = () => settings.values.markPrefix
  const base = {
    changes,
    keyValues,
    carts: lastingly(
      app,
      createCartRepository(app, {
        window: ownWindow,
        demo: () => settings.isDemo,
        now: () => Date.now(),
        changes,
      }),
    ),
    catalog: lastingly(app, createCatalogRepository(app, changes)),
    setup: lazySetup({
      app,
      changes,
      keyValues,
      proxyToken: () => token,
      letters,
      current: () => settings.values.device,
      adopt: settings.adopt,
      ledgerFor,
    }),
    backoffice: lazyBackoffice({ baseUrl: () => '', token: () => token }),
    persistence: () => readPersistence(navigator.storage),
    askPersistence: () => askPersistence(navigator.storage),
    proxyToken: () => token,
    keepProxyToken: async (next: string) => {
      token = next
      await keyValues.set(PROXY_TOKEN, next)
    },
    async changeMark(prefix: string) {
      if ((await refusalFor(['settings'])) !== null) return false
      const [{ changePrefix }, shop] = await Promise.all([import('./identity.ts'), ledgerIfThere(LEDGER_DATABASE)])
      const { device } = settings.values
      if (shop !== null && device !== null) return changePrefix(identity(shop.database, device), prefix)
      await settings.adopt({ markPrefix: prefix })
      return true
    },
    waitingInOtherLedger: async () => (await otherLedger()).waitingInOtherLedger(),
    writeOffPractice: async (entryId: string, reason: string) =>
      (await otherLedger()).writeOffPractice(entryId, reason),
    shopJournal: async () => (await otherLedger()).shopJournal(),
    cashier: () => useCashiersStore().current,
    refusal: refusalFor,
    serial: (navigator as { readonly serial?: SerialPorts }).serial,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
  }
  const before = {
    ...base,
    firstLook: false,
    lost: null as LostTill | null,
    otherTills: 0,
    ledger: null,
    imported: () => Promise.resolve(null),
    queue: null,
    device: null,
    lease: null,
    get storageProblem() {
      return outside.gone ?? outside.ledger ?? outside.room
    },
  }
  provideServices(before)
  await settings.load()
  // Only a terminal without settings needs to ask what it was, and the proxy what it is.
  const first =
    settings.values.device === null
      ? await (
          await import('./demo-way.ts')
        ).firstStart({
          settings,
          setup: base.setup,
          token,
          shopLedger: async () => (await ledgerIfThere(LEDGER_DATABASE))?.database ?? null,
        })
      : null
  const way = settings.values.device
  const otherTills = first?.otherTills ?? 0
  if (way === null) {
    Object.assign(before, { lost: first?.lost ?? null, otherTills })
    return
  }
  void fetched(() => import('./storage-guard.ts')).then(({ guardStorage }) =>
    guardStorage({
      persistence: base.persistence,
      writeProblem: () => writeProblem(keyValues),
      onProblem: (problem) => (outside.room = problem),
      // Nobody sells on a page that nobody sees.
      every: (run, ms) => setInterval(() => document.hidden || run(), ms),
    }),
  )

  let joining = false
  async function join(record: DeviceRecord, device: KeptDevice, store: QueueStore): Promise<void> {
    joining = true
    const { joinRegister } = await import('./same-register.ts')
    const joined = await joinRegister({ record, way: device, store, setup: base.setup, change: settings.adopt })
    if (joined) base.setup.restart(location.pathname)
  }
  const firstLook = way.transport === 'demo' && (await keyValues.get(DEMO_CHOSEN)) !== true
  try {
    const ledger = await ledgerFor(way)
    if ((await ledger.database.get('devices', way.deviceId)) === undefined) {
      // The browser dropped the ledger: the next sale asks for the key instead of waiting for ever.
      const { ensureDeviceRecord } = await import('./device-record.ts')
      await ensureDeviceRecord(ledger.store, keyValues, { id: way.deviceId, key: null, serial: null })
    }
    const journal = {
      ledger: lastingly(ledger.database, createJournalRepository(ledger.database)),
      imported: async () =>
        (await import('../storage/imported-repository.ts')).createImportedRepository(ledger.database),
      debts: async () => (await import('../storage/debts-repository.ts')).createDebtsRepository(ledger.database),
    }
    const upload = (await ledger.database.get('counters', 'upload'))?.upload
    if (upload?.replacedAtMs !== undefined) {
      outside.ledger = REPLACED
      Object.assign(before, journal)
      return
    }
    await settleMark(identity(ledger.database, way))
    const at = { token: () => token, letters, use: 'work' } as const
    const link = await openDeviceLink(way, keyValues, at, useRegisterClockStore().heard)
    const queue = startQueue(way.deviceId, ledger, link, onStorage)
    queue.subscribe(() => {
      const record = queue.snapshot()?.device
      if (record?.sameAs !== undefined && !joining) void join(record, way, ledger.store)
    })
    await queue.start()
    await followPendingKey(keyValues, way.deviceId, queue)
    // At the start of work the register is looked at and locked to this till, before anybody wants to sell. The sender,
    // here or in another window, takes a moment to be there.
    setTimer(() => {
      if (typeof queue.snapshot()?.device.key === 'string') queue.prepare()
    }, START_LOOK_MS)
    provideServices({
      ...base,
      firstLook,
      lost: null,
      otherTills,
      ...journal,
      queue: queueGateway(way.deviceId, queue, link.lease),
      device: deviceGateway(link, queue),
      lease: link.lease,
      get storageProblem() {
        return outside.gone ?? outside.ledger ?? outside.room
      },
    })
    const { database } = ledger
    void fetched(() => import('./stock.ts')).then(({ keepStock }) => keepStock(database, queue))
    void fetched(() => import('./shop-upload.ts')).then(({ uploadToShop }) =>
      uploadToShop({
        database,
        app,
        keyValues,
        way,
        letters,
        token: () => token,
        queue,
        onReplaced: () => (outside.ledger = REPLACED),
      }),
    )
  } catch (error) {
    onStorage(error)
  }
}

/**
 * No receipt is stored before its mark is this till's own. What the server says to it may come later, and is asked for at
 * each start until it has said something.
 */
async function settleMark(parts: IdentityParts): Promise<void> {
  const { database, device, chosen, change } = parts
  if (device.transport === 'demo') {
    if (chosen() === '') await (await import('./identity.ts')).drawForPractice(change)
    return
  }
  const mark = (await database.get('counters', 'mark'))?.mark
  const place = `${device.transport}:${device.origin}${device.relayId}`
  const settled = mark?.prefix === chosen() && mark.place === place
  if (settled && mark.confirmed) return
  const settling = import('./identity.ts').then(({ settleIdentity }) => settleIdentity(parts))
  if (settled) settling.catch(() => undefined)
  else await settling
}
