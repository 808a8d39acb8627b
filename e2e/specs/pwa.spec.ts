import { expect, startApp, test } from '../fixtures.ts'

test('starts and sells from the service worker with the server gone', async ({ otherTablet }) => {
  const app = await startApp()
  const { terminal, problems } = await otherTablet({ origin: app.origin })
  await terminal.setUp()
  await terminal.page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
  await expect
    .poll(() => terminal.page.evaluate(async () => (await caches.keys()).length), { timeout: 20_000 })
    .toBeGreaterThan(0)
  await app.close()

  await terminal.page.reload()
  await terminal.ready()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  expect(problems).toEqual([])
})

test('device and proxy calls never pass through the service worker', async ({ terminal, page }) => {
  const throughWorker: string[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    const called = pathname.startsWith('/api') || pathname.startsWith('/dump')
    if (called && response.fromServiceWorker()) throughWorker.push(pathname)
  })
  await terminal.setUp()
  await page.reload()
  await terminal.ready()
  await terminal.sellExact(0)
  await terminal.expectResult('registered')
  expect(throughWorker).toEqual([])
})

test('the manifest offers all that an installation asks for', async ({ page, app }) => {
  await page.goto(app.origin)
  const href = await page.locator('link[rel="manifest"]').getAttribute('href')
  const manifest = (await (await page.request.get(app.origin + (href ?? ''))).json()) as {
    name: string
    start_url: string
    display: string
    icons: { src: string; sizes: string; purpose?: string }[]
  }
  expect(manifest).toMatchObject({ start_url: expect.stringMatching(/^\//), display: 'standalone' })
  const sizes = manifest.icons.map((icon) => `${icon.sizes} ${icon.purpose ?? 'any'}`)
  expect(sizes).toEqual(expect.arrayContaining(['192x192 any', '512x512 any', '512x512 maskable']))
  for (const icon of manifest.icons) expect((await page.request.get(app.origin + icon.src)).status()).toBe(200)
})
