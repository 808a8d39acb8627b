import type { Locator } from '@playwright/test'
import { BROWSER_ARGS, findBrowser, isRoot } from '../browser.ts'
import { expect, test } from '../fixtures.ts'

/** A system whose text is 24 px high instead of 16. */
const LARGE = '--blink-settings=defaultFontSize=24'
test.use({
  // A note that can be undone is there for seconds of a person.
  pace: 1,
  launchOptions: { executablePath: findBrowser(), args: [...BROWSER_ARGS, LARGE], chromiumSandbox: !isRoot },
})

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

async function boxOf(target: Locator): Promise<Box> {
  const box = await target.boundingBox()
  if (box === null) throw new Error('not in sight')
  return box
}

const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y

for (const [width, height] of [
  [1280, 800],
  [800, 1280],
  [390, 844],
] as const) {
  test(`large text at ${width}x${height}: prices, the sum to pay and the undo of a removed line are in sight`, async ({
    terminal,
    page,
  }) => {
    await page.setViewportSize({ width, height })
    await terminal.setUp()
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('24px')
    // A name may be cut after three lines; the price under it never.
    const hidden = await terminal.byId('product').evaluateAll((tiles) =>
      tiles
        .filter((tile) => {
          const price = tile.querySelector('.tile-price')?.getBoundingClientRect()
          const name = tile.querySelector('.tile-name')?.getBoundingClientRect()
          const whole = tile.getBoundingClientRect()
          return (
            !price || !name || price.top < name.bottom - 1 || price.bottom > whole.bottom || price.right > whole.right
          )
        })
        .map((tile) => tile.textContent),
    )
    expect(hidden).toEqual([])
    await terminal.tapProducts(0, 1)
    const sheet = terminal.byId('open-receipt')
    const isPhone = await sheet.isVisible()
    const pay = isPhone ? page.locator('.receipt [data-testid="pay"]') : terminal.byId('pay')
    if (isPhone) {
      await expectWhole(terminal.byId('pay'))
      await sheet.click()
    }
    await expectWhole(pay)
    await terminal.byId('cart-line').last().getByRole('button').last().click()
    const note = page.locator('.toast')
    await expect(note).toBeVisible()
    expect(apart(await boxOf(note), await boxOf(pay))).toBe(true)
    // It takes the tap also over the receipt that lies over everything.
    await note.locator('.toast-action').click()
    await expect(terminal.byId('cart-line')).toHaveCount(2)
  })
}

/** All words of a button are inside it and inside the window. */
async function expectWhole(button: Locator): Promise<void> {
  await expect(button).toBeInViewport({ ratio: 1 })
  const cut = await button.evaluate((element) => {
    const whole = element.getBoundingClientRect()
    return [...element.children]
      .map((child) => child.getBoundingClientRect())
      .filter((part) => part.left < whole.left || part.right > whole.right || part.bottom > whole.bottom).length
  })
  expect(cut).toBe(0)
}
