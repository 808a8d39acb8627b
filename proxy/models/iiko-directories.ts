/** Name lists, catalogue, sales report of the demo's iikoServer: JSON and XML as public clients see them. */
import { isRecord, parseJson } from '../../src/contract/json.ts'
import {
  ACCOUNTS,
  CONCEPTIONS,
  DEPARTMENT,
  EMPLOYEES,
  GROUP,
  PAYMENT_TYPES,
  POINTS_OF_SALE,
  PRICES,
  PRODUCT_GROUPS,
  PRODUCTS,
  SUPPLIERS,
  UNITS,
  type WireShift,
} from './iiko-data.ts'
import { jsonResult, textResult, type UpstreamCall, type UpstreamResult } from './wire.ts'

const DAY_MS = 86_400_000

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

function xml(body: string): UpstreamResult {
  return { status: 200, contentType: 'application/xml', body: `<?xml version="1.0" encoding="UTF-8"?>${body}` }
}

interface Person {
  readonly id: string
  readonly name: string
  readonly deleted: boolean
}

function people(rows: readonly Person[]): UpstreamResult {
  const elements = rows.map(
    (row) =>
      `<employee><id>${row.id}</id><name>${escaped(row.name)}</name><deleted>${row.deleted}</deleted></employee>`,
  )
  return xml(`<employees>${elements.join('')}</employees>`)
}

function groups(): UpstreamResult {
  const points = POINTS_OF_SALE.map(
    (point) => `<pointOfSaleDto><id>${point.id}</id><name>${escaped(point.name)}</name></pointOfSaleDto>`,
  )
  return xml(
    `<groupDtoes><groupDto><id>${GROUP.id}</id><name>${GROUP.name}</name><departmentId>${DEPARTMENT.id}</departmentId>` +
      `<pointOfSaleDtoes>${points.join('')}</pointOfSaleDtoes></groupDto></groupDtoes>`,
  )
}

function entityList(rootType: string | null): UpstreamResult {
  const lists: Readonly<Record<string, readonly { readonly id: string; readonly name: string }[]>> = {
    PaymentType: PAYMENT_TYPES,
    Conception: CONCEPTIONS,
    MeasureUnit: UNITS,
  }
  const rows = lists[rootType ?? '']
  if (rows === undefined) return textResult(`Unknown root type: ${rootType ?? 'null'}`, 400)
  return jsonResult(rows.map((row) => ({ ...row, rootType, deleted: false, code: null })))
}

/** Answers the directory calls; null for any other path. */
export function directoryResult(call: UpstreamCall): UpstreamResult | null {
  switch (call.path) {
    case '/resto/api/v2/entities/accounts/list':
      return jsonResult(ACCOUNTS.map((row) => ({ ...row, rootType: 'Account' })))
    case '/resto/api/v2/entities/list':
      return entityList(call.query.get('rootType'))
    case '/resto/api/corporation/departments':
      return xml(
        `<corporateItemDtoes><corporateItemDto><id>${DEPARTMENT.id}</id><code>001</code><name>${DEPARTMENT.name}</name>` +
          `<type>DEPARTMENT</type></corporateItemDto></corporateItemDtoes>`,
      )
    case '/resto/api/corporation/groups':
      return groups()
    case '/resto/api/employees':
      return people(EMPLOYEES)
    case '/resto/api/suppliers':
      return people(SUPPLIERS)
    case '/resto/api/v2/entities/products/list':
      return jsonResult(PRODUCTS)
    case '/resto/api/v2/entities/products/group/list':
      return jsonResult(PRODUCT_GROUPS.map((row) => ({ ...row, deleted: false })))
    case '/resto/api/v2/price':
      return jsonResult({ result: 'SUCCESS', errors: null, response: PRICES, revision: 7 })
    default:
      return null
  }
}

/** First and last day of the report's date filter; null without one. */
function reportDays(body: unknown): { from: string; to: string } | null {
  const filters = isRecord(body) && isRecord(body.filters) ? body.filters : {}
  const filter = filters['OpenDate.Typed']
  if (!isRecord(filter) || filter.filterType !== 'DateRange') return null
  const from = String(filter.from).slice(0, 10)
  const to = String(filter.to).slice(0, 10)
  const days = Date.parse(to) - Date.parse(from)
  if (Number.isNaN(days)) return null
  // The server leaves the last day out unless it is asked for.
  const last = String(filter.includeHigh) === 'true' ? to : new Date(Date.parse(to) - DAY_MS).toISOString().slice(0, 10)
  return { from, to: last }
}

/** `POST /v2/reports/olap`: the generated shifts' sales by dish and payment type. */
export function olapResult(call: UpstreamCall, shifts: readonly WireShift[]): UpstreamResult {
  const body = parseJson(call.body)
  if (!isRecord(body) || body.reportType !== 'SALES') return textResult('Unknown report type', 400)
  const fields = Array.isArray(body.groupByRowFields) ? body.groupByRowFields.map(String) : []
  const days = reportDays(body)
  if (days === null) return textResult('Filter by date is required', 400)
  const aggregates = Array.isArray(body.aggregateFields) ? body.aggregateFields.map(String) : []
  const data = shifts
    .filter((shift) => shift.openDate.slice(0, 10) >= days.from && shift.openDate.slice(0, 10) <= days.to)
    .flatMap((shift) => shiftSales(shift))
    .filter((row) => passesFilters(row, body.filters))
    .map((row) => Object.fromEntries([...fields, ...aggregates].map((field) => [field, row[field] ?? null])))
  return jsonResult({ data, summary: [] })
}

/** Whether a row has one of the values that each filter by values includes. */
function passesFilters(row: Readonly<Record<string, unknown>>, filters: unknown): boolean {
  if (!isRecord(filters)) return true
  return Object.entries(filters).every(([field, filter]) => {
    if (!isRecord(filter) || filter.filterType !== 'IncludeValues' || !Array.isArray(filter.values)) return true
    return filter.values.includes(row[field])
  })
}

/** Every seventh dish was deleted from its order: a report that doesn't leave it out counts it. */
const DELETED_EVERY = 7
/** Every third dish is sold with a discount of a tenth. */
const DISCOUNT_EVERY = 3

function shiftSales(shift: WireShift): Readonly<Record<string, unknown>>[] {
  const number = Number(shift.sessionNumber)
  return PRODUCTS.slice(0, 6).map((product, index) => {
    const sum = product.defaultSalePrice * (1 + ((number + index) % 9))
    return {
      'OpenDate.Typed': shift.openDate.slice(0, 10),
      SessionNum: number,
      OpenTime: shift.openDate,
      CloseTime: shift.closeDate,
      DishName: product.name,
      OrderType: index === 5 ? 'Доставка' : null,
      'Delivery.CustomerName': index === 5 ? 'Гость <b>№1</b>' : null,
      'Delivery.CustomerPhone': index === 5 ? '+7 700 000 00 00' : null,
      PayTypes: PAYMENT_TYPES[(number + index) % PAYMENT_TYPES.length]?.name ?? null,
      DeletedWithWriteoff: (number * 6 + index) % DELETED_EVERY === 0 ? 'DELETED_WITHOUT_WRITEOFF' : 'NOT_DELETED',
      OrderDeleted: 'NOT_DELETED',
      Storned: 'FALSE',
      DishSumInt: sum,
      DishDiscountSumInt: (number + index) % DISCOUNT_EVERY === 0 ? Math.round(sum * 90) / 100 : sum,
    }
  })
}
