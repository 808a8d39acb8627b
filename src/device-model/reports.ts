/** `/dump/table/shifts`, the reports of a shift and `/dump/transaction` (source 004, chapter 9.2). */
import type { DeviceReply } from '../contract/device.ts'
import { refusedWith, type Execution } from './execution.ts'
import { currentShift, isArchived } from './shift.ts'
import { RECEIPT_KINDS, type DeviceState, type LedgerEntry, type ShiftRecord } from './state.ts'
import { accepted, deviceDate, refused, twoDecimals } from './wire.ts'

/** -16 unless the current cashier is a senior cashier or an administrator (9.2). */
function roleRefusal(state: DeviceState): DeviceReply | null {
  const cashier = state.cashiers.find((candidate) => candidate.id === state.cashierId)
  return cashier === undefined || cashier.role === 'cashier' ? refusedWith(-16) : null
}

/** Registrations of a shift in order; nothing for an archived one. */
function receiptsOf(state: DeviceState, shift: ShiftRecord): LedgerEntry[] {
  const found: LedgerEntry[] = []
  const first = state.ledger[0]
  if (first === undefined || isArchived(state, shift)) return found
  for (let index = Math.max(0, shift.firstSeq - first.seq); index < state.ledger.length; index += 1) {
    const entry = state.ledger[index]
    if (entry === undefined || entry.shift > shift.id) break
    if (entry.shift === shift.id && typeOf(entry) >= 0) found.push(entry)
  }
  return found
}

function typeOf(entry: LedgerEntry): number {
  return (RECEIPT_KINDS as readonly string[]).indexOf(entry.kind)
}

/** One row of a receipt as its JSON members, without the braces: texts are put together for speed. */
function rowText(id: number, chequeId: string, values: readonly [number, number, number], taxId: number): string {
  return (
    `"id":${id},${chequeId}"itemCode":"","qty":${values[0]},` +
    `"price":${values[1]},"saleSum":${values[2]},"taxId":${taxId}`
  )
}

/**
 * Rows of a receipt; without `itemdata` the one line that the device makes itself (5.1). `chequeId` adds the
 * receipt's number to each row (`/sales`).
 */
function saleRows(state: DeviceState, entry: LedgerEntry, withChequeId: boolean): string[] {
  const { taxId, totalTiyn } = entry
  const total = totalTiyn / 100
  const chequeId = withChequeId ? `"chequeId":${entry.number},` : ''
  if (entry.rows === null || entry.rows.length === 0)
    return [rowText(entry.firstRowId, chequeId, [1, total, total], taxId)]
  const rows: string[] = []
  entry.rows.forEach((row, index) => {
    const id = entry.firstRowId + index
    if (row.discount === null)
      rows.push(rowText(id, chequeId, [row.quantity / 1000, row.price / 100, row.sum / 100], taxId))
    else if (state.readings.chequeDiscounts === 'negative-row')
      rows.push(rowText(id, chequeId, [1, -row.discount / 100, -row.discount / 100], taxId))
  })
  return rows
}

function list(rows: readonly string[]): string {
  return rows.length === 0 ? '[]' : `[{${rows.join('},{')}}]`
}

/** Members that `/cheques` and `/salescheques` give a receipt. */
function headText(state: DeviceState, entry: LedgerEntry): string {
  const date = deviceDate(entry.atMs, state.options.utcOffsetMinutes)
  return `"chequeId":${entry.number},"chequeDate":"${date}","chequeType":"${typeOf(entry)}"`
}

/** `/dump/table/shifts`: every shift that isn't archived. */
export function shiftsReport(execution: Execution): DeviceReply {
  const { state } = execution
  const refusal = roleRefusal(state)
  if (refusal !== null) return refusal
  const offset = state.options.utcOffsetMinutes
  const shifts = state.shifts
    .filter((shift) => !isArchived(state, shift))
    .map((shift) => ({
      id: shift.id,
      opened: shift.closedMs === 0 ? 1 : 0,
      openDate: deviceDate(shift.openedMs, offset),
      closeDate: shift.closedMs === 0 ? '' : deviceDate(shift.closedMs, offset),
      cashierId: shift.cashierId,
      sale: (shift.sumsAtOpen[0] ?? 0) / 100,
      buy: (shift.sumsAtOpen[1] ?? 0) / 100,
      saleReturn: (shift.sumsAtOpen[2] ?? 0) / 100,
      buyReturn: (shift.sumsAtOpen[3] ?? 0) / 100,
    }))
  return accepted('OK', JSON.stringify(shifts))
}

function cheques(state: DeviceState, shift: ShiftRecord): string {
  const receipts = receiptsOf(state, shift).map(
    (entry) => `{${headText(state, entry)},"chequeSales":${list(saleRows(state, entry, false))}}`,
  )
  return `[${receipts.join(',')}]`
}

function saleCheques(state: DeviceState, shift: ShiftRecord): string {
  const rows = receiptsOf(state, shift).flatMap((entry) => {
    const head = headText(state, entry)
    return saleRows(state, entry, false).map((row) => `{${head},${row}}`)
  })
  return `[${rows.join(',')}]`
}

function sales(state: DeviceState, shift: ShiftRecord): string {
  const rows = receiptsOf(state, shift).flatMap((entry) => saleRows(state, entry, true))
  return list(rows)
}

/** Fiscal data at the opening: its first name is `sale`, in the current data it is `sales` (wire's own spellings). */
function fiscalData(sums: readonly number[], firstName: 'sale' | 'sales'): string {
  return (
    `{"${firstName}":${twoDecimals(sums[0] ?? 0)},"buy":${twoDecimals(sums[1] ?? 0)},` +
    `"saleReturn":${twoDecimals(sums[2] ?? 0)},"buyReturn":${twoDecimals(sums[3] ?? 0)}}`
  )
}

function details(shift: ShiftRecord, type: number): string {
  return `{"sum":${twoDecimals(shift.sums[type] ?? 0)},"cheques":${shift.counts[type] ?? 0}}`
}

function taxesOf(state: DeviceState, shift: ShiftRecord): string {
  const byType = RECEIPT_KINDS.map(() => new Map<number, { turnover: number; amount: number }>())
  for (const entry of receiptsOf(state, shift)) {
    const taxes = byType[typeOf(entry)]
    const sum = taxes?.get(entry.taxId) ?? { turnover: 0, amount: 0 }
    sum.turnover += entry.totalTiyn
    sum.amount += entry.taxTiyn
    taxes?.set(entry.taxId, sum)
  }
  const types = RECEIPT_KINDS.map((kind, type) => {
    const taxes = [...(byType[type] ?? [])].map(([id, { turnover, amount }]) => {
      const tax = state.taxes.find((candidate) => candidate.id === id) ?? state.retiredTaxes[id]
      return (
        `{"taxId":${id},"turnover":${twoDecimals(turnover)},"taxDetails":[{"taxId":${id},` +
        `"isIncluded":"${tax?.included ?? true}","taxPercent":${(tax?.rate ?? 0) / 100},` +
        `"amount":${twoDecimals(amount)}}]}`
      )
    })
    return `"${kind}":[${taxes.join(',')}]`
  })
  return `"taxes":{${types.join(',')}},`
}

/** The report of a shift. Money as JSON numbers with two decimals, spellings as on the wire. */
function shiftReport(state: DeviceState, shift: ShiftRecord, withTaxes: boolean): string {
  const current = fiscalData(state.sums, 'sales')
  const atOpen = fiscalData(shift.sumsAtOpen, 'sale')
  if (isArchived(state, shift)) return `{"isArhived":true,"fiscalDataOnShiftOpen":${atOpen},"fiscalData":${current}}`
  const offset = state.options.utcOffsetMinutes
  const open = shift.closedMs === 0
  const [sale = 0, buy = 0, saleReturn = 0, buyReturn = 0] = shift.sums
  return (
    `{"shiftState":"${open ? 'opened' : 'closed'}","dateOpen":"${deviceDate(shift.openedMs, offset)}",` +
    `"dateClose":"${open ? '' : deviceDate(shift.closedMs, offset)}","fiscalDataOnShiftOpen":${atOpen},` +
    `"totalSaleCheques":${state.counts[0] ?? 0},"saleDetails":${details(shift, 0)},` +
    `"totalBuyCheques":${state.counts[1] ?? 0},"buyDetails":${details(shift, 1)},` +
    `"totalSaleReturnCheques":${state.counts[2] ?? 0},"saleReturnDetails":${details(shift, 2)},` +
    `"totalBuyReturnCheques":${state.counts[3] ?? 0},"buyRetDetails":${details(shift, 3)},` +
    `"cashOutDocCount":${shift.cashOutCount},"cashOutTotal":${twoDecimals(shift.cashOutTiyn)},` +
    `"cashInDocCount":${shift.cashInCount},"cashInTotal":${twoDecimals(shift.cashInTiyn)},` +
    `"cashWeHave":${twoDecimals(open ? state.cashTiyn : shift.cashAtCloseTiyn)},` +
    `"revenue":${twoDecimals(sale - saleReturn - buy + buyReturn)},` +
    `${withTaxes ? taxesOf(state, shift) : ''}"fiscalData":${current}}`
  )
}

/** `/dump/table/shifts/<n>/<form>`: report, reportwithtax, cheques, salescheques, sales. */
export function shiftDump(execution: Execution, number: string, form: string): DeviceReply {
  const { state } = execution
  const role = roleRefusal(state)
  if (role !== null) return role
  const open = currentShift(state)
  const id = Number(number)
  const shift = open?.id === id ? open : state.shifts.find((candidate) => candidate.id === id)
  if (shift === undefined || !/^\d+$/.test(number)) return refused('check-all-params', -7)
  switch (form) {
    case 'report':
      return accepted('OK', shiftReport(state, shift, false))
    case 'reportwithtax':
      return accepted('OK', shiftReport(state, shift, true))
    case 'cheques':
      return accepted('OK', cheques(state, shift))
    case 'salescheques':
      return accepted('OK', saleCheques(state, shift))
    case 'sales':
      return accepted('OK', sales(state, shift))
    default:
      return refusedWith(-8)
  }
}

/** `/dump/transaction/<web-key of the receipt>`: which of its two keys that is, is a reading. */
export function transaction(execution: Execution, key: string): DeviceReply {
  const { state, nowMs } = execution
  const role = roleRefusal(state)
  if (role !== null) return role
  const sent = state.readings.transactionKey === 'sent'
  const offset = state.options.utcOffsetMinutes
  for (let index = state.ledger.length - 1; index >= 0; index -= 1) {
    const entry = state.ledger[index]
    if (entry === undefined || (typeOf(entry) < 0 && entry.keySent === entry.keyReturned)) continue
    if (entry.number === 0 || (sent ? entry.keySent : entry.keyReturned) !== key) continue
    const delivered = entry.submittedMs !== 0 && entry.submittedMs <= nowMs
    const receipt = {
      docid: String(entry.number),
      createDate: deviceDate(entry.atMs, offset),
      submitDate: delivered ? deviceDate(entry.submittedMs, offset) : '',
      status: delivered ? 1 : 0,
      onlineCode: delivered ? entry.onlineCode : '',
    }
    return accepted('OK', JSON.stringify(receipt))
  }
  return refused('check-all-params', -7)
}
