/**
 * Finds a Chromium to drive: BROWSER_PATH, else Playwright's own, else the system's, else Debian's package
 * where this process may install it. `npx playwright install` is never relied on: it needs a download host
 * that many networks close.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'

/** The headless shell is Chromium without its windows, as Playwright's own is: it spares a quarter of the processor. */
const SYSTEM_NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge',
]
const SYSTEM_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** Flags without which Chromium in a closed network keeps looking for Google's hosts. */
export const BROWSER_ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--no-default-browser-check',
]

/** True where Chromium's sandbox can't start because the process is root. */
export const isRoot = process.getuid?.() === 0

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const name of SYSTEM_NAMES) {
    const folder = folders.find((candidate) => executable(join(candidate, name)))
    if (folder !== undefined) return join(folder, name)
  }
  return SYSTEM_PATHS.find(existsSync)
}

function installDebianChromium(): string | undefined {
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return undefined
  console.log('No browser found: installing the chromium package')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env, timeout: 600_000 }).status === 0
  const install = (name: string): boolean => apt('install', '-y', '--no-install-recommends', name)
  // An older Debian has no package of the shell alone.
  return apt('update') && (install('chromium-headless-shell') || install('chromium')) ? onPath() : undefined
}

/** Path of a browser. Throws an Error with the next step when there is none and none can be installed. */
export function findBrowser(): string {
  const asked = process.env.BROWSER_PATH
  if (asked !== undefined && asked !== '') {
    if (!executable(asked)) throw new Error(`BROWSER_PATH=${asked} can't be executed`)
    return asked
  }
  const own = chromium.executablePath()
  if (own !== '' && executable(own)) return own
  const found = onPath() ?? installDebianChromium()
  if (found === undefined) {
    throw new Error('No Chromium found. Install Chromium or Chrome, or set BROWSER_PATH to its executable.')
  }
  return found
}
