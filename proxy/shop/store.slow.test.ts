/** The store's contract over a real PostgreSQL, which the test starts by itself. */
import { afterAll, beforeAll } from 'vitest'
import { openPostgres } from './postgres.ts'
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
