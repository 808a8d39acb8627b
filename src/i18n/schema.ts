/** Russian is the shape of every language: a key that is missing or left over in another one is a type error. */
import type { dialogs } from './ru/dialogs.ts'
import type { atol } from './ru/atol.ts'
import type { cashiers } from './ru/cashiers.ts'
import type { catalog } from './ru/catalog.ts'
import type { iiko } from './ru/iiko.ts'
import type { office } from './ru/office.ts'
import type { guide } from './ru/guide.ts'
import type { help } from './ru/help.ts'
import type { setup } from './ru/setup.ts'
import type { debts } from './ru/debts.ts'
import type { device } from './ru/device.ts'
import type { queue } from './ru/queue.ts'
import type { card } from './ru/card.ts'
import type { journal } from './ru/journal.ts'
import type { settings } from './ru/settings.ts'
import type { selling } from './ru/selling.ts'
import type { shift } from './ru/shift.ts'
import type { shop } from './ru/shop.ts'
import type { stock } from './ru/stock.ts'

type Shape<T> = { readonly [K in keyof T]: T[K] extends string ? string : Shape<T[K]> }

export type SellingMessages = Shape<typeof selling>
export type DialogsMessages = Shape<typeof dialogs>
export type ShiftMessages = Shape<typeof shift>
export type StockMessages = Shape<typeof stock>
export type ShopMessages = Shape<typeof shop>
export type GuideMessages = Shape<typeof guide>
export type HelpMessages = Shape<typeof help>
export type SetupMessages = Shape<typeof setup>
export type DeviceMessages = Shape<typeof device>
export type QueueMessages = Shape<typeof queue>
export type CardMessages = Shape<typeof card>
export type JournalMessages = Shape<typeof journal>
export type SettingsMessages = Shape<typeof settings>
export type OfficeMessages = Shape<typeof office>
export type IikoMessages = Shape<typeof iiko>
export type AtolMessages = Shape<typeof atol>
export type CatalogMessages = Shape<typeof catalog>
export type CashiersMessages = Shape<typeof cashiers>
export type DebtsMessages = Shape<typeof debts>

/** Parts of the words, each loaded when its screens are. */
export interface MessageParts {
  readonly selling: SellingMessages
  readonly dialogs: DialogsMessages
  readonly shift: ShiftMessages
  readonly guide: GuideMessages
  readonly help: HelpMessages
  readonly setup: SetupMessages
  readonly device: DeviceMessages
  readonly queue: QueueMessages
  readonly card: CardMessages
  readonly journal: JournalMessages
  readonly settings: SettingsMessages
  readonly office: OfficeMessages
  readonly iiko: IikoMessages
  readonly atol: AtolMessages
  readonly catalog: CatalogMessages
  readonly cashiers: CashiersMessages
  readonly debts: DebtsMessages
  readonly shop: ShopMessages
  readonly stock: StockMessages
}

type Leaves<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Leaves<T[K], `${Prefix}${K}.`>
}[keyof T & string]

/** Every text of the terminal by its path: `payment.exact`. */
export type MessageKey =
  | Leaves<typeof selling>
  | Leaves<typeof dialogs>
  | Leaves<typeof guide>
  | Leaves<typeof help>
  | Leaves<typeof setup>
  | Leaves<typeof device>
  | Leaves<typeof queue>
  | Leaves<typeof card>
  | Leaves<typeof journal>
  | Leaves<typeof settings>
  | Leaves<typeof office>
  | Leaves<typeof iiko>
  | Leaves<typeof atol>
  | Leaves<typeof shift>
  | Leaves<typeof catalog>
  | Leaves<typeof cashiers>
  | Leaves<typeof debts>
  | Leaves<typeof shop>
  | Leaves<typeof stock>
