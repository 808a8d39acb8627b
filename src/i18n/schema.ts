/** Russian is the shape of every language: a key that is missing or left over in another one is a type error. */
import type { rest } from './ru/rest.ts'
import type { selling } from './ru/selling.ts'

type Shape<T> = { readonly [K in keyof T]: T[K] extends string ? string : Shape<T[K]> }

export type SellingMessages = Shape<typeof selling>
export type RestMessages = Shape<typeof rest>
export type Messages = SellingMessages & RestMessages

type Leaves<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Leaves<T[K], `${Prefix}${K}.`>
}[keyof T & string]

/** Every text of the terminal by its path: `payment.exact`. */
export type MessageKey = Leaves<typeof selling> | Leaves<typeof rest>
