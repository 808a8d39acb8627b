/**
 * Names for ids, and the catalogue. These calls stand in no source of ours but in public clients' code
 *, so each may be refused or look different: then its part is missing and the rest stands.
 */
import { readUnit } from '../src/domain/catalog-units.ts'
import { isRecord } from '../src/contract/json.ts'
import type { Failure, FailureKind, Result } from '../src/contract/errors.ts'
import { addDays } from '../src/contract/day.ts'
import { success } from '../src/contract/errors.ts'
import type { IikoCatalogue, IikoCataloguePart, IikoNamePart, IikoNames, IikoProduct } from '../src/contract/iiko.ts'
import type { IikoClient } from './iiko.ts'
import { askJson } from './iiko-shifts.ts'
import { asList, booleanOf, hundredthsOf, pick, readRows, textOf, type WireObject } from './wire.ts'
import { childText, descendants, parseLongXml, type XmlElement } from './xml.ts'

function askXml<T>(
  client: IikoClient,
  path: string,
  element: string,
  read: (row: XmlElement) => T | null,
): Promise<Result<T[]>> {
  return client.request({ method: 'GET', path }, async (reply) => {
    const root = await parseLongXml(reply.body)
    if (root === null) return null
    const rows = root.name === element ? [root] : descendants(root, element)
    return rows.flatMap((row) => read(row) ?? [])
  })
}

function askRows<T>(
  client: IikoClient,
  path: string,
  query: Record<string, string>,
  read: (row: WireObject) => T | null,
) {
  return askJson(client, { method: 'GET', path, query: new URLSearchParams(query) }, (value) =>
    Array.isArray(value) ? readRows(value, read).good : null,
  )
}

const ENTITIES = '/v2/entities/list'

function namedRow(row: WireObject): { id: string; name: string } | null {
  const id = textOf(row.id)
  const name = textOf(row.name)
  return id === null || name === null ? null : { id, name }
}

function namedElement(row: XmlElement): { id: string; name: string } | null {
  const id = childText(row, 'id')
  const name = childText(row, 'name')
  return id === null || name === null ? null : { id, name }
}

function account(row: WireObject): IikoNames['accounts'][number] | null {
  const base = namedRow(row)
  if (base === null) return null
  return { ...base, code: textOf(row.code), type: textOf(row.type), deleted: booleanOf(row.deleted) ?? false }
}

function counteragent(kind: 'employee' | 'supplier') {
  return (row: XmlElement): IikoNames['counteragents'][number] | null => {
    const base = namedElement(row)
    return base === null ? null : { ...base, kind, deleted: childText(row, 'deleted') === 'true' }
  }
}

interface GroupRow {
  readonly group: IikoNames['groups'][number]
  readonly points: IikoNames['pointsOfSale']
}

function group(row: XmlElement): GroupRow | null {
  const base = namedElement(row)
  if (base === null) return null
  const points = descendants(row, 'pointOfSaleDto').flatMap((point) => namedElement(point) ?? [])
  return { group: { ...base, departmentId: childText(row, 'departmentId') }, points }
}

/** Refusals that say something about one list and nothing about the next. */
const PART_ONLY: readonly FailureKind[] = [
  'iiko-no-right',
  'iiko-not-found',
  'iiko-forbidden',
  'iiko-licence-missing',
  'iiko-bad-request',
  'iiko-server',
  'upstream-broken-answer',
]

/** All names, part after part; a refused part is listed in `missing`. Fails as a whole when nothing could be read. */
export async function readNames(client: IikoClient): Promise<Result<IikoNames>> {
  const missing: { part: IikoNamePart; failure: Failure }[] = []
  const part = async <T>(name: IikoNamePart, asked: Promise<Result<T[]>>): Promise<T[]> => {
    const outcome = await asked
    if (outcome.ok) return outcome.value
    missing.push({ part: name, failure: outcome.failure })
    return []
  }
  const parts: IikoNamePart[] = [
    'accounts',
    'paymentTypes',
    'conceptions',
    'departments',
    'groups',
    'employees',
    'suppliers',
  ]
  const accounts = await part(
    'accounts',
    askRows(client, '/v2/entities/accounts/list', { includeDeleted: 'true' }, account),
  )
  const firstFailure = missing[0]?.failure
  // The server itself is away or lets nobody in: six more questions would only keep the person waiting.
  if (firstFailure !== undefined && !PART_ONLY.includes(firstFailure.kind)) return { ok: false, failure: firstFailure }
  const paymentTypes = await part('paymentTypes', askRows(client, ENTITIES, { rootType: 'PaymentType' }, namedRow))
  const conceptions = await part('conceptions', askRows(client, ENTITIES, { rootType: 'Conception' }, namedRow))
  const departments = await part(
    'departments',
    askXml(client, '/corporation/departments', 'corporateItemDto', namedElement),
  )
  const groups = await part('groups', askXml(client, '/corporation/groups', 'groupDto', group))
  const employees = await part('employees', askXml(client, '/employees', 'employee', counteragent('employee')))
  const suppliers = await part('suppliers', askXml(client, '/suppliers', 'employee', counteragent('supplier')))
  const first = missing[0]
  if (missing.length === parts.length && first !== undefined) return { ok: false, failure: first.failure }
  const known = new Set(suppliers.map((row) => row.id))
  return success({
    accounts,
    counteragents: [...suppliers, ...employees.filter((row) => !known.has(row.id))],
    departments,
    groups: groups.map((row) => row.group),
    pointsOfSale: groups.flatMap((row) => row.points),
    paymentTypes,
    conceptions,
    missing,
  })
}

/** A price of nothing is no price: the cashier is asked. */
function positive(price: number | null): number | null {
  return price !== null && price > 0 ? price : null
}

interface Price {
  readonly price: number | null
  readonly included: boolean
}

/** Price of a product on a day: the last interval that holds the day (`dateTo` isn't in it) and has no size. */
function readPrices(value: unknown, day: string): Map<string, Price> | null {
  const rows = isRecord(value) ? value.response : value
  if (!Array.isArray(rows)) return null
  const prices = new Map<string, Price>()
  for (const row of rows.filter(isRecord)) {
    const productId = textOf(row.productId)
    if (productId === null || textOf(row.productSizeId) !== null) continue
    for (const interval of asList(row.prices).filter(isRecord)) {
      const from = textOf(interval.dateFrom)?.slice(0, 10) ?? ''
      const to = textOf(interval.dateTo)?.slice(0, 10) ?? '9999-12-31'
      if (from > day || (to <= day && to !== from)) continue
      prices.set(productId, {
        price: positive(hundredthsOf(interval.price)),
        included: booleanOf(interval.included) ?? true,
      })
    }
  }
  return prices
}

function barcodesOf(row: WireObject): string[] {
  const texts = asList(row.barcodes).flatMap(
    (entry) => textOf(isRecord(entry) ? pick(entry, 'barcode', 'code') : entry) ?? [],
  )
  return [...new Set(texts)]
}

function product(
  row: WireObject,
  prices: ReadonlyMap<string, Price>,
  units: ReadonlyMap<string, string>,
): IikoProduct | null {
  const base = namedRow(row)
  if (base === null) return null
  const ordered = prices.get(base.id)
  const price = ordered?.price ?? positive(hundredthsOf(row.defaultSalePrice))
  const unitName = units.get(textOf(row.mainUnit) ?? '') ?? null
  return {
    ...base,
    num: textOf(row.num),
    code: textOf(row.code),
    groupId: textOf(row.parent),
    unitName,
    type: textOf(row.type),
    barcodes: barcodesOf(row),
    price,
    priceSource: price === null ? null : ordered?.price === price ? 'order' : 'default',
    onSale: ordered?.included ?? booleanOf(row.defaultIncludedInMenu) ?? false,
    weighed: booleanOf(row.useBalanceForSell) ?? readUnit(unitName ?? '').weighed,
  }
}

/**
 * Products, groups and the prices of `day` (`YYYY-MM-DD`), for one department where it is given. A price order goes
 * before the product's own price. Without products it fails; without groups, prices or units it goes on.
 */
export async function readCatalogue(
  client: IikoClient,
  day: string,
  departmentId: string | null,
): Promise<Result<IikoCatalogue>> {
  const rows = await askJson(
    client,
    { method: 'GET', path: '/v2/entities/products/list', query: new URLSearchParams({ includeDeleted: 'false' }) },
    (value) => (Array.isArray(value) ? (value as unknown[]) : null),
  )
  if (!rows.ok) return rows
  const missing: { part: IikoCataloguePart; failure: Failure }[] = []
  const part = async <T>(name: IikoCataloguePart, asked: Promise<Result<T>>, otherwise: T): Promise<T> => {
    const outcome = await asked
    if (outcome.ok) return outcome.value
    missing.push({ part: name, failure: outcome.failure })
    return otherwise
  }
  const groups = await part(
    'groups',
    askRows(client, '/v2/entities/products/group/list', { includeDeleted: 'false' }, (row) => {
      const base = namedRow(row)
      return base === null ? null : { ...base, parentId: textOf(row.parent) }
    }),
    [],
  )
  const units = await part('units', askRows(client, ENTITIES, { rootType: 'MeasureUnit' }, namedRow), [])
  const query = new URLSearchParams({ dateFrom: day, dateTo: addDays(day, 1), type: 'BASE', includeOutOfSale: 'true' })
  if (departmentId !== null) query.set('departmentId', departmentId)
  const prices = await part(
    'prices',
    askJson(client, { method: 'GET', path: '/v2/price', query }, (value) => readPrices(value, day)),
    new Map<string, Price>(),
  )
  const unitNames = new Map(units.map((unit) => [unit.id, unit.name]))
  const { good, unreadable } = readRows(rows.value, (row) => product(row, prices, unitNames))
  return success({ products: good, groups, missing, unreadable })
}
