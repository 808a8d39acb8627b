/**
 * What the stores need from outside. `main.ts` wires the real parts and hands them in once, before the first
 * store is used; a component test hands in others.
 */
import type { BackofficeClient } from '../backoffice/client.ts'
import type { CartCashier } from '../domain/cart.ts'
import type { Right } from '../domain/cashier.ts'
import type { Commissioning } from '../ikkm/commissioning.ts'
import type { Decoded, FrozenRequest, Outcome, ReadRequest } from '../ikkm/codec.ts'
import type { DeviceAnswer } from '../contract/device.ts'
import type { Failure, Result } from '../contract/errors.ts'
import type { LeaseView } from '../contract/relay.ts'
import type { ShopTill } from '../contract/shop.ts'
import type { Diagnosis } from '../ikkm/diagnosis.ts'
import type { QueueService } from '../queue/runner/service.ts'
import type { OtherRegisterEntry, MoveResult } from '../queue/store.ts'
import type { CartRepository } from '../storage/cart-repository.ts'
import type { CatalogRepository } from '../storage/catalog-repository.ts'
import type { JournalRepository } from '../storage/journal-repository.ts'
import type { Changes } from '../storage/changes.ts'
import type { DebtsRepository } from '../storage/debts-repository.ts'
import type { ImportedRepository } from '../storage/imported-repository.ts'
import type { KeyValueStore } from '../storage/key-value.ts'
import type { PersistenceState } from '../storage/persistence.ts'
import type { DeviceSettings } from '../stores/settings.ts'
import type { SerialPorts } from './scale-link.ts'

/** Why whoever is at the till may not do something. */
export type Refusal =
  /** `name`: who is at the till, empty for nobody; `who`: the cashiers who have the right. */
  | { readonly kind: 'noRight'; readonly right: Right; readonly name: string; readonly who: readonly string[] }
  /** Another window connected the till to another register: nothing is done on the one before. */
  | { readonly kind: 'moved' }

/** Whether a result says that whoever is at the till may not. */
export function isRefusal(result: { readonly kind: string }): result is Refusal {
  return result.kind === 'noRight' || result.kind === 'moved'
}

/** What of the queue needs a right (`guard.ts`). */
export type Guarded = 'enqueue' | 'enqueueAll' | 'answer' | 'resolve' | 'settleAtOtherRegister' | 'setHostLock'

type OrRefusal<F> = F extends (...args: infer A) => Promise<infer R> ? (...args: A) => Promise<R | Refusal> : never

/** The durable queue as the screens use it. Every promise that stores something resolves when it is on the disk. */
export interface QueueGateway extends Omit<QueueService, 'start' | 'stop' | 'sending' | Guarded> {
  readonly deviceId: string
  /** Whether the sender waits for the device's answer at this moment. */
  sending(): boolean
  readonly enqueue: OrRefusal<QueueService['enqueue']>
  readonly enqueueAll: OrRefusal<QueueService['enqueueAll']>
  readonly resolve: OrRefusal<QueueService['resolve']>
  readonly settleAtOtherRegister: OrRefusal<QueueService['settleAtOtherRegister']>
  /** Resolves to why the answer isn't taken, to null when it was handed over. */
  answer(...args: Parameters<QueueService['answer']>): Promise<Refusal | null>
  /** `reason` in a person's words where it is switched off. */
  setHostLock(wanted: boolean, reason?: string): Promise<Refusal | null>
}

/** Reads and commands outside the queue, through the same pacing as the queue's own requests. */
export interface DeviceGateway {
  read<T>(request: ReadRequest, decode: (answer: DeviceAnswer) => Decoded<T>): Promise<Decoded<T> | NoKey>
  command(request: FrozenRequest): Promise<Outcome | NoKey>
  /** Finds out what the device can do: reads, two of them with a wrong key on purpose. */
  commission(): Promise<Commissioning | NoKey>
}

/** `away`: the server wasn't heard; what became of it shows at the next look. `held`: somebody else took it meanwhile. */
export type TakeOverResult = 'taken' | 'busy' | 'held' | 'away'

/** Which till writes to a register of the relay. */
export interface LeaseGateway {
  /** As last heard; null before that. */
  view(): LeaseView | null
  subscribe(listener: () => void): () => void
  /** Asks the server, and runs this where another till holds the register. */
  ifHeld(run: () => void): Promise<void>
  /** Asks the server; null where it isn't heard. */
  look(): Promise<LeaseView | null>
  /** A person takes the register over from the holding that they saw; null: they saw it free. */
  takeOver(seenTerm: string | null): Promise<TakeOverResult>
}

/** The terminal doesn't know the device's current key: nothing was sent. */
export interface NoKey {
  readonly kind: 'noKey'
}

/** Trying and keeping a way to a device. */
export interface SetupGateway {
  /** Reads the device's state over this way and tells the causes of a failure apart; null when it was given up. */
  diagnose(way: DeviceSettings, key: string): Promise<Diagnosis | null>
  /** The register that is set up now: its factory number where it is known, and how many operations wait for it. */
  inUse(): Promise<{ readonly serial: string | null; readonly waiting: number }>
  /** Makes or finds the device's record (by `serial` where it is known), keeps the key; resolves to the record's id. */
  keep(way: DeviceSettings, key: string, serial: string | null): Promise<string>
  /** The way to take the place of a lost till; its code is fetched at the first call. */
  replacement(): Promise<Replacement>
  /** Loads the app anew at this path, over the settings as they are now. */
  restart(path: string): void
}

/**
 * Why nothing came of another till's records: the server's failure, this tablet has receipts of its own, or the server
 * has no settings of that till yet.
 */
export type ReplaceProblem =
  { readonly kind: 'failed'; readonly failure: Failure } | { readonly kind: 'ownReceipts' | 'nothing' }

/** What there was of another till's settings, cashiers and goods: all, all but the goods, or nothing at the server. */
export type TakenSettings = 'whole' | 'withoutGoods' | 'nothing'

/** Taking the place of a lost till, with the owner's code. */
export interface Replacement {
  /** Tills that the shop server knows, but for this one. */
  tills(code: string): Promise<Result<readonly ShopTill[]>>
  /**
   * Fetches the till's journal and settles here as that till; the lost one is refused by the server from then on.
   * `progress`: entries stored and all of them. `null`: done, and the app has to be loaded anew.
   */
  take(till: ShopTill, progress: (stored: number, all: number) => void): Promise<ReplaceProblem | null>
  /**
   * This tablet's settings, cashiers and goods become that till's, and nothing else: its register and its letters stay.
   * The app has to be loaded anew then. Refused to whoever may not change settings and cashiers here.
   */
  becomeLike(till: ShopTill): Promise<Result<TakenSettings> | Refusal>
}

/** The till that this tablet was before the browser threw its storage, or a part of it, away. */
export interface LostTill {
  readonly way: DeviceSettings
  /** Factory number of its register; null where nothing remembers it. */
  readonly serial: string | null
  /** Journal and queue are still there; only the settings are gone. */
  readonly journal: boolean
}

/** Stored once a person chose the practice register. */
export const DEMO_CHOSEN = 'demo-chosen'

export interface Services {
  readonly setup: SetupGateway
  /** The practice register opened by itself at the first start; nobody chose it. */
  readonly firstLook: boolean
  /** What this tablet was before its storage was lost, until it is set up again; null where nothing was lost. */
  readonly lost: LostTill | null
  /** Terminals with a real register at this server, as a first start found them. */
  readonly otherTills: number
  /** Changes the letters in the marks. False when another terminal of the server has them. */
  changeMark(prefix: string): Promise<boolean>
  /**
   * Unsettled operations of the ledger that isn't in use: real ones while the practice register is, and the other way
   * round. Rejects when that ledger can't be read.
   */
  waitingInOtherLedger(): Promise<readonly OtherRegisterEntry[]>
  /** Writes an operation of the practice register off, while a real one is in use. */
  writeOffPractice(entryId: string, reason: string): Promise<MoveResult>
  /** The journal of real receipts and what came in backups, while the practice register is in use; null where there is none. */
  shopJournal(): Promise<{ readonly ledger: JournalRepository; readonly imported: ImportedRepository } | null>
  /** The proxy's iiko and ATOL sides; its code is fetched at the first question. */
  readonly backoffice: BackofficeClient
  /** What other windows of this till changed. */
  readonly changes: Changes
  readonly keyValues: KeyValueStore
  readonly carts: CartRepository
  readonly catalog: CatalogRepository
  /** Null while no device is set up, or where the ledger can't be opened. */
  readonly ledger: JournalRepository | null
  /** What came in backups, beside the journal; null as the ledger is. Its code is fetched at the first call. */
  imported(): Promise<ImportedRepository | null>
  /** Entries that name a debtor; absent as the ledger is null. Its code is fetched at the first call. */
  readonly debts?: () => Promise<DebtsRepository>
  readonly queue: QueueGateway | null
  readonly device: DeviceGateway | null
  /** Null where the register isn't reached over the server. */
  readonly lease: LeaseGateway | null
  /** Why a record can't be kept (the ledger fails, or the disk is full); null when it can. No sale starts while it is set. */
  readonly storageProblem: string | null
  persistence(): Promise<PersistenceState>
  askPersistence(): Promise<boolean>
  /** Token of the pairing with the proxy, null before. */
  proxyToken(): string | null
  keepProxyToken(token: string): Promise<void>
  cashier(): CartCashier | null
  /** Why whoever is at the till may not do this, as stored now; null when they may. It is also told on the screen. */
  refusal(rights: readonly Right[]): Promise<Refusal | null>
  /** Serial lines of this computer, for a scale; absent where the browser has none. */
  readonly serial?: SerialPorts | undefined
  /** ms since the epoch. */
  now(): number
  newId(): string
}

let current: Services | null = null

/** Hands in the outside world. Called by `main.ts` before the app is mounted, and by tests. */
export function provideServices(services: Services): void {
  current = services
}

/** The outside world. Throws an Error before `provideServices`: a defect of the composition. */
export function services(): Services {
  if (current === null) throw new Error('provideServices was not called')
  return current
}
