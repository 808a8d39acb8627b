/** A real Chromium as a process tree of its own, which a test can kill with SIGKILL at any moment. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright'
import { BROWSER_ARGS, isRoot } from '../browser.ts'

const START_LIMIT_MS = 30_000
/** On a machine that is busy with its disk a killed process may take its time to go. */
const DEATH_LIMIT_MS = 60_000

/** A process that was killed is still there: whatever follows on its profile would say nothing. */
export class StillAlive extends Error {
  override readonly name = 'StillAlive'
}

export interface LiveBrowser {
  readonly page: Page
  readonly isDead: () => boolean
  /** SIGKILL to every process of the tree at once; resolves when all are gone. */
  kill(): Promise<void>
}

function isAlive(pid: number): boolean {
  try {
    // A zombie still has an entry, but runs nothing.
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(0, 5).join(' ')
  } catch {
    return `${pid} gone`
  }
}

/** The process and everything below it; where there is no /proc, the group's leader alone. */
function treeOf(root: number): number[] {
  const children = new Map<number, number[]>()
  try {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue
      const parent = parentOf(Number(name))
      if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
    }
  } catch {
    return [root]
  }
  const found: number[] = []
  const open = [root]
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    found.push(pid)
    open.push(...(children.get(pid) ?? []))
  }
  return found
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}

function killTree(child: ChildProcess): number[] {
  const root = child.pid
  if (root === undefined) return []
  const pids = treeOf(root)
  try {
    process.kill(-root, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Died with its group.
    }
  }
  return pids
}

async function until(what: string, limitMs: number, done: () => boolean): Promise<void> {
  const end = Date.now() + limitMs
  while (!done()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Address of the DevTools port, which Chromium says on its error output. */
function devTools(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const timer = setTimeout(() => reject(new Error(`no DevTools port: ${text.slice(-500)}`)), START_LIMIT_MS)
    child.stderr?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-20_000)
      const found = /DevTools listening on (ws:\/\/\S+)/.exec(text)?.[1]
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found)
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the browser ended with ${code ?? 'a signal'}: ${text.slice(-500)}`))
    })
  })
}

/** Starts Chromium over a profile and connects to it. `args`: further flags. */
export async function launchOnProfile(
  executable: string,
  profile: string,
  args: readonly string[] = [],
): Promise<LiveBrowser> {
  for (const lock of ['SingletonLock', 'SingletonCookie', 'SingletonSocket'])
    rmSync(join(profile, lock), { force: true })
  const child = spawn(
    executable,
    [
      ...BROWSER_ARGS,
      ...(isRoot ? ['--no-sandbox'] : []),
      '--headless',
      '--hide-crash-restore-bubble',
      '--lang=ru',
      '--window-size=1280,800',
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      ...args,
      'about:blank',
    ],
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let dead = false
  const kill = async (): Promise<void> => {
    dead = true
    const pids = killTree(child)
    try {
      await until('death of the browser', DEATH_LIMIT_MS, () => !pids.some(isAlive))
    } catch (error) {
      throw new StillAlive(pids.filter(isAlive).map(statusOf).join('; '), { cause: error })
    }
  }
  try {
    const browser: Browser = await chromium.connectOverCDP(await devTools(child), { timeout: START_LIMIT_MS })
    const [context] = browser.contexts()
    if (context === undefined) throw new Error('the browser has no context')
    const page = context.pages()[0] ?? (await context.newPage())
    return { page, isDead: () => dead, kill }
  } catch (error) {
    await kill()
    throw error
  }
}
