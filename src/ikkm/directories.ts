/** Goods, folders, taxes and cashiers kept on the device (source 004, chapter 9.1). */
import type { DeviceAnswer } from '../contract/device.ts'
import { cleanBarcodes } from '../domain/barcode-clean.ts'
import type { CatalogCategory, CatalogItem, Tax } from '../domain/catalog.ts'
import { readUnit } from '../domain/catalog-units.ts'
import { unknownReply, type Decoded } from './codec.ts'
import {
  amount,
  brokenRow,
  decodeRows,
  integer,
  isObject,
  readJson,
  text,
  type BrokenRow,
  type Rows,
} from './wire-json.ts'

export interface Cashier {
  readonly id: string
  readonly name: string
}

/** Folders of goods. */
export const decodeCatalog = (answer: DeviceAnswer): Decoded<Rows<CatalogCategory>> => decodeNames(answer)
/** Taxes; their ids change when a tax is edited. */
export const decodeTaxes = (answer: DeviceAnswer): Decoded<Rows<Tax>> => decodeNames(answer)
/** Cashiers of the device. */
export const decodeCashiers = (answer: DeviceAnswer): Decoded<Rows<Cashier>> => decodeNames(answer)

function decodeNames(answer: DeviceAnswer): Decoded<Rows<{ readonly id: string; readonly name: string }>> {
  const read = readJson(answer)
  if (read.kind !== 'json') return read
  const json = Array.isArray(read.json) && read.json.length === 0 ? {} : read.json
  if (!isObject(json)) return unknownReply('garbage', read.reply, 'no map of names')
  const rows: { id: string; name: string }[] = []
  const broken: BrokenRow[] = []
  Object.entries(json).forEach(([id, value], index) => {
    const name = text(value)
    if (name === null) broken.push(brokenRow(index, { [id]: value }, 'name'))
    else rows.push({ id, name })
  })
  return { kind: 'ok', value: { rows, broken } }
}

/**
 * Goods as items of the terminal's catalogue. A price of 0 asks for a price at every sale; a unit of measure other
 * than 0 (pieces) asks for a quantity with decimals. The document has no fields for marking codes.
 */
export function decodeItems(answer: DeviceAnswer): Decoded<Rows<CatalogItem>> {
  return decodeRows(answer, (json) => {
    const uid = text(json['uid'])
    if (uid === null) return 'uid'
    const name = text(json['name'])
    if (name === null) return 'name'
    const price = json['price1'] === undefined || json['price1'] === null ? 0 : amount(json['price1'])
    if (price === null || price < 0) return 'price1'
    const measure = integer(json['measure']) ?? 0
    // Numbers of three digits are the units classifier's, where most mean pieces of some kind.
    const unit = measure < 100 ? null : readUnit(String(measure))
    return {
      id: `device:${uid}`,
      source: 'device',
      code: text(json['code1']) ?? uid,
      barcodes: cleanBarcodes(text(json['code2']) ?? '').codes,
      name,
      price: price === 0 ? null : price,
      taxId: idOrNull(json['itemtax1']),
      categoryId: idOrNull(json['catalogid']),
      weighed: unit?.known === true ? unit.weighed : measure !== 0,
      ...(unit?.known === true && unit.text !== null ? { unit: unit.text } : {}),
      ntin: null,
      gtin: null,
      markCode: null,
    }
  })
}

/** Directories are numbered from 1: a 0 means that there is none. */
function idOrNull(value: unknown): string | null {
  const id = text(value)
  return id === '0' ? null : id
}
