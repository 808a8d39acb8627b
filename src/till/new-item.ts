/** What the last new item of this terminal was given: the next one begins with it. */
import { objectOf, orNull, read, text } from '../storage/shape.ts'
import { services } from './services.ts'

const KEY = 'new-item'
const Choice = objectOf({ categoryId: orNull(text), taxId: orNull(text) })

export interface NewItemChoice {
  readonly categoryId: string | null
  /** Tax id of the device, null for its default. */
  readonly taxId: string | null
}

/** Nothing chosen where nothing readable is stored. */
export async function lastNewItem(): Promise<NewItemChoice> {
  return read(Choice, await services().keyValues.get(KEY)) ?? { categoryId: null, taxId: null }
}

/** Resolves when it is on the disk. */
export function keepNewItem({ categoryId, taxId }: NewItemChoice): Promise<void> {
  return services().keyValues.set(KEY, { categoryId, taxId })
}
