import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { typeAsPerson } from '../pages/scanner.ts'
import { documents } from '../pages/selling.ts'

/** Longer than any way by Tab in this terminal: a focus that is caught ends the search. */
const LONGEST_WAY = 60

interface Focus {
  readonly name: string
  /** A person sees where it is: a ring, or the frame of the field around it. */
  readonly seen: boolean
  readonly inView: boolean
}

function focus(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (element === null || element === document.body) return { name: 'nothing', seen: false, inView: false }
    const ringed = (one: Element | null): boolean => {
      if (one === null) return false
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      return outlineStyle !== 'none' && outlineWidth !== '0px'
    }
    const box = element.getBoundingClientRect()
    return {
      name: element.getAttribute('data-testid') ?? element.getAttribute('aria-label') ?? element.tagName.toLowerCase(),
      seen: ringed(element) || ringed(element.parentElement),
      inView: box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    }
  })
}

/** Presses Tab until the element has the focus; on the way every focus has to be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible()
  for (let step = 0; step < LONGEST_WAY; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
    // After the last element comes the browser's own bar, then the first one again.
    if ((await focus(page)).name === 'nothing') continue
    await expect
      .poll(() => focus(page), { message: `the focus after ${step + 1} Tab` })
      .toMatchObject({ seen: true, inView: true })
  }
  throw new Error('Tab never gets there')
}

test('a whole sale with the keyboard alone, and the next one begins where the hands are', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await page.keyboard.press('F2')
  await expect(terminal.byId('search')).toBeFocused()
  await typeAsPerson(page, '103')
  await page.keyboard.press('Enter')
  await expect(terminal.byId('cart-line')).toHaveCount(1)
  await page.keyboard.press('F9')
  await expect(terminal.byId('tender-cash-amount')).toBeFocused()
  await typeAsPerson(page, '2000')
  await expect(terminal.byId('change-preview')).toHaveAttribute('data-tiyn', '80000')
  await expect(terminal.byId('pay-confirm')).toBeEnabled()
  await page.keyboard.press('Enter')
  await terminal.expectResult('registered')
  await expect(terminal.byId('next-sale')).toBeFocused()
  expect(await focus(page)).toMatchObject({ seen: true, inView: true })
  await page.keyboard.press('Enter')
  await expect(terminal.byId('payment-result')).toBeHidden()

  // Exact cash by one key, and the price of a line that isn't in the catalogue.
  await page.keyboard.press('F4')
  await expect(terminal.byId('number')).toBeFocused()
  await typeAsPerson(page, '250')
  await page.keyboard.press('Enter')
  await expect(terminal.byId('cart-line')).toHaveCount(1)
  await page.keyboard.press('F9')
  await expect(terminal.byId('tender-cash-exact')).toBeEnabled()
  await page.keyboard.press('F9')
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([
    { totalTiyn: 120_000, payments: [200_000, 0, 0, 0], changeTiyn: 80_000 },
    { totalTiyn: 25_000, payments: [25_000, 0, 0, 0] },
  ])
})

test('a line is changed, given a discount and taken back with the keyboard alone', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await page.keyboard.press('/')
  await typeAsPerson(page, '103')
  await page.keyboard.press('Enter')
  await typeAsPerson(page, '101')
  await page.keyboard.press('Enter')
  await expect(terminal.byId('cart-line')).toHaveCount(2)
  const first = terminal.byId('cart-line').first()
  await tabTo(page, first.getByRole('button').first())
  await page.keyboard.press('Enter')
  await tabTo(page, first.getByRole('button', { name: /Количество/ }))
  await page.keyboard.press('Enter')
  await expect(page.locator('dialog[open]')).toBeVisible()
  await expect(terminal.byId('number')).toBeFocused()
  await typeAsPerson(page, '3')
  await page.keyboard.press('Enter')
  await expect(page.locator('dialog[open]')).toHaveCount(0)
  // The dialog gives the focus back to where it was.
  expect(await focus(page)).toMatchObject({ seen: true })
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '425000')
  await page.keyboard.press('F6')
  await expect(terminal.byId('number')).toBeFocused()
  await typeAsPerson(page, '10')
  await page.keyboard.press('Enter')
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '382500')
  await page.keyboard.press('Control+z')
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '425000')
  await page.keyboard.press('F9')
  await expect(terminal.byId('tender-cash-exact')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(terminal.byId('cart-line')).toHaveCount(2)
  await page.keyboard.press('F9')
  await expect(terminal.byId('tender-cash-exact')).toBeEnabled()
  await page.keyboard.press('F9')
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 425_000 }])
})

test('a return with the keyboard alone: journal, receipt, what is given back, done', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await page.keyboard.press('F2')
  for (const code of ['103', '103', '101']) {
    await typeAsPerson(page, code)
    await page.keyboard.press('Enter')
    await expect(terminal.byId('search')).toHaveValue('')
  }
  await page.keyboard.press('F9')
  await expect(terminal.byId('tender-cash-exact')).toBeEnabled()
  await page.keyboard.press('F9')
  await terminal.expectResult('registered')
  await page.keyboard.press('Alt+2')
  await expect(page).toHaveURL(/\/journal$/)
  await tabTo(page, terminal.byId('journal-entry').first())
  await page.keyboard.press('Enter')
  await tabTo(page, terminal.byId('return'))
  await page.keyboard.press('Enter')
  await expect(terminal.byId('return-line')).toHaveCount(2)
  const count = terminal.byId('return-count').first()
  await tabTo(page, count)
  await page.keyboard.press('Control+a')
  await page.keyboard.type('1')
  await tabTo(page, terminal.byId('return-count').last())
  await page.keyboard.press('Control+a')
  await page.keyboard.type('0')
  await tabTo(page, terminal.byId('return-confirm'))
  await page.keyboard.press('Enter')
  await terminal.expectResult('registered')
  expect(documents(device, 'saleReturn')).toMatchObject([{ totalTiyn: 120_000, payments: [120_000, 0, 0, 0] }])
})

test('the tenders are chosen with arrows, and everything on the payment screen is reached by Tab', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await page.keyboard.press('F2')
  await typeAsPerson(page, '103')
  await page.keyboard.press('Enter')
  await page.keyboard.press('F9')
  await tabTo(page, terminal.byId('tender-cash'))
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(terminal.byId('tender-external-card')).toBeFocused()
  await expect(terminal.byId('tender-external-card')).toHaveAttribute('aria-checked', 'true')
  await tabTo(page, terminal.byId('pay-confirm'))
  await page.keyboard.press('Enter')
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ payments: [0, 120_000, 0, 0] }])
})
