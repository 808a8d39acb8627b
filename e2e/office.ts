/** The back office end to end: the built app, the real proxy configured for both emulators over real HTTP. */
import type { Locator } from '@playwright/test'
import type { RunningProxy } from '../proxy/server.ts'
import { ATOL_ACCOUNT, startAtolEmulator, type AtolEmulator } from './emulators/atol.ts'
import { IIKO_ACCOUNT, startIikoEmulator, type IikoEmulator } from './emulators/iiko.ts'
import { expect, startApp, test as base } from './fixtures.ts'
import { Terminal } from './pages/terminal.ts'

export interface Office {
  readonly iiko: IikoEmulator
  readonly atol: AtolEmulator
  readonly app: RunningProxy
  readonly terminal: Terminal
  byId(id: string): Locator
  /** Opens a screen of the set-up terminal. */
  open(path: string): Promise<void>
}

export const PAIRING_CODE = '48291357'

/** `extraEnv` is an option of the test: further settings of the proxy. */
export const test = base.extend<{ office: Office; extraEnv: Record<string, string> }>({
  extraEnv: [{}, { option: true }],
  office: async ({ page, device, watch, extraEnv, deviceOptions }, use) => {
    const [iiko, atol] = await Promise.all([startIikoEmulator({ shifts: 300 }), startAtolEmulator({ devices: 130 })])
    const app = await startApp({
      IIKO_URL: iiko.origin,
      IIKO_LOGIN: IIKO_ACCOUNT.login,
      IIKO_PASSWORD: IIKO_ACCOUNT.password,
      ATOL_URL: atol.origin,
      ATOL_LOGIN: ATOL_ACCOUNT.login,
      ATOL_PASSWORD: ATOL_ACCOUNT.password,
      PAIRING_CODE,
      ...extraEnv,
    })
    watch.allowOrigin(app.origin)
    const terminal = new Terminal(page, app.origin, device, watch, JSON.stringify(deviceOptions))
    await terminal.setUp()
    await use({
      iiko,
      atol,
      app,
      terminal,
      byId: (id) => page.getByTestId(id),
      open: async (path) => {
        await terminal.goto(path)
      },
    })
    await app.close()
    await Promise.all([iiko.close(), atol.close()])
  },
})

/** Day `daysAgo` days before today, as iiko's local days go. */
export function day(daysAgo: number): string {
  return new Date(Date.now() + 5 * 3_600_000 - daysAgo * 86_400_000).toISOString().slice(0, 10)
}

export { expect }
