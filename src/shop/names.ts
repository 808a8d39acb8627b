/** How the keys of a report and the kinds of a receipt are called on the screen and in a table. */
import { ENTRY_KINDS } from '../contract/entry-kinds.ts'
import type { ShopReceipt, ShopTill } from '../contract/shop.ts'
import { TENDERS } from '../domain/receipt.ts'
import type { MessageKey } from '../i18n/schema.ts'

type Words = (key: MessageKey) => string

const KINDS = ['sale', 'saleReturn', 'buy', 'buyReturn', ...ENTRY_KINDS] as const

/** A kind that this version doesn't know is called as it stands. */
export function kindWord(kind: string, t: Words): string {
  const known = KINDS.find((name) => name === kind)
  return known === undefined ? kind : t(`queue.kind.${known}`)
}

export function tenderWord(tender: string, t: Words): string {
  const known = TENDERS.find((name) => name === tender)
  return known === undefined ? tender : t(`journal.tender.${known}`)
}

/** The name that the owner gave, else its letter. */
export function tillName(id: string, tills: ReadonlyMap<string, Pick<ShopTill, 'name' | 'letter'>>, t: Words): string {
  const till = tills.get(id)
  if (till === undefined) return id
  return till.name === '' ? `${t('shop.till')} ${till.letter}` : till.name
}

/** What goes out of the drawer stands below zero, tiyn. */
export function sumOf({ kind, totalTiyn }: Pick<ShopReceipt, 'kind' | 'totalTiyn'>): number {
  return kind === 'saleReturn' || kind === 'buy' || kind === 'withdrawal' ? -totalTiyn : totalTiyn
}

/** Colour and picture of a state; its word stands beside them. */
export const STATE_LOOKS = {
  done: { tone: 'ok', icon: 'check' },
  waiting: { tone: 'warn', icon: 'clock' },
  refused: { tone: 'danger', icon: 'alert' },
} as const
