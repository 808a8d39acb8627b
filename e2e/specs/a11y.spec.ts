import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { SCREENS } from '../pages/screens.ts'
import { documents } from '../pages/selling.ts'

/** WCAG 2.2 up to AA, and axe's own advice on landmarks and headings. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe objects to, one readable line an element. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
  return found.flatMap((rule) =>
    rule.nodes.map((node) => {
      const why = node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? rule.help
      return `${rule.id}: ${node.target.join(' ')} (${why})`
    }),
  )
}

/** Animations halfway through would be measured with half their contrast. */
async function still(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => undefined)),
    ),
  )
}

for (const [colorScheme, form, width, height] of [
  ['light', 'tablet', 1280, 800],
  ['dark', 'phone', 390, 844],
] as const) {
  test(`axe finds nothing on any screen, ${colorScheme}, ${form}`, async ({ terminal, page }) => {
    test.setTimeout(240_000)
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await terminal.setUp()
    const found: string[] = []
    for (const screen of SCREENS) {
      await screen.open(terminal)
      await still(page)
      found.push(...(await violations(page)).map((line) => `${screen.name}: ${line}`))
      await screen.leave?.(terminal)
    }
    expect(found).toEqual([])
  })
}

test('a sale needs nothing but the keyboard', async ({ terminal, page, device }) => {
  await terminal.setUp()
  const focused = (id: string) =>
    page.evaluate((wanted) => document.activeElement?.closest(`[data-testid="${wanted}"]`) !== null, id)
  const tabTo = async (id: string): Promise<void> => {
    for (let press = 0; press < 60 && !(await focused(id)); press += 1) await page.keyboard.press('Tab')
    expect(await focused(id), id).toBe(true)
  }
  await tabTo('product')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await tabTo('pay')
  await page.keyboard.press('Enter')
  await expect(terminal.byId('tender-cash-exact')).toBeEnabled()
  await tabTo('tender-cash-exact')
  await page.keyboard.press('Enter')
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toHaveLength(1)
})

/** What Tab doesn't reach, or reaches without showing it. Members of a group that arrows move in need one stop only. */
async function unreachable(page: Page): Promise<string[]> {
  const total = await page.evaluate(() => {
    const scope = [...document.querySelectorAll<HTMLElement>('dialog[open]')].at(-1) ?? document.body
    const controls = [...scope.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')]
    const wanted = controls.filter(
      (control) =>
        control.checkVisibility({ visibilityProperty: true }) &&
        control.closest('[inert], .visually-hidden') === null &&
        !control.matches(':disabled, .visually-hidden, .skip, [type="hidden"]') &&
        !(control.tabIndex < 0 && control.closest('[role="radiogroup"], [role="group"]') !== null),
    )
    for (const control of wanted) control.dataset.tabWanted = control.outerHTML.slice(0, 120)
    ;(document.activeElement as HTMLElement | null)?.blur()
    return wanted.length
  })
  const unseen: string[] = total === 0 ? ['no controls at all'] : []
  for (let press = 0; press < total + 20; press += 1) {
    await page.keyboard.press('Tab')
    const mark = await page.evaluate(() => {
      const control = document.activeElement
      if (!(control instanceof HTMLElement) || control.dataset.tabWanted === undefined) return null
      const { outlineStyle, boxShadow } = getComputedStyle(control)
      const name = control.dataset.tabWanted
      delete control.dataset.tabWanted
      return outlineStyle === 'none' && boxShadow === 'none' && !control.matches('input, textarea, select')
        ? name
        : null
    })
    if (mark !== null) unseen.push(`no visible focus: ${mark}`)
  }
  const missed = await page.evaluate(() => {
    const left = [...document.querySelectorAll<HTMLElement>('[data-tab-wanted]')]
    const names = left.map((control) => control.dataset.tabWanted ?? '')
    for (const control of left) delete control.dataset.tabWanted
    return names
  })
  return [...unseen, ...missed.map((name) => `not reached: ${name}`)]
}

test('Tab reaches every control of every screen and shows where it is', async ({ terminal, page }) => {
  test.setTimeout(240_000)
  await terminal.setUp()
  const found: string[] = []
  for (const screen of SCREENS) {
    await screen.open(terminal)
    found.push(...(await unreachable(page)).map((line) => `${screen.name}: ${line}`))
    await screen.leave?.(terminal)
  }
  expect(found).toEqual([])
})
