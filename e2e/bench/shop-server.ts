/**
 * The shop server under load, over HTTP and in a process of its own: how long a till waits for its acknowledgement while
 * a thousand of them sell, how long a report takes over everything that is stored, and what it all weighs.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRecord, parseJson } from '../../src/contract/json.ts'
import { RECEIPTS_PATH, SUMMARY_PATH, UPLOAD_BATCH, UPLOAD_PATH } from '../../src/contract/shop.ts'
import { Random } from '../../src/device-model/random.ts'
import { openPostgres } from '../../proxy/shop/postgres.ts'
import { changeOf, doneEntry, uploadOf } from '../../proxy/shop/sample-entries.ts'
import { createShopTime } from '../../proxy/shop/shop-time.ts'
import { SQLITE_FILE } from '../../proxy/shop/shop.ts'
import { openSqlite } from '../../proxy/shop/sqlite.ts'
import { openStore } from '../../proxy/shop/store.ts'
import { startPostgres, type TestPostgres } from '../../proxy/shop/testing/postgres-kit.ts'
import { round } from './bench-till.ts'

const CODES = { PAIRING_CODE: '24681357', OWNER_CODE: '97531864' }
const TILLS = 1_000
const PRODUCTS = 3_000
const DAYS = 365
const DAY_MS = 86_400_000
const LOAD_S = 15
/** A till that was away for a month. */
const BACKLOG = 30_000
const REPORTS = 60

export interface ShopServerFigures {
  readonly engine: string
  readonly receipts: number
  /** How long filling took, a second's receipts. */
  readonly filledPerSecond: number
  readonly uploadsPerSecond: number
  readonly uploadP50Ms: number
  readonly uploadP99Ms: number
  /** A month's entries of one till, taken in while the others sell; null where it wasn't measured. */
  readonly backlogSeconds: number | null
  readonly reportP50Ms: number
  readonly reportP95Ms: number
  readonly searchP95Ms: number
  readonly memoryMb: number
  readonly diskMbPer100k: number
}

export interface ShopServerOptions {
  readonly receipts: number
  readonly postgres: boolean
  /** Uploads a second of all tills together, a receipt each. */
  readonly rate: number
  readonly backlog: boolean
}

const tillName = (number: number) => `bench-till-${String(number).padStart(4, '0')}`

function receiptAt(random: Random, id: string, sequence: number, atMs: number) {
  return doneEntry({
    id,
    sequence,
    atMs,
    cashier: `Кассир ${random.below(40)}`,
    tender: random.chance(0.6) ? 'bank' : 'cash',
    ...(random.chance(0.4) && { way: 'Kaspi QR' }),
    kind: random.chance(0.02) ? 'saleReturn' : 'sale',
    lines: Array.from({ length: random.between(1, 5) }, () => {
      const product = random.below(PRODUCTS)
      return { name: `Товар № ${product}`, price: 10_000 + product * 10 }
    }),
  })
}

/** Stores a year of receipts without the network in between. Returns seconds. */
async function fill(url: string | null, stateDir: string, receipts: number, nowMs: number): Promise<number> {
  const database = url === null ? await openSqlite(join(stateDir, SQLITE_FILE)) : await openPostgres(url)
  const store = await openStore(database, { time: createShopTime('Asia/Almaty'), gatherMs: 0 })
  const random = Random.seeded(1)
  const batches = Math.ceil(receipts / UPLOAD_BATCH)
  const startedAt = performance.now()
  for (let batch = 0; batch < batches; batch += 1) {
    const till = tillName(batch % TILLS)
    const first = Math.floor(batch / TILLS) * UPLOAD_BATCH
    // A batch is a till's day or two; the year goes by over all of them.
    const startMs = nowMs - DAYS * DAY_MS + Math.floor((batch / batches) * (DAYS - 1)) * DAY_MS
    const changes = Array.from({ length: UPLOAD_BATCH }, (_, index) => {
      const sequence = first + index + 1
      return changeOf(sequence, receiptAt(random, `${till}-${sequence}`, sequence, startMs + random.below(DAY_MS)))
    })
    await store.upload(uploadOf(changes, { till }), 'bench')
  }
  const seconds = (performance.now() - startedAt) / 1_000
  await store.close()
  return seconds
}

/** Fewer than the server lets one address have. */
const agent = new Agent({ keepAlive: true, maxSockets: 100 })

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly ms: number
}

function call(base: string, path: string, from: string, token: string | null, body?: unknown): Promise<Answer> {
  const startedAt = performance.now()
  const headers = {
    'x-forwarded-for': from,
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      base + path,
      { agent, headers, method: body === undefined ? 'GET' : 'POST' },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('error', reject).on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: parseJson(text), ms: performance.now() - startedAt })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** Address of a till: each has an allowance of its own. */
const addressOf = (number: number) => `10.1.${Math.floor(number / 250)}.${(number % 250) + 1}`

async function pair(base: string, code: string): Promise<string> {
  const { body } = await call(base, '/api/pair', '10.0.0.1', null, { code })
  if (!isRecord(body) || typeof body.token !== 'string') throw new Error('not paired')
  return body.token
}

function startServer(stateDir: string, url: string | null) {
  const dist = mkdtempSync(join(tmpdir(), 'ikkm-bench-dist-'))
  writeFileSync(join(dist, 'index.html'), '<!doctype html><title>app</title>')
  const child = spawn(process.execPath, ['--import', 'tsx', 'proxy/main.ts'], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      STATE_DIR: stateDir,
      DIST_DIR: dist,
      TRUSTED_PROXY: '127.0.0.1',
      LOG_LEVEL: 'error',
      ...CODES,
      ...(url !== null && { DATABASE_URL: url }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return new Promise<{ base: string; stop: () => Promise<void> }>((resolve, reject) => {
    child.once('error', reject)
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const port = /Terminal: http:\/\/localhost:(\d+)/.exec(said)?.[1]
      if (port === undefined) return
      const exited = new Promise<void>((done) => child.once('exit', () => done()))
      resolve({
        base: `http://127.0.0.1:${port}`,
        stop: async () => {
          child.kill('SIGTERM')
          await exited
        },
      })
    })
  })
}

const quantile = (list: readonly number[], part: number) => {
  const sorted = [...list].sort((a, b) => a - b)
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Tills sell at a steady rate, whether answers come or not. Returns how long each waited, ms. */
async function sell(base: string, token: string, rate: number, nowMs: number): Promise<number[]> {
  const random = Random.seeded(2)
  const waits: Promise<number>[] = []
  const startedAt = performance.now()
  for (let sold = 0; sold < rate * LOAD_S; sold += 1) {
    const late = startedAt + (sold * 1_000) / rate - performance.now()
    if (late > 1) await pause(late)
    const number = random.below(TILLS)
    const sequence = 1_000_000 + sold
    const entry = receiptAt(random, `sold-${sequence}`, sequence, nowMs)
    const upload = uploadOf([changeOf(sequence, entry)], { till: tillName(number) })
    const left = performance.now()
    waits.push(
      call(base, UPLOAD_PATH, addressOf(number), token, upload).then(({ status }) => {
        if (status !== 200) throw new Error(`an upload was answered with ${status}`)
        return performance.now() - left
      }),
    )
  }
  return Promise.all(waits)
}

/** One till's month, batch after batch. Returns seconds. */
async function catchUp(base: string, token: string, nowMs: number): Promise<number> {
  const random = Random.seeded(3)
  const startedAt = performance.now()
  for (let first = 0; first < BACKLOG; first += UPLOAD_BATCH) {
    const changes = Array.from({ length: UPLOAD_BATCH }, (_, index) => {
      const sequence = first + index + 1
      return changeOf(sequence, receiptAt(random, `away-${sequence}`, sequence, nowMs - (BACKLOG - sequence) * 86_000))
    })
    const upload = uploadOf(changes, { till: 'bench-till-away', waiting: BACKLOG - first - UPLOAD_BATCH })
    const { status } = await call(base, UPLOAD_PATH, '10.2.0.1', token, upload)
    if (status !== 200) throw new Error(`a batch was answered with ${status}`)
  }
  return (performance.now() - startedAt) / 1_000
}

async function report(base: string, owner: string, nowMs: number): Promise<number[]> {
  const random = Random.seeded(4)
  const day = (back: number) => new Date(nowMs - back * DAY_MS).toISOString().slice(0, 10)
  const named = [0, 1, 6, 29, 89, 364].map((back) => [back, 0] as const)
  const times: number[] = []
  for (let asked = 0; asked < REPORTS; asked += 1) {
    const from = random.between(0, DAYS - 1)
    const [first, last] = named[asked] ?? [from, random.between(0, from)]
    const { status, ms } = await call(base, `${SUMMARY_PATH}?from=${day(first)}&to=${day(last)}`, '10.3.0.1', owner)
    if (status !== 200) throw new Error(`a report was answered with ${status}`)
    times.push(ms)
  }
  return times
}

async function search(base: string, owner: string): Promise<number[]> {
  const times: number[] = []
  const words = ['', '1005', 'A-0042', '240', 'кассир 7', 'кассир', 'nobody', '999999999']
  for (const word of [...words, ...words]) {
    const path = `${RECEIPTS_PATH}?search=${encodeURIComponent(word)}`
    const { status, ms } = await call(base, path, '10.3.0.2', owner)
    if (status !== 200) throw new Error(`a search was answered with ${status}`)
    times.push(ms)
  }
  return times
}

async function diskBytes(url: string | null, stateDir: string): Promise<number> {
  if (url === null) return statSync(join(stateDir, SQLITE_FILE)).size
  const database = await openPostgres(url)
  const [row] = await database.read((sql) => sql.all('SELECT pg_database_size(current_database()) AS bytes'))
  await database.close()
  return Number(row?.bytes)
}

/** Measures one engine. Needs some minutes for each million receipts. */
export async function measureShopServer(options: ShopServerOptions): Promise<ShopServerFigures> {
  const stateDir = mkdtempSync(join(tmpdir(), 'ikkm-bench-shop-'))
  const postgres: TestPostgres | null = options.postgres ? await startPostgres(true) : null
  const url = postgres === null ? null : await postgres.createDatabase()
  try {
    const nowMs = Date.now()
    const seconds = await fill(url, stateDir, options.receipts, nowMs)
    const bytes = await diskBytes(url, stateDir)
    const { base, stop } = await startServer(stateDir, url)
    try {
      const [till, owner] = [await pair(base, CODES.PAIRING_CODE), await pair(base, CODES.OWNER_CODE)]
      // The first questions load code and open files.
      await call(base, SUMMARY_PATH, '10.3.0.1', owner)
      await search(base, owner)
      const reports = await report(base, owner, nowMs)
      const searches = await search(base, owner)
      const [waits, backlog] = await Promise.all([
        sell(base, till, options.rate, nowMs),
        options.backlog ? catchUp(base, till, nowMs) : null,
      ])
      const { body } = await call(base, '/api/health', '10.3.0.1', owner)
      const memory = isRecord(body) && typeof body.memoryBytes === 'number' ? body.memoryBytes : 0
      return {
        engine: options.postgres ? 'PostgreSQL' : 'SQLite',
        receipts: options.receipts,
        filledPerSecond: Math.round(options.receipts / seconds),
        uploadsPerSecond: options.rate,
        uploadP50Ms: quantile(waits, 0.5),
        uploadP99Ms: quantile(waits, 0.99),
        backlogSeconds: backlog === null ? null : round(backlog),
        reportP50Ms: quantile(reports, 0.5),
        reportP95Ms: quantile(reports, 0.95),
        searchP95Ms: quantile(searches, 0.95),
        memoryMb: Math.round(memory / 1_000_000),
        diskMbPer100k: Math.round((bytes / options.receipts) * 0.1),
      }
    } finally {
      await stop()
    }
  } finally {
    await postgres?.close()
    rmSync(stateDir, { recursive: true, force: true })
  }
}
