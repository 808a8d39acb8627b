/** ATOL Online's device information as one pure model at the level of its HTTP calls (source 003). */
import { isRecord, parseJson } from '../../src/contract/json.ts'
import { jsonResult, type UpstreamCall, type UpstreamResult } from './wire.ts'

export interface AtolModelOptions {
  readonly login: string
  readonly password: string
  /** ms since 1970. */
  readonly now: () => number
  /** Devices, the sample's included. */
  readonly devices: number
  /** Public address that links carry. */
  readonly origin?: string
}

export interface AtolModel {
  handle(call: UpstreamCall): UpstreamResult
  /** Tokens run out at once. */
  expireTokens(): void
  tokensIssued(): number
}

/** Device of the samples (source 003, chapter 2.2). */
export const ATOL_DEVICE_SAMPLE = {
  serialNumber: '00107703864827',
  registrationNumber: '000000003027865',
  deviceNumber: 'KKT024219',
  fiscalizationDate: '2019-07-22T14:03:00+00:00',
  fiscalStorageExpiration: '2020-11-02T21:00:00+00:00',
  signedDocuments: 213350,
  fiscalStoragePercentageUse: 85.34,
  fiscalStorageINN: '3026455760',
  fiscalStorageSerialNumber: '9999078902004339',
  fiscalStoragePaymentAddress: 'test.qa.ru',
  groupCode: 'test-qa-ru_14605',
  timestamp: '2019-12-05T10:45:30+00:00',
  isShiftOpened: true,
  shiftNumber: 126,
  shiftReceipt: 2278,
  unsentDocs: 1510,
  firstUnsetDocTimestamp: '2019-12-05T08:46:00+00:00',
  networkErrorCode: 0,
} as const

/** The serial number that the sample of one device asks for; its answer names the other one (chapter 2.3). */
export const ATOL_MISMATCH_SERIAL = '00107702504819'

const TOKEN_LIFE_MINUTES = 1_440
const MAX_LIMIT = 100
const DAY_MS = 86_400_000

type Device = Record<string, unknown> & { readonly serialNumber: string }

function generated(index: number, now: number): Device {
  const unsent = index % 6 === 0 ? 1 + (index % 40) : 0
  const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}+00:00`
  return {
    serialNumber: String(107_700_000_000 + index).padStart(14, '0'),
    registrationNumber: String(3_000_000 + index).padStart(15, '0'),
    deviceNumber: `KKT${String(index).padStart(6, '0')}`,
    fiscalizationDate: iso(now - (30 + (index % 400)) * DAY_MS),
    fiscalStorageExpiration: iso(now + ((index * 13) % 450) * DAY_MS - 5 * DAY_MS),
    signedDocuments: (index * 977) % 250_000,
    fiscalStoragePercentageUse: Math.round((((index * 977) % 250_000) / 2_500) * 100) / 100,
    fiscalStorageINN: '3026455760',
    fiscalStorageSerialNumber: String(9_999_078_900_000_000 + index),
    fiscalStoragePaymentAddress: index % 9 === 0 ? 'shop<script>alert(1)</script>.kz' : `shop${index}.kz`,
    groupCode: 'demo-kz_1',
    // The tables spell it with a capital letter, the samples don't.
    [index % 2 === 0 ? 'timestamp' : 'Timestamp']: iso(now - (index % 90) * 60_000),
    isShiftOpened: index % 3 !== 0,
    shiftNumber: 1 + (index % 300),
    shiftReceipt: (index * 7) % 900,
    ...(unsent === 0 ? {} : { unsentDocs: unsent, firstUnsetDocTimestamp: iso(now - unsent * 3_600_000) }),
    networkErrorCode: index % 10 === 9 ? 42 : index % 10,
  }
}

const TYPES: Readonly<Record<number, readonly [string, string]>> = {
  400: ['https://tools.ietf.org/html/rfc7231#section-6.5.1', 'Ошибка валидации'],
  401: ['https://tools.ietf.org/html/rfc7235#section-3.1', 'Не распознан токен запроса'],
  403: ['https://tools.ietf.org/html/rfc7231#section-6.5.3', 'Forbidden'],
  404: ['https://tools.ietf.org/html/rfc7231#section-6.5.4', 'Not Found'],
  500: ['https://tools.ietf.org/html/rfc7231#section-6.6.1', 'Ошибка сервера'],
}

/** RFC 7807 as table 6 prints it. */
function atolProblem(status: number, extra: Record<string, unknown> = {}): UpstreamResult {
  const [type, title] = TYPES[status] ?? ['about:blank', 'Error']
  const traceId = '0HLV2M7P4G8K1:00000001'
  return jsonResult({ type, title, status, traceId, ...extra }, status, 'application/problem+json; charset=utf-8')
}

class Atol implements AtolModel {
  private readonly devices: Device[]
  private readonly tokens = new Map<string, number>()
  private issued = 0

  constructor(private readonly options: AtolModelOptions) {
    const count = Math.max(0, options.devices - 1)
    const now = options.now()
    this.devices = [
      { ...ATOL_DEVICE_SAMPLE },
      ...Array.from({ length: count }, (_, index) => generated(index + 1, now)),
    ]
  }

  expireTokens(): void {
    for (const token of this.tokens.keys()) this.tokens.set(token, -Infinity)
  }

  tokensIssued(): number {
    return this.issued
  }

  handle(call: UpstreamCall): UpstreamResult {
    if (call.path === '/api/auth/v1/gettoken') return this.token(call)
    const base = '/api/kkt/v1/cash-registers'
    if (call.path !== base && !call.path.startsWith(`${base}/`)) return atolProblem(404, { instance: call.path })
    const expires = this.tokens.get(call.headers.token ?? '')
    if (expires === undefined) {
      return atolProblem(401, { detail: 'Не распознан токен запроса', instance: call.path, errorCode: 'MissingToken' })
    }
    if (expires <= this.options.now()) {
      const title = 'Переданный токен не активен'
      return atolProblem(401, { title, detail: title, instance: call.path, errorCode: 'ExpiredToken' })
    }
    return call.path === base
      ? this.page(call)
      : this.one(decodeURIComponent(call.path.slice(base.length + 1)), call.path)
  }

  private token(call: UpstreamCall): UpstreamResult {
    const body = parseJson(call.body)
    const given = call.method === 'GET' ? Object.fromEntries(call.query) : isRecord(body) ? body : null
    if (given === null) return atolProblem(400, { errors: { $: ['Неверный формат JSON'] } })
    const missing = ['login', 'pass'].filter((name) => typeof given[name] !== 'string')
    if (missing.length > 0)
      return atolProblem(400, { errors: Object.fromEntries(missing.map((name) => [name, ['Обязательное поле']])) })
    if (given.login !== this.options.login || given.pass !== this.options.password) {
      const title = 'Неверный логин или пароль'
      return atolProblem(401, { title, detail: title, instance: call.path, errorCode: 'WrongLoginOrPassword' })
    }
    this.issued += 1
    const token = `atol.${this.issued.toString().padStart(6, '0')}.${'t'.repeat(40)}`
    const now = this.options.now()
    this.tokens.set(token, now + TOKEN_LIFE_MINUTES * 60_000)
    // Seven digits of seconds and a zone, as the sample has them.
    const issued = new Date(now + 3 * 3_600_000).toISOString().replace('Z', '9998+03:00')
    return jsonResult({ token, issued, expiresIn: TOKEN_LIFE_MINUTES })
  }

  private link(path: string, rel: string) {
    return { href: `${this.options.origin ?? 'https://online.atol.ru'}${path}`, rel, action: 'GET' }
  }

  private page(call: UpstreamCall): UpstreamResult {
    const number = (name: string, otherwise: number) => Number(call.query.get(name) ?? otherwise)
    const limit = number('limit', 10)
    const offset = number('offset', 0)
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
      return atolProblem(400, { errors: { limit: ['1..100'] } })
    if (!Number.isInteger(offset) || offset < 0) return atolProblem(400, { errors: { offset: ['>= 0'] } })
    const base = '/api/kkt/v1/cash-registers'
    const links = {
      ...(offset + limit < this.devices.length
        ? { next: this.link(`${base}?offset=${offset + limit}&limit=${limit}`, 'get-cash-registers') }
        : {}),
      ...(offset > 0
        ? { prev: this.link(`${base}?offset=${Math.max(0, offset - limit)}&limit=${limit}`, 'get-cash-registers') }
        : {}),
    }
    const rows = this.devices.slice(offset, offset + limit).map((device) => this.embedded(device.serialNumber, device))
    return jsonResult(
      { _links: links, _embedded: rows, total: this.devices.length, limit, offset },
      200,
      'application/hal+json; charset=utf-8',
    )
  }

  private embedded(asked: string, device: Device) {
    const self = this.link(`/api/kkt/v1/cash-registers/${asked}`, 'get-cash-register')
    return { _links: { self, 'get-cash-register': self }, data: device }
  }

  private one(serial: string, path: string): UpstreamResult {
    const device = this.devices.find(
      (row) => row.serialNumber === (serial === ATOL_MISMATCH_SERIAL ? ATOL_DEVICE_SAMPLE.serialNumber : serial),
    )
    if (device === undefined) return atolProblem(404, { instance: path })
    return jsonResult(this.embedded(serial, device), 200, 'application/hal+json; charset=utf-8')
  }
}

export function createAtolModel(options: AtolModelOptions): AtolModel {
  return new Atol(options)
}
