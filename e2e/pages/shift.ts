/** What a cashier does on the shift page, as tests say it. */
import type { Locator } from '@playwright/test'
import { expect } from '../fixtures.ts'
import { typeAsPerson } from './scanner.ts'
import type { Terminal } from './terminal.ts'

export async function openShiftPage(terminal: Terminal, state: 'open' | 'closed'): Promise<void> {
  await terminal.goto('/shift')
  await expect(terminal.byId('shift-state')).toHaveAttribute('data-state', state, { timeout: 30_000 })
}

/** One operation in the shift's list, the newest first. */
export function operation(terminal: Terminal, kind: 'deposit' | 'withdrawal' | 'xReport' | 'zReport'): Locator {
  return terminal.page.locator(`[data-testid="shift-operation"][data-kind="${kind}"]`)
}

/** Puts cash in or takes it out, in tenge; the operation is settled later. */
export async function moveCash(terminal: Terminal, button: 'cash-in' | 'cash-out', tenge: string): Promise<void> {
  await terminal.byId(button).click()
  await expect(terminal.byId('number')).toBeFocused()
  await typeAsPerson(terminal.page, tenge)
  await terminal.byId('cash-save').click()
}

/** Closes the shift without a count of the drawer. */
export async function closeShift(terminal: Terminal): Promise<void> {
  await terminal.byId('shift-z').click()
  await terminal.byId('z-confirm').click()
  await expect(terminal.byId('z-result')).toHaveAttribute('data-state', 'closed', { timeout: 60_000 })
  await terminal.byId('z-done').click()
  await expect(terminal.byId('shift-state')).toHaveAttribute('data-state', 'closed', { timeout: 30_000 })
}
