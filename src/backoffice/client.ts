/**
 * The app's client of its proxy. Every reply passes a schema; everything that can go wrong is a value, the proxy
 * being away included. Nothing is repeated by itself: a person asks again.
 */
import type * as v from 'valibot'
import { atolDetailSchema, atolPageSchema, type AtolDetail, type AtolPage } from '../contract/atol.ts'
import {
  CONFIG_PATH,
  PAIR_PATH,
  pairReplySchema,
  proxyConfigSchema,
  type ProxyConfigReply,
} from '../contract/config.ts'
import { failed, replySchema, type Result } from '../contract/errors.ts'
import { cutPeriod, type Period } from '../contract/iiko-period.ts'
import {
  iikoCatalogueSchema,
  iikoDocumentSchema,
  iikoLicenceSchema,
  iikoLogoutSchema,
  iikoNamesSchema,
  iikoPaymentsSchema,
  iikoSalesSchema,
  iikoSaveResultSchema,
  iikoShiftListSchema,
  iikoShiftSchema,
  type IikoCatalogue,
  type IikoDocument,
  type IikoLicence,
  type IikoLogout,
  type IikoNames,
  type IikoPayments,
  type IikoSales,
  type IikoSalesDetail,
  type IikoSaveResult,
  type IikoShift,
  type IikoShiftFilters,
  type IikoShiftList,
} from '../contract/iiko.ts'
import { readReply } from '../contract/reply.ts'
import { callJson, jsonClient, type JsonCall } from '../http/json-call.ts'

/** iiko answers one request after another, and a long report is slow. */
const TIMEOUT_MS = 90_000
const QUICK_TIMEOUT_MS = 10_000

/** What a screen shows, and whether it is invented. */
export interface Shown<T> {
  readonly demo: boolean
  readonly data: T
}
export type BackofficeOutcome<T> = Result<Shown<T>>

/** How far a question that is asked in pieces has come. */
export type Progress = (done: number, all: number) => void

export interface BackofficeOptions {
  /** Base address of the proxy without a trailing slash; empty for the page's own origin. */
  readonly baseUrl: () => string
  /** Token from pairing; null where none is needed or there is none yet. */
  readonly token: () => string | null
  /** For tests. */
  readonly fetch?: typeof fetch
}

export interface BackofficeClient {
  config(): Promise<Result<ProxyConfigReply>>
  /** Trades the code that the proxy shows for a token; the caller keeps it. */
  pair(code: string): Promise<Result<string>>
  /** Shifts opened within the period; longer periods are asked for month by month. */
  iikoShifts(filters: IikoShiftFilters, progress?: Progress): Promise<BackofficeOutcome<IikoShiftList>>
  iikoShift(id: string): Promise<BackofficeOutcome<IikoShift>>
  iikoPayments(id: string, hideAccepted?: boolean): Promise<BackofficeOutcome<IikoPayments>>
  /** CREATES the acceptance document when there is none: only when a person starts an acceptance. */
  iikoDocument(id: string): Promise<BackofficeOutcome<IikoDocument>>
  /** After any failure but an `iiko-` one it isn't known whether it was saved: read the document again. */
  iikoSave(document: IikoDocument): Promise<BackofficeOutcome<IikoSaveResult>>
  iikoNames(fresh?: boolean): Promise<BackofficeOutcome<IikoNames>>
  iikoLicence(moduleId?: string): Promise<BackofficeOutcome<IikoLicence>>
  /** Gives the licence slot back; the next question logs in again. */
  iikoLogout(): Promise<BackofficeOutcome<IikoLogout>>
  iikoSales(period: Period, detail?: IikoSalesDetail, progress?: Progress): Promise<BackofficeOutcome<IikoSales>>
  /** `day` is `YYYY-MM-DD`: prices of that day. */
  iikoCatalogue(day: string, departmentId?: string): Promise<BackofficeOutcome<IikoCatalogue>>
  atolDevices(page: { readonly limit: number; readonly offset: number }): Promise<BackofficeOutcome<AtolPage>>
  atolDevice(serial: string): Promise<BackofficeOutcome<AtolDetail>>
}

type Call = Pick<JsonCall, 'path' | 'query' | 'body'> & Partial<Pick<JsonCall, 'timeoutMs'>>

/** Period of the call as one failure-or-pieces value. */
function piecesOf(period: Period): readonly Period[] | null {
  return cutPeriod({ from: period.from, to: period.to })
}

export function createBackofficeClient(options: BackofficeOptions): BackofficeClient {
  const client = jsonClient(options.fetch)

  const send = async <T extends v.GenericSchema>(call: Call, schema: T): Promise<Result<v.InferOutput<T>>> => {
    try {
      const { text, status } = await callJson(
        { timeoutMs: TIMEOUT_MS, ...call, path: options.baseUrl() + call.path, token: options.token() },
        client,
      )
      return readReply(text, status, schema)
    } catch (error) {
      return failed(isTimeout(error) ? 'proxy-timeout' : 'proxy-away')
    }
  }

  const ask = async <T extends v.GenericSchema>(call: Call, data: T): Promise<BackofficeOutcome<v.InferOutput<T>>> => {
    const outcome = await send(call, replySchema(data))
    if (!outcome.ok) return outcome
    const reply = outcome.value as { demo: boolean; data: v.InferOutput<T> }
    return { ok: true, value: { demo: reply.demo, data: reply.data } }
  }
  const get = <T extends v.GenericSchema>(path: string, data: T, query?: URLSearchParams) =>
    ask({ path, ...(query === undefined ? {} : { query }) }, data)

  const inPieces = async <T>(
    period: Period,
    askPiece: (piece: Period) => Promise<BackofficeOutcome<T>>,
    progress: Progress | undefined,
  ): Promise<BackofficeOutcome<T[]>> => {
    const pieces = piecesOf(period)
    if (pieces === null) return failed('bad-request', { details: [{ field: 'period', messages: [] }] })
    const data: T[] = []
    let demo = false
    progress?.(0, pieces.length)
    for (const piece of pieces) {
      const outcome = await askPiece(piece)
      if (!outcome.ok) return outcome
      data.push(outcome.value.data)
      demo ||= outcome.value.demo
      progress?.(data.length, pieces.length)
    }
    return { ok: true, value: { demo, data } }
  }

  return {
    config: () => send({ path: CONFIG_PATH, timeoutMs: QUICK_TIMEOUT_MS }, proxyConfigSchema),
    async pair(code) {
      const outcome = await send({ path: PAIR_PATH, body: { code }, timeoutMs: QUICK_TIMEOUT_MS }, pairReplySchema)
      return outcome.ok ? { ok: true, value: outcome.value.token } : outcome
    },
    async iikoShifts(filters, progress) {
      const parts = await inPieces(
        filters,
        (piece) => get('/api/iiko/shifts', iikoShiftListSchema, shiftQuery(filters, piece)),
        progress,
      )
      if (!parts.ok) return parts
      const byId = new Map(parts.value.data.flatMap((part) => part.shifts.map((shift) => [shift.id, shift] as const)))
      const unreadable = parts.value.data.flatMap((part) => part.unreadable)
      return { ok: true, value: { demo: parts.value.demo, data: { shifts: [...byId.values()], unreadable } } }
    },
    iikoShift: (id) => get(`/api/iiko/shifts/${encodeURIComponent(id)}`, iikoShiftSchema),
    iikoPayments: (id, hideAccepted = false) =>
      get(
        `/api/iiko/shifts/${encodeURIComponent(id)}/payments`,
        iikoPaymentsSchema,
        new URLSearchParams({ hideAccepted: String(hideAccepted) }),
      ),
    iikoDocument: (id) =>
      ask({ path: `/api/iiko/shifts/${encodeURIComponent(id)}/document`, body: {} }, iikoDocumentSchema),
    iikoSave: (document) => ask({ path: '/api/iiko/document', body: document }, iikoSaveResultSchema),
    iikoNames: (fresh = false) =>
      get('/api/iiko/names', iikoNamesSchema, new URLSearchParams({ fresh: String(fresh) })),
    iikoLicence: (moduleId) =>
      get(
        '/api/iiko/licence',
        iikoLicenceSchema,
        moduleId === undefined ? undefined : new URLSearchParams({ moduleId }),
      ),
    iikoLogout: () => ask({ path: '/api/iiko/logout', body: {} }, iikoLogoutSchema),
    async iikoSales(period, detail = 'days', progress) {
      const parts = await inPieces(
        period,
        (piece) => get('/api/iiko/sales', iikoSalesSchema, new URLSearchParams({ ...piece, detail })),
        progress,
      )
      if (!parts.ok) return parts
      const { demo, data } = parts.value
      const total = data.reduce((sum, part) => sum + part.total, 0)
      return {
        ok: true,
        value: {
          demo,
          data: { rows: data.flatMap((part) => part.rows), total, unreadable: data.flatMap((part) => part.unreadable) },
        },
      }
    },
    iikoCatalogue: (day, departmentId) =>
      get(
        '/api/iiko/catalogue',
        iikoCatalogueSchema,
        new URLSearchParams({ day, ...(departmentId === undefined ? {} : { departmentId }) }),
      ),
    atolDevices: ({ limit, offset }) =>
      get('/api/atol/devices', atolPageSchema, new URLSearchParams({ limit: String(limit), offset: String(offset) })),
    atolDevice: (serial) => get(`/api/atol/devices/${encodeURIComponent(serial)}`, atolDetailSchema),
  }
}

function shiftQuery(filters: IikoShiftFilters, piece: Period): URLSearchParams {
  const query = new URLSearchParams({ from: piece.from, to: piece.to, status: filters.status ?? 'ANY' })
  for (const id of filters.departmentIds ?? []) query.append('departmentId', id)
  for (const id of filters.groupIds ?? []) query.append('groupId', id)
  if (filters.revisionFrom !== undefined) query.set('revisionFrom', String(filters.revisionFrom))
  return query
}

function isTimeout(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'AbortError')
}
