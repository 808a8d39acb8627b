import { weightCode } from '../../src/domain/barcode.ts'
import { withCheckDigit } from '../../src/device-model/goods.ts'
import { thousandths } from '../../src/domain/money.ts'
import { expect, test } from '../fixtures.ts'
import { scan, typeAsPerson } from '../pages/scanner.ts'
import { documents } from '../pages/selling.ts'
import { expectStored } from '../pages/stored.ts'
import type { Terminal } from '../pages/terminal.ts'

/** Water, 250 ₸, and bread with an EAN-8, 280 ₸, of the demo shop; its cheese by weight has code 407, 4 390 ₸. */
const WATER = withCheckDigit('487000000204')
const BREAD = withCheckDigit('4870306')

const lines = (terminal: Terminal) => terminal.byId('cart-line')

// Real seconds: keys come at a machine's pace or at a person's.
test.use({ pace: 1 })

test('a scan adds the product wherever the focus is and never types into a field', async ({ terminal, page }) => {
  await terminal.setUp()
  await scan(page, WATER)
  await expect(lines(terminal)).toHaveCount(1)
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '25000')

  await terminal.byId('search').fill('кофе')
  await terminal.byId('search').evaluate((field: HTMLInputElement) => field.setSelectionRange(1, 3))
  await scan(page, WATER)
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '50000')
  await expect(terminal.byId('search')).toHaveValue('кофе')
  expect(
    await terminal.byId('search').evaluate((field: HTMLInputElement) => [field.selectionStart, field.selectionEnd]),
  ).toEqual([1, 3])
})

test('the Enter of a scanner presses no button and submits no form', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.tapProducts(0)
  await terminal.byId('pay').focus()
  await scan(page, WATER)
  await expect(lines(terminal)).toHaveCount(2)
  await expect(terminal.byId('pay-confirm')).toBeHidden()
})

test('a scanner without an Enter at its end is recognised by the silence after it', async ({ terminal, page }) => {
  await terminal.setUp()
  await scan(page, WATER, { enter: false })
  await expect(lines(terminal)).toHaveCount(1)
})

test('what a person types stays typed, digit by digit', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.byId('search').focus()
  await typeAsPerson(page, '2042046')
  await expect(terminal.byId('search')).toHaveValue('2042046')
  await expect(lines(terminal)).toHaveCount(0)
})

test('in a dialog a scan leaves the number as it was, a typed one and a proposed one', async ({ terminal, page }) => {
  await terminal.setUp()
  await page.keyboard.press('F4')
  await terminal.byId('number').focus()
  await typeAsPerson(page, '75')
  await scan(page, WATER)
  await expect(terminal.byId('number')).toHaveValue('75')
  await typeAsPerson(page, '0')
  await expect(terminal.byId('number')).toHaveValue('750')
  await expect(lines(terminal)).toHaveCount(0)
})

test('on the payment screen a scan is one more product and no part of the cash', async ({ terminal, device, page }) => {
  await terminal.setUp()
  await scan(page, WATER)
  await terminal.byId('pay').click()
  await expect(terminal.byId('tender-cash-amount')).toBeVisible()
  await scan(page, BREAD)
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '53000')
  await terminal.byId('pay').click()
  await expect(terminal.byId('tender-cash-amount')).toHaveValue('')
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 53_000 }])
})

test('a label of the scales brings its weight, and the device registers it to the tiyn', async ({
  terminal,
  device,
  page,
}) => {
  await terminal.setUp()
  await scan(page, weightCode('21', '407', thousandths(355)) ?? '')
  // 4 390 ₸ x 0.355 kg
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '155845')
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toMatchObject([{ totalTiyn: 155_845 }])
})

test('an unknown code offers search and a free price', async ({ terminal, page }) => {
  await terminal.setUp()
  await scan(page, '4600000000008')
  await expect(page.getByRole('dialog')).toContainText('4600000000008')
  await scan(page, WATER)
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(lines(terminal)).toHaveCount(1)
})

test('on another screen a scan opens the sale with the product in it', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.goto('/journal')
  await expect(terminal.byId('device-state')).toHaveAttribute('data-state', 'ready')
  await scan(page, WATER)
  await expect(page).toHaveURL(`${terminal.origin}/`)
  await expect(lines(terminal)).toHaveCount(1)
})

test('a browser without a camera is offered none', async ({ terminal }) => {
  await terminal.setUp()
  await expect(terminal.byId('search')).toBeVisible()
  await expect(terminal.byId('camera')).toBeHidden()
})

test('what is typed from nowhere goes into the search, and a scan from nowhere leaves it as it was', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await terminal.tapProducts(0)
  await typeAsPerson(page, '103')
  await expect(terminal.byId('search')).toBeFocused()
  await expect(terminal.byId('search')).toHaveValue('103')
  await page.keyboard.press('Enter')
  await expect(lines(terminal)).toHaveCount(2)

  await terminal.byId('pay').focus()
  await scan(page, WATER)
  await expect(lines(terminal)).toHaveCount(3)
  await expect(terminal.byId('search')).toHaveValue('')
  await expect(terminal.byId('pay')).toBeFocused()
})

test('an unknown code can become an item of the catalogue, which goes into the receipt', async ({ terminal, page }) => {
  await terminal.setUp()
  const code = withCheckDigit('487000099999')
  await scan(page, code)
  await terminal.byId('unknown-add').click()
  await terminal.byId('item-name').fill('Халва')
  await terminal.byId('item-price').fill('700')
  await terminal.byId('item-save').click()
  await expect(lines(terminal)).toHaveCount(1)
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '70000')
  await scan(page, code)
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '140000')
})

test('the next new item begins with the category and the tax of the last one', async ({ terminal, page }) => {
  await terminal.setUp()
  const add = async (code: string, name: string) => {
    await scan(page, withCheckDigit(code))
    await terminal.byId('unknown-add').click()
    await terminal.byId('item-name').fill(name)
    await terminal.byId('item-price').fill('150,5')
  }
  const category = terminal.byId('item-category').locator('select')
  const tax = terminal.byId('item-tax').locator('select')
  await add('487000099991', 'Халва')
  await category.selectOption({ label: 'Выпечка' })
  await tax.selectOption({ index: 2 })
  const chosen = [await category.inputValue(), await tax.inputValue()]
  await terminal.byId('item-save').click()
  await expect(lines(terminal)).toHaveCount(1)
  await page.reload()
  await terminal.ready()
  await add('487000099992', 'Шербет')
  expect([await category.inputValue(), await tax.inputValue()]).toEqual(chosen)
  await terminal.byId('item-save').click()
  await expect(terminal.byId('cart-total')).toHaveAttribute('data-tiyn', '30100')
})

test('sounds are off until they are wanted; then an unknown code sounds otherwise than a known one', async ({
  terminal,
  page,
}) => {
  await page.addInitScript(() => {
    const heard: number[] = []
    const make = AudioContext.prototype.createOscillator
    AudioContext.prototype.createOscillator = function () {
      const tone = make.call(this)
      const start = tone.start.bind(tone)
      tone.start = (when) => {
        heard.push(tone.frequency.value)
        start(when)
      }
      return tone
    }
    Object.assign(globalThis, { heard })
  })
  const heard = () => page.evaluate<number[]>('globalThis.heard')
  await terminal.setUp()
  await scan(page, WATER)
  await expect(lines(terminal)).toHaveCount(1)
  expect(await heard()).toEqual([])
  await terminal.goto('/settings')
  await terminal.byId('sounds').getByRole('switch').click()
  await expect.poll(heard).toEqual([1760])
  await expectStored(page, 'settings', '"sounds":true')
  await terminal.goto('/')
  await terminal.ready()
  await scan(page, WATER)
  await expect.poll(heard).toEqual([1760])
  await scan(page, '4600000000008')
  await expect.poll(heard).toEqual([1760, 440, 311])
  await page.keyboard.press('Escape')
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  await expect.poll(heard).toEqual([1760, 440, 311, 880, 1319])
})
