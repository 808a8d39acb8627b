/** The store's contract over a real PostgreSQL, which the test starts by itself; and the way from one engine to another. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backup, restoreLines } from './backup.ts'
import { checkShop } from './check.ts'
import { openPostgres } from './postgres.ts'
import { fillDemoMonth } from './demo-month.ts'
import { periodOf } from './reports.ts'
import { createShopTime } from './shop-time.ts'
import { openSqlite } from './sqlite.ts'
import { openStore } from './store.ts'
import { startPostgres, type TestPostgres } from './testing/postgres-kit.ts'
import { describeShopStore } from './testing/store-contract.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
}, 60_000)
afterAll(() => postgres.close())

describeShopStore('PostgreSQL', async () => {
  const url = await postgres.createDatabase()
  return { database: () => openPostgres(url), close: () => Promise.resolve() }
})

it('is copied to lines, which both engines read back: the same figures, none to correct', async () => {
  const time = createShopTime('Asia/Almaty')
  const nowMs = Date.UTC(2026, 10, 27, 14)
  const period = periodOf('2026-10-31', '2026-11-27')
  if (period === null) throw new Error('no period')
  const database = await openPostgres(await postgres.createDatabase())
  const store = await openStore(database, { time, now: () => nowMs })
  await fillDemoMonth(store, nowMs)
  expect((await checkShop(database, time)).differences).toEqual([])
  const folder = mkdtempSync(join(tmpdir(), 'ikkm-backup-'))
  const file = join(folder, 'shop.jsonl')
  await backup(database, file)
  const summary = await store.summary(period)
  for (const other of [
    await openPostgres(await postgres.createDatabase()),
    await openSqlite(join(folder, 'shop.sqlite')),
  ]) {
    await restoreLines(file, other)
    expect((await checkShop(other, time)).differences).toEqual([])
    const restored = await openStore(other, { time })
    expect(await restored.summary(period)).toEqual(summary)
    await expect(restoreLines(file, other)).rejects.toThrow('holds a shop already')
    await restored.close()
  }
  await store.close()
})
