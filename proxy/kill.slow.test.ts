/** SIGKILL in the middle of a login, again and again: the next start serves, and no licence slot stays ours for ever. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IIKO_ACCOUNT, startIikoEmulator, type IikoEmulator } from '../e2e/emulators/iiko.ts'

const SHIFT = '/api/iiko/shifts/f67fea0a-90d4-427c-ac3d-b82c1582f7f9'
const BOOT_MS = 60_000
const dist = mkdtempSync(join(tmpdir(), 'ikkm-kill-dist-'))
writeFileSync(join(dist, 'index.html'), '<!doctype html><title>app</title>')
const running = new Set<ChildProcess>()
let iiko: IikoEmulator

beforeAll(async () => {
  iiko = await startIikoEmulator({ shifts: 10, slots: 1 })
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await iiko.close()
})

interface Started {
  readonly base: string
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

function start(stateDir: string): Promise<Started> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'proxy/main.ts'], {
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        STATE_DIR: stateDir,
        DIST_DIR: dist,
        IIKO_URL: iiko.origin,
        IIKO_LOGIN: IIKO_ACCOUNT.login,
        IIKO_PASSWORD: IIKO_ACCOUNT.password,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    running.add(child)
    const exited = new Promise<void>((done) => child.once('exit', () => done()))
    child.once('error', reject)
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const port = /localhost:(\d+)/.exec(said)?.[1]
      if (port === undefined) return
      const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
        child.kill(signal)
        await exited
        running.delete(child)
      }
      resolve({ base: `http://127.0.0.1:${port}`, end })
    })
  })
}

const logins = () => iiko.requests().filter((request) => request.path.endsWith('/auth')).length

describe('a proxy that is killed', () => {
  it.each(['before iiko hears of the login', 'after the answer came'] as const)(
    'at a login, %s, sells and lists shifts at its next start, with one licence slot',
    async (moment) => {
      const stateDir = mkdtempSync(join(tmpdir(), 'ikkm-kill-'))
      const first = await start(stateDir)
      const before = logins()
      if (moment === 'after the answer came') expect((await fetch(first.base + SHIFT)).status).toBe(200)
      else {
        iiko.addFault({ kind: 'drop', path: '/resto/api/auth', times: 2 })
        const asked = fetch(first.base + SHIFT).catch(() => null)
        await expect.poll(logins, { interval: 1 }).toBeGreaterThan(before)
        await first.end('SIGKILL')
        await asked
        iiko.clearFaults()
      }
      await first.end('SIGKILL')
      const second = await start(stateDir)
      // The terminal itself is there whatever iiko says.
      expect((await fetch(`${second.base}/`)).status).toBe(200)
      expect((await fetch(second.base + SHIFT)).status).toBe(200)
      await second.end('SIGTERM')
      expect(iiko.model.activeTokens()).toBe(0)
    },
    BOOT_MS,
  )
})
