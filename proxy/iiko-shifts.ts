/** The documented calls of cash shifts (source 002), licence slots and the sales report (source 000). */
import { isRecord, parseJson } from '../src/contract/json.ts'
import { failed, success, type Outcome } from '../src/contract/errors.ts'
import { cutPeriod, type Period } from '../src/contract/iiko-period.ts'
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
import { documentToWire, readDocument, readPayments, readSaveResult, readShift, readShiftList } from './iiko-wire.ts'
import { excerpt, hundredthsOf, integerOf, readRows, textOf, type WireObject } from './wire.ts'

/** A broken answer: 200, but not what the document describes. */
function broken(): Outcome<never> {
  return failed('upstream-broken-answer', { upstream: 'iiko', status: 200 })
}

/** Sends and reads: `read` gets the parsed JSON and returns null when it isn't what was asked for. */
export async function askJson<T>(
  client: IikoClient,
  request: IikoRequest,
  read: (value: unknown) => T | null,
): Promise<Outcome<T>> {
  const answer = await client.request(request)
  if (!answer.ok) return answer
  const value = read(parseJson(answer.value.body))
  return value === null ? broken() : success(value)
}

function badPeriod(): Outcome<never> {
  return failed('bad-request', { details: [{ field: 'period', messages: ['period'] }] })
}

async function overPieces<T>(period: Period, ask: (piece: Period) => Promise<Outcome<T>>): Promise<Outcome<T[]>> {
  const pieces = cutPeriod(period)
  if (pieces === null) return badPeriod()
  const results: T[] = []
  for (const piece of pieces) {
    const outcome = await ask(piece)
    if (!outcome.ok) return outcome
    results.push(outcome.value)
  }
  return success(results)
}

/** `GET /v2/cashshifts/list`, a month at a time; a shift that stands in two pieces is kept once. */
export async function listShifts(client: IikoClient, filters: IikoShiftFilters): Promise<Outcome<IikoShiftList>> {
  const pieces = await overPieces(filters, (piece) => {
    const query = new URLSearchParams({ openDateFrom: piece.from, openDateTo: piece.to })
    for (const id of filters.departmentIds ?? []) query.append('departmentId', id)
    for (const id of filters.groupIds ?? []) query.append('groupId', id)
    query.set('status', filters.status ?? 'ANY')
    query.set('revisionFrom', String(filters.revisionFrom ?? -1))
    return askJson(client, { method: 'GET', path: '/v2/cashshifts/list', query }, readShiftList)
  })
  if (!pieces.ok) return pieces
  const byId = new Map<string, IikoShift>()
  for (const piece of pieces.value) for (const shift of piece.shifts) byId.set(shift.id, shift)
  return success({ shifts: [...byId.values()], unreadable: pieces.value.flatMap((piece) => piece.unreadable) })
}

/** `GET /v2/cashshifts/byId/{sessionId}` */
export function shiftById(client: IikoClient, id: string): Promise<Outcome<IikoShift>> {
  const path = `/v2/cashshifts/byId/${encodeURIComponent(id)}`
  return askJson(client, { method: 'GET', path }, (value) => (isRecord(value) ? readShift(value) : null))
}

/** `GET /v2/cashshifts/payments/list/{sessionId}` */
export function paymentsOfShift(client: IikoClient, id: string, hideAccepted: boolean): Promise<Outcome<IikoPayments>> {
  const path = `/v2/cashshifts/payments/list/${encodeURIComponent(id)}`
  const query = new URLSearchParams({ hideAccepted: String(hideAccepted) })
  return askJson(client, { method: 'GET', path, query }, readPayments)
}

/** `GET /v2/cashshifts/closedSessionDocument/{id}`. CREATES the document when there is none: only on a person's wish. */
export function acceptanceDocument(client: IikoClient, id: string): Promise<Outcome<IikoDocument>> {
  const path = `/v2/cashshifts/closedSessionDocument/${encodeURIComponent(id)}`
  return askJson(client, { method: 'GET', path }, readDocument)
}

/** `POST /v2/cashshifts/save`. A refusal comes with HTTP 200: look at `saved`. */
export function saveDocument(client: IikoClient, document: IikoDocument): Promise<Outcome<IikoSaveResult>> {
  const request = {
    method: 'POST',
    path: '/v2/cashshifts/save',
    body: JSON.stringify(documentToWire(document)),
  } as const
  return askJson(client, request, (value) => readSaveResult(value, document))
}

/**
 * `GET /licence/info?moduleId=`: free slots, as text and as a number where it is one. The source's example carries no
 * token, and it is needed most when there is none to be had.
 */
export async function licenceInfo(client: IikoClient, moduleId: string): Promise<Outcome<IikoLicence>> {
  const query = new URLSearchParams({ moduleId })
  const answer = await client.request({ method: 'GET', path: '/licence/info', query, withoutLogin: true })
  if (!answer.ok) return answer
  const text = answer.value.body.trim()
  const inside = text.replace(/^<[^>]+>\s*([^<]*?)\s*<\/[^>]+>$/, '$1')
  return success({ moduleId, licence: licenceOf(moduleId), freeSlots: integerOf(inside), text: excerpt(text) })
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
    groupByRowFields: SALES_FIELDS[detail],
    groupByColFields: [],
    aggregateFields: ['DishSumInt'],
    filters: {
      'OpenDate.Typed': {
        filterType: 'DateRange',
        periodType: 'CUSTOM',
        from: `${period.from}T00:00:00.000`,
        to: `${period.to}T00:00:00.000`,
        includeLow: true,
        includeHigh: true,
      },
    },
  }
}

function readSalesRow(row: WireObject): IikoSalesRow | null {
  const sum = hundredthsOf(row.DishSumInt)
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
  }
}

/** `POST /v2/reports/olap`, a month at a time. */
export async function salesReport(
  client: IikoClient,
  period: Period,
  detail: IikoSalesDetail,
): Promise<Outcome<IikoSales>> {
  const pieces = await overPieces(period, (piece) => {
    const body = JSON.stringify(salesRequest(piece, detail))
    return askJson(client, { method: 'POST', path: '/v2/reports/olap', body }, (value) => {
      if (!isRecord(value) || !Array.isArray(value.data)) return null
      return readRows(value.data, readSalesRow)
    })
  })
  if (!pieces.ok) return pieces
  const rows = pieces.value.flatMap((piece) => piece.good)
  const total = rows.reduce((sum, row) => sum + row.sum, 0)
  if (!Number.isSafeInteger(total)) return broken()
  return success({ rows, total, unreadable: pieces.value.flatMap((piece) => piece.unreadable) })
}
