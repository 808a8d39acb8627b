/** Many pages at once, through the running proxy over real HTTP: iikoServer sees one request at a time and one login. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { IIKO_ACCOUNT, startIikoEmulator, type IikoEmulator } from '../e2e/emulators/iiko.ts'
import { failureReplySchema } from '../src/contract/errors.ts'
import { DOCUMENT_SAMPLE } from './models/iiko-samples.ts'
import { readDocument } from './iiko-wire.ts'
import { startTestProxy, type TestProxy } from './testing/proxy-kit.ts'

const NOW = Date.UTC(2026, 2, 31, 12)
const SHIFT = 'f67fea0a-90d4-427c-ac3d-b82c1582f7f9'
const QUESTIONS = 50
/** Long enough for a second request to be seen beside the first, if the proxy let it through. */
const THINKING = { kind: 'delay', delayMs: 4, times: 1_000 } as const

let iiko: IikoEmulator
let proxy: TestProxy

beforeEach(async () => {
  iiko = await startIikoEmulator({ now: () => NOW, shifts: 300, slots: 1 })
  proxy = await startTestProxy({
    IIKO_URL: iiko.origin,
    IIKO_LOGIN: IIKO_ACCOUNT.login,
    IIKO_PASSWORD: IIKO_ACCOUNT.password,
  })
})
afterEach(async () => {
  await proxy.close()
  await iiko.close()
})

interface Question {
  readonly path: string
  readonly body?: string
}

/** What the pages ask, each route of the proxy several times over, no two neighbours alike. */
const ROUTES: readonly ((index: number) => Question)[] = [
  (index) => ({ path: `/api/iiko/shifts?from=2026-0${1 + (index % 3)}-01&to=2026-0${1 + (index % 3)}-28` }),
  () => ({ path: `/api/iiko/shifts/${SHIFT}` }),
  (index) => ({ path: `/api/iiko/shifts/${SHIFT}/payments?hideAccepted=${String(index % 2 === 0)}` }),
  () => ({ path: `/api/iiko/shifts/${SHIFT}/document`, body: '{}' }),
  () => ({
    path: '/api/iiko/document',
    body: JSON.stringify(readDocument(DOCUMENT_SAMPLE, JSON.stringify(DOCUMENT_SAMPLE))),
  }),
  () => ({ path: '/api/iiko/names' }),
  () => ({ path: '/api/iiko/licence' }),
  () => ({ path: '/api/iiko/sales?from=2026-02-16&to=2026-03-15' }),
  () => ({ path: '/api/iiko/catalogue?day=2026-03-01' }),
  () => ({ path: '/api/iiko/shifts?from=2026-02-01&to=2026-02-28&status=CLOSED' }),
]

async function ask({ path, body }: Question): Promise<{ status: number; text: string }> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' } }
  const reply = await fetch(proxy.base + path, body === undefined ? {} : { ...post, body })
  return { status: reply.status, text: await reply.text() }
}

function askAll(): Promise<{ status: number; text: string }[]> {
  const questions = Array.from({ length: QUESTIONS }, (_none, index) => ROUTES[index % ROUTES.length]?.(index))
  return Promise.all(questions.map((question) => ask(question ?? { path: '/' })))
}

const mostAtOnce = () => Math.max(...iiko.requests().map((request) => request.concurrent))
const paths = () => iiko.requests().map((request) => request.path.replace('/resto/api', ''))
const logins = () => paths().filter((path) => path === '/auth')

describe('50 requests of pages that come at once', () => {
  it('reach iikoServer one at a time with one login, and every one is answered', async () => {
    iiko.addFault(THINKING)
    const replies = await askAll()
    expect(replies.map(({ status }) => status)).toEqual(Array<number>(QUESTIONS).fill(200))
    expect(mostAtOnce()).toBe(1)
    expect(logins()).toHaveLength(1)
    // Each of the ten routes asked its own question: none was answered for another.
    expect(new Set(paths()).size).toBeGreaterThanOrEqual(14)
    // One token for all of them; only the free slots are asked for without one while there is none.
    const tokens = new Set(iiko.requests().flatMap((request) => request.headers.cookie ?? []))
    expect(tokens.size).toBe(1)
    expect(iiko.model.activeTokens()).toBe(1)
  })

  it('stay in one line when the token dies among them, and one more login serves the rest', async () => {
    expect((await ask({ path: `/api/iiko/shifts/${SHIFT}` })).status).toBe(200)
    iiko.addFault(THINKING)
    iiko.model.expireTokens()
    const replies = await askAll()
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    expect(mostAtOnce()).toBe(1)
    expect(logins()).toHaveLength(2)
  })

  it('cost one login also where the login is refused: the others are told the same without asking', async () => {
    iiko.addFault({ kind: 'answer', path: '/resto/api/auth', status: 401, body: 'Wrong password', times: 100 })
    const replies = await Promise.all(
      Array.from({ length: QUESTIONS }, (_none, index) => ask(ROUTES[index % 4]?.(index) ?? { path: '/' })),
    )
    const kinds = replies.map(({ text }) => v.parse(failureReplySchema, JSON.parse(text)).failure.kind)
    expect(new Set(kinds)).toEqual(new Set(['iiko-login']))
    expect(logins()).toHaveLength(1)
    expect(mostAtOnce()).toBe(1)
  })

  it('end with one logout when the proxy stops among them; nothing reaches iiko after it', async () => {
    iiko.addFault(THINKING)
    // Pages whose request the proxy has not read yet lose their connection; the others get an answer in words.
    const asked = Promise.allSettled(
      Array.from({ length: QUESTIONS }, (_none, index) => ask(ROUTES[index % ROUTES.length]?.(index) ?? { path: '/' })),
    )
    await expect.poll(() => iiko.requests().length).toBeGreaterThan(3)
    await proxy.close()
    const replies = (await asked).flatMap((reply) => (reply.status === 'fulfilled' ? [reply.value] : []))
    expect(replies.length).toBeGreaterThan(0)
    for (const { status, text } of replies)
      if (status !== 200) expect(v.parse(failureReplySchema, JSON.parse(text)).failure.kind).toBe('proxy-stopping')
    expect(paths().filter((path) => path === '/logout')).toHaveLength(1)
    expect(paths().at(-1)).toBe('/logout')
    expect(logins()).toHaveLength(1)
    expect(iiko.model.activeTokens()).toBe(0)
    expect(mostAtOnce()).toBe(1)
  })
})
