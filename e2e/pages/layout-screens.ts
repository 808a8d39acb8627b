/** Every screen and what may stand over it, for tests that measure them: the walk of `screens.ts` with more stops. */
import { expect } from '@playwright/test'
import { SCREENS, escape, topDialog, type Screen } from './screens.ts'
import type { Terminal } from './terminal.ts'

export interface LayoutScreen extends Screen {
  /** Only a phone has it. */
  readonly narrow?: boolean
}

const dialogStands = async (terminal: Terminal): Promise<void> => {
  await expect(topDialog(terminal)).toBeVisible()
}

/** A dialog that one button of the screen before it opens. */
function dialog(name: string, button: string, wait?: (terminal: Terminal) => Promise<void>): Screen {
  return {
    name,
    async open(terminal) {
      await terminal.byId(button).first().click()
      await dialogStands(terminal)
      await wait?.(terminal)
    },
    leave: escape,
  }
}

function tender(name: string, id: string, then?: (terminal: Terminal) => Promise<void>): Screen {
  return {
    name: `payment, ${name}`,
    async open(terminal) {
      await terminal.byId(id).click()
      await then?.(terminal)
    },
  }
}

const keys = (name: string, key: string): Screen => ({
  name,
  async open(terminal) {
    await terminal.page.keyboard.press(key)
    await dialogStands(terminal)
  },
  leave: escape,
})

const PIN = '1234'

async function addCashier(terminal: Terminal, name: string): Promise<void> {
  await terminal.goto('/cashiers')
  const add = terminal.byId('cashier-add')
  const pin = terminal.byId('cashier-pin')
  await expect(add.or(pin).first()).toBeVisible()
  if (await pin.isVisible()) {
    await pin.fill(PIN)
    await terminal.byId('lock-enter').click()
  }
  await add.click()
  await terminal.byId('cashier-name').fill(name)
  await terminal.byId('cashier-new-pin').fill(PIN)
  await terminal.byId('role-admin').click()
  await terminal.byId('cashier-save').click()
  await expect(terminal.byId('cashier').filter({ hasText: name })).toBeVisible()
}

/** Stops right after the stop of that name. */
const MORE: Readonly<Record<string, readonly LayoutScreen[]>> = {
  'sale, with lines': [
    {
      name: 'receipt on a phone',
      narrow: true,
      async open(terminal) {
        await terminal.byId('open-receipt').click()
        await dialogStands(terminal)
      },
      leave: escape,
    },
  ],
  'line editor': [
    {
      name: 'receipt actions',
      async open(terminal) {
        await terminal.byId('cart-more').click()
        await expect(terminal.byId('action-clear')).toBeVisible()
      },
      leave: escape,
    },
    keys('free price', 'F4'),
    keys('receipt discount', 'F6'),
    keys('parked receipts', 'F8'),
  ],
  payment: [
    tender('card', 'tender-card'),
    tender('external card', 'tender-external-card'),
    tender('mixed', 'tender-mixed', async (terminal) => {
      await terminal.byId('tender-cash-amount').fill('500')
      await expect(terminal.byId('mixed-cash').first()).toBeVisible()
    }),
    tender('more ways', 'tender-more', async (terminal) => {
      await terminal.byId('tender-credit').click()
      await terminal.byId('debtor-name').fill('Қарлығаш Бейсенбаева')
      await expect(terminal.byId('pay-confirm')).toBeEnabled()
    }),
    tender('cash again', 'tender-cash'),
  ],
  'journal entry': [
    {
      name: 'return',
      async open(terminal) {
        await terminal.byId('journal-entry').first().click()
        await terminal.byId('return').click()
        await expect(terminal.byId('return-line').first()).toBeVisible()
      },
      leave: escape,
    },
  ],
  '/bank': [dialog('bank refund', 'bank-refund'), dialog('bank day', 'bank-close-day')],
  '/shift': [
    dialog('cash in', 'cash-in'),
    dialog('cash out', 'cash-out'),
    dialog('close the shift', 'shift-z', async (terminal) => {
      await expect(terminal.byId('z-confirm')).toBeEnabled()
    }),
  ],
  '/device': [dialog('reboot', 'tool-reboot'), dialog('lock-off', 'lock-off')],
  '/debts': [dialog('earlier debt', 'debt-add')],
  '/catalog': [dialog('item editor', 'catalog-add'), dialog('category colours', 'category-colours')],
  '/stock': [dialog('good in stock', 'stock-good')],
  '/stock?view=delivery': [dialog('delivery accepted', 'sheet-accept')],
  '/cashiers': [
    dialog('cashier', 'cashier-add', async (terminal) => {
      await terminal.byId('cashier-name').fill('Қарлығаш Бейсенбаева')
      await terminal.byId('cashier-new-pin').fill('1234')
    }),
  ],
  '/setup': [
    {
      name: 'PIN',
      async open(terminal) {
        await addCashier(terminal, 'Қарлығаш Бейсенбаева')
        await terminal.page.reload()
        await expect(terminal.byId('cashier-pin')).toBeVisible()
      },
    },
    {
      name: 'lock',
      async open(terminal) {
        await addCashier(terminal, 'Асель')
        await terminal.page.reload()
        await expect(terminal.byId('lock-cashier')).toHaveCount(2)
      },
    },
  ],
}

/** A payment of exact cash is the way on, whatever tender was looked at last. */
const back: Readonly<Record<string, Screen>> = {
  'payment result': {
    name: 'payment result',
    async open(terminal) {
      await terminal.byId('tender-cash').click()
      await terminal.byId('tender-cash-exact').click()
      await terminal.expectResult('registered')
    },
  },
}

export const LAYOUT_SCREENS: readonly LayoutScreen[] = SCREENS.flatMap((screen) => [
  back[screen.name] ?? screen,
  ...(MORE[screen.name] ?? []),
])
