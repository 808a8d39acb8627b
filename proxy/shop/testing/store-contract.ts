/**
 * What the shop's store promises over either engine: call `describeShopStore(name, open)` from a test file. `database`
 * opens a connection over the same data, as another server process or a restart would.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UPLOAD_BATCH, type ShopReceipt, type ShopSummary } from '../../../src/contract/shop.ts'
import { newDeviceRecord } from '../../../src/queue/types.ts'
import type { ShopDatabase } from '../database.ts'
import type { ConfigurationPage } from '../../../src/contract/shop.ts'
import { migrate, MIGRATIONS, NewerDatabaseError } from '../migrations.ts'
import { periodOf } from '../reports.ts'
import { createShopTime } from '../shop-time.ts'
import { openStore, type ShopStore } from '../store.ts'
import { changeOf, doneEntry, queuedEntry, SAMPLE_TILL, uploadOf, type SampleReceipt } from '../sample-entries.ts'

export interface SharedDatabase {
  database(): Promise<ShopDatabase>
  close(): Promise<void>
}

const OTHER_TILL = 'till-0000-0002'
const DAY = '2026-11-01'
const NOW = Date.UTC(2026, 10, 1, 12)

/** The number of a sample names it: its id, place and time follow. */
export function sample(sequence: number, more: Partial<SampleReceipt> = {}): SampleReceipt {
  return { id: `entry-${sequence}`, sequence, lines: [{ name: 'Нан', price: 200_00 }], ...more }
}

const LIST = { fromMs: null, toMs: null, search: '', till: null, state: null, before: null, limit: 50 } as const

export function describeShopStore(name: string, open: () => Promise<SharedDatabase>): void {
  /** A store over new tables. */
  async function within(check: (store: ShopStore, shared: SharedDatabase) => Promise<void>): Promise<void> {
    const shared = await open()
    const store = await openStore(await shared.database(), {
      time: createShopTime('Asia/Almaty'),
      now: () => NOW,
      gatherMs: 0,
    })
    try {
      await check(store, shared)
    } finally {
      await store.close()
      await shared.close()
    }
  }

  async function summary(store: ShopStore, from = DAY, to = from) {
    const period = periodOf(from, to)
    if (period === null) throw new Error('no period')
    return store.summary(period)
  }
  const totals = async (store: ShopStore, from?: string) => {
    const { totals: found } = await summary(store, from)
    return [found.receipts, found.returns, found.totalTiyn]
  }
  const figures = (rows: ShopSummary['byTill']) =>
    rows.map(({ key, receipts, returns, totalTiyn }) => [key, receipts, returns, totalTiyn])

  describe(`${name} keeps the contract of the shop's store`, () => {
    it('knows nothing at first', () =>
      within(async (store) => {
        expect(await store.standing(SAMPLE_TILL)).toMatchObject({ known: false, entries: 0, revision: 0, tenure: 0 })
        expect([await store.hasTills(), await store.version(), await store.tills()]).toEqual([false, 0, []])
        expect(await totals(store)).toEqual([0, 0, 0])
        expect(await store.receipts(LIST)).toEqual({ receipts: [], next: null })
        expect(await store.entry(SAMPLE_TILL, 'entry-1')).toBeNull()
      }))

    it('counts an entry once, when it is done, however often and in whichever order its versions come', () =>
      within(async (store) => {
        const queued = changeOf(1, queuedEntry(sample(1)))
        const done = changeOf(2, doneEntry(sample(1)))
        expect(await store.upload(uploadOf([queued]), 'one')).toMatchObject({ acknowledged: [1], conflicts: [] })
        expect(await totals(store)).toEqual([0, 0, 0])
        expect((await store.tills())[0]).toMatchObject({
          unsettled: 1,
          unsettledTiyn: 200_00,
          waiting: 0,
          conflicts: 0,
        })
        for (const changes of [[done], [done], [queued], [queued, done], [done, queued]]) {
          const reply = await store.upload(uploadOf(changes), 'one')
          expect(reply?.acknowledged.toSorted()).toEqual(changes.map(({ revision }) => revision).toSorted())
          expect(reply?.conflicts).toEqual([])
        }
        expect(await totals(store)).toEqual([1, 0, 200_00])
        expect((await store.tills())[0]).toMatchObject({ unsettled: 0, unsettledTiyn: 0, oldestUnsettledMs: null })
        expect(await store.standing(SAMPLE_TILL)).toMatchObject({ known: true, entries: 1, revision: 2 })
        expect((await store.entry(SAMPLE_TILL, 'entry-1'))?.record).toEqual(done.record)
      }))

    it('takes a thousand records in, and the same thousand once more', () =>
      within(async (store) => {
        const changes = Array.from({ length: 1_000 }, (_, index) => changeOf(index + 1, doneEntry(sample(index + 1))))
        for (let from = 0; from < 2_000; from += UPLOAD_BATCH) {
          const batch = changes.slice(from % 1_000, (from % 1_000) + UPLOAD_BATCH)
          const reply = await store.upload(uploadOf(batch, { waiting: 7 }), 'one')
          expect(reply).toMatchObject({ acknowledged: batch.map(({ revision }) => revision), conflicts: [] })
        }
        expect(await store.standing(SAMPLE_TILL)).toMatchObject({ entries: 1_000, revision: 1_000 })
        expect((await summary(store, DAY, '2026-11-02')).totals).toMatchObject({
          receipts: 1_000,
          totalTiyn: 200_000_00,
        })
        expect((await store.tills())[0]?.waiting).toBe(7)
      }))

    it('takes the same entry of two tills for two', () =>
      within(async (store) => {
        const done = changeOf(1, doneEntry(sample(1)))
        await store.upload(uploadOf([done]), 'one')
        await store.upload(uploadOf([done], { till: OTHER_TILL, letter: 'B' }), 'two')
        expect(await totals(store)).toEqual([2, 0, 400_00])
        expect(figures((await summary(store)).byTill)).toEqual([
          [SAMPLE_TILL, 1, 0, 200_00],
          [OTHER_TILL, 1, 0, 200_00],
        ])
      }))

    it('keeps what differs from a settled entry beside it, once, and says so each time', () =>
      within(async (store) => {
        const settled = doneEntry(sample(1))
        await store.upload(uploadOf([changeOf(2, settled)]), 'one')
        expect(await store.upload(uploadOf([changeOf(3, settled)]), 'one')).toMatchObject({
          acknowledged: [3],
          conflicts: [],
        })
        const other = changeOf(4, { ...settled, number: 77 })
        for (let time = 0; time < 2; time += 1)
          expect(await store.upload(uploadOf([other]), 'one')).toMatchObject({
            acknowledged: [4],
            conflicts: ['entry-1'],
          })
        const entry = await store.entry(SAMPLE_TILL, 'entry-1')
        expect(entry?.receipt.number).toBe(1_001)
        expect(entry?.conflicts).toEqual([{ receivedAtMs: NOW, record: other.record }])
        expect((await store.tills())[0]?.conflicts).toBe(1)
        expect(await totals(store)).toEqual([1, 0, 200_00])
      }))

    it.each([
      ['mark', { mark: 'Z-9999' }],
      ['sequence', { sequence: 9 }],
      ['request', { request: { method: 'POST' as const, path: '/api/', body: 'sale=1' } }],
    ])('keeps a version of a waiting entry with another %s beside it', (_part, changed) =>
      within(async (store) => {
        await store.upload(uploadOf([changeOf(1, queuedEntry(sample(1)))]), 'one')
        const reply = await store.upload(uploadOf([changeOf(2, { ...doneEntry(sample(1)), ...changed })]), 'one')
        expect(reply).toMatchObject({ acknowledged: [2], conflicts: ['entry-1'] })
        expect(await totals(store)).toEqual([0, 0, 0])
        await store.upload(uploadOf([changeOf(3, doneEntry(sample(1)))]), 'one')
        expect(await totals(store)).toEqual([1, 0, 200_00])
      }),
    )

    it('takes a record that nobody can read out of the till’s way, and keeps it', () =>
      within(async (store) => {
        const good = changeOf(1, doneEntry(sample(1)))
        const broken = {
          ...good,
          revision: 2,
          id: 'entry-2',
          record: { ...good.record, id: 'entry-2', amount: 'much' },
        }
        const foreign = { ...good, revision: 3, id: 'entry-3' }
        const reply = await store.upload(uploadOf([good, broken, foreign]), 'one')
        expect(reply).toMatchObject({ acknowledged: [1, 2, 3], conflicts: ['entry-2', 'entry-3'] })
        expect((await store.tills())[0]?.conflicts).toBe(2)
        expect(await store.standing(SAMPLE_TILL)).toMatchObject({ entries: 1, revision: 3 })
        expect(await totals(store)).toEqual([1, 0, 200_00])
      }))

    it('takes an entry off again that is no longer done', () =>
      within(async (store) => {
        const asked = { id: 'q1', askedAtMs: 1, question: { kind: 'printed' as const } }
        const open = { ...doneEntry(sample(1)), question: asked }
        await store.upload(uploadOf([changeOf(1, open)]), 'one')
        expect(await totals(store)).toEqual([1, 0, 200_00])
        await store.upload(uploadOf([changeOf(2, { ...open, state: 'recon' })]), 'one')
        expect(await totals(store)).toEqual([0, 0, 0])
        const found = await summary(store)
        expect([found.byTill, found.byProduct, found.byDay]).toEqual([[], [], []])
      }))

    it('takes returns off every report, and keeps purchases out of the turnover', () =>
      within(async (store) => {
        const lines = [{ name: 'Сүт', price: 650_00, quantity: 2_000 }]
        const changes = [
          doneEntry(sample(1, { lines, tender: 'bank', way: 'Kaspi QR' })),
          doneEntry(sample(2, { lines, tender: 'bank', way: 'Kaspi QR', kind: 'saleReturn' })),
          doneEntry(sample(3, { lines, change: 700_00, cashier: 'Марат' })),
          doneEntry(sample(4, { lines, kind: 'buy' })),
        ]
        await store.upload(uploadOf(changes.map((entry, index) => changeOf(index + 1, entry))), 'one')
        const found = await summary(store)
        expect(found.totals).toMatchObject({ receipts: 2, returns: 1, totalTiyn: 1_300_00, returnedTiyn: 1_300_00 })
        expect(figures(found.byTender)).toEqual([
          ['cash', 1, 0, 1_300_00],
          ['bank', 1, 1, 0],
        ])
        expect(figures(found.byWay)).toEqual([['Kaspi QR', 1, 1, 0]])
        expect(figures(found.byCashier)).toEqual([
          ['Марат', 1, 0, 1_300_00],
          ['Айгүл', 1, 1, 0],
        ])
        expect(found.byProduct).toEqual([
          { key: 'Сүт', receipts: 2, returns: 1, totalTiyn: 1_300_00, quantity: 2_000, costTiyn: null, taxTiyn: null },
        ])
        expect(found.byTax).toMatchObject([{ key: 'НДС 16%', totalTiyn: 1_300_00, taxTiyn: 179_31 }])
        expect((await store.receipts(LIST)).receipts.map(({ kind }) => kind)).toEqual([
          'buy',
          'sale',
          'saleReturn',
          'sale',
        ])
      }))

    it('spreads a receipt’s discount over its goods, so that they add up to it', () =>
      within(async (store) => {
        const lines = [
          { name: 'Шай', price: 999_00 },
          { name: 'Қант', price: 333_00, quantity: 500, discount: 10_00 },
          { name: 'Шай', price: 1_00 },
        ]
        await store.upload(uploadOf([changeOf(1, doneEntry(sample(1, { lines, discount: 77_77 })))]), 'one')
        const { totals: found, byProduct } = await summary(store)
        expect(byProduct.map(({ key, receipts, quantity }) => [key, receipts, quantity])).toEqual([
          ['Шай', 1, 2_000],
          ['Қант', 1, 500],
        ])
        expect(byProduct.reduce((sum, { totalTiyn }) => sum + totalTiyn, 0)).toBe(found.totalTiyn)
        expect(found.totalTiyn).toBe(1_078_73)
      }))

    it('goes by the day and hour of the shop, and compares with as many days before', () =>
      within(async (store) => {
        const at = (sequence: number, iso: string) => doneEntry(sample(sequence, { atMs: Date.parse(iso) }))
        const entries = [
          at(1, '2026-10-31T18:59:57Z'),
          at(2, '2026-10-31T19:00:00Z'),
          at(3, '2026-11-02T18:59:50Z'),
          at(4, '2026-11-02T19:00:00Z'),
        ]
        await store.upload(uploadOf(entries.map((entry, index) => changeOf(index + 1, entry))), 'one')
        const found = await summary(store, '2026-11-01', '2026-11-02')
        expect(figures(found.byDay)).toEqual([
          ['2026-11-01', 1, 0, 200_00],
          ['2026-11-02', 1, 0, 200_00],
        ])
        expect(figures(found.byHour)).toEqual([
          ['00', 1, 0, 200_00],
          ['23', 1, 0, 200_00],
        ])
        expect(found.previous).toMatchObject({ from: '2026-10-30', to: '2026-10-31', receipts: 1 })
      }))

    it('finds receipts by number, mark, sum and cashier, page by page, the newest first', () =>
      within(async (store) => {
        const entries = [1, 2, 3, 4, 5].map((sequence) =>
          doneEntry(
            sample(sequence, {
              lines: [{ name: 'Нан', price: sequence * 100_50 }],
              cashier: sequence === 4 ? 'Ақмарал Ё' : 'Марат',
            }),
          ),
        )
        const open = queuedEntry(sample(6, { cashier: 'Марат' }))
        await store.upload(uploadOf([...entries, open].map((entry, index) => changeOf(index + 1, entry))), 'one')
        const find = async (search: string, more: object = {}) =>
          (await store.receipts({ ...LIST, search, ...more })).receipts.map(({ mark }: ShopReceipt) => mark)
        expect(await find('')).toEqual(['A-0006', 'A-0005', 'A-0004', 'A-0003', 'A-0002', 'A-0001'])
        expect(await find('1003')).toEqual(['A-0003'])
        expect(await find('a-2')).toEqual(['A-0002'])
        expect(await find('502,5')).toEqual(['A-0005'])
        expect(await find('ақмарал ё')).toEqual(['A-0004'])
        expect(await find('МАРАТ', { limit: 2 })).toEqual(['A-0006', 'A-0005'])
        expect(await find('nobody')).toEqual([])
        expect(await find('', { state: 'waiting' })).toEqual(['A-0006'])
        expect(await find('', { till: OTHER_TILL })).toEqual([])
        const first = await store.receipts({ ...LIST, limit: 4 })
        const rest = await store.receipts({ ...LIST, limit: 4, before: first.next })
        expect(rest.receipts.map(({ mark }) => mark)).toEqual(['A-0002', 'A-0001'])
        expect(rest.next).toBeNull()
        const { createdAtMs } = first.receipts[1] ?? { createdAtMs: 0 }
        expect(await find('', { fromMs: createdAtMs, toMs: createdAtMs + 10_000 })).toEqual(['A-0005'])
      }))

    it('hands a lost till on once: its registers and what waits, and the old tablet is refused', () =>
      within(async (store) => {
        const device = newDeviceRecord({ id: 'register-1', key: '12345678', trackPrefix: 7 })
        await store.upload(
          uploadOf([
            changeOf(1, { ...device, serial: 'KZ-77' }, 'device'),
            changeOf(2, doneEntry(sample(1))),
            changeOf(3, queuedEntry(sample(2))),
          ]),
          'one',
        )
        const before = await store.version()
        const taken = await store.replace(SAMPLE_TILL, OTHER_TILL, 'B')
        expect(taken).toMatchObject({ letter: 'A', tenure: 1, revision: 3, entries: 2 })
        expect(taken?.devices).toMatchObject([{ id: 'register-1', serial: 'KZ-77' }])
        expect(taken?.unsettled).toMatchObject([{ id: 'entry-2', state: 'queued' }])
        expect(await store.replace(SAMPLE_TILL, OTHER_TILL, 'B')).toEqual(taken)
        expect(await store.version()).toBeGreaterThan(before)
        expect(await store.upload(uploadOf([changeOf(4, doneEntry(sample(2)))]), 'one')).toBeNull()
        expect(await totals(store)).toEqual([1, 0, 200_00])
        await store.upload(uploadOf([changeOf(4, doneEntry(sample(2)))], { tenure: 1 }), 'two')
        expect(await totals(store)).toEqual([2, 0, 400_00])
        expect(await store.tills()).toMatchObject([{ till: SAMPLE_TILL, replaced: true, register: 'KZ-77' }])
        expect((await store.history(SAMPLE_TILL, 1, 10)).map(({ id }) => id)).toEqual(['entry-2'])
        expect(await store.replace('nobody-knows-it', OTHER_TILL, 'B')).toBeNull()
      }))

    it('keeps the newest record of a register, whichever comes last', () =>
      within(async (store) => {
        const device = newDeviceRecord({ id: 'register-1', key: '12345678', trackPrefix: 7 })
        const record = (revision: number, nextTrack: number) => changeOf(revision, { ...device, nextTrack }, 'device')
        await store.upload(uploadOf([record(5, 50), record(4, 40)]), 'one')
        await store.upload(uploadOf([record(3, 30)]), 'one')
        expect((await store.replace(SAMPLE_TILL, OTHER_TILL, 'B'))?.devices).toMatchObject([{ nextTrack: 50 }])
      }))

    it("keeps a copy of a till's configuration, which only the newest life of the till writes", () =>
      within(async (store) => {
        expect(await store.keepConfiguration(SAMPLE_TILL, 0, [])).toBe('unknown')
        await store.upload(uploadOf([changeOf(1, doneEntry(sample(1)))]), 'one')
        const odd = `{"name":"'); DROP TABLE entries; --","more":"😀"}`
        const rows = ['settings', 'cashiers', "catalog-edit:'х"].map((name) => ({ name, value: odd }))
        expect(await store.keepConfiguration(SAMPLE_TILL, 0, rows)).toBe('kept')
        await store.keepConfiguration(SAMPLE_TILL, 0, [
          { name: 'settings', value: '{"a":2}' },
          { name: 'cashiers', value: null },
        ])
        const names = ["catalog-edit:'х", 'settings']
        const whole = await store.configuration(SAMPLE_TILL, '')
        expect(whole).toEqual({
          rows: [
            { name: names[0], value: odd },
            { name: names[1], value: '{"a":2}' },
          ],
          next: null,
        })
        expect(await store.configuration(OTHER_TILL, '')).toEqual({ rows: [], next: null })
        await store.replace(SAMPLE_TILL, OTHER_TILL, 'B')
        expect(await store.keepConfiguration(SAMPLE_TILL, 0, rows)).toBe('replaced')
        expect(await store.configuration(SAMPLE_TILL, '')).toEqual(whole)
        expect(await store.keepConfiguration(SAMPLE_TILL, 1, [{ name: 'settings', value: '3' }])).toBe('kept')
      }))

    it('gives a large configuration in pages, every row once', () =>
      within(async (store) => {
        await store.upload(uploadOf([changeOf(1, doneEntry(sample(1)))]), 'one')
        const names = Array.from({ length: 450 }, (_, n) => `catalog-edit:${String(n).padStart(4, '0')}`)
        // Some that fill a page alone.
        const rows = names.map((name, n) => ({ name, value: n % 200 === 7 ? `"${'x'.repeat(1_100_000)}"` : '{}' }))
        for (let from = 0; from < rows.length; from += 150)
          await store.keepConfiguration(SAMPLE_TILL, 0, rows.slice(from, from + 150))
        const found: string[] = []
        let pages = 0
        for (let after: string | null = ''; after !== null; pages += 1) {
          const page: ConfigurationPage = await store.configuration(SAMPLE_TILL, after)
          found.push(...page.rows.map(({ name }) => name))
          after = page.next
        }
        expect(found).toEqual(names)
        expect(pages).toBeGreaterThan(4)
      }))

    it('gives a till a name', () =>
      within(async (store) => {
        await store.upload(uploadOf([changeOf(1, doneEntry(sample(1)))]), 'one')
        expect([await store.name(SAMPLE_TILL, ' Касса у входа '), await store.name(OTHER_TILL, 'x')]).toEqual([
          true,
          false,
        ])
        expect((await store.tills())[0]?.name).toBe('Касса у входа')
        expect((await store.receipts(LIST)).receipts[0]?.tillName).toBe('Касса у входа')
      }))

    it('stores any text that JSON carries', () =>
      within(async (store) => {
        const odd = `"'); DROP TABLE entries; --\u0000\ud800 😀`
        const entry = doneEntry(sample(1, { cashier: odd, lines: [{ name: odd, price: 100_00 }], way: odd }))
        expect(await store.upload(uploadOf([changeOf(1, entry)]), odd)).toMatchObject({
          acknowledged: [1],
          conflicts: [],
        })
        const found = await summary(store)
        expect(found.byCashier[0]?.key).toBe(`"'); DROP TABLE entries; --\ufffd\ufffd 😀`)
        expect([found.byProduct.length, found.byWay.length]).toEqual([1, 1])
        expect((await store.entry(SAMPLE_TILL, 'entry-1'))?.record).toEqual(JSON.parse(JSON.stringify(entry)))
      }))

    it('is the same after a restart', () =>
      within(async (store, shared) => {
        await store.upload(uploadOf([changeOf(1, doneEntry(sample(1)))]), 'one')
        const { server } = await store.standing(SAMPLE_TILL)
        const again = await openStore(await shared.database(), { time: store.time, now: () => NOW })
        expect(await again.standing(SAMPLE_TILL)).toMatchObject({ server, known: true, entries: 1, revision: 1 })
        expect(await totals(again)).toEqual([1, 0, 200_00])
        await again.close()
      }))

    describe('its tables', () => {
      let shared: SharedDatabase
      beforeAll(async () => {
        shared = await open()
      })
      afterAll(() => shared.close())

      it.each(MIGRATIONS.map((_, version) => version))('come up to date from version %i', async (version) => {
        const own = await open()
        const database = await own.database()
        await migrate(database, version)
        await migrate(database)
        const store = await openStore(database, { time: createShopTime('Asia/Almaty'), gatherMs: 0 })
        expect(await store.upload(uploadOf([changeOf(1, doneEntry(sample(1)))]), 'one')).toMatchObject({
          acknowledged: [1],
        })
        expect(await totals(store)).toEqual([1, 0, 200_00])
        await store.close()
        await own.close()
      })

      it('of a later version are left alone', async () => {
        const database = await shared.database()
        await migrate(database)
        await database.transaction((sql) => sql.run('INSERT INTO migrations (number) VALUES (999)'))
        await expect(migrate(database)).rejects.toThrow(NewerDatabaseError)
        await database.close()
      })
    })
  })
}
