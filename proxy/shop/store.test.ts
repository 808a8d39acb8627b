import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSqlite } from './sqlite.ts'
import { describeShopStore } from './testing/store-contract.ts'

describeShopStore('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ikkm-shop-'))
  return Promise.resolve({
    database: () => openSqlite(join(folder, 'shop.sqlite')),
    close: () => {
      rmSync(folder, { recursive: true })
      return Promise.resolve()
    },
  })
})

it('keeps what was sold in a file for its owner only', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'ikkm-shop-')), 'deep', 'shop.sqlite')
  const database = await openSqlite(path)
  expect(statSync(path).mode & 0o077).toBe(0)
  await database.close()
})
