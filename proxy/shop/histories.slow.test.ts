/**
 * Random lives of entries, uploaded in any order, repeated, torn between two servers over one database: the totals are
 * those of a recount, and what was acknowledged is there.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ShopChange, Upload } from '../../src/contract/shop.ts'
import type { ReceiptKind, Tender } from '../../src/domain/receipt.ts'
import { isSettled, type Entry } from '../../src/queue/types.ts'
import { checkShop } from './check.ts'
import type { ShopDatabase } from './database.ts'
import { openPostgres } from './postgres.ts'
import { periodOf } from './reports.ts'
import { changeOf, doneEntry, queuedEntry, uploadOf } from './sample-entries.ts'
import { createShopTime } from './shop-time.ts'
import { openSqlite } from './sqlite.ts'
import { openStore } from './store.ts'
import { startPostgres, type TestPostgres } from './testing/postgres-kit.ts'

const time = createShopTime('Asia/Almaty')
const TILLS = ['till-0000-0001', 'till-0000-0002', 'till-0000-0003'] as const
const START_MS = Date.UTC(2025, 0, 1)
const DAY_MS = 86_400_000
const DAYS = 500

interface Life {
  readonly till: number
  readonly kind: ReceiptKind
  readonly tender: Tender
  readonly cashier: number
  readonly prices: readonly number[]
  readonly day: number
  readonly hour: number
  readonly end: 'done' | 'refused' | 'waiting'
}

const lifeArbitrary: fc.Arbitrary<Life> = fc.record({
  till: fc.nat(TILLS.length - 1),
  kind: fc.constantFrom<ReceiptKind>('sale', 'sale', 'sale', 'saleReturn', 'buy', 'buyReturn'),
  tender: fc.constantFrom<Tender>('cash', 'bank', 'credit'),
  cashier: fc.nat(2),
  prices: fc.array(fc.integer({ min: 100, max: 5_000_00 }), { minLength: 1, maxLength: 4 }),
  day: fc.nat(DAYS),
  hour: fc.nat(23),
  end: fc.constantFrom('done', 'done', 'done', 'refused', 'waiting'),
})

/** The versions of one entry, the last one as it stays. */
function versionsOf(life: Life, sequence: number): Entry[] {
  const sample = {
    id: `entry-${sequence}`,
    sequence,
    kind: life.kind,
    tender: life.tender,
    cashier: `Кассир ${life.cashier}`,
    lines: life.prices.map((price, index) => ({ name: `Товар ${(price + index) % 7}`, price })),
    atMs: START_MS + life.day * DAY_MS + life.hour * 3_600_000,
  }
  const queued = queuedEntry(sample)
  const sending: Entry = { ...queued, state: 'sending', key: '12345678', attempts: 1 }
  const done = doneEntry(sample)
  const resolution = { kind: 'writtenOff' as const, reason: 'test', atMs: sample.atMs }
  const refused: Entry = { ...sending, state: 'refused', code: -7, resolution }
  const last = { done: [{ ...done, question: null }], refused: [refused], waiting: [] }
  return [queued, sending, ...last[life.end]]
}

interface History {
  readonly uploads: Upload[]
  readonly entries: readonly { readonly till: string; readonly entry: Entry; readonly change: ShopChange }[]
}

/** Uploads that end with everything in order; `order` and `cuts` shake what comes before. */
function historyOf(lives: readonly Life[], order: readonly number[], cuts: readonly number[]): History {
  const changes = lives.flatMap((life, index) =>
    versionsOf(life, index + 1).map((entry, version, versions) => ({
      till: TILLS[life.till] ?? TILLS[0],
      entry,
      last: version === versions.length - 1,
      change: changeOf(index * 10 + version + 1, entry),
    })),
  )
  const shaken = order.map((number) => changes[number % changes.length]).filter((one) => one !== undefined)
  const uploads: Upload[] = []
  const send = (list: readonly { till: string; change: ShopChange }[]) => {
    for (const till of TILLS) {
      const mine = list.filter((one) => one.till === till)
      if (mine.length > 0)
        uploads.push(
          uploadOf(
            mine.map(({ change }) => change),
            { till },
          ),
        )
    }
  }
  let from = 0
  for (const size of cuts) {
    send(shaken.slice(from, from + size))
    from += size
  }
  send(changes.slice(0, Math.floor(changes.length / 2)))
  send(changes.slice(Math.floor(changes.length / 2)))
  return { uploads, entries: changes.filter(({ last }) => last) }
}

/** Sales less returns, counted the plain way. */
function turnoverOf({ entries }: History): number {
  return entries
    .filter(({ entry }) => entry.state === 'done')
    .reduce((sum, { entry }) => {
      const kind = entry.receipt?.kind
      return sum + (kind === 'sale' ? entry.amount : kind === 'saleReturn' ? -entry.amount : 0)
    }, 0)
}

async function play(history: History, servers: readonly ShopDatabase[]): Promise<void> {
  const stores = await Promise.all(servers.map((database) => openStore(database, { time, gatherMs: 0 })))
  const refused: string[] = []
  // Two at a time, one a server: they meet in the database.
  for (let index = 0; index < history.uploads.length; index += 2) {
    const replies = await Promise.all(
      history.uploads
        .slice(index, index + 2)
        .map(async (upload, place) => stores[place % stores.length]?.upload(upload, 'test')),
    )
    for (const [place, reply] of replies.entries()) {
      const sent = history.uploads[index + place]?.changes.map(({ revision }) => revision) ?? []
      const got = new Set(reply?.acknowledged)
      if (!sent.every((revision) => got.has(revision)) || reply?.conflicts.length !== 0)
        refused.push(`upload ${index + place}`)
    }
  }
  expect(refused).toEqual([])
  const [store] = stores
  const [database] = servers
  const whole = periodOf('2024-12-30', '2026-12-31')
  if (store === undefined || database === undefined || whole === null) throw new Error('no store')
  expect((await checkShop(database, time)).differences).toEqual([])
  const summary = await store.summary(whole)
  expect(summary.totals.totalTiyn).toBe(turnoverOf(history))
  for (const rows of [
    summary.byDay,
    summary.byHour,
    summary.byTill,
    summary.byTender,
    summary.byProduct,
    summary.byTax,
  ])
    expect(rows.reduce((sum, { totalTiyn }) => sum + totalTiyn, 0)).toBe(summary.totals.totalTiyn)
  const open = history.entries.filter(({ entry }) => !isSettled(entry)).length
  expect(summary.tills.reduce((sum, { unsettled }) => sum + unsettled, 0)).toBe(open)
  for (const { till, entry, change } of history.entries)
    expect((await store.entry(till, entry.id))?.record).toEqual(change.record)
  for (const each of stores) await each.close()
}

const historyArbitrary = fc
  .tuple(
    fc.array(lifeArbitrary, { minLength: 1, maxLength: 25 }),
    fc.array(fc.nat(1_000), { maxLength: 120 }),
    fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 12 }),
  )
  .map(([lives, order, cuts]) => historyOf(lives, order, cuts))

describe('any history of uploads ends in the totals of a recount', () => {
  it('over SQLite', async () => {
    await fc.assert(
      fc.asyncProperty(historyArbitrary, async (history) => {
        const folder = mkdtempSync(join(tmpdir(), 'ikkm-histories-'))
        await play(history, [await openSqlite(join(folder, 'shop.sqlite'))])
        rmSync(folder, { recursive: true })
      }),
      { numRuns: 60, seed: 1 },
    )
  }, 180_000)

  describe('over PostgreSQL', () => {
    let postgres: TestPostgres
    beforeAll(async () => {
      postgres = await startPostgres()
    }, 60_000)
    afterAll(() => postgres.close())

    it('and two servers', async () => {
      await fc.assert(
        fc.asyncProperty(historyArbitrary, async (history) => {
          const url = await postgres.createDatabase()
          await play(history, [await openPostgres(url), await openPostgres(url)])
        }),
        { numRuns: 25, seed: 2 },
      )
    }, 180_000)
  })

  it('whatever period is asked for', async () => {
    const store = await openStore(await openSqlite(':memory:'), { time })
    const entries = Array.from({ length: 400 }, (_, index) =>
      doneEntry({
        id: `entry-${index}`,
        sequence: index + 1,
        lines: [{ name: 'Нан', price: 100 + index }],
        atMs: START_MS + ((index * 7_919) % DAYS) * DAY_MS,
      }),
    )
    await store.upload(uploadOf(entries.slice(0, 200).map((entry, index) => changeOf(index + 1, entry))), 'test')
    await store.upload(uploadOf(entries.slice(200).map((entry, index) => changeOf(index + 201, entry))), 'test')
    await fc.assert(
      fc.asyncProperty(fc.nat(DAYS), fc.nat(DAYS), async (one, other) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)]
        const day = START_MS / DAY_MS
        const summary = await store.summary({ first: day + first, last: day + last })
        const mine = entries.filter(({ createdAtMs }) => {
          const at = (createdAtMs - START_MS) / DAY_MS
          return at >= first && at <= last
        })
        const total = mine.reduce((sum, { amount }) => sum + amount, 0)
        expect([summary.totals.receipts, summary.totals.totalTiyn]).toEqual([mine.length, total])
        expect(summary.byDay.reduce((sum, { totalTiyn }) => sum + totalTiyn, 0)).toBe(total)
      }),
      { numRuns: 300, seed: 3 },
    )
    await store.close()
  }, 60_000)
})
