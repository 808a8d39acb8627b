import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'
import { SCREENS } from '../pages/screens.ts'
import type { Terminal } from '../pages/terminal.ts'

const LANGUAGES = ['ru', 'kk', 'en'] as const
type Language = (typeof LANGUAGES)[number]

interface Tree {
  readonly [key: string]: string | Tree
}

function leaves(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : leaves(value, `${prefix}${key}.`),
  )
}

/** Every text of a language by its key, read from the sources. */
async function wordsOf(language: Language): Promise<Map<string, string>> {
  const folder = join(import.meta.dirname, '../../src/i18n', language)
  const words = new Map<string, string>()
  for (const file of readdirSync(folder)) {
    const parts = (await import(join(folder, file))) as Record<string, Tree>
    for (const part of Object.values(parts)) for (const [key, text] of leaves(part)) words.set(key, text)
  }
  return words
}

/** What a person sees or hears now: text, names and hints, each as one line. */
function linesOn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const lines: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      // The names of keys are what stands on the keyboard.
      if (walker.currentNode.parentElement?.closest('kbd') === null)
        lines.push((walker.currentNode.textContent ?? '').trim())
    }
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
      for (const name of ['aria-label', 'placeholder', 'title']) lines.push(element.getAttribute(name) ?? '')
    }
    return [...new Set(lines.filter((line) => line !== ''))]
  })
}

async function switchTo(terminal: Terminal, language: Language): Promise<void> {
  const { page } = terminal
  await terminal.byId('menu').click()
  const menu = page.locator('dialog[open]').last()
  await menu.locator(`[data-value="${language}"]`).click()
  await expect(page.locator('html')).toHaveAttribute('lang', language)
  await page.keyboard.press('Escape')
  await expect(page.locator('dialog[open]')).toHaveCount(0)
}

test('every screen changes its words at once with the language, and none shows a key', async ({ terminal, page }) => {
  test.setTimeout(240_000)
  const words = { ru: await wordsOf('ru'), kk: await wordsOf('kk'), en: await wordsOf('en') }
  const found: string[] = []

  /** Lines that are another language's words and not this one's. */
  function check(screen: string, language: Language, lines: readonly string[]): void {
    const own = new Set(words[language].values())
    const foreign = new Map<string, string>()
    for (const other of LANGUAGES.filter((candidate) => candidate !== language)) {
      for (const [key, text] of words[other])
        if (words[language].get(key) !== text) foreign.set(text, `${other} ${key}`)
    }
    for (const line of lines) {
      if (words.ru.has(line)) found.push(`${screen}, ${language}: the bare key ${line}`)
      const from = own.has(line) ? undefined : foreign.get(line)
      if (from !== undefined) found.push(`${screen}, ${language}: "${line}" is ${from}`)
    }
    if (!lines.some((line) => own.has(line))) found.push(`${screen}, ${language}: not one word of it`)
  }

  await terminal.setUp()
  for (const screen of SCREENS) {
    await screen.open(terminal)
    // A dialog covers the menu: it is looked at in the language of its turn.
    const covered = (await page.locator('dialog[open]').count()) > 0
    if (covered) check(screen.name, 'ru', await linesOn(page))
    else {
      for (const language of ['kk', 'en', 'ru'] as const) {
        await switchTo(terminal, language)
        check(screen.name, language, await linesOn(page))
      }
    }
    await screen.leave?.(terminal)
  }
  expect(found).toEqual([])
})

for (const language of ['kk', 'en'] as const) {
  test(`dialogs over the sale speak the chosen language from the first time: ${language}`, async ({
    terminal,
    page,
  }) => {
    const foreign = new Set((await wordsOf('ru')).values())
    const own = new Set((await wordsOf(language)).values())
    await page.goto(terminal.setupLink({ lang: language }))
    await terminal.ready()
    const found: string[] = []
    for (const screen of SCREENS.slice(
      0,
      SCREENS.findIndex(({ name }) => name === '/queue'),
    )) {
      await screen.open(terminal)
      const lines = await linesOn(page)
      found.push(
        ...lines.filter((line) => foreign.has(line) && !own.has(line)).map((line) => `${screen.name}: ${line}`),
      )
      await screen.leave?.(terminal)
    }
    expect(found).toEqual([])
  })
}
