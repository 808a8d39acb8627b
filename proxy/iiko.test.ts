import { cutPeriod } from '../src/contract/iiko-period.ts'
import { mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { completeDocument, documentProblems } from '../src/contract/iiko-acceptance.ts'
import { uuid } from './models/iiko-data.ts'
import { SAVE_ERROR_SAMPLE, SAVE_REQUEST_SAMPLE } from './models/iiko-samples.ts'
import { IIKO_ACCOUNT, startIikoEmulator, type IikoEmulator } from '../e2e/emulators/iiko.ts'
import type { Result } from '../src/contract/errors.ts'
import { createIikoClient, iikoBaseUrl, passwordHash, tokenOf, type IikoClient } from './iiko.ts'
import { readCatalogue, readNames } from './iiko-directories.ts'
import {
  acceptanceDocument,
  licenceInfo,
  listShifts,
  paymentsOfShift,
  salesReport,
  saveDocument,
  shiftById,
} from './iiko-shifts.ts'
import { readDocument } from './iiko-wire.ts'
import { createKeptToken, type KeptToken } from './kept-token.ts'
import { createLogger, silentLogger } from './log.ts'
import { inScope } from './scope.ts'
import { createHttpTransport } from './upstream.ts'

const NOW = Date.UTC(2026, 2, 31, 12)
const SAMPLE_SHIFT = 'f67fea0a-90d4-427c-ac3d-b82c1582f7f9'

let emulator: IikoEmulator
let client: IikoClient

function connect(
  parts: {
    idleLogoutMs?: number
    password?: string
    answerTimeoutMs?: number
    lines?: string[]
    kept?: KeptToken
  } = {},
): IikoClient {
  const { answerTimeoutMs, lines } = parts
  return createIikoClient({
    settings: { ...IIKO_ACCOUNT, ...(parts.password === undefined ? {} : { password: parts.password }) },
    transport: createHttpTransport(emulator.origin, null, answerTimeoutMs === undefined ? {} : { answerTimeoutMs }),
    logger: lines === undefined ? silentLogger : createLogger((line) => lines.push(line)),
    ...(parts.idleLogoutMs === undefined ? {} : { idleLogoutMs: parts.idleLogoutMs }),
    ...(parts.kept === undefined ? {} : { kept: parts.kept }),
  })
}

function value<T>(outcome: Result<T>): T {
  if (!outcome.ok) throw new Error(`failed: ${outcome.failure.kind}`)
  return outcome.value
}

function failureOf(outcome: Result<unknown>) {
  if (outcome.ok) throw new Error('expected a failure')
  return outcome.failure
}

const paths = () => emulator.requests().map((request) => request.path.replace('/resto/api', ''))

beforeEach(async () => {
  emulator = await startIikoEmulator({ now: () => NOW, shifts: 3_000 })
  client = connect()
})
afterEach(async () => {
  await client.close()
  await emulator.close()
})

describe('login to iikoServer', () => {
  it("hashes the whole password, as the document's own example", () => {
    expect(passwordHash('resto#test')).toBe('2155245b2c002a1986d3f384af93be813537a476')
  })

  it('is the documented request, and the token travels as a cookie', async () => {
    value(await shiftById(client, SAMPLE_SHIFT))
    const [login, call] = emulator.requests()
    expect(login).toMatchObject({
      method: 'POST',
      path: '/resto/api/auth',
      query: 'login=admin&pass=2155245b2c002a1986d3f384af93be813537a476',
    })
    expect(call?.headers.cookie).toMatch(/^key=[\w-]+$/)
    expect(call?.query).toBe('')
  })

  it.each([
    ['b354d18c-3d3a-e1a6-c3b9-9ef7b5055318\r\n', 'b354d18c-3d3a-e1a6-c3b9-9ef7b5055318'],
    ['<?xml version="1.0"?><string>b354d18c-3d3a</string>', 'b354d18c-3d3a'],
    ['', null],
    ['<html><body>hello</body></html>', null],
    ['two words', null],
    ['evil\r\nset-cookie: a=b', null],
  ])('takes the token out of %j', (body, token) => {
    expect(tokenOf(body)).toBe(token)
  })

  it('accepts the base address with and without its path', () => {
    for (const url of [
      'https://h:1',
      'https://h:1/',
      'https://h:1/resto',
      'https://h:1/resto/api/',
      'https://h:1/resto/api/v2/x',
    ])
      expect(iikoBaseUrl(url)).toBe('https://h:1')
  })

  it('happens once for 50 requests that come together, and they reach the server one at a time', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => shiftById(client, SAMPLE_SHIFT)))
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true)
    expect(emulator.requests()).toHaveLength(51)
    expect(paths().filter((path) => path === '/auth')).toHaveLength(1)
    expect(Math.max(...emulator.requests().map((request) => request.concurrent))).toBe(1)
  })

  it('is repeated once when the token has died, and the request with it', async () => {
    value(await shiftById(client, SAMPLE_SHIFT))
    emulator.model.expireTokens()
    value(await shiftById(client, SAMPLE_SHIFT))
    expect(paths()).toEqual([
      '/auth',
      `/v2/cashshifts/byId/${SAMPLE_SHIFT}`,
      `/v2/cashshifts/byId/${SAMPLE_SHIFT}`,
      '/auth',
      `/v2/cashshifts/byId/${SAMPLE_SHIFT}`,
    ])
  })

  it("shows iiko's own words when a fresh token is refused too", async () => {
    emulator.addFault({ kind: 'answer', path: '/resto/api/v2', status: 401, body: 'User is locked', times: 2 })
    emulator.addFault({ kind: 'answer', path: '/resto/api/auth', status: 200, body: 'first-token' })
    expect(failureOf(await shiftById(client, SAMPLE_SHIFT))).toMatchObject({
      kind: 'iiko-login',
      text: 'User is locked',
    })
  })

  it('at an address without any login names the address', async () => {
    emulator.addFault({ kind: 'answer', path: '/resto/api/auth', status: 404, body: 'Not found' })
    expect(failureOf(await shiftById(client, SAMPLE_SHIFT)).kind).toBe('upstream-not-api')
  })

  it('is not repeated a second time when every request is refused', async () => {
    emulator.addFault({ kind: 'answer', path: '/resto/api/v2', status: 401, body: 'Token is expired', times: 10 })
    emulator.addFault({ kind: 'answer', path: '/resto/api/auth', status: 200, body: 'first-token' })
    expect(failureOf(await shiftById(client, SAMPLE_SHIFT)).kind).toBe('iiko-login')
    expect(paths().map((path) => path.split('/')[1])).toEqual(['auth', 'v2', 'auth', 'v2', 'logout'])
    expect(emulator.model.activeTokens()).toBe(0)
  })

  it('with a wrong password is tried once, not once a page', async () => {
    const stranger = connect({ password: 'wrong-password' })
    for (let index = 0; index < 5; index += 1)
      expect(failureOf(await shiftById(stranger, SAMPLE_SHIFT)).kind).toBe('iiko-login')
    expect(paths()).toEqual(['/auth'])
    await stranger.close()
  })

  it('gives the licence slot back when idle', async () => {
    const idle = connect({ idleLogoutMs: 20 })
    value(await shiftById(idle, SAMPLE_SHIFT))
    await expect.poll(() => emulator.model.activeTokens(), { timeout: 5_000 }).toBe(0)
    expect(paths().at(-1)).toBe('/logout')
    await idle.close()
  })

  it('gives the licence slot back at stop', async () => {
    value(await shiftById(client, SAMPLE_SHIFT))
    expect(emulator.model.activeTokens()).toBe(1)
    await client.close()
    expect(emulator.model.activeTokens()).toBe(0)
    const token = emulator.requests()[1]?.headers.cookie?.slice(4)
    expect(emulator.requests().at(-1)).toMatchObject({
      method: 'POST',
      path: '/resto/api/logout',
      query: `key=${token}`,
    })
    expect(failureOf(await shiftById(client, SAMPLE_SHIFT)).kind).toBe('proxy-stopping')
  })

  it('that finds no free slot says so and is not repeated', async () => {
    value(await shiftById(client, SAMPLE_SHIFT))
    const second = connect()
    const refused = failureOf(await shiftById(second, SAMPLE_SHIFT))
    expect(refused).toMatchObject({
      kind: 'iiko-licence-slots',
      module: '28008806',
      licence: 'iikoAPIServer',
      status: 403,
    })
    expect(paths().filter((path) => path === '/auth')).toHaveLength(2)
    await second.close()
  })
})

describe('a token that outlives its process', () => {
  const path = () => join(mkdtempSync(join(tmpdir(), 'ikkm-token-')), 'state', 'iiko-token.json')
  const owner = { url: 'http://iiko', login: 'admin' }

  it('is on the disk for its owner only, and belongs to one server and login', () => {
    const file = path()
    const kept = createKeptToken(file, owner)
    expect(kept.read()).toBeNull()
    expect(kept.write('token-12345')).toBe(true)
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(createKeptToken(file, owner).read()).toBe('token-12345')
    expect(createKeptToken(file, { ...owner, url: 'http://other' }).read()).toBeNull()
    expect(createKeptToken(file, { ...owner, login: 'other' }).read()).toBeNull()
    kept.clear()
    expect(kept.read()).toBeNull()
    writeFileSync(file, '{"token":')
    expect(kept.read()).toBeNull()
  })

  it('is used on by the next process: one licence slot, one login', async () => {
    const file = path()
    value(await shiftById(connect({ kept: createKeptToken(file, owner) }), SAMPLE_SHIFT))
    // The first process was killed: nobody logged out.
    const next = connect({ kept: createKeptToken(file, owner) })
    value(await shiftById(next, SAMPLE_SHIFT))
    expect(paths().filter((each) => each === '/auth')).toHaveLength(1)
    await next.close()
    expect(emulator.model.activeTokens()).toBe(0)
    expect(createKeptToken(file, owner).read()).toBeNull()
  })

  it('is given back by the next process when nobody asks for anything', async () => {
    const file = path()
    value(await shiftById(connect({ kept: createKeptToken(file, owner) }), SAMPLE_SHIFT))
    const next = connect({ kept: createKeptToken(file, owner), idleLogoutMs: 20 })
    await expect.poll(() => emulator.model.activeTokens(), { timeout: 5_000 }).toBe(0)
    await next.close()
  })

  it('that the server has forgotten meanwhile costs one more login', async () => {
    const file = path()
    createKeptToken(file, owner).write('long-gone-token')
    const next = connect({ kept: createKeptToken(file, owner) })
    value(await shiftById(next, SAMPLE_SHIFT))
    await next.close()
  })

  it('is given back on a fresh connection when the first is reset', async () => {
    value(await shiftById(client, SAMPLE_SHIFT))
    emulator.addFault({ kind: 'drop', path: '/resto/api/logout' })
    await client.close()
    expect(emulator.model.activeTokens()).toBe(0)
  })

  it('that could not be given back is logged as such, and kept for the next try', async () => {
    const file = path()
    const lines: string[] = []
    const first = connect({ kept: createKeptToken(file, owner), lines })
    value(await shiftById(first, SAMPLE_SHIFT))
    emulator.addFault({ kind: 'drop', path: '/resto/api/logout', times: 2 })
    await first.close()
    expect(lines.at(-1)).toContain('"level":"warn","event":"iiko-logout-failed","kind":"upstream-reset"')
    expect(createKeptToken(file, owner).read()).not.toBeNull()
  })
})

describe('a server that computes for long', () => {
  const period = { from: '2026-03-30', to: '2026-03-31' }
  const inMs = (patienceMs: number) => ({ requestId: 'r', deadline: performance.now() + patienceMs })

  it('is asked nothing else meanwhile, though whoever asked was told that it takes long', async () => {
    emulator.addFault({ kind: 'delay', path: '/resto/api/v2/reports', delayMs: 400 })
    const report = await inScope(inMs(150), () => salesReport(client, period, 'days'))
    expect(failureOf(report)).toMatchObject({ kind: 'upstream-timeout', code: 'STILL_WORKING' })
    value(await shiftById(client, SAMPLE_SHIFT))
    expect(Math.max(...emulator.requests().map((request) => request.concurrent))).toBe(1)
  })

  it('makes a report once for those who ask for it again, and one that came too late is there for the next', async () => {
    emulator.addFault({ kind: 'delay', path: '/resto/api/v2/reports', delayMs: 300 })
    const first = await inScope(inMs(100), () => salesReport(client, period, 'days'))
    expect(failureOf(first).kind).toBe('upstream-timeout')
    const [second, third] = await Promise.all([
      salesReport(client, period, 'days'),
      salesReport(client, period, 'days'),
    ])
    expect(value(second).rows).toEqual(value(third).rows)
    expect(paths().filter((each) => each.endsWith('/olap'))).toHaveLength(1)
    emulator.addFault({ kind: 'delay', path: '/resto/api/v2/reports', delayMs: 200 })
    const other = { from: '2026-03-29', to: '2026-03-31' }
    await inScope(inMs(100), () => salesReport(client, other, 'days'))
    value(await shiftById(client, SAMPLE_SHIFT))
    value(await salesReport(client, other, 'days'))
    expect(paths().filter((each) => each.endsWith('/olap'))).toHaveLength(2)
  })

  it('gets nothing that was still in line when its page stopped waiting, least of all a save', async () => {
    const document = readDocument(SAVE_REQUEST_SAMPLE, JSON.stringify(SAVE_REQUEST_SAMPLE))
    if (document === null) throw new Error('the sample is not readable')
    value(await shiftById(client, SAMPLE_SHIFT))
    emulator.addFault({ kind: 'delay', path: '/resto/api/v2/reports', delayMs: 300 })
    const report = salesReport(client, period, 'days')
    const save = await inScope(inMs(50), () => saveDocument(client, document))
    expect(failureOf(save)).toMatchObject({ kind: 'upstream-busy', code: 'STILL_WAITING' })
    value(await report)
    value(await shiftById(client, SAMPLE_SHIFT))
    expect(paths().filter((each) => each.endsWith('/save'))).toEqual([])
  })
})

describe('cash shifts', () => {
  it('are asked for with every filter of the document', async () => {
    const filters = {
      from: '2026-03-01',
      to: '2026-03-05',
      status: 'UNACCEPTED',
      departmentIds: ['cb90393a-8299-4af1-9fab-5ec308726266'],
      groupIds: ['94a6f400-2f9b-4a5a-be7f-19b7b62c55a7'],
      revisionFrom: 17,
    } as const
    value(await listShifts(client, filters))
    expect(emulator.requests().at(-1)).toMatchObject({
      method: 'GET',
      path: '/resto/api/v2/cashshifts/list',
      query:
        'openDateFrom=2026-03-01&openDateTo=2026-03-05&departmentId=cb90393a-8299-4af1-9fab-5ec308726266&groupId=94a6f400-2f9b-4a5a-be7f-19b7b62c55a7&status=UNACCEPTED&revisionFrom=17',
    })
  })

  it('are asked for with status ANY and revision -1 when nothing is said', async () => {
    const list = value(await listShifts(client, { from: '2017-02-01', to: '2017-02-28' }))
    expect(emulator.requests().at(-1)?.query).toBe(
      'openDateFrom=2017-02-01&openDateTo=2017-02-28&status=ANY&revisionFrom=-1',
    )
    expect(list.shifts.map((shift) => shift.sessionNumber)).toEqual([583, 145])
  })

  it('of a year are asked for month by month by whoever wants them: one request asks for a month at most', async () => {
    const year = { from: '2025-04-01', to: '2026-03-31' }
    expect(failureOf(await listShifts(client, year)).kind).toBe('bad-request')
    expect(failureOf(await salesReport(client, year, 'days')).kind).toBe('bad-request')
    expect(emulator.requests()).toHaveLength(0)
    const ids: string[] = []
    for (const piece of cutPeriod(year) ?? []) {
      ids.push(...value(await listShifts(client, piece)).shifts.map(({ id }) => id))
    }
    expect(emulator.requests().filter((request) => request.path.endsWith('/list'))).toHaveLength(12)
    expect([ids.length, new Set(ids).size]).toEqual([365 * 3, 365 * 3])
  })

  it('with a period that makes no sense are not asked for at all', async () => {
    expect(failureOf(await listShifts(client, { from: '2026-03-05', to: '2026-03-01' })).kind).toBe('bad-request')
    expect(emulator.requests()).toHaveLength(0)
  })

  it('are read without making an acceptance document', async () => {
    const before = emulator.model.documentCount()
    value(await listShifts(client, { from: '2026-03-01', to: '2026-03-31' }))
    value(await shiftById(client, SAMPLE_SHIFT))
    value(await paymentsOfShift(client, SAMPLE_SHIFT, false))
    expect(emulator.model.documentCount()).toBe(before)
  })

  it('hide accepted payments on request, as the documented parameter', async () => {
    expect(value(await paymentsOfShift(client, SAMPLE_SHIFT, false)).payments).toHaveLength(1)
    expect(value(await paymentsOfShift(client, SAMPLE_SHIFT, true)).payments).toHaveLength(0)
    expect(emulator.requests().at(-1)?.query).toBe('hideAccepted=true')
  })
})

describe('acceptance', () => {
  /** Yesterday's first till: closed, not accepted, no document yet. */
  const shiftId = uuid(0xa0, 2_997)

  it('adds a row for every posting that has none, saves, and reads the same back', async () => {
    const names = value(await readNames(client))
    const empty = value(await acceptanceDocument(client, shiftId))
    const { payments } = value(await paymentsOfShift(client, shiftId, false))
    expect(empty.items).toEqual([])
    expect(payments).toHaveLength(4)

    const complete = completeDocument(empty, payments, names)
    expect(complete.items.map((item) => item.num)).toEqual([0, 1, 2, 3])
    expect(complete.items.map((item) => item.sumReal !== null)).toEqual([false, false, false, true])
    expect(documentProblems(complete, payments, names)).toEqual([])

    const withdrawal = payments.find((payment) => payment.list === 'payOut')
    const counted = (withdrawal?.sum ?? 0) - 15_050
    const edited = {
      ...complete,
      items: complete.items.map((item) =>
        item.sumReal === null ? item : { ...item, sumReal: counted, comment: 'недостача <b>' },
      ),
    }
    const result = value(await saveDocument(client, edited))
    expect(result).toMatchObject({ saved: true, status: 'ACCEPTED', documentErrors: [], itemErrors: [] })

    const stored = value(await acceptanceDocument(client, shiftId))
    expect(stored).toEqual({ ...edited, raw: stored.raw })
    expect(value(await shiftById(client, shiftId)).status).toBe('ACCEPTED')
    const after = value(await paymentsOfShift(client, shiftId, false)).payments.find(
      (payment) => payment.list === 'payOut',
    )
    expect(after).toMatchObject({
      actualSum: counted,
      originalSum: withdrawal?.sum,
      editableComment: 'недостача <b>',
      status: 'ACCEPTED',
    })
  })

  it('fills up a document that has some of its rows and leaves those as they are', async () => {
    const names = value(await readNames(client))
    const empty = value(await acceptanceDocument(client, shiftId))
    const { payments } = value(await paymentsOfShift(client, shiftId, false))
    const partial = completeDocument(empty, payments.slice(2), names)
    value(
      await saveDocument(client, {
        ...partial,
        items: partial.items.map((item) => ({ ...item, status: 'HASWARNINGS' })),
      }),
    )
    const stored = value(await acceptanceDocument(client, shiftId))
    const complete = completeDocument(stored, payments, names)
    expect(complete.items).toHaveLength(4)
    expect(complete.items.slice(0, 2)).toEqual(stored.items)
    expect(complete.items.slice(2).map((item) => [item.num, item.status])).toEqual([
      [2, 'ACCEPTED'],
      [3, 'ACCEPTED'],
    ])
    expect(value(await saveDocument(client, complete)).status).toBe('HASWARNINGS')
  })

  it("that the server refuses with HTTP 200 is no success: the document's own sample", async () => {
    const document = readDocument(SAVE_ERROR_SAMPLE.document, JSON.stringify(SAVE_ERROR_SAMPLE.document))
    if (document === null) throw new Error('the sample is not readable')
    const result = value(await saveDocument(client, document))
    expect(result.saved).toBe(false)
    expect(result.documentErrors).toEqual(SAVE_ERROR_SAMPLE.errors.documentError)
    expect(result.itemErrors[0]).toMatchObject({ num: 0, errors: SAVE_ERROR_SAMPLE.errors.itemError[0]?.error })
    expect(value(await shiftById(client, SAMPLE_SHIFT)).status).toBe('HASWARNINGS')
  })

  it('sends the documented request', async () => {
    const document = readDocument(SAVE_REQUEST_SAMPLE, JSON.stringify(SAVE_REQUEST_SAMPLE))
    if (document === null) throw new Error('the sample is not readable')
    expect(value(await saveDocument(client, document)).saved).toBe(true)
    const request = emulator.requests().at(-1)
    expect(request).toMatchObject({ method: 'POST', path: '/resto/api/v2/cashshifts/save' })
    expect(request?.headers['content-type']).toMatch(/^application\/json/)
    expect(JSON.parse(request?.body ?? '')).toEqual(SAVE_REQUEST_SAMPLE)
  })

  it('is not sent a second time when the answer is lost: the server is asked what it has', async () => {
    const document = readDocument(SAVE_REQUEST_SAMPLE, JSON.stringify(SAVE_REQUEST_SAMPLE))
    if (document === null) throw new Error('the sample is not readable')
    value(await shiftById(client, SAMPLE_SHIFT))
    // Lost on the way there: the server has something else.
    emulator.addFault({ kind: 'drop', path: '/resto/api/v2/cashshifts/save' })
    expect(failureOf(await saveDocument(client, document)).kind).toBe('upstream-reset')
    expect(paths().filter((path) => path.endsWith('/save'))).toHaveLength(1)
    // Lost on the way back: the server has it.
    emulator.addFault({ kind: 'cut', path: '/resto/api/v2/cashshifts/save' })
    expect(value(await saveDocument(client, document))).toMatchObject({ saved: true, status: 'ACCEPTED' })
    expect(paths().filter((path) => path.endsWith('/save'))).toHaveLength(2)
    expect(paths().at(-1)).toContain('/closedSessionDocument/')
  })

  it('goes out on a connection of its own: one that the server has closed meanwhile costs nothing', async () => {
    const document = readDocument(SAVE_REQUEST_SAMPLE, JSON.stringify(SAVE_REQUEST_SAMPLE))
    if (document === null) throw new Error('the sample is not readable')
    value(await saveDocument(client, document))
    expect(emulator.requests().at(-1)?.headers.connection).toBe('close')
  })
})

describe('errors of iikoServer are told apart', () => {
  const html = '<html><head><title>Apache Tomcat</title></head></html>'
  it.each([
    [400, 'Wrong date format: 2019-0513 15:26', 'iiko-bad-request'],
    [403, 'Module 28008806 is blocked within current license', 'iiko-licence-missing'],
    [403, 'License enhancement is required: no connections available for module 28008806', 'iiko-licence-slots'],
    [403, 'Permission denied', 'iiko-no-right'],
    [403, 'Something else', 'iiko-forbidden'],
    [404, 'Not found', 'iiko-not-found'],
    [409, 'У вас нет права изменять документы задним числом.\n<b>!</b>', 'iiko-conflict'],
    [500, 'java.lang.NullPointerException', 'iiko-server'],
    [418, 'teapot', 'iiko-unexpected'],
  ])('%i %s', async (status, body, kind) => {
    emulator.addFault({ kind: 'answer', path: '/resto/api/v2', status, body })
    expect(failureOf(await shiftById(client, SAMPLE_SHIFT))).toMatchObject({
      kind,
      status,
      text: body,
      upstream: 'iiko',
    })
  })

  it.each([
    ['28008806', 'iikoAPIServer'],
    ['21016318', 'iikoAPIFront'],
    ['iikoAPIPayment', 'iikoAPIPayment'],
    ['99', 'iikoAPIServer'],
  ])('a blocked module %s asks for the licence %s', async (module, licence) => {
    emulator.addFault({
      kind: 'answer',
      path: '/resto/api/v2',
      status: 403,
      body: `Module ${module} is blocked within current license`,
    })
    expect(failureOf(await shiftById(client, SAMPLE_SHIFT))).toMatchObject({ module, licence })
  })

  it.each([200, 404, 502, 503])('an HTML page with status %i means another server', async (status) => {
    emulator.addFault({ kind: 'answer', path: '/resto/api/v2', status, contentType: 'text/html', body: html })
    expect(failureOf(await shiftById(client, SAMPLE_SHIFT))).toMatchObject({ kind: 'upstream-not-api', text: null })
  })

  it.each([
    [{ kind: 'cut', path: '/resto/api/v2' }, 'upstream-broken-answer'],
    [{ kind: 'garbage', path: '/resto/api/v2', text: 'SSH-2.0-OpenSSH\r\n' }, 'upstream-broken-answer'],
    [{ kind: 'drop', path: '/resto/api/v2', times: 2 }, 'upstream-reset'],
    [{ kind: 'answer', path: '/resto/api/v2', status: 200, body: '{"id":' }, 'upstream-broken-answer'],
    [{ kind: 'answer', path: '/resto/api/v2', status: 200, body: '{}' }, 'upstream-broken-answer'],
    [{ kind: 'redirect', path: '/resto/api/v2', location: 'http://127.0.0.1:1/' }, 'upstream-redirect'],
  ] as const)('%j', async (fault, kind) => {
    emulator.addFault(fault)
    expect(failureOf(await shiftById(client, SAMPLE_SHIFT)).kind).toBe(kind)
  })

  it('a server that hangs ends in a time-out', async () => {
    const impatient = connect({ answerTimeoutMs: 150 })
    emulator.addFault({ kind: 'hang', path: '/resto/api/v2' })
    expect(failureOf(await shiftById(impatient, SAMPLE_SHIFT)).kind).toBe('upstream-timeout')
    await impatient.close()
  })

  it('secrets that the server echoes are taken out of the text and the log', async () => {
    const lines: string[] = []
    const logged = connect({ lines })
    value(await shiftById(logged, SAMPLE_SHIFT))
    const key = emulator.requests().at(-1)?.headers.cookie?.slice(4) ?? ''
    const hash = passwordHash(IIKO_ACCOUNT.password)
    emulator.addFault({
      kind: 'answer',
      path: '/resto/api/v2',
      status: 500,
      body: `boom ${key} ${hash} ${IIKO_ACCOUNT.password}`,
    })
    const failure = failureOf(await shiftById(logged, SAMPLE_SHIFT))
    await logged.close()
    for (const secret of [key, hash, IIKO_ACCOUNT.password]) {
      expect(secret.length).toBeGreaterThan(5)
      expect(JSON.stringify(failure)).not.toContain(secret)
      expect(lines.join('\n')).not.toContain(secret)
    }
  })
})

describe('names, licence, report and catalogue', () => {
  it('names come from seven lists, JSON and XML', async () => {
    const names = value(await readNames(client))
    expect(names.missing).toEqual([])
    expect(names.accounts.find((row) => row.id.startsWith('ad3c'))).toMatchObject({
      name: 'Торговые кассы',
      type: 'EMPLOYEES_LIABILITY',
    })
    expect(names.counteragents).toContainEqual({
      id: 'b1000000-0000-4000-8000-000000000001',
      name: 'ТОО «Дастархан & Ко»',
      kind: 'supplier',
      deleted: false,
    })
    expect(names.departments.map((row) => row.name)).toEqual(['Кофейня на Абая'])
    expect(names.pointsOfSale).toHaveLength(3)
    expect(names.paymentTypes).toHaveLength(3)
  })

  it('a list that is refused is missing, and the others stand', async () => {
    emulator.addFault({ kind: 'answer', path: '/resto/api/employees', status: 403, body: 'Permission denied' })
    emulator.addFault({ kind: 'answer', path: '/resto/api/corporation/groups', status: 200, body: '<groupDtoes>' })
    const names = value(await readNames(client))
    expect(names.missing.map((row) => [row.part, row.failure.kind])).toEqual([
      ['groups', 'upstream-broken-answer'],
      ['employees', 'iiko-no-right'],
    ])
    expect(names.accounts.length).toBeGreaterThan(0)
  })

  it('free licence slots are asked for with the documented module, and without taking one', async () => {
    const licence = { moduleId: '28008806', licence: 'iikoAPIServer' }
    expect(value(await licenceInfo(client, '28008806'))).toEqual({ ...licence, freeSlots: 1, text: '1' })
    expect(emulator.requests()).toHaveLength(1)
    expect(emulator.requests()[0]).toMatchObject({ path: '/resto/api/licence/info', query: 'moduleId=28008806' })
    expect(emulator.requests()[0]?.headers.cookie).toBeUndefined()
  })

  it('free licence slots are known when somebody else holds the last one', async () => {
    value(await shiftById(client, SAMPLE_SHIFT))
    const second = connect()
    expect(failureOf(await shiftById(second, SAMPLE_SHIFT)).kind).toBe('iiko-licence-slots')
    expect(value(await licenceInfo(second, '28008806')).freeSlots).toBe(0)
    await second.close()
  })

  it('free licence slots are asked for with a token where the server wants one', async () => {
    emulator.addFault({ kind: 'answer', path: '/resto/api/licence', status: 401, body: 'Token is expired or invalid' })
    expect(value(await licenceInfo(client, '28008806')).freeSlots).toBe(0)
    expect(paths()).toEqual(['/licence/info', '/auth', '/licence/info'])
  })

  it('the sales report holds the last day of its period and adds up', async () => {
    const sales = value(await salesReport(client, { from: '2026-03-30', to: '2026-03-31' }, 'days'))
    expect(new Set(sales.rows.map((row) => row.date))).toEqual(new Set(['2026-03-30', '2026-03-31']))
    expect(sales.total).toBe(sales.rows.reduce((sum, row) => sum + row.sum, 0))
    expect(sales.rows.every((row) => row.customerPhone === null)).toBe(true)
    const orders = value(await salesReport(client, { from: '2026-03-31', to: '2026-03-31' }, 'orders'))
    expect(orders.rows.some((row) => row.customerName === 'Гость <b>№1</b>')).toBe(true)
  })

  it('the catalogue prefers the price order, and knows what is off sale, without price, and sold by weight', async () => {
    const catalogue = value(await readCatalogue(client, '2026-03-31', null))
    const byName = new Map(catalogue.products.map((product) => [product.name, product]))
    expect(byName.get('Эспрессо')).toMatchObject({
      price: 75_000,
      priceSource: 'order',
      onSale: true,
      barcodes: ['4870001234567'],
      unitName: 'шт',
    })
    expect(byName.get('Латте «Қымыз»')).toMatchObject({ price: 145_050 })
    expect(byName.get('Капучино')).toMatchObject({ price: 110_000, priceSource: 'default', onSale: true })
    expect(byName.get('Раф')).toMatchObject({ onSale: false })
    expect(byName.get('Подарочная карта')).toMatchObject({ price: null, priceSource: null })
    expect(byName.get('Торт Наполеон')).toMatchObject({ weighed: true, unitName: 'кг' })
    expect(catalogue.groups).toHaveLength(3)
  })

  it("the catalogue without price orders falls back to the products' own prices and says what is missing", async () => {
    emulator.addFault({ kind: 'answer', path: '/resto/api/v2/price', status: 403, body: 'Permission denied' })
    const catalogue = value(await readCatalogue(client, '2026-03-31', null))
    expect(catalogue.missing.map((row) => row.part)).toEqual(['prices'])
    expect(catalogue.products.find((row) => row.name === 'Эспрессо')).toMatchObject({
      price: 70_000,
      priceSource: 'default',
    })
  })
})
