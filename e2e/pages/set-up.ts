/**
 * A terminal that was just set up is the same every time. The first test of a worker sets one up by the link, as a
 * technician does; every further profile gets what that one stored. How it is done by hand has specs of its own.
 */
import type { BrowserContext } from '@playwright/test'
import type { Terminal } from './terminal.ts'

/** What the browser stored of a set-up terminal, by the kind of its device; origins stand as names. */
const stored = new Map<string, string>()

/** Profiles in which a terminal was set up before. */
const used = new WeakSet<BrowserContext>()

const APP = 'http://app.invalid'
const DEVICE = 'http://device.invalid'

/** Ends on the sale screen with the device ready. `kind` says which devices are alike at their start. */
export async function setUpOnce(terminal: Terminal, kind: string): Promise<void> {
  const context = terminal.page.context()
  // A profile that holds something already isn't replaced.
  if (used.has(context)) return terminal.setUpByLink()
  used.add(context)
  const known = stored.get(kind)
  if (known === undefined) {
    await terminal.setUpByLink()
    const { origins } = await context.storageState({ indexedDB: true })
    // When the next request may start is the old test's time.
    const databases = origins.map((origin) => ({ ...origin, localStorage: [] }))
    const text = JSON.stringify({ cookies: [], origins: databases })
    stored.set(kind, text.replaceAll(terminal.origin, APP).replaceAll(terminal.device.origin, DEVICE))
    return
  }
  const text = known.replaceAll(APP, terminal.origin).replaceAll(DEVICE, terminal.device.origin)
  await context.setStorageState(JSON.parse(text) as Parameters<typeof context.setStorageState>[0])
  await terminal.goto('/')
  await terminal.ready()
}
