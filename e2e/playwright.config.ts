import { defineConfig } from '@playwright/test'
import { BROWSER_ARGS, findBrowser, isRoot } from './browser.ts'

export default defineConfig({
  testDir: './specs',
  outputDir: '../test-results',
  fullyParallel: true,
  // The device takes one request a second: a test mostly waits, and five of them keep two cores busy.
  workers: 5,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: '../test-results/playwright.json' }]],
  use: {
    locale: 'ru-RU',
    timezoneId: 'Asia/Almaty',
    viewport: { width: 1280, height: 800 },
    // A trace of every test costs more than the tests themselves; `--trace on` records one when it is needed.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: findBrowser(), args: BROWSER_ARGS, chromiumSandbox: !isRoot },
  },
})
