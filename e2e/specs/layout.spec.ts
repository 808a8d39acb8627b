import type { CDPSession, Page } from '@playwright/test'
import { dialogs as english } from '../../src/i18n/en/dialogs.ts'
import { dialogs as kazakh } from '../../src/i18n/kk/dialogs.ts'
import { dialogs as russian } from '../../src/i18n/ru/dialogs.ts'
import { expect, test } from '../fixtures.ts'
import { findUnreachable } from '../pages/geometry.ts'
import { LAYOUT_SCREENS } from '../pages/layout-screens.ts'

const SIZES = [
  [360, 640],
  [390, 844],
  [740, 360],
  [800, 600],
  [960, 540],
  [1024, 600],
  [800, 1280],
  [1280, 800],
  [1920, 1080],
] as const
const WORDS = { ru: russian, kk: kazakh, en: english } as const
type Language = keyof typeof WORDS

/** The language as the menu sets it, without the menu: it would lie over the screen that is looked at. */
async function speak(page: Page, language: Language): Promise<void> {
  await page.evaluate(async (wanted) => {
    interface Settings {
      change(values: { language: string }): Promise<void>
    }
    const root = document.querySelector('#app') as unknown as {
      __vue_app__: { config: { globalProperties: { $pinia: { _s: Map<string, Settings> } } } }
    }
    await root.__vue_app__.config.globalProperties.$pinia._s.get('settings')?.change({ language: wanted })
  }, language)
  await expect(page.locator('html')).toHaveAttribute('lang', language)
}

/** The longest of the usual news, where the bar shows it; the words alone when one is there already. */
async function showNotice(page: Page, text: string, action: string): Promise<void> {
  // The bar comes some time after the first screen, and its looks with it.
  await page.waitForFunction(() =>
    [...document.styleSheets].some((sheet) =>
      [...sheet.cssRules].some((rule) => rule instanceof CSSStyleRule && rule.selectorText.startsWith('.attention[')),
    ),
  )
  await page.evaluate(
    ([words, button]) => {
      const bar = document.createElement('section')
      bar.className = 'attention warn'
      bar.dataset.layoutTest = ''
      bar.innerHTML = `<svg class="icon" width="24" height="24"></svg><p class="attention-text"></p>`
      const action = document.createElement('button')
      action.className = 'attention-action'
      action.textContent = button
      bar.append(action)
      bar.querySelector('p')?.append(words)
      // The looks of a component are its own: each part says whose it is, as the component's own parts do.
      const selectors = [...document.styleSheets].flatMap((sheet) =>
        [...sheet.cssRules].map((rule) => (rule instanceof CSSStyleRule ? rule.selectorText : '')),
      )
      for (const part of [bar, ...bar.querySelectorAll('[class]')]) {
        const name = part.classList[0] ?? ''
        const own = new RegExp(`\\.${name}\\[(data-v-\\w+)\\]`)
        const scope = selectors.map((text) => own.exec(text)?.[1]).find((found) => found !== undefined)
        if (scope === undefined) throw new Error(`no rules for .${name}`)
        part.setAttribute(scope, '')
      }
      document.querySelector('.shell > .bar')?.after(bar)
    },
    [text, action] as const,
  )
}

const hideNotice = (page: Page) =>
  page.evaluate(() => {
    document.querySelector('[data-layout-test]')?.remove()
  })

type Size = readonly [width: number, height: number]

/**
 * One session sets every size, and none takes its own back: without an override the page falls to the browser window's
 * size, and `setViewportSize` to the size that Playwright believes in already does nothing.
 */
async function resize(session: CDPSession, [width, height]: Size): Promise<void> {
  await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
}

/** Resized and drawn in that size: until then a control of the size before stands there and is gone when tapped. */
async function settle(page: Page, session: CDPSession, size: Size): Promise<void> {
  await resize(session, size)
  await page.waitForFunction(([width, height]) => innerWidth === width && innerHeight === height, size)
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
}

for (const language of Object.keys(WORDS) as Language[]) {
  test(`every control of every screen can be reached at every size, with news and without, ${language}`, async ({
    terminal,
    page,
  }) => {
    test.setTimeout(400_000)
    await terminal.setUp()
    await speak(page, language)
    const session = await page.context().newCDPSession(page)
    const { offline, offlineAction } = WORDS[language].attention
    for (const screen of LAYOUT_SCREENS) {
      const sizes = SIZES.filter(([width]) => screen.narrow !== true || width < 400)
      const base = screen.narrow === true ? ([390, 844] as const) : ([1280, 800] as const)
      await settle(page, session, base)
      await screen.open(terminal)
      const found = new Map<string, string[]>()
      for (const notice of [false, true]) {
        if (notice) await showNotice(page, offline.replace('{time}', '12:34'), offlineAction)
        // Without news there is only more room below: two languages show that at the ends.
        const walked = notice || language === 'ru' ? sizes : sizes.filter(([, tall]) => tall === 640 || tall === 1080)
        for (const [width, height] of walked) {
          await resize(session, [width, height])
          for (const line of await page.evaluate(findUnreachable)) {
            const key = line.replace(/"[^"]*"/g, '').replace(/\d+/g, '#')
            const where = `${width}x${height}${notice ? ' with news' : ''}: ${line}`
            found.set(key, [...(found.get(key) ?? []), where])
          }
        }
        if (notice) await hideNotice(page)
      }
      // One line a kind of finding, with the first places where it is.
      const lines = [...found.values()].map((places) => `[${places.length}] ${places.slice(0, 3).join(' | ')}`)
      expect.soft(lines, screen.name).toEqual([])
      await settle(page, session, base)
      await screen.leave?.(terminal)
    }
  })
}
