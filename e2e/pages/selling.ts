/** What a cashier does beyond the shortest sale, as tests say it. */
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import type { LedgerEntry, LedgerKind } from '../../src/device-model/device.ts'
import { expect } from '../fixtures.ts'
import type { Terminal } from './terminal.ts'

/** Executed documents of these kinds, in order. */
export function documents(device: IkkmEmulator, ...kinds: readonly LedgerKind[]): readonly LedgerEntry[] {
  return device.device.ledger().filter((document) => kinds.includes(document.kind))
}

/** Adds a product by its code, the way a keyboard does it. */
export async function addByCode(terminal: Terminal, ...codes: readonly string[]): Promise<void> {
  for (const code of codes) {
    await terminal.byId('search').fill(code)
    await terminal.byId('search').press('Enter')
    await expect(terminal.byId('search')).toHaveValue('')
  }
}

/** Adds a line at a price of its own, in tenge. */
export async function addFree(terminal: Terminal, price: string, name = ''): Promise<void> {
  await terminal.byId('free-price').click()
  if (name !== '') await terminal.byId('free-name').fill(name)
  await terminal.byId('number').fill(price)
  await terminal.byId('free-add').click()
  await expect(terminal.byId('free-add')).toBeHidden()
}

/** Chooses from the receipt's menu; the result of the sale before it makes room first. */
export async function chooseAction(terminal: Terminal, action: string): Promise<void> {
  const next = terminal.byId('next-sale')
  if (await next.isVisible()) await next.click()
  await terminal.byId('cart-more').click()
  await terminal.byId(`action-${action}`).click()
}

/** Pays in a way that is confirmed by the big button. */
export async function payBy(terminal: Terminal, tender: string): Promise<void> {
  await terminal.byId('pay').click()
  await terminal.byId(tender).click()
  await terminal.byId('pay-confirm').click()
}

export async function tiynOf(terminal: Terminal, id: string): Promise<number> {
  return Number(await terminal.byId(id).first().getAttribute('data-tiyn'))
}

/** Fiscal numbers of what the device sold, in its order. */
export const saleNumbers = (device: IkkmEmulator): number[] => documents(device, 'sale').map(({ number }) => number)

/** Opens the journal's entry with this fiscal number. */
export async function openEntry(terminal: Terminal, number: number): Promise<void> {
  await terminal.goto('/journal')
  await terminal.page.locator(`[data-testid="journal-entry"][data-number="${number}"]`).click()
}

/** In an open return: everything that is left, and done. */
export async function giveBackAll(terminal: Terminal): Promise<void> {
  await terminal.byId('return-all').click()
  await terminal.byId('return-confirm').click()
}
