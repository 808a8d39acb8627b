import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Result } from '../src/contract/errors.ts'
import { ATOL_DEVICE_SAMPLE, ATOL_MISMATCH_SERIAL } from './models/atol.ts'
import { ATOL_ACCOUNT, startAtolEmulator, type AtolEmulator } from '../e2e/emulators/atol.ts'
import { atolBaseUrl, createAtolClient, type AtolClient } from './atol.ts'
import { atolFailure, readAtolDevice, readAtolPage, readAtolToken } from './atol-wire.ts'
import { createLogger, silentLogger } from './log.ts'
import { createHttpTransport } from './upstream.ts'

let now = Date.UTC(2026, 2, 31)
let emulator: AtolEmulator
let client: AtolClient

function connect(password = ATOL_ACCOUNT.password, lines?: string[]): AtolClient {
  return createAtolClient({
    settings: { ...ATOL_ACCOUNT, password },
    transport: createHttpTransport(emulator.origin, null),
    logger: lines === undefined ? silentLogger : createLogger((line) => lines.push(line)),
    now: () => now,
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

const tokenRequests = () => emulator.requests().filter((request) => request.path === '/api/auth/v1/gettoken')

beforeEach(async () => {
  now = Date.UTC(2026, 2, 31)
  emulator = await startAtolEmulator({ now: () => now, devices: 2_500 })
  client = connect()
})
afterEach(async () => {
  await client.close()
  await emulator.close()
})

describe("ATOL Online's token", () => {
  it('is asked for with the documented request', async () => {
    value(await client.devices(1, 100))
    const [token, page] = emulator.requests()
    expect(token).toMatchObject({ method: 'POST', path: '/api/auth/v1/gettoken', query: '' })
    expect(token?.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(JSON.parse(token?.body ?? '')).toEqual({ login: 'neletest', pass: 'v2ApscRjr' })
    expect(page).toMatchObject({ method: 'GET', path: '/api/kkt/v1/cash-registers', query: 'limit=1&offset=100' })
    expect(page?.headers).toMatchObject({
      accept: 'application/hal+json',
      token: expect.stringMatching(/^atol\./) as string,
    })
  })

  it('of the sample lives for minutes after it was issued', () => {
    expect(readAtolToken({ token: 'abc', issued: '2020-03-31T17:25:06.0289998+03:00', expiresIn: 1440 })).toEqual({
      token: 'abc',
      expiresAt: Date.UTC(2020, 3, 1, 14, 25, 6, 28),
    })
  })

  it('is asked for once, however many ask for devices at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, index) => client.devices(10, index * 10)))
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true)
    expect(tokenRequests()).toHaveLength(1)
  })

  it('is kept until the service says that it ran out, and then renewed once for everybody', async () => {
    value(await client.devices(10, 0))
    now += 23 * 3_600_000
    value(await client.devices(10, 0))
    expect(tokenRequests()).toHaveLength(1)
    now += 2 * 3_600_000
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => client.devices(10, 0)))
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true)
    expect(tokenRequests()).toHaveLength(2)
  })

  it('that the service never recognises is asked for at most once more', async () => {
    const body = JSON.stringify({
      title: 'Не распознан токен запроса',
      status: 401,
      traceId: 't',
      errorCode: 'MissingToken',
    })
    emulator.addFault({ kind: 'answer', path: '/api/kkt', status: 401, body, times: 10 })
    expect(failureOf(await client.devices(10, 0)).kind).toBe('atol-missing-token')
    expect(tokenRequests()).toHaveLength(2)
  })

  it('is not asked for again with a wrong password', async () => {
    const stranger = connect('wrong-password')
    for (let index = 0; index < 5; index += 1)
      expect(failureOf(await stranger.devices(10, 0)).kind).toBe('atol-wrong-login')
    expect(tokenRequests()).toHaveLength(1)
    await stranger.close()
  })
})

describe("ATOL Online's devices", () => {
  it("are the sample's, every field", async () => {
    expect(value(await client.devices(1, 0))).toMatchObject({
      total: 2_500,
      limit: 1,
      offset: 0,
      next: { limit: 1, offset: 1 },
      unreadable: [],
    })
    expect(readAtolDevice(ATOL_DEVICE_SAMPLE)).toEqual({
      serialNumber: '00107703864827',
      registrationNumber: '000000003027865',
      deviceNumber: 'KKT024219',
      fiscalizationDate: '2019-07-22T14:03:00+00:00',
      fiscalStorageExpiration: '2020-11-02T21:00:00+00:00',
      signedDocuments: 213_350,
      fiscalStorageUse: 8_534,
      fiscalStorageInn: '3026455760',
      fiscalStorageSerialNumber: '9999078902004339',
      fiscalStoragePaymentAddress: 'test.qa.ru',
      groupCode: 'test-qa-ru_14605',
      timestamp: '2019-12-05T10:45:30+00:00',
      isShiftOpened: true,
      shiftNumber: 126,
      shiftReceipt: 2278,
      unsentDocs: 1510,
      firstUnsentDocTimestamp: '2019-12-05T08:46:00+00:00',
      networkErrorCode: 0,
    })
  })

  it('keep false and 0 as values, and read what is left out as none unsent', () => {
    const { unsentDocs: _unsent, firstUnsetDocTimestamp: _first, timestamp, ...rest } = ATOL_DEVICE_SAMPLE
    expect(readAtolDevice({ ...rest, Timestamp: timestamp, isShiftOpened: false })).toMatchObject({
      isShiftOpened: false,
      networkErrorCode: 0,
      unsentDocs: 0,
      firstUnsentDocTimestamp: null,
      timestamp: '2019-12-05T10:45:30+00:00',
    })
    expect(readAtolDevice({ ...rest, networkErrorCode: 42 })?.networkErrorCode).toBe(42)
  })

  it('are read from the sample page as it is printed, once its missing comma is put in', () => {
    const link = {
      href: 'https://online.atol.ru/api/kkt/v1/cash-registers/00107703864827',
      rel: 'get-cash-register',
      action: 'GET',
    }
    const list = (offset: number) => ({
      href: `https://online.atol.ru/api/kkt/v1/cash-registers?offset=${offset}&limit=1`,
      rel: 'get-cash-registers',
      action: 'GET',
    })
    const sample = {
      _links: { next: list(101), prev: list(99) },
      _embedded: [{ _links: { self: link, 'get-cash-register': link }, data: ATOL_DEVICE_SAMPLE }],
      total: 345,
      limit: 1,
      offset: 100,
    }
    expect(readAtolPage(sample, { limit: 1, offset: 100 })).toEqual({
      devices: [readAtolDevice(ATOL_DEVICE_SAMPLE)],
      total: 345,
      limit: 1,
      offset: 100,
      next: { limit: 1, offset: 101 },
      unreadable: [],
    })
  })

  it("follow the sample's links by their numbers only, never to their host", () => {
    const page = { _embedded: [], total: 345, limit: 1, offset: 100 }
    const next = (href: unknown) =>
      readAtolPage({ ...page, _links: { next: { href } } }, { limit: 1, offset: 100 })?.next
    expect(next('https://online.atol.ru/api/kkt/v1/cash-registers?offset=101&limit=1')).toEqual({
      limit: 1,
      offset: 101,
    })
    expect(next('http://169.254.169.254/?offset=101&limit=1')).toEqual({ limit: 1, offset: 101 })
    expect(next(null)).toEqual({ limit: 1, offset: 101 })
    expect(next('https://online.atol.ru/?offset=100&limit=1')).toBeNull()
    expect(readAtolPage({ ...page, _links: {} }, { limit: 1, offset: 100 })?.next).toBeNull()
  })

  it('are all reached page by page, each once', async () => {
    const serials = new Set<string>()
    let page: { limit: number; offset: number } | null = { limit: 100, offset: 0 }
    let pages = 0
    while (page !== null && pages < 30) {
      const read: { devices: readonly { serialNumber: string }[]; next: { limit: number; offset: number } | null } =
        value(await client.devices(page.limit, page.offset))
      for (const device of read.devices) serials.add(device.serialNumber)
      page = read.next
      pages += 1
    }
    expect(pages).toBe(25)
    expect(serials.size).toBe(2_500)
  })

  it("warn when the answer names another device, as the document's own sample does", async () => {
    expect(value(await client.device(ATOL_MISMATCH_SERIAL))).toMatchObject({
      serialDiffers: true,
      device: { serialNumber: '00107703864827' },
    })
    expect(value(await client.device('00107703864827')).serialDiffers).toBe(false)
    expect(emulator.requests().at(-1)?.path).toBe('/api/kkt/v1/cash-registers/00107703864827')
  })
})

describe('ATOL Online, as servers differ from its document', () => {
  it.each(['http://h', 'http://h/', 'http://h/api', 'http://h/api/', 'http://h/api/kkt/v1', 'http://h/api/auth/v1/'])(
    'is reached with the address %s',
    (url) => {
      expect(atolBaseUrl(url)).toBe('http://h')
    },
  )

  it.each([
    ['Field limit is wrong', [{ field: 'errors', messages: ['Field limit is wrong'] }]],
    [['first', 'second'], [{ field: 'errors', messages: ['first', 'second'] }]],
    [{ limit: 'too large' }, [{ field: 'limit', messages: ['too large'] }]],
    [[{ code: 1 }], [{ field: 'errors', messages: ['{"code":1}'] }]],
    [null, []],
  ])('shows errors that are %j', async (errors, details) => {
    const body = JSON.stringify({ type: 'https://t', title: 'x', instance: '/api/kkt/1', traceId: 't', errors })
    emulator.addFault({ kind: 'answer', path: '/api/kkt', status: 400, body })
    expect(failureOf(await client.devices(10, 0))).toMatchObject({
      kind: 'atol-validation',
      details,
      problemType: 'https://t',
      instance: '/api/kkt/1',
    })
  })

  it('may give the only device without its list', async () => {
    const body = JSON.stringify({ _links: {}, _embedded: { _links: {}, data: ATOL_DEVICE_SAMPLE }, total: 1 })
    emulator.addFault({ kind: 'answer', path: '/api/kkt', status: 200, body })
    expect(value(await client.devices(10, 0)).devices.map((device) => device.serialNumber)).toEqual(['00107703864827'])
  })

  it('knows no list at a wrong address: that is named, not a register', async () => {
    emulator.addFault({ kind: 'answer', path: '/api/kkt', status: 404, body: '{}', times: 2 })
    expect(failureOf(await client.devices(10, 0)).kind).toBe('upstream-not-api')
    expect(failureOf(await client.device('1')).kind).toBe('upstream-not-api')
    const body = JSON.stringify({ title: 'Not Found', status: 404, traceId: 't' })
    emulator.addFault({ kind: 'answer', path: '/api/kkt', status: 404, body })
    expect(failureOf(await client.device('1')).kind).toBe('atol-not-found')
  })

  it('logs an answer that cannot be read as the failure that it is', async () => {
    const lines: string[] = []
    const logged = connect(ATOL_ACCOUNT.password, lines)
    emulator.addFault({ kind: 'answer', path: '/api/kkt', status: 200, body: '[1' })
    expect(failureOf(await logged.devices(10, 0)).kind).toBe('upstream-broken-answer')
    expect(lines.at(-1)).toMatch(/"level":"warn","event":"atol-request".*"code":"UNREADABLE"/)
    await logged.close()
  })
})

describe('errors of ATOL Online are told apart', () => {
  const trace = '0HLV2M7P4G8K1:00000001'
  it.each([
    [400, { title: 'Ошибка валидации', errors: { limit: ['1..100'] } }, 'atol-validation'],
    [401, { title: 'Неверный логин или пароль', errorCode: 'WrongLoginOrPassword' }, 'atol-wrong-login'],
    [401, { title: 'Что-то ещё' }, 'atol-unauthorized'],
    [403, { title: 'Forbidden' }, 'atol-forbidden'],
    [404, { title: 'Not Found' }, 'atol-not-found'],
    [500, { title: 'Ошибка сервера', detail: 'line 1\nline 2' }, 'atol-server'],
    [418, { title: 'teapot' }, 'atol-unexpected'],
  ])('%i %j', async (status, problem, kind) => {
    emulator.addFault({
      kind: 'answer',
      path: '/api/kkt',
      status,
      contentType: 'application/problem+json',
      body: JSON.stringify({ ...problem, status, traceId: trace }),
    })
    const failure = failureOf(await client.devices(10, 0))
    expect(failure).toMatchObject({ kind, status, traceId: trace, upstream: 'atol' })
    expect(failure.text).toContain(problem.title)
    if (kind === 'atol-validation') expect(failure.details).toEqual([{ field: 'limit', messages: ['1..100'] }])
  })

  it('also where the answer is not valid JSON, like the sample of 403', async () => {
    const body = `{ "type": "https://tools.ietf.org/html/rfc7231#section-6.5.3", "title": "Forbidden", "status": 403, "traceId": "${trace}", }`
    emulator.addFault({ kind: 'answer', path: '/api/kkt', status: 403, body })
    expect(failureOf(await client.devices(10, 0))).toMatchObject({
      kind: 'atol-forbidden',
      text: 'Forbidden',
      traceId: trace,
    })
  })

  it.each([
    [
      'required fields missing',
      400,
      { title: 'Ошибка валидации', errors: { limit: ['Обязательное поле'] } },
      'atol-validation',
    ],
    [
      'malformed JSON',
      400,
      { title: 'Ошибка валидации', errors: { '$.login': ['Неверный формат'] } },
      'atol-validation',
    ],
    [
      'wrong login',
      401,
      {
        title: 'Неверный логин или пароль',
        detail: 'Неверный логин или пароль',
        instance: '/x',
        errorCode: 'WrongLoginOrPassword',
      },
      'atol-wrong-login',
    ],
    [
      'no token',
      401,
      {
        title: 'Не распознан токен запроса',
        detail: 'Не распознан токен запроса',
        instance: '/x',
        errorCode: 'MissingToken',
      },
      'atol-missing-token',
    ],
    [
      'old token',
      401,
      {
        title: 'Переданный токен не активен',
        detail: 'Переданный токен не активен',
        instance: '/x',
        errorCode: 'ExpiredToken',
      },
      'atol-expired-token',
    ],
    ['no right', 403, { title: 'Forbidden', instance: '/x' }, 'atol-forbidden'],
    ['unknown device', 404, { title: 'Not Found', instance: '/x' }, 'atol-not-found'],
    ['server error', 500, { title: 'Ошибка сервера', instance: '/x' }, 'atol-server'],
  ])('the sample of table 6: %s', (_name, status, sample, kind) => {
    const body = JSON.stringify({ type: 'https://tools.ietf.org/html/rfc7231', status, traceId: trace, ...sample })
    const failure = atolFailure(
      { kind: 'reply', status, contentType: 'application/problem+json', body },
      (text) => text,
    )
    expect(failure).toMatchObject({ kind, status, traceId: trace, text: sample.title })
    expect(failure.details).toHaveLength(kind === 'atol-validation' ? 1 : 0)
  })

  it('and the emulator gives the documented ones', async () => {
    expect(failureOf(await client.device('999')).kind).toBe('atol-not-found')
    expect(failureOf(await client.devices(101, 0))).toMatchObject({
      kind: 'atol-validation',
      details: [{ field: 'limit', messages: ['1..100'] }],
    })
  })

  it('an HTML page means another server', async () => {
    emulator.addFault({
      kind: 'answer',
      path: '/api/kkt',
      status: 200,
      contentType: 'text/html',
      body: '<html></html>',
    })
    expect(failureOf(await client.devices(10, 0)).kind).toBe('upstream-not-api')
  })

  it('and hold neither the password nor the token', async () => {
    const lines: string[] = []
    const logged = connect(ATOL_ACCOUNT.password, lines)
    value(await logged.devices(1, 0))
    const token = emulator.requests().at(-1)?.headers.token ?? ''
    emulator.addFault({
      kind: 'answer',
      path: '/api/kkt',
      status: 500,
      body: JSON.stringify({ title: `${token} ${ATOL_ACCOUNT.password}` }),
    })
    const failure = failureOf(await logged.devices(1, 0))
    expect(failure.text).toBe('[secret] [secret]')
    expect(lines.join('\n')).not.toContain(token)
    expect(lines.join('\n')).not.toContain(ATOL_ACCOUNT.password)
    await logged.close()
  })
})
