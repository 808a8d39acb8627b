/** A shop server with its owner's page, and tills that upload to it over HTTP as the app's own do. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { PAIR_PATH } from '../src/contract/config.ts'
import { UPLOAD_PATH, type Upload, type UploadReply } from '../src/contract/shop.ts'
import type { RunningProxy } from '../proxy/server.ts'
import { changeOf } from '../proxy/shop/sample-entries.ts'
import type { Entry } from '../src/queue/types.ts'
import { expect, startApp, test as base } from './fixtures.ts'

export const OWNER_CODE = '73519024'
const PAIRING_CODE = '48291357'
const ELSEWHERE = { 'x-forwarded-for': '192.168.1.20' }

/** One till that is paired and uploads. */
export interface UploadingTill {
  readonly id: string
  /** Sends these entries as they stand; resolves with the server's answer. */
  upload(entries: readonly Entry[], more?: Partial<Upload>): Promise<UploadReply>
}

export interface OwnersPage {
  readonly app: RunningProxy
  readonly stateDir: string
  byId(id: string): Locator
  /** Pairs a till with the server. */
  till(letter: string): Promise<UploadingTill>
  /** Opens the page from another address and gives the owner's code where it is asked for. */
  enter(path?: string): Promise<void>
}

/** POST of JSON from another address than the server's; rejects where it is refused. */
export async function post(origin: string, path: string, body: object, token?: string): Promise<unknown> {
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...ELSEWHERE,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
  return JSON.parse(text)
}

async function pairedTill(origin: string, letter: string): Promise<UploadingTill> {
  const { token } = (await post(origin, PAIR_PATH, { code: PAIRING_CODE })) as { readonly token: string }
  const id = `till-${letter.toLowerCase().repeat(8)}`
  let revision = 0
  return {
    id,
    async upload(entries, more = {}) {
      const changes = entries.map((entry) => changeOf(++revision, entry))
      const upload: Upload = { till: id, letter, tenure: 0, demo: false, changes, waiting: 0, ...more }
      return (await post(origin, UPLOAD_PATH, upload, token)) as UploadReply
    },
  }
}

/** The phone is another computer than the server: being on the same machine proves nothing behind a reverse proxy. */
async function fromElsewhere(page: Page, origin: string): Promise<void> {
  await page.route(`${origin}/api/**`, (route) =>
    route.continue({ headers: { ...route.request().headers(), ...ELSEWHERE } }),
  )
}

/** The shop's days follow the real clock. */
export const test = base.extend<{ owner: OwnersPage }>({
  pace: 1,
  owner: async ({ page, watch }, use) => {
    const stateDir = mkdtempSync(join(tmpdir(), 'shop-page-'))
    const app = await startApp({ STATE_DIR: stateDir, OWNER_CODE, PAIRING_CODE, TIME_ZONE: 'Asia/Almaty' })
    watch.allowOrigin(app.origin)
    await fromElsewhere(page, app.origin)
    const byId = (id: string) => page.getByTestId(id)
    await use({
      app,
      stateDir,
      byId,
      till: (letter) => pairedTill(app.origin, letter),
      async enter(path = '/shop') {
        await page.goto(app.origin + path)
        const code = byId('owner-code')
        await expect(code.or(byId('shop-as-of'))).toBeVisible()
        if (!(await code.isVisible())) return
        await code.fill(OWNER_CODE)
        await byId('owner-enter').click()
        await expect(byId('shop-as-of')).toHaveAttribute('data-state', 'live')
      },
    })
    await app.close()
  },
})

export { expect }
