/** SIGKILL to the server, and to its PostgreSQL, while a till uploads: what was acknowledged is there once, and in the end all is. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { HISTORY_PATH, historyReplySchema, UPLOAD_PATH, uploadReplySchema } from '../../src/contract/shop.ts'
import { Random } from '../../src/device-model/random.ts'
import { checkShop } from './check.ts'
import type { ShopDatabase } from './database.ts'
import { openPostgres } from './postgres.ts'
import { periodOf } from './reports.ts'
import { changeOf, doneEntry, queuedEntry, SAMPLE_TILL, uploadOf } from './sample-entries.ts'
import { createShopTime } from './shop-time.ts'
import { SQLITE_FILE } from './shop.ts'
import { openSqlite } from './sqlite.ts'
import { openStore } from './store.ts'
import { startPostgres } from './testing/postgres-kit.ts'

const RECEIPTS = 100
const KILLS = 8
const LONG = 240_000
const time = createShopTime('Asia/Almaty')
const dist = mkdtempSync(join(tmpdir(), 'ikkm-shop-kill-dist-'))
writeFileSync(join(dist, 'index.html'), '<!doctype html><title>app</title>')
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
})

interface Server {
  readonly base: string
  kill(): Promise<void>
}

function startServer(stateDir: string, env: Record<string, string> = {}): Promise<Server> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'proxy/main.ts'], {
      env: { PATH: process.env.PATH, PORT: '0', STATE_DIR: stateDir, DIST_DIR: dist, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    running.add(child)
    const exited = new Promise<void>((done) => child.once('exit', () => done()))
    child.once('error', reject)
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const port = /Terminal: http:\/\/localhost:(\d+)/.exec(said)?.[1]
      if (port === undefined) return
      resolve({
        base: `http://127.0.0.1:${port}`,
        async kill() {
          child.kill('SIGKILL')
          await exited
          running.delete(child)
        },
      })
    })
  })
}

/** Receipt `number` as it is rung up and as it ends: two revisions. */
const changesOf = (number: number) => {
  const sample = { id: `entry-${number}`, sequence: number, lines: [{ name: 'Нан', price: 200_00 }] }
  return [changeOf(number * 2 - 1, queuedEntry(sample)), changeOf(number * 2, doneEntry(sample))]
}

/** What the server acknowledged; null where it gave no good answer. */
async function upload(base: string, number: number): Promise<readonly number[] | null> {
  try {
    const reply = await fetch(base + UPLOAD_PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(uploadOf(changesOf(number))),
    })
    return reply.ok ? v.parse(uploadReplySchema, await reply.json()).acknowledged : null
  } catch {
    return null
  }
}

async function idsAt(base: string): Promise<Set<string>> {
  const reply = await fetch(`${base}${HISTORY_PATH}?till=${SAMPLE_TILL}`)
  const { entries } = v.parse(historyReplySchema, await reply.json())
  return new Set(entries.map(({ id }) => String(id)))
}

/** Everything once, and the totals with it. */
async function expectAll(database: ShopDatabase): Promise<void> {
  const store = await openStore(database, { time })
  const period = periodOf('2026-11-01', '2026-11-01')
  if (period === null) throw new Error('no period')
  const { totals, tills } = await store.summary(period)
  expect([totals.receipts, totals.totalTiyn]).toEqual([RECEIPTS, RECEIPTS * 200_00])
  expect(tills).toMatchObject([{ unsettled: 0, conflicts: 0 }])
  expect(await store.standing(SAMPLE_TILL)).toMatchObject({ entries: RECEIPTS, revision: RECEIPTS * 2 })
  expect((await checkShop(database, time)).differences).toEqual([])
  await store.close()
}

/** At which receipts somebody is killed, and how many ms after its upload left. */
function killsOf(seed: number): Map<number, number> {
  const random = Random.seeded(seed)
  return new Map(Array.from({ length: KILLS }, (_, kill) => [kill * 12 + random.between(1, 11), random.below(12)]))
}

const after = (ms: number, work: () => void) =>
  new Promise<void>((done) =>
    setTimeout(() => {
      work()
      done()
    }, ms),
  )

describe('100 receipts', () => {
  it(
    'are in SQLite once each, though the server is killed in the middle of uploads',
    async () => {
      const stateDir = mkdtempSync(join(tmpdir(), 'ikkm-shop-kill-'))
      const kills = killsOf(11)
      const acknowledged = new Set<string>()
      let server = await startServer(stateDir)
      let killed = 0
      for (let number = 1; number <= RECEIPTS; number += 1) {
        for (let took: readonly number[] | null = null; took === null;) {
          const delay = kills.get(number)
          kills.delete(number)
          const uploading = upload(server.base, number)
          if (delay !== undefined) {
            await after(delay, () => undefined)
            await server.kill()
            killed += 1
          }
          took = await uploading
          if (took !== null) acknowledged.add(`entry-${number}`)
          if (delay === undefined) continue
          server = await startServer(stateDir)
          const there = await idsAt(server.base)
          expect([...acknowledged].filter((id) => !there.has(id))).toEqual([])
        }
      }
      expect([killed, acknowledged.size]).toEqual([KILLS, RECEIPTS])
      await server.kill()
      await expectAll(await openSqlite(join(stateDir, SQLITE_FILE)))
    },
    LONG,
  )

  it(
    'are in PostgreSQL once each, though that is killed and restarted in the middle of uploads',
    async () => {
      const postgres = await startPostgres()
      const url = await postgres.createDatabase()
      const stateDir = mkdtempSync(join(tmpdir(), 'ikkm-shop-kill-'))
      const server = await startServer(stateDir, { DATABASE_URL: url })
      const kills = killsOf(12)
      const acknowledged = new Set<string>()
      let refused = 0
      for (let number = 1; number <= RECEIPTS; number += 1) {
        for (let took: readonly number[] | null = null; took === null;) {
          const delay = kills.get(number)
          kills.delete(number)
          const uploading = upload(server.base, number)
          if (delay !== undefined) await after(delay, () => postgres.kill())
          took = await uploading
          if (took === null) refused += 1
          else acknowledged.add(`entry-${number}`)
          if (delay === undefined) continue
          // While it is away, the till is told so and keeps what it has.
          expect(await upload(server.base, number)).toBeNull()
          await postgres.restart()
          await expect.poll(() => idsAt(server.base).catch(() => null), { timeout: 30_000 }).not.toBeNull()
          const there = await idsAt(server.base)
          expect([...acknowledged].filter((id) => !there.has(id))).toEqual([])
        }
      }
      expect(acknowledged.size).toBe(RECEIPTS)
      expect(refused).toBeGreaterThan(0)
      await server.kill()
      await expectAll(await openPostgres(url))
      await postgres.close()
    },
    LONG,
  )
})
