/**
 * What the stores need from outside. `main.ts` wires the real parts and hands them in once, before the first
 * store is used; a component test hands in others.
 */
import type { BackofficeClient } from '../backoffice/client.ts'
import type { CartCashier } from '../domain/cart.ts'
import type { Commissioning } from '../ikkm/commissioning.ts'
import type { Decoded, FrozenRequest, Outcome, ReadRequest } from '../ikkm/codec.ts'
import type { DeviceAnswer } from '../contract/device.ts'
import type { Diagnosis } from '../ikkm/diagnosis.ts'
import type { QueueService } from '../queue/runner/service.ts'
import type { CartRepository } from '../storage/cart-repository.ts'
import type { CatalogRepository } from '../storage/catalog-repository.ts'
import type { JournalRepository } from '../storage/journal-repository.ts'
import type { ImportedRepository } from '../storage/imported-repository.ts'
import type { KeyValueStore } from '../storage/key-value.ts'
import type { PersistenceState } from '../storage/persistence.ts'
import type { DeviceSettings } from './settings.ts'

/** The durable queue as the screens use it. Every promise that stores something resolves when it is on the disk. */
export interface QueueGateway extends Omit<QueueService, 'start' | 'stop' | 'sending'> {
  readonly deviceId: string
  /** Whether the sender waits for the device's answer at this moment. */
  sending(): boolean
}

/** Reads and commands outside the queue, through the same pacing as the queue's own requests. */
export interface DeviceGateway {
  read<T>(request: ReadRequest, decode: (answer: DeviceAnswer) => Decoded<T>): Promise<Decoded<T> | NoKey>
  command(request: FrozenRequest): Promise<Outcome | NoKey>
  /** Finds out what the device can do: reads, two of them with a wrong key on purpose. */
  commission(): Promise<Commissioning | NoKey>
}

/** The terminal doesn't know the device's current key: nothing was sent. */
export interface NoKey {
  readonly kind: 'noKey'
}

/** Trying and keeping a way to a device. */
export interface SetupGateway {
  /** Reads the device's state over this way and tells the causes of a failure apart; null when it was given up. */
  diagnose(way: DeviceSettings, key: string): Promise<Diagnosis | null>
  /** Makes or finds the device's record (by `serial` where it is known), keeps the key; resolves to the record's id. */
  keep(way: DeviceSettings, key: string, serial: string | null): Promise<string>
  /** Loads the app anew at this path, over the settings as they are now. */
  restart(path: string): void
}

export interface Services {
  readonly setup: SetupGateway
  /** The proxy's iiko and ATOL sides; its code is fetched at the first question. */
  readonly backoffice: BackofficeClient
  readonly keyValues: KeyValueStore
  readonly carts: CartRepository
  readonly catalog: CatalogRepository
  /** Null while no device is set up, or where the ledger can't be opened. */
  readonly ledger: JournalRepository | null
  /** What came in backups, beside the journal; null as the ledger is. Its code is fetched at the first call. */
  imported(): Promise<ImportedRepository | null>
  readonly queue: QueueGateway | null
  readonly device: DeviceGateway | null
  /** Why a record can't be kept (the ledger fails, or the disk is full); null when it can. No sale starts while it is set. */
  readonly storageProblem: string | null
  persistence(): Promise<PersistenceState>
  askPersistence(): Promise<boolean>
  /** Token of the pairing with the proxy, null before. */
  proxyToken(): string | null
  keepProxyToken(token: string): Promise<void>
  cashier(): CartCashier | null
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
