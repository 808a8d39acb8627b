/** Begins the upload to the shop server, once the till stands: one window of the till does it, whichever is there first. */
import type { QueueService } from '../queue/runner/service.ts'
import { callJson } from '../http/json-call.ts'
import type { LedgerDatabase } from '../storage/ledger-db.ts'
import { keepLedgerMark, readLedgerMark } from '../storage/ledger-mark.ts'
import type { AppDatabase } from '../storage/app-db.ts'
import { goodsVersion, readGoods, readRecords } from '../storage/configuration.ts'
import type { KeyValueStore } from '../storage/key-value.ts'
import { createOutbox } from '../storage/outbox.ts'
import { useUploadStore } from '../stores/upload.ts'
import type { KeptDevice } from '../stores/settings.ts'
import { idle } from '../till/time-slices.ts'
import { createConfigurationCopy } from '../till/configuration-copy.ts'
import { createUploader } from '../till/upload.ts'

/** Key of what the server has of this till's configuration. */
const CONFIGURATION_COPY = 'configuration-copy'
/** The first screen and the look at the register come first, ms. */
const BEGIN_MS = 3_000
const TIMEOUT_MS = 30_000
/** Longest wait for an idle moment, ms. */
const IDLE_MS = 500

export interface ShopUploadParts {
  /** The way to the register in use; a tablet that takes this till's place is told it. */
  readonly way: KeptDevice
  readonly database: LedgerDatabase
  /** Settings, cashiers and goods. */
  readonly app: AppDatabase
  readonly keyValues: KeyValueStore
  readonly letters: () => string
  readonly token: () => string | null
  /** Another tablet took this till's place: nothing may be begun here any more. */
  readonly onReplaced: () => void
  readonly queue: Pick<QueueService, 'subscribe' | 'stop'>
}

/** A practice ledger has no till of its own until it is uploaded. */
async function tillOf({ database, way, letters }: ShopUploadParts): Promise<{ till: string; letter: string }> {
  const mark =
    (await readLedgerMark(database)) ??
    (await keepLedgerMark(database, {
      till: crypto.randomUUID(),
      prefix: letters(),
      place: way.transport,
      confirmed: false,
    }))
  return { till: mark.till, letter: mark.prefix }
}

/** Resolves when this window has handed the upload to nobody any more: in practice never. */
export async function uploadToShop(parts: ShopUploadParts): Promise<void> {
  const { database, app, keyValues, way, token, queue } = parts
  const demo = way.transport === 'demo'
  const outbox = createOutbox(database)
  const upload = useUploadStore()
  const standing = async () => ({ ...(await tillOf(parts)), tenure: (await outbox.progress())?.tenure ?? 0, demo })
  const exchange = (path: string, body: object | null) =>
    callJson({ path, token: token(), timeoutMs: TIMEOUT_MS, ...(body === null ? {} : { body }) }).catch(() => null)
  const copy = createConfigurationCopy({
    records: () => readRecords(app),
    goodsVersion: () => goodsVersion(app),
    goods: () => readGoods(app),
    till: standing,
    exchange,
    load: () => keyValues.get(CONFIGURATION_COPY),
    save: (kept) => keyValues.set(CONFIGURATION_COPY, kept),
    now: () => Date.now(),
  })
  const uploader = createUploader({
    outbox,
    till: standing,
    recordOf({ kind, id, record }) {
      const { transport, origin, relayId, deviceId } = way
      return kind === 'device' && id === deviceId ? { ...record, way: { transport, origin, relayId } } : record
    },
    exchange,
    // A practice till is like no other.
    ...(demo ? {} : { onDone: copy }),
    async breathe(ms) {
      await new Promise((resolve) => setTimeout(resolve, ms))
      await idle(ms + IDLE_MS)
    },
    now: () => Date.now(),
    chance: Math.random,
    setTimer(run, ms) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    onReplaced() {
      parts.onReplaced()
      void queue.stop()
    },
  })
  upload.follow(uploader, demo)
  queue.subscribe(() => {
    uploader.changed()
  })
  window.addEventListener('online', () => {
    uploader.retry()
  })
  await new Promise((begin) => setTimeout(begin, BEGIN_MS))
  const name = `upload:${database.name}`
  if ('locks' in navigator) await navigator.locks.request(name, () => uploader.run())
  else await uploader.run()
}
