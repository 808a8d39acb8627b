/** The shop's API over HTTP: who may see what, what an upload answers, and everything that somebody hostile may try. */
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { pairReplySchema } from '../../src/contract/config.ts'
import { isRecord, parseJson } from '../../src/contract/json.ts'
import {
  CONFIGURATION_PATH,
  configurationPageSchema,
  HISTORY_PATH,
  historyReplySchema,
  RECEIPT_PATH,
  RECEIPTS_PATH,
  REPLACE_PATH,
  replaceReplySchema,
  shopEntrySchema,
  shopReceiptsSchema,
  shopSummarySchema,
  shopTillsSchema,
  STANDING_PATH,
  standingReplySchema,
  SUMMARY_PATH,
  TILLS_PATH,
  UPLOAD_BATCH,
  UPLOAD_PATH,
  uploadReplySchema,
  VERSION_PATH,
  versionReplySchema,
} from '../../src/contract/shop.ts'
import { signToken } from '../access.ts'
import { startTestProxy, type TestProxy } from '../testing/proxy-kit.ts'
import { revokeTill } from '../till-registry.ts'
import { SQLITE_FILE } from './shop.ts'
import { changeOf, doneEntry, queuedEntry, SAMPLE_TILL, uploadOf } from './sample-entries.ts'
import { sample } from './testing/store-contract.ts'

const CODES = { PAIRING_CODE: '24681357', OWNER_CODE: '97531864' }
const OTHER_TILL = 'till-0000-0002'
/** A proxy in front: nobody is local. */
const REMOTE = { ...CODES, TRUSTED_PROXY: '127.0.0.1' }

interface Asked {
  readonly status: number
  readonly body: unknown
  readonly kind: unknown
}

async function ask(proxy: TestProxy, path: string, token: string | null, body?: unknown): Promise<Asked> {
  const headers = {
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  const init =
    body === undefined
      ? { headers }
      : { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
  const reply = await fetch(proxy.base + path, init)
  const read = parseJson(await reply.text())
  const failure = isRecord(read) && isRecord(read.failure) ? read.failure.kind : null
  return { status: reply.status, body: read, kind: failure }
}

async function pair(proxy: TestProxy, code: string) {
  return v.parse(pairReplySchema, (await ask(proxy, '/api/pair', null, { code })).body)
}

const OWNER_READS = [
  SUMMARY_PATH,
  RECEIPTS_PATH,
  `${RECEIPT_PATH}?till=${SAMPLE_TILL}&id=entry-1`,
  TILLS_PATH,
  VERSION_PATH,
  `${CONFIGURATION_PATH}?till=${SAMPLE_TILL}`,
]
const OWNER_CHANGES = [
  [`${TILLS_PATH}/name`, { till: SAMPLE_TILL, name: 'x' }],
  [REPLACE_PATH, { till: SAMPLE_TILL, by: OTHER_TILL, letter: 'B' }],
] as const

describe('a shop whose tills have uploaded', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'ikkm-shop-routes-'))
  let proxy: TestProxy
  let till: string
  let owner: string
  beforeAll(async () => {
    proxy = await startTestProxy({ ...REMOTE, STATE_DIR: stateDir })
    expect(existsSync(join(stateDir, SQLITE_FILE))).toBe(false)
    const [first, second] = [await pair(proxy, CODES.PAIRING_CODE), await pair(proxy, CODES.OWNER_CODE)]
    expect([first.role, second.role]).toEqual(['till', 'owner'])
    till = first.token
    owner = second.token
    const upload = uploadOf([changeOf(1, doneEntry(sample(1))), changeOf(2, queuedEntry(sample(2)))])
    const reply = await ask(proxy, UPLOAD_PATH, till, upload)
    expect(v.parse(uploadReplySchema, reply.body)).toMatchObject({ acknowledged: [1, 2], conflicts: [] })
  })
  afterAll(() => proxy.close())

  it('says that it keeps what tills upload', async () => {
    expect((await ask(proxy, '/api/config', null)).body).toMatchObject({ shop: true, pairingRequired: true })
    expect((await ask(proxy, '/api/config', owner)).body).toMatchObject({ shop: true, pairingRequired: false })
  })

  it('answers an owner in the words of the contract', async () => {
    const day = '?from=2026-11-01&to=2026-11-01'
    const summary = v.parse(shopSummarySchema, (await ask(proxy, SUMMARY_PATH + day, owner)).body)
    expect(summary).toMatchObject({ demo: false, timeZone: 'Asia/Almaty', totals: { receipts: 1, totalTiyn: 200_00 } })
    const list = v.parse(shopReceiptsSchema, (await ask(proxy, RECEIPTS_PATH + day, owner)).body)
    expect(list.receipts).toMatchObject([
      { till: SAMPLE_TILL, mark: 'A-0002', number: null, totalTiyn: 200_00, state: 'waiting', kind: 'sale' },
      { till: SAMPLE_TILL, mark: 'A-0001', number: 1_001, totalTiyn: 200_00, state: 'done', kind: 'sale' },
    ])
    const entry = await ask(proxy, `${RECEIPT_PATH}?till=${SAMPLE_TILL}&id=entry-1`, owner)
    expect(v.parse(shopEntrySchema, entry.body).record).toMatchObject({ id: 'entry-1', state: 'done' })
    const { tills } = v.parse(shopTillsSchema, (await ask(proxy, TILLS_PATH, owner)).body)
    expect(tills).toMatchObject([{ till: SAMPLE_TILL, letter: 'A', unsettled: 1 }])
    const named = await ask(proxy, `${TILLS_PATH}/name`, owner, { till: SAMPLE_TILL, name: 'Касса 1' })
    expect(v.parse(shopTillsSchema, named.body).tills[0]?.name).toBe('Касса 1')
    expect(v.parse(versionReplySchema, (await ask(proxy, VERSION_PATH, owner)).body).version).toBeGreaterThan(0)
    expect((await ask(proxy, '/api/health', owner)).status).toBe(200)
  })

  it('pages its list, and takes days, ISO times and ms', async () => {
    const page = async (query: string) =>
      v.parse(shopReceiptsSchema, (await ask(proxy, RECEIPTS_PATH + query, owner)).body)
    const first = await page('?limit=1')
    const second = await page(`?limit=1&before=${first.next ?? ''}`)
    expect([first, second].map(({ receipts }) => receipts.map(({ mark }) => mark))).toEqual([['A-0002'], ['A-0001']])
    const [newest] = first.receipts
    const ms = newest?.createdAtMs ?? 0
    expect((await page(`?from=${ms}&to=${ms}`)).receipts).toHaveLength(1)
    expect((await page(`?from=${new Date(ms).toISOString()}`)).receipts).toHaveLength(1)
    expect((await page('?from=2026-11-02')).receipts).toHaveLength(0)
    expect((await page('?from=&to=&search=&till=&state=')).receipts).toHaveLength(2)
  })

  it('tells a till how far it is, and gives it back what it uploaded', async () => {
    const standing = await ask(proxy, STANDING_PATH, till, { till: SAMPLE_TILL, letter: 'A', demo: false })
    expect(v.parse(standingReplySchema, standing.body)).toMatchObject({ known: true, entries: 2, revision: 2 })
    const history = await ask(proxy, `${HISTORY_PATH}?till=${SAMPLE_TILL}&limit=1`, till)
    expect(v.parse(historyReplySchema, history.body)).toMatchObject({ entries: [{ id: 'entry-1' }], next: 1 })
    const end = await ask(proxy, `${HISTORY_PATH}?till=${SAMPLE_TILL}&after=2`, till)
    expect(end.body).toEqual({ entries: [], next: null })
  })

  it("keeps how a till is set up, for the owner's code alone", async () => {
    const rows = [{ name: 'cashiers', value: '[]' }]
    const body = { till: SAMPLE_TILL, tenure: 0, rows }
    expect(await ask(proxy, CONFIGURATION_PATH, till, body)).toMatchObject({ status: 200 })
    const page = await ask(proxy, `${CONFIGURATION_PATH}?till=${SAMPLE_TILL}`, owner)
    expect(v.parse(configurationPageSchema, page.body)).toEqual({ rows, next: null })
    expect(await ask(proxy, CONFIGURATION_PATH, owner, body)).toMatchObject({ status: 401, kind: 'not-paired' })
    expect(await ask(proxy, CONFIGURATION_PATH, till, { ...body, till: OTHER_TILL })).toMatchObject({ status: 404 })
    for (const wrong of [
      { ...body, rows: [{ name: '', value: '1' }] },
      { ...body, rows: [{ name: 'a\u0000', value: '1' }] },
      { ...body, rows: [{ name: 'x'.repeat(301), value: '1' }] },
      { ...body, rows: [{ name: 'a', value: 1 }] },
      { ...body, rows: Array.from({ length: UPLOAD_BATCH + 1 }, () => rows[0]) },
    ])
      expect(await ask(proxy, CONFIGURATION_PATH, till, wrong)).toMatchObject({ status: 400, kind: 'bad-request' })
  })

  describe('does not let', () => {
    it('anybody in without a token', async () => {
      for (const path of [...OWNER_READS, `${HISTORY_PATH}?till=${SAMPLE_TILL}`])
        expect(await ask(proxy, path, null)).toMatchObject({ status: 401, kind: 'not-paired' })
      for (const [path, body] of [...OWNER_CHANGES, [UPLOAD_PATH, uploadOf([])] as const])
        expect(await ask(proxy, path, null, body)).toMatchObject({ status: 401, kind: 'not-paired' })
    })

    it('a till see what the owner sees', async () => {
      for (const path of OWNER_READS)
        expect(await ask(proxy, path, till)).toMatchObject({ status: 403, kind: 'not-owner' })
      for (const [path, body] of OWNER_CHANGES)
        expect(await ask(proxy, path, till, body)).toMatchObject({ status: 403, kind: 'not-owner' })
    })

    it('an owner do what a till does', async () => {
      for (const path of [UPLOAD_PATH, STANDING_PATH])
        expect(await ask(proxy, path, owner, uploadOf([]))).toMatchObject({ status: 401, kind: 'not-paired' })
      for (const path of ['/api/atol/devices', '/api/iiko/names'])
        expect(await ask(proxy, path, owner)).toMatchObject({ status: 401, kind: 'not-paired' })
    })

    it('a token that was changed or signed by somebody else pass', async () => {
      const forged = [
        till.replace(/^till/, 'owner'),
        owner.replace(/^owner/, 'till'),
        `${owner}x`,
        signToken(Buffer.alloc(32), 'owner', 'anybody'),
        'owner..',
      ]
      const verdicts = await Promise.all(forged.map(async (token) => (await ask(proxy, SUMMARY_PATH, token)).status))
      expect(new Set(verdicts)).toEqual(new Set([401]))
    })

    it.each([
      '/',
      '/../shop/summary',
      '/summary/',
      '/summary%2f',
      '//summary',
      '/upload/..;/summary',
      '/receipt/../../pair',
    ])('the path %s lead anywhere', async (path) => {
      const reply = await ask(proxy, `/api/shop${path}`, till)
      expect([403, 404]).toContain(reply.status)
    })

    it.each([
      `search=${encodeURIComponent("' OR 1=1 --")}`,
      `search=${encodeURIComponent("'; DROP TABLE entries; --")}`,
      'search=%25',
      'search=%00%ff',
      'search=_',
    ])('words searched for be anything but words: %s', async (query) => {
      const { status, body } = await ask(proxy, `${RECEIPTS_PATH}?${query}`, owner)
      expect(status).toBe(200)
      expect(v.parse(shopReceiptsSchema, body).receipts).toEqual([])
    })

    it.each([
      [`${SUMMARY_PATH}?from=2026-13-01`],
      [`${SUMMARY_PATH}?from=2026-11-02&to=2026-11-01`],
      [`${SUMMARY_PATH}?from=0001-01-01&to=2026-11-01`],
      [`${SUMMARY_PATH}?from=${encodeURIComponent("2026-11-01' OR '1")}`],
      [`${RECEIPTS_PATH}?limit=100000`],
      [`${RECEIPTS_PATH}?limit=-1`],
      [`${RECEIPTS_PATH}?before=${encodeURIComponent("1.x' OR 1=1.y")}`],
      [`${RECEIPTS_PATH}?till=..%2f..`],
      [`${RECEIPTS_PATH}?state=any`],
      [`${RECEIPTS_PATH}?search=${'x'.repeat(200)}`],
      [`${RECEIPT_PATH}?till=${SAMPLE_TILL}`],
      [`${RECEIPT_PATH}?till=${SAMPLE_TILL}&id=%20`],
    ])('%s be asked', async (path) => {
      expect(await ask(proxy, path, owner)).toMatchObject({ status: 400, kind: 'bad-request' })
    })

    it('a till find another one without its id', async () => {
      const other = await pair(proxy, CODES.PAIRING_CODE)
      for (const guess of ['till-0000-0009', "till-' OR '1'='1", '%', 'till-____-____']) {
        const { status, body } = await ask(proxy, `${HISTORY_PATH}?till=${encodeURIComponent(guess)}`, other.token)
        expect(status === 400 || JSON.stringify(body) === '{"entries":[],"next":null}').toBe(true)
      }
    })

    it('broken, strange and giant bodies do harm', async () => {
      const change = changeOf(9, doneEntry(sample(9)))
      const deep: unknown = JSON.parse(`${'['.repeat(3_000)}${']'.repeat(3_000)}`)
      for (const body of [
        '{',
        'null',
        '[]',
        '""',
        JSON.stringify({ ...uploadOf([]), more: 1 }),
        JSON.stringify(uploadOf([{ ...change, revision: 0 }])),
        JSON.stringify(uploadOf([{ ...change, revision: 1e300 }])),
        JSON.stringify(uploadOf([{ ...change, id: 'a\u0000b' }])),
        JSON.stringify(uploadOf([{ ...change, id: 'x'.repeat(101) }])),
        JSON.stringify(uploadOf([], { till: '../../etc' })),
        JSON.stringify(uploadOf([], { tenure: -1 })),
        JSON.stringify(uploadOf(Array.from({ length: UPLOAD_BATCH + 1 }, () => change))),
        JSON.stringify(uploadOf([{ ...change, record: { ...change.record, deep } }])),
        `{"till":${'['.repeat(100_000)}`,
      ])
        expect(await ask(proxy, UPLOAD_PATH, till, body)).toMatchObject({ status: 400, kind: 'bad-request' })
      const giant = await ask(proxy, UPLOAD_PATH, till, `{"till":"${'x'.repeat(9 * 1024 * 1024)}"}`)
      expect(giant).toMatchObject({ status: 413, kind: 'body-too-large' })
      const elsewhere = await ask(proxy, STANDING_PATH, till, `{"till":"${'x'.repeat(5 * 1024 * 1024)}"}`)
      expect(elsewhere).toMatchObject({ status: 413, kind: 'body-too-large' })
      const proto = { ...change, record: { ...change.record, ['__proto__']: { admin: true } } }
      expect((await ask(proxy, UPLOAD_PATH, till, JSON.stringify(uploadOf([proto])))).status).toBe(200)
      expect(({} as { admin?: boolean }).admin).toBeUndefined()
    })

    it('sums that no register knows into the reports', async () => {
      const entry = doneEntry(sample(50))
      const receipt = { ...entry.receipt, total: 9e15, rows: [] }
      const change = { ...changeOf(50, entry), record: { ...changeOf(50, entry).record, receipt, amount: 9e15 } }
      const reply = await ask(proxy, UPLOAD_PATH, till, uploadOf([change]))
      expect(reply.body).toMatchObject({ acknowledged: [50], conflicts: ['entry-50'] })
    })

    it('an old revision that is played again change anything', async () => {
      const before = (await ask(proxy, `${RECEIPT_PATH}?till=${SAMPLE_TILL}&id=entry-1`, owner)).body
      const old = uploadOf([changeOf(1, queuedEntry(sample(1)))])
      expect((await ask(proxy, UPLOAD_PATH, till, old)).body).toMatchObject({ acknowledged: [1], conflicts: [] })
      expect((await ask(proxy, `${RECEIPT_PATH}?till=${SAMPLE_TILL}&id=entry-1`, owner)).body).toEqual(before)
    })
  })

  it('refuses a till that was replaced, and an owner whose code was taken back', async () => {
    const upload = uploadOf([changeOf(1, queuedEntry(sample(1)))], { till: OTHER_TILL })
    expect((await ask(proxy, UPLOAD_PATH, till, upload)).status).toBe(200)
    const replace = { till: OTHER_TILL, by: 'till-0000-0003', letter: 'C' }
    const taken = v.parse(replaceReplySchema, (await ask(proxy, REPLACE_PATH, owner, replace)).body)
    expect(taken).toMatchObject({ till: OTHER_TILL, letter: 'A', tenure: 1, unsettled: [{ id: 'entry-1' }] })
    expect(await ask(proxy, UPLOAD_PATH, till, upload)).toMatchObject({ status: 409, kind: 'till-replaced' })
    expect((await ask(proxy, UPLOAD_PATH, till, { ...upload, tenure: 1 })).status).toBe(200)
    expect(await ask(proxy, REPLACE_PATH, owner, { ...replace, till: 'till-0000-0404' })).toMatchObject({ status: 404 })
    revokeTill(stateDir, owner.split('.')[1] ?? '')
    await expect.poll(async () => (await ask(proxy, SUMMARY_PATH, owner)).status, { timeout: 5_000 }).toBe(401)
  })
})

describe('a shop at this machine', () => {
  it('may be looked at without a code until a till uploads, and is marked as invented until then', async () => {
    const proxy = await startTestProxy(CODES)
    const summary = v.parse(shopSummarySchema, (await ask(proxy, SUMMARY_PATH, null)).body)
    expect(summary.demo).toBe(true)
    for (const path of [RECEIPTS_PATH, TILLS_PATH])
      expect((await ask(proxy, path, null)).body).toMatchObject({ demo: true })
    for (const [path, body] of OWNER_CHANGES) expect((await ask(proxy, path, null, body)).status).toBe(403)
    const practice = uploadOf([changeOf(1, doneEntry(sample(1)))], { demo: true })
    expect((await ask(proxy, UPLOAD_PATH, null, practice)).status).toBe(200)
    const practised = await ask(proxy, `${RECEIPT_PATH}?till=${SAMPLE_TILL}&id=entry-1`, null)
    expect(practised.status).toBe(200)
    expect((await ask(proxy, STANDING_PATH, null, { till: SAMPLE_TILL, letter: 'A', demo: false })).body).toMatchObject(
      { known: false },
    )
    expect((await ask(proxy, UPLOAD_PATH, null, uploadOf([changeOf(1, doneEntry(sample(1)))]))).status).toBe(200)
    expect(await ask(proxy, SUMMARY_PATH, null)).toMatchObject({ status: 403, kind: 'not-owner' })
    const { token } = await pair(proxy, CODES.OWNER_CODE)
    expect((await ask(proxy, SUMMARY_PATH, token)).body).toMatchObject({ demo: false, tills: [{ till: SAMPLE_TILL }] })
    await proxy.close()
  })

  it('says that its database is away, and is there again once it is', async () => {
    const stateDir = join(mkdtempSync(join(tmpdir(), 'ikkm-shop-')), 'state')
    const proxy = await startTestProxy({
      ...CODES,
      STATE_DIR: stateDir,
      DATABASE_URL: 'postgres://shop:secret@127.0.0.1:1/shop',
    })
    const upload = uploadOf([changeOf(1, doneEntry(sample(1)))])
    expect(await ask(proxy, UPLOAD_PATH, null, upload)).toMatchObject({ status: 503, kind: 'no-database' })
    expect((await ask(proxy, '/api/atol/devices', null)).status).toBe(200)
    expect(proxy.logLines.join('\n')).not.toContain('secret')
    await proxy.close()
  })
})
