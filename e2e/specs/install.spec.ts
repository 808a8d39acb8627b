import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { BROWSER_ARGS, findBrowser, isRoot } from '../browser.ts'
import { expect, test } from '../fixtures.ts'
import type { Terminal } from '../pages/terminal.ts'
import { expectStored } from '../pages/stored.ts'

interface Picture {
  readonly src: string
  readonly sizes: string
  readonly type: string
  readonly purpose?: string
  readonly form_factor?: string
  readonly label?: string
}

interface Manifest {
  readonly id: string
  readonly name: string
  readonly icons: readonly Picture[]
  readonly screenshots: readonly Picture[]
  readonly shortcuts: readonly { readonly name: string; readonly url: string; readonly icons: readonly Picture[] }[]
}

/** Width and height as the file itself says: the first chunk of a PNG. */
function pngSize(body: Buffer): string {
  expect(body.subarray(1, 4).toString('latin1')).toBe('PNG')
  return `${body.readUInt32BE(16)}x${body.readUInt32BE(20)}`
}

test('Chromium finds nothing missing for an installation', async ({ app }) => {
  // Only a profile of its own can install anything: the contexts of the other tests are private windows.
  const profile = mkdtempSync(join(tmpdir(), 'install-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findBrowser(),
    args: BROWSER_ARGS,
    chromiumSandbox: !isRoot,
  })
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(app.origin)
    await expect(page.getByTestId('menu')).toBeVisible()
    const session = await context.newCDPSession(page)
    const { errors, data } = await session.send('Page.getAppManifest')
    expect(errors).toEqual([])
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    expect(installabilityErrors).toEqual([])
    const manifest = JSON.parse(data ?? '') as Manifest
    expect(manifest.id).toBe('/')
    expect(manifest.icons.map((icon) => icon.purpose)).toEqual(expect.arrayContaining(['any', 'maskable']))
    const forms = manifest.screenshots.map((shot) => `${shot.form_factor ?? ''} ${shot.sizes}`)
    expect(forms).toEqual(expect.arrayContaining(['wide 1280x800', 'narrow 390x844']))
    expect(manifest.screenshots.every((shot) => (shot.label ?? '') !== '')).toBe(true)
    const pictures = [...manifest.icons, ...manifest.screenshots, ...manifest.shortcuts.flatMap((cut) => cut.icons)]
    for (const picture of pictures) {
      const response = await page.request.get(app.origin + picture.src)
      expect(response.headers()['content-type'], picture.src).toBe(picture.type)
      if (picture.type === 'image/png') expect(pngSize(await response.body()), picture.src).toBe(picture.sizes)
    }
    for (const { url } of manifest.shortcuts) {
      await page.goto(app.origin + url)
      await expect(page).toHaveURL(app.origin + url)
    }
  } finally {
    await context.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
})

test('an iPad finds its picture, its name and that it may fill the screen', async ({ page, app }) => {
  await page.goto(app.origin)
  const icon = page.locator('link[rel="apple-touch-icon"]')
  const response = await page.request.get(app.origin + ((await icon.getAttribute('href')) ?? ''))
  expect(pngSize(await response.body())).toBe('180x180')
  for (const name of ['apple-mobile-web-app-title', 'apple-mobile-web-app-capable'])
    await expect(page.locator(`meta[name="${name}"]`)).toHaveAttribute('content', /.+/)
})

/** Chromium's own event, as it comes to a page that can be installed. */
async function offerInstallation(page: Page, outcome: 'accepted' | 'dismissed' = 'accepted'): Promise<void> {
  await page.evaluate((answer) => {
    const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
      prompt: () => {
        document.documentElement.dataset.prompted = 'yes'
        return Promise.resolve({ outcome: answer })
      },
    })
    window.dispatchEvent(event)
    document.documentElement.dataset.prevented = String(event.defaultPrevented)
  }, outcome)
}

/** By the menu, as a person goes: the offer belongs to this page's life. */
async function goByMenu(terminal: Terminal, path: string): Promise<void> {
  await terminal.byId('menu').click()
  await terminal.page.locator(`.menu-page[href="${path}"]`).click()
  await expect(terminal.page).toHaveURL(terminal.origin + path)
}

test('the installation is offered after the first receipt, away from the sale, and can be sent away for good', async ({
  terminal,
  page,
}) => {
  await terminal.setUp()
  await offerInstallation(page)
  await expect(page.locator('html')).toHaveAttribute('data-prevented', 'true')
  await goByMenu(terminal, '/journal')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(terminal.byId('install-hint')).toHaveCount(0)

  await goByMenu(terminal, '/')
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  await expect(terminal.byId('install-hint')).toHaveCount(0)
  await goByMenu(terminal, '/journal')
  await expect(terminal.byId('install-hint')).toBeVisible()
  await goByMenu(terminal, '/')
  await expect(terminal.byId('product').first()).toBeVisible()
  await expect(terminal.byId('install-hint')).toHaveCount(0)

  await goByMenu(terminal, '/shift')
  await terminal.byId('install-never').click()
  await expect(terminal.byId('install-hint')).toHaveCount(0)
  await expectStored(page, 'settings', '"install-hint","value":"never"')
  await page.reload()
  await expect(terminal.byId('menu')).toBeVisible()
  await offerInstallation(page)
  await goByMenu(terminal, '/journal')
  await expect(terminal.byId('journal-entry').first()).toBeVisible()
  await expect(terminal.byId('install-hint')).toHaveCount(0)

  // The settings always have it.
  await goByMenu(terminal, '/settings')
  await terminal.byId('install').click()
  await expect(page.locator('html')).toHaveAttribute('data-prompted', 'yes')
  await page.evaluate(() => window.dispatchEvent(new Event('appinstalled')))
  await expect(terminal.byId('install-state')).toHaveAttribute('data-state', 'installed')
})

test('Safari on an iPad, which has no button, gets the steps in words', async ({ terminal, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'standalone', { get: () => false })
  })
  await terminal.setUp()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  await goByMenu(terminal, '/journal')
  await terminal.byId('install-accept').click()
  await expect(page).toHaveURL(/\/settings#app$/)
  await expect(terminal.byId('install-state')).toHaveAttribute('data-state', 'ios')
  await expect(terminal.byId('install-state').getByRole('listitem')).toHaveCount(3)
  await expect(terminal.byId('install-state')).toBeInViewport()
})

/** Counts the locks that are held; the page is hidden and shown by `showPage`. */
async function fakeWakeLock(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const held = new Set<EventTarget>()
    const tell = () => {
      document.documentElement.dataset.lit = String(held.size)
    }
    let state: DocumentVisibilityState = 'visible'
    Object.defineProperty(Document.prototype, 'visibilityState', { get: () => state })
    Object.defineProperty(Navigator.prototype, 'wakeLock', {
      value: {
        request: () => {
          if (state === 'hidden') return Promise.reject(new DOMException('hidden', 'NotAllowedError'))
          const sentinel = Object.assign(new EventTarget(), {
            released: false,
            release: () => {
              sentinel.released = true
              held.delete(sentinel)
              tell()
              sentinel.dispatchEvent(new Event('release'))
              return Promise.resolve()
            },
          })
          held.add(sentinel)
          tell()
          return Promise.resolve(sentinel)
        },
      },
    })
    // The browser's own behaviour: a page that is out of sight loses its locks.
    window.addEventListener('test-show', (event) => {
      state = (event as CustomEvent<DocumentVisibilityState>).detail
      if (state === 'hidden') for (const sentinel of [...held]) void (sentinel as unknown as WakeLockSentinel).release()
      document.dispatchEvent(new Event('visibilitychange'))
    })
  })
}

const showPage = (page: Page, state: DocumentVisibilityState) =>
  page.evaluate((detail) => window.dispatchEvent(new CustomEvent('test-show', { detail })), state)

test('the screen stays lit while the terminal is in sight, and the switch is kept', async ({ terminal, page }) => {
  await fakeWakeLock(page)
  await terminal.setUp()
  const html = page.locator('html')
  await expect(html).toHaveAttribute('data-lit', '1')
  await showPage(page, 'hidden')
  await expect(html).toHaveAttribute('data-lit', '0')
  await showPage(page, 'visible')
  await expect(html).toHaveAttribute('data-lit', '1')

  await goByMenu(terminal, '/settings')
  const awake = terminal.byId('keep-awake')
  await expect(awake).toHaveAttribute('data-state', 'held')
  await awake.getByRole('switch').click()
  await expect(html).toHaveAttribute('data-lit', '0')
  await expectStored(page, 'settings', '"keepAwake":false')
  await page.reload()
  await expect(awake.getByRole('switch')).toHaveAttribute('aria-checked', 'false')
  await expect(awake).toHaveAttribute('data-state', 'off')
  await awake.getByRole('switch').click()
  await expect(html).toHaveAttribute('data-lit', '1')
})

test('the menu fills the screen with the terminal and gives it back', async ({ terminal, page }) => {
  await terminal.setUp()
  await terminal.byId('menu').click()
  await terminal.byId('full-screen').click()
  await expect.poll(() => page.evaluate(() => document.fullscreenElement?.tagName)).toBe('HTML')
  await terminal.byId('menu').click()
  await terminal.byId('full-screen').click()
  await expect.poll(() => page.evaluate(() => document.fullscreenElement)).toBeNull()
})
