/** 2 000 broken answers an upstream: no crash, a typed failure or readable data, nothing leaked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { ATOL_ACCOUNT, startAtolEmulator, type AtolEmulator } from '../e2e/emulators/atol.ts'
import { IIKO_ACCOUNT, startIikoEmulator, type IikoEmulator } from '../e2e/emulators/iiko.ts'
import type { UpstreamEmulator, UpstreamFault } from '../e2e/emulators/iiko-atol-server.ts'
import { atolDetailSchema, atolPageSchema } from '../src/contract/atol.ts'
import { failureReplySchema, replySchema } from '../src/contract/errors.ts'
import {
  iikoCatalogueSchema,
  iikoDocumentSchema,
  iikoNamesSchema,
  iikoPaymentsSchema,
  iikoSalesSchema,
  iikoSaveResultSchema,
  iikoShiftListSchema,
  iikoShiftSchema,
} from '../src/contract/iiko.ts'
import { ATOL_DEVICE_SAMPLE } from './models/atol.ts'
import {
  DOCUMENT_SAMPLE,
  PAYMENTS_SAMPLE,
  SAVE_ERROR_SAMPLE,
  SAVE_SUCCESS_SAMPLE,
  SHIFT_LIST_SAMPLE,
  SHIFT_SAMPLE,
} from './models/iiko-samples.ts'
import { passwordHash } from './iiko.ts'
import { readDocument } from './iiko-wire.ts'
import { startTestProxy, type TestProxy } from './testing/proxy-kit.ts'

const ROUNDS = 2_000
const SHIFT = '/api/iiko/shifts/f67fea0a-90d4-427c-ac3d-b82c1582f7f9'

/** Small seeded generator (mulberry32): a failing round can be run again. */
function random(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return { below, pick: <T>(list: readonly T[]): T => list[below(list.length)] as T }
}
type Random = ReturnType<typeof random>

const ODD: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1e308,
  'x'.repeat(5_000),
  [],
  {},
  [[]],
  true,
  '<b>',
  '\u0000',
  '2026-13-45T99:99:99',
  { id: {} },
]
const STATUSES = [200, 200, 200, 200, 201, 204, 206, 400, 401, 403, 404, 409, 418, 429, 500, 502, 503]
const TYPES = ['application/json', 'text/plain', 'text/html', 'application/xml', '', 'application/octet-stream']

/** Puts odd values into random places of a sample. */
function mutate(value: unknown, chance: Random): unknown {
  if (chance.below(12) === 0) return chance.pick(ODD)
  if (Array.isArray(value)) return value.map((inner) => mutate(inner, chance))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(() => chance.below(15) !== 0)
  return Object.fromEntries(entries.map(([key, inner]) => [key, mutate(inner, chance)]))
}

function brokenFault(
  path: string,
  samples: readonly unknown[],
  secrets: readonly string[],
  chance: Random,
): UpstreamFault {
  const whole = JSON.stringify(mutate(chance.pick(samples), chance)) ?? 'null'
  const bodies = [
    whole,
    whole.slice(0, chance.below(whole.length + 1)),
    `${whole}}`,
    `<html><body>${chance.pick(secrets)}</body></html>`,
    `Error at line 1: ${chance.pick(secrets)} ${MARKED}`,
    String.fromCharCode(...Array.from({ length: 40 }, () => chance.below(60_000))),
    `<?xml version="1.0"?><employees><employee><id>1</id><name>${chance.pick(secrets)}</employee>`,
    '',
    '[['.repeat(2_000),
  ]
  switch (chance.below(10)) {
    case 0:
      return { kind: 'cut', path }
    case 1:
      return { kind: 'drop', path, times: 2 }
    case 2:
      return { kind: 'garbage', path, text: chance.pick(bodies) }
    case 3:
      return {
        kind: 'redirect',
        path,
        location: chance.pick(['http://127.0.0.1:1/', '//evil', 'file:///etc/passwd', '']),
      }
    default:
      return {
        kind: 'answer',
        path,
        status: chance.pick(STATUSES),
        contentType: chance.pick(TYPES),
        body: chance.pick(bodies),
      }
  }
}
const MARKED = '<script>alert(1)</script>\r\nSet-Cookie: a=b'

interface Question {
  readonly path: string
  readonly upstreamPath: string
  readonly schema: v.GenericSchema
  readonly body?: string
}

let proxy: TestProxy
let iiko: IikoEmulator
let atol: AtolEmulator

beforeAll(async () => {
  iiko = await startIikoEmulator({ shifts: 30, slots: 1_000_000 })
  atol = await startAtolEmulator({ devices: 30 })
  proxy = await startTestProxy(
    {
      IIKO_URL: iiko.origin,
      IIKO_LOGIN: IIKO_ACCOUNT.login,
      IIKO_PASSWORD: IIKO_ACCOUNT.password,
      ATOL_URL: atol.origin,
      ATOL_LOGIN: ATOL_ACCOUNT.login,
      ATOL_PASSWORD: ATOL_ACCOUNT.password,
    },
    { rateLimiter: { take: () => true } },
  )
})
afterAll(async () => {
  await Promise.all([proxy.close(), iiko.close(), atol.close()])
})

async function ask(question: Question): Promise<{ status: number; text: string; headers: Headers }> {
  const init =
    question.body === undefined
      ? {}
      : { method: 'POST', body: question.body, headers: { 'content-type': 'application/json' } }
  const reply = await fetch(proxy.base + question.path, init)
  return { status: reply.status, text: await reply.text(), headers: reply.headers }
}

async function hammer(
  emulator: UpstreamEmulator,
  questions: readonly Question[],
  samples: readonly unknown[],
  secretsNow: () => readonly string[],
  seed: number,
) {
  const chance = random(seed)
  const seen = new Map<string, number>()
  for (let round = 0; round < ROUNDS; round += 1) {
    const question = chance.pick(questions)
    emulator.clearFaults()
    emulator.addFault(brokenFault(question.upstreamPath, samples, secretsNow(), chance))
    const reply = await ask(question)
    const parsed: unknown = JSON.parse(reply.text)
    const refusal = v.safeParse(failureReplySchema, parsed)
    const readable = v.is(replySchema(question.schema), parsed)
    if (!refusal.success && !readable)
      throw new Error(`seed ${seed}, round ${round}: neither data nor a failure: ${reply.text.slice(0, 300)}`)
    const kind = refusal.success ? refusal.output.failure.kind : 'readable'
    expect(kind, `seed ${seed}, round ${round}`).not.toBe('proxy-defect')
    expect(reply.headers.get('set-cookie')).toBeNull()
    for (const secret of secretsNow())
      expect(reply.text.includes(secret), `seed ${seed}, round ${round} leaks`).toBe(false)
    seen.set(kind, (seen.get(kind) ?? 0) + 1)
  }
  emulator.clearFaults()
  return seen
}

describe('2 000 random broken answers', () => {
  it('of iikoServer end in data or a typed failure, and nothing leaks', async () => {
    const save = {
      path: '/api/iiko/document',
      upstreamPath: '/resto/api/v2',
      body: JSON.stringify(readDocument(DOCUMENT_SAMPLE, JSON.stringify(DOCUMENT_SAMPLE))),
    }
    const questions: readonly Question[] = [
      {
        path: '/api/iiko/shifts?from=2017-02-21&to=2017-03-20',
        upstreamPath: '/resto/api/v2',
        schema: iikoShiftListSchema,
      },
      { path: SHIFT, upstreamPath: '/resto/api/v2', schema: iikoShiftSchema },
      { path: `${SHIFT}/payments`, upstreamPath: '/resto/api/v2', schema: iikoPaymentsSchema },
      { path: `${SHIFT}/document`, upstreamPath: '/resto/api/v2', schema: iikoDocumentSchema, body: '{}' },
      { ...save, schema: iikoSaveResultSchema },
      { path: '/api/iiko/names?fresh=true', upstreamPath: '/resto/api', schema: iikoNamesSchema },
      { path: '/api/iiko/sales?from=2026-01-01&to=2026-01-02', upstreamPath: '/resto/api/v2', schema: iikoSalesSchema },
      {
        path: '/api/iiko/catalogue?day=2026-01-01&fresh=true',
        upstreamPath: '/resto/api/v2',
        schema: iikoCatalogueSchema,
      },
    ]
    const samples = [
      SHIFT_LIST_SAMPLE,
      SHIFT_SAMPLE,
      PAYMENTS_SAMPLE,
      DOCUMENT_SAMPLE,
      SAVE_SUCCESS_SAMPLE,
      SAVE_ERROR_SAMPLE,
      { data: [{ DishSumInt: 1 }] },
    ]
    const fixed = [IIKO_ACCOUNT.password, passwordHash(IIKO_ACCOUNT.password)]
    const secrets = () => [
      ...fixed,
      ...iiko
        .requests()
        .slice(-3)
        .flatMap((request) => request.headers.cookie?.slice(4) ?? []),
    ]
    const seen = await hammer(iiko, questions, samples, secrets, 20_260_331)
    expect(seen.size).toBeGreaterThan(8)
  }, 240_000)

  it('of ATOL Online end in data or a typed failure, and nothing leaks', async () => {
    const questions: readonly Question[] = [
      { path: '/api/atol/devices?limit=10', upstreamPath: '/api/kkt', schema: atolPageSchema },
      { path: '/api/atol/devices/00107703864827', upstreamPath: '/api/kkt', schema: atolDetailSchema },
    ]
    const embedded = { _links: {}, data: ATOL_DEVICE_SAMPLE }
    const problem = { title: 'x', status: 401, traceId: 't', errorCode: 'ExpiredToken', errors: { a: ['b'] } }
    const samples = [
      {
        _links: { next: { href: 'x?limit=1&offset=2' } },
        _embedded: [embedded, embedded],
        total: 2,
        limit: 10,
        offset: 0,
      },
      embedded,
      problem,
    ]
    const secrets = () => [
      ATOL_ACCOUNT.password,
      ...atol
        .requests()
        .slice(-3)
        .flatMap((request) => request.headers.token ?? []),
    ]
    const seen = await hammer(atol, questions, samples, secrets, 19_700_101)
    expect(seen.size).toBeGreaterThan(8)
  }, 240_000)

  it('leave the proxy whole: the next good answers are good', async () => {
    for (const path of [SHIFT, '/api/atol/devices', '/api/iiko/names']) {
      expect((await ask({ path, upstreamPath: '', schema: v.unknown() })).status).toBe(200)
    }
    expect(proxy.logLines.filter((line) => line.includes('"event":"defect"'))).toEqual([])
  })
})
