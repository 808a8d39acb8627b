/** What all walks of a run share: the built app, and how tills stand where a technician left them. */
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type Browser, type BrowserContext } from 'playwright'
import { loadSettings } from '../../proxy/config.ts'
import { startProxy, type RunningProxy } from '../../proxy/server.ts'
import { BROWSER_ARGS, findBrowser, isRoot } from '../browser.ts'
import { startIkkmEmulator, type IkkmEmulator } from '../emulators/ikkm.ts'
import { readState } from './stored-state.ts'
import { PEOPLE } from './steps-cashiers.ts'
import { Tablet, watchPages, type TillWindow } from './tablet.ts'
import type { Look } from './page-side.ts'
import { PACE, shows } from './walk.ts'
import { WalkClock } from './walk-clock.ts'

/** Origins stand as names in a stored state. */
const APP = 'http://app.invalid'
const DEVICE = 'http://device.invalid'
const SETUP_LIMIT_MS = 60_000

/** What the tills stored when they were set up: of the first and of the second tablet. */
export interface States {
  readonly plain: readonly [string, string]
  readonly withCashiers: readonly [string, string]
}

export interface Stage {
  /** The build that is walked on. */
  readonly dist: string
  readonly states: States
  /** Where the clock of every walk begins: after the setting up. */
  readonly startMs: number
}

/** Two registers of a walk; every walk has fresh ones that are the same. */
export async function startRegisters(clock: WalkClock): Promise<Readonly<Record<'A' | 'B', IkkmEmulator>>> {
  const [A, B] = await Promise.all([
    startIkkmEmulator({
      seed: 1,
      clock,
      options: { factorySerialNumber: '011700020001', lastNumber: 1_000, cashTiyn: 5_000_000 },
    }),
    startIkkmEmulator({
      seed: 2,
      clock,
      options: { factorySerialNumber: '011700020002', lastNumber: 500_000, cashTiyn: 5_000_000 },
    }),
  ])
  return { A, B }
}

export function newContext(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({
    locale: 'ru-RU',
    timezoneId: 'Asia/Almaty',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  })
}

/** The state with the origins of this walk. */
export function stateFor(state: string, app: string, register: IkkmEmulator): string {
  return state.replaceAll(APP, app).replaceAll(DEVICE, register.origin)
}

async function need(window: TillWindow, what: string, wanted: Parameters<TillWindow['until']>[0]): Promise<void> {
  if ((await window.until(wanted, SETUP_LIMIT_MS)) === null) {
    throw new Error(`setting up: ${what} isn't there`)
  }
}

async function addCashiers(window: TillWindow): Promise<void> {
  await window.goto('/cashiers')
  for (const { name, role, pin } of PEOPLE) {
    await need(
      window,
      'the list of cashiers',
      (look) => look.dialogs === 0 && look.hooks.some(({ id }) => id === 'cashier-add'),
    )
    const isThere = (look: Look) => look.dialogs === 0 && look.hooks.some(({ data }) => data['name'] === name)
    await window.tap('cashier-add', 1_000)
    await need(window, 'the fields', (look) => shows(look, 'cashier-new-pin') && shows(look, `role-${role}`))
    await window.fill('cashier-name', name)
    await window.fill('cashier-new-pin', pin)
    await window.tap(`role-${role}`, 1_000)
    // A dialog that just came takes no tap.
    for (let tries = 0; tries < 10; tries += 1) {
      await window.tap('cashier-save', 1_000)
      if ((await window.until(isThere, 4_000)) !== null) break
    }
    await need(window, name, isThere)
  }
}

/** Sets a till up by the link, as a technician does, once without and once with cashiers. */
async function setUp(browser: Browser, app: RunningProxy, clock: WalkClock, name: string): Promise<[string, string]> {
  const registers = await startRegisters(clock)
  const context = await newContext(browser)
  try {
    await watchPages(context)
    const tablet = new Tablet(name, context, app.origin, clock)
    const { A } = registers
    const query = new URLSearchParams({ device: A.origin, transport: 'direct', lang: 'ru' })
    const window = await tablet.open(`/setup?${query.toString()}#key=${A.device.currentKey()}`)
    await need(window, 'the goods', (look) => look.hooks.some(({ id }) => id === 'product'))
    await need(window, 'the register', (look) =>
      look.hooks.some(({ id, data }) => id === 'device-state' && data['state'] === 'ready'),
    )
    const strip = (state: string) => state.replaceAll(app.origin, APP).replaceAll(A.origin, DEVICE)
    const plain = strip(await readState(window.page))
    await addCashiers(window)
    return [plain, strip(await readState(window.page))]
  } finally {
    await context.close()
    await Promise.all([registers.A.close(), registers.B.close()])
  }
}

/** The folder of a build, and an own copy of it: a walk may put a new version into the copy. */
export interface ServedApp {
  readonly app: RunningProxy
  readonly folder: string
  close(): Promise<void>
}

/** Serves a copy of the build. */
export async function serve(dist: string): Promise<ServedApp> {
  const folder = mkdtempSync(join(tmpdir(), 'wander-'))
  cpSync(dist, folder, { recursive: true })
  const app = await startProxy(loadSettings({ PORT: '0', DIST_DIR: folder }))
  return {
    app,
    folder,
    async close() {
      await app.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** A next version: its worker is another one. The server reads its folder anew once `index.html` changed. */
export function deploy(folder: string): void {
  appendFileSync(join(folder, 'sw.js'), '\n// next')
  appendFileSync(join(folder, 'index.html'), '\n<!-- next -->')
}

/** A browser and what it said last: a browser that dies says why there. */
export interface OpenBrowser {
  readonly browser: Browser
  lastWords(): readonly string[]
}

const LAST_WORDS = 12
/** What Playwright switches off of Chromium; its own list is replaced by one that is given. */
const USUAL_FEATURES = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'OptimizationHints',
]
/** Parts of the browser's own window that start a process for each window, though nobody sees them. */
const WINDOW_FEATURES = [
  'PreloadTopChromeWebUI',
  'WebUIReloadButton',
  'InitialWebUI',
  'WebUIToolbarWebView',
  'WebUIOmniboxPopup',
  'WebUIOmniboxFullPopup',
  'WebUIOmniboxAimPopup',
  'WebUITabStrip',
  'TabSearch',
]

export async function launch(): Promise<OpenBrowser> {
  const words: string[] = []
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: [
      ...BROWSER_ARGS,
      '--js-flags=--max-old-space-size=512',
      '--disable-dev-shm-usage',
      `--disable-features=${[...USUAL_FEATURES, ...WINDOW_FEATURES].join(',')}`,
    ],
    chromiumSandbox: !isRoot,
    logger: {
      isEnabled: (name) => name === 'browser',
      log: (_name, _severity, message) => {
        words.push(String(message).slice(0, 300))
        if (words.length > LAST_WORDS) words.shift()
      },
    },
  })
  return { browser, lastWords: () => [...words] }
}

/** Sets the tills up once; `dist`: a folder of another build. */
export async function openStage(dist: string | null): Promise<Stage> {
  const folder = resolve(dist ?? 'dist')
  const [served, { browser }] = await Promise.all([serve(folder), launch()])
  try {
    const clock = new WalkClock(PACE, Date.now())
    const [first, second] = await Promise.all([
      setUp(browser, served.app, clock, 'S'),
      setUp(browser, served.app, clock, 'T'),
    ])
    return {
      dist: folder,
      states: { plain: [first[0], second[0]], withCashiers: [first[1], second[1]] },
      startMs: clock.now() + 3_600_000,
    }
  } finally {
    await browser.close()
    await served.close()
  }
}
