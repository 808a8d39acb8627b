/** Russian is the shape of every language: a key that is missing or left over in another one is a type error. */
import type { asking } from './ru/asking.ts'
import type { atol } from './ru/atol.ts'
import type { cashiers } from './ru/cashiers.ts'
import type { catalog } from './ru/catalog.ts'
import type { iiko } from './ru/iiko.ts'
import type { office } from './ru/office.ts'
import type { rest } from './ru/rest.ts'
import type { selling } from './ru/selling.ts'
import type { shift } from './ru/shift.ts'

type Shape<T> = { readonly [K in keyof T]: T[K] extends string ? string : Shape<T[K]> }

export type SellingMessages = Shape<typeof selling>
export type AskingMessages = Shape<typeof asking>
export type ShiftMessages = Shape<typeof shift>
export type RestMessages = Shape<typeof rest>
export type OfficeMessages = Shape<typeof office>
export type IikoMessages = Shape<typeof iiko>
export type AtolMessages = Shape<typeof atol>
export type CatalogMessages = Shape<typeof catalog>
export type CashiersMessages = Shape<typeof cashiers>

/** Parts of the words, each loaded when its screens are. */
export interface MessageParts {
  readonly selling: SellingMessages
  readonly asking: AskingMessages
  readonly shift: ShiftMessages
  readonly rest: RestMessages
  readonly office: OfficeMessages
  readonly iiko: IikoMessages
  readonly atol: AtolMessages
  readonly catalog: CatalogMessages
  readonly cashiers: CashiersMessages
}

type Leaves<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Leaves<T[K], `${Prefix}${K}.`>
}[keyof T & string]

/** Every text of the terminal by its path: `payment.exact`. */
export type MessageKey =
  | Leaves<typeof selling>
  | Leaves<typeof asking>
  | Leaves<typeof rest>
  | Leaves<typeof office>
  | Leaves<typeof iiko>
  | Leaves<typeof atol>
  | Leaves<typeof shift>
  | Leaves<typeof catalog>
  | Leaves<typeof cashiers>
