/** Every screen of the terminal with something on it, in one order: accessibility and language tests walk over them. */
import { expect } from '@playwright/test'
import type { Terminal } from './terminal.ts'

export interface Screen {
  readonly name: string
  /** Brings the terminal there, from wherever the screen before it left it, and waits until it is whole. */
  open(terminal: Terminal): Promise<void>
  /** Takes away what would lie over the next screen. */
  leave?(terminal: Terminal): Promise<void>
}

export const topDialog = ({ page }: Terminal) => page.locator('dialog[open]').last()

/** Closes every dialog, the topmost first. */
export const escape = async ({ page }: Terminal): Promise<void> => {
  const dialogs = page.locator('dialog[open]')
  for (let open = await dialogs.count(); open > 0; open -= 1) {
    await page.keyboard.press('Escape')
    await expect(dialogs).toHaveCount(open - 1)
  }
}

/** Opens a page by its address and waits for its heading. */
function page(path: string, ready?: (terminal: Terminal) => Promise<void>): Screen {
  return {
    name: path,
    async open(terminal) {
      await terminal.goto(path)
      await expect(terminal.page.getByRole('heading', { level: 1 })).toBeVisible()
      await ready?.(terminal)
    },
  }
}

const visible = (id: string) => async (terminal: Terminal) => {
  await expect(terminal.byId(id).first()).toBeVisible({ timeout: 30_000 })
}

/** A terminal that is set up and has sold nothing yet walks over these in order. */
export const SCREENS: readonly Screen[] = [
  { name: 'sale, empty', open: (terminal) => terminal.ready() },
  {
    name: 'sale, with lines',
    async open(terminal) {
      await terminal.tapProducts(0, 1, 1)
      await expect(terminal.byId('cart-total')).not.toHaveAttribute('data-tiyn', '0')
    },
  },
  {
    name: 'line editor',
    async open(terminal) {
      // On a phone the receipt lies in a sheet.
      const sheet = terminal.byId('open-receipt')
      if (await sheet.isVisible()) await sheet.click()
      const buttons = terminal.byId('cart-line').first().getByRole('button')
      if ((await buttons.first().getAttribute('aria-expanded')) === 'false') await buttons.first().click()
      await buttons.nth(2).click()
      await expect(topDialog(terminal)).toBeVisible()
    },
    leave: escape,
  },
  {
    name: 'menu',
    async open(terminal) {
      await terminal.byId('menu').click()
      await expect(topDialog(terminal)).toBeVisible()
    },
    leave: escape,
  },
  {
    name: 'shortcuts',
    async open(terminal) {
      await terminal.page.keyboard.press('F1')
      await expect(topDialog(terminal)).toBeVisible()
    },
    leave: escape,
  },
  {
    name: 'payment',
    async open(terminal) {
      await terminal.byId('pay').click()
      await expect(terminal.byId('tender-cash-exact')).toBeVisible()
    },
  },
  {
    name: 'payment result',
    async open(terminal) {
      await terminal.byId('tender-cash-exact').click()
      await terminal.expectResult('registered')
    },
  },
  page('/journal', visible('journal-entry')),
  {
    name: 'journal entry',
    async open(terminal) {
      await terminal.byId('journal-entry').first().click()
      await expect(topDialog(terminal)).toBeVisible()
    },
    leave: escape,
  },
  page('/queue'),
  page('/bank', visible('bank-net')),
  page('/shift', async (terminal) => {
    // The state of the shift comes from the device: its buttons change with it.
    await expect(terminal.byId('shift-z')).toBeEnabled()
  }),
  page('/device', async (terminal) => {
    await expect(terminal.byId('device-state')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 })
  }),
  page('/iiko', visible('iiko-shift')),
  {
    name: '/iiko/:id',
    async open(terminal) {
      await terminal.byId('iiko-shift').first().click()
      await expect(terminal.page).toHaveURL(/\/iiko\/.+/)
      await expect(terminal.page.getByRole('heading', { level: 1 })).toBeVisible()
    },
  },
  page('/iiko/sales'),
  page('/atol', visible('atol-device')),
  {
    name: '/atol/:serial',
    async open(terminal) {
      await terminal.byId('atol-device').first().click()
      await expect(terminal.page).toHaveURL(/\/atol\/.+/)
      await expect(terminal.page.getByRole('heading', { level: 1 })).toBeVisible()
    },
  },
  page('/catalog'),
  page('/debts', visible('debts-page')),
  page('/stock', visible('stock-good')),
  page('/stock?view=delivery', async (terminal) => {
    // The walk may come here twice: the sheet is still there.
    const line = terminal.byId('sheet-line')
    const empty = terminal.page.getByTestId('stock-sheet').locator('.empty-state')
    await expect(line.or(empty).first()).toBeVisible()
    if (await line.first().isVisible()) return
    await terminal.byId('sheet-search').fill('101')
    await terminal.byId('sheet-hit').first().click()
    await expect(line).toHaveCount(1)
  }),
  page('/cashiers'),
  page('/settings'),
  page('/setup'),
]
