/** The documented calls of cash shifts (source 002), licence slots and the sales report (source 000). */
import { isRecord, parseJson } from '../src/contract/json.ts'
import { failed, success, type FailureKind, type Result } from '../src/contract/errors.ts'
import { documentEssence, documentStatus } from '../src/contract/iiko-acceptance.ts'
import { isOnePiece, type Period } from '../src/contract/iiko-period.ts'
import type {
  IikoDocument,
  IikoLicence,
  IikoPayments,
  IikoSales,
  IikoSalesDetail,
  IikoSalesRow,
  IikoSaveResult,
  IikoShift,
  IikoShiftFilters,
  IikoShiftList,
} from '../src/contract/iiko.ts'
import type { IikoClient, IikoRequest } from './iiko.ts'
import { licenceOf } from './iiko-errors.ts'
import { documentToWire } from './iiko-document.ts'
import { readDocument, readPayments, readSaveResult, readShift, readShiftList } from './iiko-wire.ts'
import { excerpt, hundredthsOf, integerOf, readRows, textOf, type WireObject } from './wire.ts'
import { unwrapped } from './xml.ts'

/** A broken answer: 200, but not what the document describes. */
function broken(): Result<never> {
  return failed('upstream-broken-answer', { upstream: 'iiko', status: 200 })
}

/** Sends and reads: `read` gets the parsed JSON and returns null when it isn't what was asked for. */
export function askJson<T extends object>(
  client: IikoClient,
  request: IikoRequest,
  read: (value: unknown) => T | null,
): Promise<Result<T>> {
  return client.request(request, (reply) => read(parseJson(reply.body)))
}

function badPeriod(): Result<never> {
  return failed('bad-request', { details: [{ field: 'period', messages: ['period'] }] })
}

/** `GET /v2/cashshifts/list`, for at most a month: longer periods are cut by whoever asks. */
export function listShifts(client: IikoClient, filters: IikoShiftFilters): Promise<Result<IikoShiftList>> {
  if (!isOnePiece(filters)) return Promise.resolve(badPeriod())
  const query = new URLSearchParams({ openDateFrom: filters.from, openDateTo: filters.to })
  for (const id of filters.departmentIds ?? []) query.append('departmentId', id)
  for (const id of filters.groupIds ?? []) query.append('groupId', id)
  query.set('status', filters.status ?? 'ANY')
  query.set('revisionFrom', String(filters.revisionFrom ?? -1))
  return askJson(client, { method: 'GET', path: '/v2/cashshifts/list', query }, readShiftList)
}

/** `GET /v2/cashshifts/byId/{sessionId}` */
export function shiftById(client: IikoClient, id: string): Promise<Result<IikoShift>> {
  const path = `/v2/cashshifts/byId/${encodeURIComponent(id)}`
  return askJson(client, { method: 'GET', path }, (value) => (isRecord(value) ? readShift(value) : null))
}

/** `GET /v2/cashshifts/payments/list/{sessionId}` */
export function paymentsOfShift(client: IikoClient, id: string, hideAccepted: boolean): Promise<Result<IikoPayments>> {
  const path = `/v2/cashshifts/payments/list/${encodeURIComponent(id)}`
  const query = new URLSearchParams({ hideAccepted: String(hideAccepted) })
  return askJson(client, { method: 'GET', path, query }, readPayments)
}

/** `GET /v2/cashshifts/closedSessionDocument/{id}`. CREATES the document when there is none: only on a person's wish. */
export function acceptanceDocument(client: IikoClient, id: string): Promise<Result<IikoDocument>> {
  const path = `/v2/cashshifts/closedSessionDocument/${encodeURIComponent(id)}`
  return client.request({ method: 'GET', path }, ({ body }) => readDocument(parseJson(body), body))
}

/** Failures after which the server may have saved all the same. */
const SAVE_UNKNOWN: readonly FailureKind[] = ['upstream-reset', 'upstream-broken-answer', 'upstream-not-api']

/**
 * `POST /v2/cashshifts/save`, sent once. A refusal comes with HTTP 200: look at `saved`. Where the answer is lost, the
 * server is asked what it has: the same content is a success, anything else leaves the failure as it was.
 */
export async function saveDocument(client: IikoClient, document: IikoDocument): Promise<Result<IikoSaveResult>> {
  const before = readDocument(parseJson(document.raw), document.raw)
  const body = before === null ? null : documentToWire(document, before)
  if (body === null) return failed('bad-request', { details: [{ field: 'document', messages: [] }] })
  const request = { method: 'POST', path: '/v2/cashshifts/save', body, once: true } as const
  const outcome = await client.request(request, (reply) => readSaveResult(parseJson(reply.body), reply.body, document))
  if (outcome.ok || !SAVE_UNKNOWN.includes(outcome.failure.kind)) return outcome
  const there = await acceptanceDocument(client, document.session.sessionId)
  if (!there.ok || documentEssence(there.value) !== documentEssence(document)) return outcome
  const status = documentStatus(there.value.items)
  const saved = { saved: true, importResult: 'SUCCESS', status, documentErrors: [], itemErrors: [] }
  return success({ ...saved, document: there.value })
}

/**
 * `GET /licence/info?moduleId=`: free slots, as text and as a number where it is one. The source's example carries no
 * token, and it is needed most when there is none to be had.
 */
export function licenceInfo(client: IikoClient, moduleId: string): Promise<Result<IikoLicence>> {
  const query = new URLSearchParams({ moduleId })
  return client.request({ method: 'GET', path: '/licence/info', query, withoutLogin: true }, (reply) => {
    const text = reply.body.trim()
    return { moduleId, licence: licenceOf(moduleId), freeSlots: integerOf(unwrapped(text)), text: excerpt(text) }
  })
}

/** Rows of the source's sample; `days` leaves out what identifies orders and guests. */
const SALES_FIELDS: Readonly<Record<IikoSalesDetail, readonly string[]>> = {
  days: ['OpenDate.Typed', 'SessionNum', 'DishName', 'PayTypes'],
  orders: [
    'OpenDate.Typed',
    'SessionNum',
    'OpenTime',
    'CloseTime',
    'DishName',
    'OrderType',
    'Delivery.CustomerName',
    'Delivery.CustomerPhone',
    'PayTypes',
  ],
}

/** Body of the report request (source 000, "Тело запроса"). A date filter is a must; both days are included. */
export function salesRequest(period: Period, detail: IikoSalesDetail): Record<string, unknown> {
  return {
    reportType: 'SALES',
    // Its totals are counted here; a server that builds them for a chain of shops may hang over it.
    buildSummary: false,
    groupByRowFields: SALES_FIELDS[detail],
    groupByColFields: [],
    aggregateFields: ['DishSumInt', 'DishDiscountSumInt'],
    filters: {
      'OpenDate.Typed': {
        filterType: 'DateRange',
        periodType: 'CUSTOM',
        from: `${period.from}T00:00:00.000`,
        to: `${period.to}T00:00:00.000`,
        includeLow: true,
        includeHigh: true,
      },
      // Sales only: no deleted dish or order, no voided receipt.
      DeletedWithWriteoff: { filterType: 'IncludeValues', values: ['NOT_DELETED'] },
      OrderDeleted: { filterType: 'IncludeValues', values: ['NOT_DELETED'] },
      Storned: { filterType: 'IncludeValues', values: ['FALSE'] },
    },
  }
}

function readSalesRow(row: WireObject): IikoSalesRow | null {
  const sum = hundredthsOf(row.DishDiscountSumInt)
  if (sum === null) return null
  return {
    date: textOf(row['OpenDate.Typed'])?.slice(0, 10) ?? null,
    shiftNumber: textOf(row.SessionNum),
    openTime: textOf(row.OpenTime),
    closeTime: textOf(row.CloseTime),
    dish: textOf(row.DishName),
    orderType: textOf(row.OrderType),
    customerName: textOf(row['Delivery.CustomerName']),
    customerPhone: textOf(row['Delivery.CustomerPhone']),
    payTypes: textOf(row.PayTypes),
    sum,
    sumBeforeDiscount: hundredthsOf(row.DishSumInt),
  }
}

/** `POST /v2/reports/olap`, for at most a month. */
export async function salesReport(
  client: IikoClient,
  period: Period,
  detail: IikoSalesDetail,
): Promise<Result<IikoSales>> {
  if (!isOnePiece(period)) return badPeriod()
  const body = JSON.stringify(salesRequest(period, detail))
  const read = await askJson(client, { method: 'POST', path: '/v2/reports/olap', body, shared: true }, (value) => {
    if (!isRecord(value) || !Array.isArray(value.data)) return null
    return readRows(value.data, readSalesRow)
  })
  if (!read.ok) return read
  const { good: rows, unreadable } = read.value
  const total = rows.reduce((sum, row) => sum + row.sum, 0)
  return Number.isSafeInteger(total) ? success({ rows, total, unreadable }) : broken()
}
