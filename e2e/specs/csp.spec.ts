import { createServer, type AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures.ts'

/** What an attacker's script would try. Each returns true when it got through. */
const ATTEMPTS: Readonly<
  Record<string, { readonly directive: string; readonly run: () => boolean | Promise<boolean> }>
> = {
  'an inline script': {
    directive: 'script-src-elem',
    run: () => {
      const script = document.createElement('script')
      script.textContent = 'document.documentElement.dataset.ran = "inline"'
      document.head.append(script)
      return document.documentElement.dataset.ran === 'inline'
    },
  },
  'a handler in markup': {
    directive: 'script-src-attr',
    run: () => {
      const place = document.createElement('div')
      place.innerHTML = '<button onclick="document.documentElement.dataset.ran = \'handler\'">x</button>'
      document.body.append(place)
      place.querySelector('button')?.click()
      place.remove()
      return document.documentElement.dataset.ran === 'handler'
    },
  },
  'a script of another host': {
    directive: 'script-src-elem',
    run: () =>
      new Promise((resolve) => {
        const script = document.createElement('script')
        script.src = 'https://attacker.example/x.js'
        script.onload = () => resolve(true)
        script.onerror = () => resolve(false)
        document.head.append(script)
      }),
  },
  'text turned into code': {
    directive: 'script-src',
    run: () => {
      try {
        return new Function('return true')() === true
      } catch {
        return false
      }
    },
  },
  'a socket to another host': {
    directive: 'connect-src',
    run: () => {
      try {
        new WebSocket('wss://attacker.example/')
        return false
      } catch {
        return false
      }
    },
  },
  'a picture of another host': {
    directive: 'img-src',
    run: () =>
      new Promise((resolve) => {
        const image = new Image()
        image.onload = () => resolve(true)
        image.onerror = () => resolve(false)
        image.src = 'https://attacker.example/pixel.gif'
      }),
  },
  'a picture over plain HTTP': {
    directive: 'img-src',
    run: () =>
      new Promise((resolve) => {
        const image = new Image()
        image.onload = () => resolve(true)
        image.onerror = () => resolve(false)
        image.src = 'http://attacker.example/pixel.gif'
      }),
  },
  'a style of another host': {
    directive: 'style-src-elem',
    run: () =>
      new Promise((resolve) => {
        const link = document.createElement('link')
        link.rel = 'stylesheet'
        link.onload = () => resolve(true)
        link.onerror = () => resolve(false)
        link.href = 'https://attacker.example/x.css'
        document.head.append(link)
      }),
  },
  'a frame': {
    directive: 'frame-src',
    run: () => {
      const frame = document.createElement('iframe')
      frame.src = 'https://attacker.example/'
      document.body.append(frame)
      return false
    },
  },
  'an embedded object': {
    directive: 'object-src',
    run: () => {
      const object = document.createElement('object')
      object.data = 'https://attacker.example/x.swf'
      document.body.append(object)
      return false
    },
  },
  'a worker made of text': {
    directive: 'worker-src',
    run: () =>
      new Promise((resolve) => {
        try {
          const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])))
          worker.onmessage = () => resolve(true)
          worker.onerror = () => resolve(false)
        } catch {
          resolve(false)
        }
      }),
  },
  'a base address for every link': {
    directive: 'base-uri',
    run: () => {
      const base = document.createElement('base')
      base.href = 'https://attacker.example/'
      document.head.append(base)
      return document.baseURI.includes('attacker')
    },
  },
  'a form to another host': {
    directive: 'form-action',
    run: () => {
      const form = document.createElement('form')
      form.action = 'https://attacker.example/'
      form.method = 'post'
      document.body.append(form)
      form.submit()
      return false
    },
  },
}

/** A report that takes longer than this isn't coming. */
const REPORT_MS = 10_000

/**
 * Runs it as the page's own script would: what the test's tools run in one go is excused from the policy. `reported`:
 * the browser told the page that this directive forbids it.
 */
function attempt(page: Page, name: string): Promise<{ readonly through: boolean; readonly reported: boolean }> {
  const { run, directive } = ATTEMPTS[name] ?? { run: () => true, directive: '' }
  return page.evaluate(`new Promise((resolve) => {
    const report = new Promise((reported) => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        if (effectiveDirective === '${directive}') reported(true)
      })
      setTimeout(() => reported(false), ${REPORT_MS})
    })
    const run = ${run.toString()}
    setTimeout(async () => {
      const through = await run()
      resolve({ through, reported: await report })
    })
  })`)
}

for (const name of Object.keys(ATTEMPTS)) {
  test(`the policy refuses ${name}`, async ({ page, app, watch }) => {
    watch.allow(/Content Security Policy|violates the following|Failed to (?:load|construct)|sandboxed|Refused/)
    watch.allowOrigin('https://attacker.example')
    watch.allowOrigin('http://attacker.example')
    await page.goto(`${app.origin}/setup`)
    await expect(page.getByTestId('menu')).toBeVisible()
    expect(await attempt(page, name)).toEqual({ through: false, reported: true })
  })
}

test('plain HTTP may reach a device anywhere; over HTTPS the worker lets nothing out to another host', async ({
  terminal,
  page,
  watch,
}) => {
  let connections = 0
  const listener = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(listener.address() as AddressInfo).port}`
  watch.allowOrigin(`http://${host}`)
  watch.allowOrigin(`https://${host}`)
  await terminal.setUp()
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)

  const call = (url: string) =>
    page.evaluate(async (to) => {
      await fetch(to, { method: 'POST', body: 'receipts', mode: 'no-cors' }).catch(() => undefined)
      navigator.sendBeacon(to, 'receipts')
    }, url)
  await call(`https://${host}/`)
  await page.evaluate(() => fetch('/healthz').catch(() => undefined))
  expect(connections).toBe(0)
  await call(`http://${host}/`)
  await expect.poll(() => connections).toBeGreaterThan(0)
  listener.close()
})

test('no other page can hold the terminal in a frame', async ({ page, app }) => {
  const headers = (await page.request.get(app.origin)).headers()
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(headers['x-frame-options']).toBe('DENY')
  expect(headers['content-security-policy']).not.toMatch(/unsafe-inline|(?<!wasm-)unsafe-eval/)
})

test.describe('a device whose every text is markup', () => {
  const markup = (word: string) => `<img src=x onerror="document.documentElement.dataset.ran='${word}'"><b>${word}</b>`
  test.use({
    deviceOptions: {
      seed: 3,
      options: {
        cashiers: [{ id: 1, name: markup('кассир'), role: 'senior' }],
        cashierId: 1,
        goods: {
          catalog: { '1': markup('папка') },
          items: [
            {
              uid: 1,
              code1: 101,
              code2: '',
              name: markup('товар'),
              price1: 50_000,
              taxSlot: 0,
              itemtype: 0,
              measure: 0,
              catalogid: 1,
            },
          ],
        },
      },
    },
  })

  test('texts of the device stay texts on every screen that shows them', async ({ terminal, page }) => {
    await terminal.setUp()
    await expect(terminal.byId('product').first()).toContainText('<b>товар</b>')
    await expect(terminal.byId('category').last()).toContainText('<b>папка</b>')
    await terminal.sellExact(0)
    await terminal.expectResult('registered')
    await terminal.goto('/journal')
    await terminal.byId('journal-entry').first().click()
    await expect(page.getByText('<b>товар</b>').first()).toBeVisible()
    await terminal.goto('/device')
    await expect(page.getByText('<b>кассир</b>').first()).toBeVisible()
    await expect(page.locator('#content :is(img, b)')).toHaveCount(0)
    expect(await page.evaluate(() => document.documentElement.dataset.ran)).toBeUndefined()
  })
})
