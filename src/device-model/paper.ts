/** What comes out of the printer, as text (source 004, chapters 5.1, 8 and 10.1). */
import { currentShift } from './shift.ts'
import type { DeviceState, LedgerEntry, LedgerKind, LedgerRow } from './state.ts'
import { deviceDate, twoDecimals } from './wire.ts'

const BARCODE = /^--barcode(?:EAN13-\d{13}|EAN8-\d{8}|128-[a-zA-Z0-9 !?:.,+=_;]{1,128})--$/

/** True when a line starts as a barcode command but isn't a whole one (10.1, additional text). */
export function hasBrokenBarcode(text: string): boolean {
  if (!text.includes('--barcode')) return false
  return text.split('\n').some((line) => line.trim().startsWith('--barcode') && !BARCODE.test(line.trim()))
}

/** Characters in a line of the printer in use (5.1). */
function paperWidth(state: DeviceState): number {
  if (state.session.printMode !== 'internal-printer') return state.options.externalPaperMm === 80 ? 42 : 30
  const { internalFont } = state.options
  return internalFont === 'normal' ? 24 : internalFont === 'small' ? 32 : 19
}

const TITLES: Partial<Record<LedgerKind, string>> = {
  sale: 'ПРОДАЖА',
  buy: 'ПОКУПКА',
  saleReturn: 'ВОЗВРАТ ПРОДАЖИ',
  buyReturn: 'ВОЗВРАТ ПОКУПКИ',
  deposit: 'ВНЕСЕНИЕ',
  withdrawal: 'ИЗЪЯТИЕ',
}
const TENDER_TITLES = ['Наличные', 'Карта', 'Тара', 'Кредит']

function centred(text: string, width: number): string {
  return ' '.repeat(Math.max(0, Math.floor((width - text.length) / 2))) + text
}

function spread(left: string, right: string, width: number): string {
  return left + ' '.repeat(Math.max(1, width - left.length - right.length)) + right
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line === '') lines.push('')
    const characters = Array.from(line)
    for (let start = 0; start < characters.length; start += width)
      lines.push(characters.slice(start, start + width).join(''))
  }
  return lines
}

/** Text with its barcode commands turned into what the paper shows. */
function textLines(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const code = BARCODE.test(line.trim()) ? line.trim().slice('--barcode'.length, -2) : null
    return code === null ? wrapped(line, width) : [centred(`|||| ${code} ||||`, width)]
  })
}

function quantityText(quantity: number): string {
  return String(quantity / 1000)
}

function rowLines(row: LedgerRow, width: number): string[] {
  if (row.discount !== null) return [spread(row.name, `-${twoDecimals(row.discount)}`, width)]
  const product = `  ${quantityText(row.quantity)} x ${twoDecimals(row.price)}`
  return [...wrapped(row.name, width), spread(product, twoDecimals(row.sum), width)]
}

function documentLines(state: DeviceState, entry: LedgerEntry, copy: 'duplicate' | 'copy' | null): string[] {
  const width = paperWidth(state)
  const { options, session } = state
  const title = TITLES[entry.kind] ?? ''
  const lines: string[] = []
  if (session.printHeader !== null) lines.push(...textLines(session.printHeader, width))
  if (copy !== null) lines.push(centred(copy === 'duplicate' ? '*** ДУБЛИКАТ ***' : '*** КОПИЯ ***', width))
  lines.push(
    centred(`${title} № ${entry.number}`, width),
    deviceDate(entry.atMs, options.utcOffsetMinutes),
    `Смена ${entry.shift}  ЗНМ ${options.factorySerialNumber}`,
    '-'.repeat(width),
  )
  if (entry.print !== null) lines.push(...textLines(entry.print, width))
  for (const row of entry.rows ?? []) lines.push(...rowLines(row, width))
  if (entry.print === null && entry.rows === null && entry.taxId !== 0)
    lines.push(`${title} 1x${twoDecimals(entry.totalTiyn)} = ${twoDecimals(entry.totalTiyn)}`)
  lines.push('-'.repeat(width), spread('ИТОГО', twoDecimals(entry.totalTiyn), width))
  entry.payments.forEach((amount, tender) => {
    if (amount > 0) lines.push(spread(TENDER_TITLES[tender] ?? '', twoDecimals(amount), width))
  })
  if (entry.changeTiyn > 0) lines.push(spread('Сдача', twoDecimals(entry.changeTiyn), width))
  const tax = state.taxes.find((candidate) => candidate.id === entry.taxId)
  if (tax !== undefined) lines.push(spread(tax.name, twoDecimals(entry.taxTiyn), width))
  if (entry.onlineCode !== '') lines.push(`ФП ${entry.onlineCode}`)
  if (entry.footer !== null) lines.push(...textLines(entry.footer, width))
  return lines
}

function push(state: DeviceState, lines: readonly string[]): void {
  state.paper.push(lines.join('\n'))
  const tooMany = state.paper.length - state.options.paperLimit
  if (tooMany > 0) state.paper.splice(0, tooMany)
}

/** Prints a document, its duplicate (replay) or a copy (`printLastDocument`). */
export function printDocument(state: DeviceState, entry: LedgerEntry, copy: 'duplicate' | 'copy' | null = null): void {
  if (state.options.paperLimit > 0) push(state, documentLines(state, entry, copy))
}

/** Prints an X or Z report. */
export function printReport(state: DeviceState, name: 'X' | 'Z', nowMs: number): void {
  if (state.options.paperLimit === 0) return
  const width = paperWidth(state)
  const shift = currentShift(state) ?? state.shifts[state.shifts.length - 1]
  const lines = [
    centred(`${name}-ОТЧЁТ`, width),
    deviceDate(nowMs, state.options.utcOffsetMinutes),
    `Смена ${shift?.id ?? 0}  ЗНМ ${state.options.factorySerialNumber}`,
    '-'.repeat(width),
  ]
  const titles = ['Продажи', 'Покупки', 'Возвраты продаж', 'Возвраты покупок']
  titles.forEach((title, type) => {
    lines.push(spread(`${title} ${shift?.counts[type] ?? 0}`, twoDecimals(shift?.sums[type] ?? 0), width))
  })
  lines.push(spread('Наличных в кассе', twoDecimals(state.cashTiyn), width))
  push(state, lines)
}

/** Prints free text of `/apiprint`; commands work with an external printer only (chapter 8). Counts drawer openings. */
export function printText(state: DeviceState, text: string): void {
  const external = state.session.printMode !== 'internal-printer'
  const width = paperWidth(state)
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const command = line.trim()
    if (command === '--open-cash--') state.drawerOpenings += external ? 1 : 0
    else if (command === '--cut--') lines.push(...(external ? ['✂'.padEnd(width, '-')] : []))
    else if (command === '--line--') lines.push(...(external ? ['-'.repeat(width)] : []))
    else lines.push(...textLines(line, width))
  }
  if (state.options.paperLimit > 0) push(state, lines)
}
