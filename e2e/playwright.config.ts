import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { BROWSER_ARGS, findBrowser, isRoot } from './browser.ts'

/**
 * One test at least of each path through the till: `npm test` runs these, `npm run prove` all the others
 * (`E2E_PART=core` and `rest`; without it everything runs).
 */
const CORE = ['keyboard', 'offline', 'payment', 'sale', 'start', 'taps', 'two-tabs'].map((name) => `${name}.spec.ts`)
for (const name of CORE)
  if (!existsSync(join(import.meta.dirname, 'specs', name))) throw new Error(`no such spec: ${name}`)
const core = CORE.map((name) => `**/specs/${name}`)
const part = process.env.E2E_PART

export default defineConfig({
  testDir: './specs',
  ...(part === 'core' ? { testMatch: core } : {}),
  ...(part === 'rest' ? { testIgnore: core } : {}),
  outputDir: '../test-results',
  fullyParallel: true,
  // Three keep two cores busy; five were slower.
  workers: 3,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: '../test-results/playwright.json' }]],
  use: {
    // What can't be tapped for so long never will be: said at once, and not when the test's time is over.
    actionTimeout: 60_000,
    locale: 'ru-RU',
    timezoneId: 'Asia/Almaty',
    viewport: { width: 1280, height: 800 },
    // Frames of motion cost a machine without a graphics card more than the rest of the page.
    contextOptions: { reducedMotion: 'reduce' },
    // A trace of every test costs more than the tests themselves; `--trace on` records one when it is needed.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: findBrowser(), args: BROWSER_ARGS, chromiumSandbox: !isRoot },
  },
})
