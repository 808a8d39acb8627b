/** What the proxy adds to a request: the same question asked directly and through it, over real HTTP, in turns. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadSettings } from '../../proxy/config.ts'
import { createLogger } from '../../proxy/log.ts'
import { startProxy } from '../../proxy/server.ts'
import { ATOL_ACCOUNT, startAtolEmulator } from '../emulators/atol.ts'
import { IIKO_ACCOUNT, startIikoEmulator } from '../emulators/iiko.ts'
import { passwordHash } from '../../proxy/iiko.ts'

export interface ProxyOverhead {
  /** What was asked. */
  readonly question: string
  readonly rounds: number
  /** Median of the differences, ms. */
  readonly medianMs: number
  readonly p95Ms: number
  readonly directMedianMs: number
}

const agent = new Agent({ keepAlive: true })
const SHIFT = 'f67fea0a-90d4-427c-ac3d-b82c1582f7f9'
const WARM_UP = 100

function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string; durationMs: number }> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    httpRequest(url, { agent, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body, durationMs: performance.now() - startedAt })
      })
      response.on('error', reject)
    })
      .on('error', reject)
      .end()
  })
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}

function localDay(offset: number): string {
  return new Date(Date.now() + 5 * 3_600_000 + offset * 86_400_000).toISOString().slice(0, 10)
}

interface Pair {
  readonly question: string
  readonly direct: () => Promise<{ status: number; durationMs: number }>
  readonly through: () => Promise<{ status: number; durationMs: number }>
}

/** Whoever asks second finds a warmer machine: the two take turns in being first. */
async function measure(pair: Pair, rounds: number): Promise<ProxyOverhead> {
  const differences: number[] = []
  const directs: number[] = []
  for (let round = -WARM_UP; round < rounds; round += 1) {
    const throughFirst = round % 2 !== 0 ? await pair.through() : null
    const direct = await pair.direct()
    const through = throughFirst ?? (await pair.through())
    if (direct.status !== 200 || through.status !== 200)
      throw new Error(`${pair.question}: ${direct.status}, ${through.status}`)
    if (round < 0) continue
    directs.push(direct.durationMs)
    differences.push(through.durationMs - direct.durationMs)
  }
  const sorted = differences.sort((a, b) => a - b)
  const sortedDirect = directs.sort((a, b) => a - b)
  return {
    question: pair.question,
    rounds,
    medianMs: quantile(sorted, 0.5),
    p95Ms: quantile(sorted, 0.95),
    directMedianMs: quantile(sortedDirect, 0.5),
  }
}

/**
 * Measures both upstreams; `rounds` requests each way. The proxy is the one that `npm start` runs, its log written to
 * a file as a service's log is; only its limit of requests an address is out of the way.
 */
export async function measureProxyOverhead(rounds = 1_000): Promise<readonly ProxyOverhead[]> {
  const stateDir = mkdtempSync(join(tmpdir(), 'ikkm-bench-'))
  // Two slots: the bench asks directly with a token of its own.
  const iiko = await startIikoEmulator({ shifts: 100, slots: 2 })
  const atol = await startAtolEmulator({ devices: 100 })
  const settings = loadSettings({
    PORT: '0',
    STATE_DIR: stateDir,
    IIKO_URL: iiko.origin,
    IIKO_LOGIN: IIKO_ACCOUNT.login,
    IIKO_PASSWORD: IIKO_ACCOUNT.password,
    ATOL_URL: atol.origin,
    ATOL_LOGIN: ATOL_ACCOUNT.login,
    ATOL_PASSWORD: ATOL_ACCOUNT.password,
  })
  const log = createWriteStream(join(stateDir, 'proxy.log'))
  const logger = createLogger((line) => log.write(`${line}\n`))
  const proxy = await startProxy(settings, { withoutApp: true, rateLimiter: { take: () => true }, logger })
  const base = `http://127.0.0.1:${proxy.port}`
  try {
    const login = new URLSearchParams({ login: IIKO_ACCOUNT.login, pass: passwordHash(IIKO_ACCOUNT.password) })
    const key = (await get(`${iiko.origin}/resto/api/auth?${login.toString()}`)).body
    const query = new URLSearchParams({ login: ATOL_ACCOUNT.login, pass: ATOL_ACCOUNT.password })
    const { token } = JSON.parse((await get(`${atol.origin}/api/auth/v1/gettoken?${query.toString()}`)).body) as {
      token: string
    }
    const week = { from: localDay(-6), to: localDay(0) }
    const listQuery = new URLSearchParams({
      openDateFrom: week.from,
      openDateTo: week.to,
      status: 'ANY',
      revisionFrom: '-1',
    })
    const pairs: readonly Pair[] = [
      {
        question: 'iiko: one shift',
        direct: () => get(`${iiko.origin}/resto/api/v2/cashshifts/byId/${SHIFT}`, { cookie: `key=${key}` }),
        through: () => get(`${base}/api/iiko/shifts/${SHIFT}`),
      },
      {
        question: 'iiko: shifts of a week',
        direct: () =>
          get(`${iiko.origin}/resto/api/v2/cashshifts/list?${listQuery.toString()}`, { cookie: `key=${key}` }),
        through: () => get(`${base}/api/iiko/shifts?from=${week.from}&to=${week.to}`),
      },
      {
        question: 'ATOL: ten devices',
        direct: () => get(`${atol.origin}/api/kkt/v1/cash-registers?limit=10&offset=0`, { token }),
        through: () => get(`${base}/api/atol/devices?limit=10`),
      },
    ]
    const results: ProxyOverhead[] = []
    for (const pair of pairs) results.push(await measure(pair, rounds))
    return results
  } finally {
    await Promise.all([proxy.close(), iiko.close(), atol.close()])
    agent.destroy()
    log.end()
    rmSync(stateDir, { recursive: true, force: true })
  }
}

export interface ProxyLoad {
  readonly tablets: number
  readonly seconds: number
  readonly requests: number
  /** What the proxy adds, against the median of the same question asked directly at the same time, ms. */
  readonly medianMs: number
  readonly p99Ms: number
  readonly directMedianMs: number
  readonly directP99Ms: number
  /** Resident memory of the proxy after the first tenth and at the end, MB. */
  readonly memoryMb: readonly [number, number]
}

const TABLETS = 100
/** What a tablet in use asks, on the average. */
const ASKS_EVERY_MS = 1_000

function startProxyProcess(
  env: Record<string, string>,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  return new Promise((done, fail) => {
    const main = resolve(import.meta.dirname, '../../proxy/main.ts')
    const child = spawn(process.execPath, ['--import', 'tsx', main], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    child.once('exit', (code) => fail(new Error(`the proxy ended with ${String(code)}`)))
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const port = /localhost:(\d+)/.exec(said)?.[1]
      if (port !== undefined) done({ child, port: Number(port) })
    })
  })
}

/** Resident memory of a process, MB. */
function memoryOf({ pid }: ChildProcess): number {
  const pages = Number(readFileSync(`/proc/${String(pid)}/statm`, 'utf8').split(' ')[1])
  return Math.round((pages * 4_096) / 1024 / 1024)
}

function timedGet(port: number, path: string, headers: Record<string, string>, localAddress: string): Promise<number> {
  const startedAt = performance.now()
  return new Promise((done, fail) => {
    httpRequest({ host: '127.0.0.1', port, path, headers, localAddress, agent: false }, (response) => {
      response.resume()
      response.on('error', fail)
      response.on('end', () => {
        if (response.statusCode === 200) done(performance.now() - startedAt)
        else fail(new Error(`${path}: ${String(response.statusCode)}`))
      })
    })
      .on('error', fail)
      .end()
  })
}

/**
 * A hundred tablets at once, each from an address and on connections of its own, once a second for `seconds`: every second
 * question goes directly. The proxy is a process of its own, as `npm start` runs it.
 */
async function measureProxyLoad(seconds: number): Promise<ProxyLoad> {
  const folder = mkdtempSync(join(tmpdir(), 'ikkm-load-'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  const atol = await startAtolEmulator({ devices: 100 })
  const { child, port } = await startProxyProcess({
    STATE_DIR: folder,
    DIST_DIR: folder,
    ATOL_URL: atol.origin,
    ATOL_LOGIN: ATOL_ACCOUNT.login,
    ATOL_PASSWORD: ATOL_ACCOUNT.password,
    LOG_LEVEL: 'info',
  })
  const through: number[] = []
  const direct: number[] = []
  try {
    const query = new URLSearchParams({ login: ATOL_ACCOUNT.login, pass: ATOL_ACCOUNT.password })
    const answer = await get(`${atol.origin}/api/auth/v1/gettoken?${query.toString()}`)
    const { token } = JSON.parse(answer.body) as { token: string }
    const own = { host: '127.0.0.1' }
    await timedGet(port, '/api/atol/devices?limit=10', own, '127.0.0.1')
    const end = performance.now() + seconds * 1_000
    let early = 0
    const tablet = async (index: number) => {
      const address = `127.0.${1 + Math.floor(index / 200)}.${1 + (index % 200)}`
      let next = performance.now() + (index * ASKS_EVERY_MS) / TABLETS
      for (let round = index; next < end; round += 1, next += ASKS_EVERY_MS) {
        await new Promise((done) => setTimeout(done, Math.max(0, next - performance.now())))
        if (round % 2 === 0) through.push(await timedGet(port, '/api/atol/devices?limit=10', own, address))
        else direct.push(await timedGet(atol.port, '/api/kkt/v1/cash-registers?limit=10&offset=0', { token }, address))
        if (early === 0 && performance.now() > end - seconds * 900) early = memoryOf(child)
      }
    }
    await Promise.all(Array.from({ length: TABLETS }, (_none, index) => tablet(index)))
    const sortedDirect = direct.sort((a, b) => a - b)
    const directMedianMs = quantile(sortedDirect, 0.5)
    const added = through.map((duration) => duration - directMedianMs).sort((a, b) => a - b)
    return {
      tablets: TABLETS,
      seconds,
      requests: through.length + direct.length,
      medianMs: quantile(added, 0.5),
      p99Ms: quantile(added, 0.99),
      directMedianMs,
      directP99Ms: quantile(sortedDirect, 0.99),
      memoryMb: [early, memoryOf(child)],
    }
  } finally {
    child.removeAllListeners('exit')
    child.kill('SIGTERM')
    await atol.close()
    agent.destroy()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

// `npx tsx e2e/bench/proxy-overhead.ts [seconds]`
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(JSON.stringify(await measureProxyLoad(Number(process.argv[2] ?? 60))))
