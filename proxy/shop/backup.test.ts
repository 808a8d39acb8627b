/** Backup, restore and check as a technician uses them, while the server runs. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkShop } from './check.ts'
import { changeOf, doneEntry, queuedEntry, SAMPLE_TILL, uploadOf } from './sample-entries.ts'
import { createShopTime } from './shop-time.ts'
import { SQLITE_FILE } from './shop.ts'
import { openSqlite } from './sqlite.ts'
import { openStore } from './store.ts'
import { sample } from './testing/store-contract.ts'

const time = createShopTime('Asia/Almaty')
const folder = () => mkdtempSync(join(tmpdir(), 'ikkm-backup-'))

function run(command: string, stateDir: string, ...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, STATE_DIR: stateDir }
    execFile(process.execPath, ['--import', 'tsx', command, ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), said: out + err })
    })
  })
}
const runBackup = (stateDir: string, ...args: string[]) => run('proxy/server-backup.ts', stateDir, ...args)
const runCheck = (stateDir: string) => run('proxy/server-check.ts', stateDir)

async function shop(stateDir: string) {
  const database = await openSqlite(join(stateDir, SQLITE_FILE))
  return { database, store: await openStore(database, { time, gatherMs: 0 }) }
}

const changes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => changeOf(from + index, doneEntry(sample(from + index))))

describe('a backup', () => {
  it('is made while the server writes, is whole, and comes back under a new server id', async () => {
    const stateDir = folder()
    const { store } = await shop(stateDir)
    await store.upload(uploadOf(changes(1, 100)), 'one')
    const copy = join(folder(), 'copy.sqlite')
    const making = runBackup(stateDir, copy)
    for (let from = 101; from <= 600; from += 100) await store.upload(uploadOf(changes(from, from + 99)), 'one')
    expect(await making).toEqual({ code: 0, said: `Copied to ${copy}.\n` })
    expect(statSync(copy).mode & 0o077).toBe(0)
    expect((await runBackup(stateDir, copy)).said).toContain('is there already')
    expect((await runBackup(stateDir, '--restore', copy)).said).toContain('holds a shop already')

    const fresh = folder()
    expect(await runBackup(fresh, '--restore', copy)).toMatchObject({ code: 0 })
    expect(await runCheck(fresh)).toMatchObject({ code: 0 })
    const restored = await shop(fresh)
    const [before, after] = [await store.standing(SAMPLE_TILL), await restored.store.standing(SAMPLE_TILL)]
    expect(after.entries).toBeGreaterThanOrEqual(100)
    expect(after.server).not.toBe(before.server)
    // The tills send again what they sold since.
    for (let from = 1; from <= 600; from += 100) await restored.store.upload(uploadOf(changes(from, from + 99)), 'one')
    expect((await restored.store.standing(SAMPLE_TILL)).entries).toBe(600)
    expect((await checkShop(restored.database, time)).differences).toEqual([])
    await restored.store.close()
    await store.close()
  })

  it.each([
    ['nothing', ''],
    ['another file', '{"what":1}\n'],
    ['a later version', '{"format":"ikkm-shop","version":99}\n'],
    ['a broken line', '{"format":"ikkm-shop","version":1}\n{"table":"tills","row":{"till":"x"\n'],
    ['an unknown table', '{"format":"ikkm-shop","version":1}\n{"table":"users; DROP TABLE tills","row":{}}\n'],
  ])('of %s isn’t restored', async (_what, text) => {
    const file = join(folder(), 'backup.jsonl')
    writeFileSync(file, text)
    const stateDir = folder()
    expect((await runBackup(stateDir, '--restore', file)).code).toBe(1)
    const { store } = await shop(stateDir)
    expect(await store.hasTills()).toBe(false)
    await store.close()
  })
})

describe('the check', () => {
  it('names each difference between the entries, their records and the totals', async () => {
    const stateDir = folder()
    const { store, database } = await shop(stateDir)
    await store.upload(uploadOf([...changes(1, 3), changeOf(4, queuedEntry(sample(4)))]), 'one')
    expect(await runCheck(stateDir)).toMatchObject({ code: 0, said: expect.stringContaining('4 entries') as string })
    await database.transaction(async (sql) => {
      await sql.run(`UPDATE entries SET number = 5 WHERE id = 'entry-1'`)
      await sql.run(`UPDATE entries SET record = '{"id":' WHERE id = 'entry-4'`)
      await sql.run(`UPDATE totals SET total = total + 1 WHERE report = 'hour' AND block < 1000000`)
      await sql.run(`DELETE FROM totals WHERE report = 'product' AND block < 1000000`)
      await sql.run('UPDATE tills SET entries = 9')
    })
    const { code, said } = await runCheck(stateDir)
    expect(code).toBe(1)
    for (const sentence of [
      `entry entry-1 of till ${SAMPLE_TILL}: number is 5, its record says 1001`,
      `entry entry-4 of till ${SAMPLE_TILL}: its record can't be read`,
      'totals hour 20758 11: total is 60001, a recount gives 60000',
      'totals product 20758 Нан: missing',
      `till ${SAMPLE_TILL}: says 9 entries, has 4`,
      '5 differences',
    ])
      expect(said).toContain(sentence)
    await store.close()
  })

  it('makes no file readable for others', async () => {
    const stateDir = folder()
    await runCheck(stateDir)
    expect(readFileSync(join(stateDir, SQLITE_FILE)).length).toBeGreaterThan(0)
    expect(statSync(join(stateDir, SQLITE_FILE)).mode & 0o077).toBe(0)
  })
})
