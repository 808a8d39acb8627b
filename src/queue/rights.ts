/** Which rights of a cashier each operation needs. Asked where it is enqueued, whatever screen or window it comes from. */
import type { Right } from '../domain/cashier.ts'
import type { ReceiptKind } from '../domain/receipt.ts'
import type { EntryDraft, EntryKind, Question } from './types.ts'

const RIGHT_OF: Readonly<Record<Exclude<EntryKind, 'registration'>, Right>> = {
  // What a person writes down by hand; money that was paid back needs less, see below.
  debt: 'settleQueue',
  deposit: 'cashInOut',
  withdrawal: 'cashInOut',
  xReport: 'report',
  zReport: 'closeShift',
  // Money back to a card without a receipt.
  bank: 'returnWithoutReceipt',
  bankClose: 'closeShift',
  print: 'report',
}

const KIND_RIGHTS: Readonly<Record<ReceiptKind, readonly Right[]>> = {
  sale: ['sell'],
  buy: ['purchase'],
  saleReturn: [],
  buyReturn: ['purchase'],
}

/** What whoever enqueues this has to have; `corrects`: it settles a refused entry of the queue. */
export function rightsFor(draft: Pick<EntryDraft, 'kind' | 'receipt' | 'debt'>, corrects = false): readonly Right[] {
  const { kind, receipt, debt } = draft
  if (kind === 'debt' && debt?.act === 'paid') return ['cashInOut']
  if (kind !== 'registration') return [RIGHT_OF[kind]]
  const rights: Right[] = corrects ? ['settleQueue'] : []
  if (receipt === null) return [...rights, 'sell']
  rights.push(...KIND_RIGHTS[receipt.kind])
  const isReturn = receipt.kind === 'saleReturn' || receipt.kind === 'buyReturn'
  // A return of a receipt gives its prices and discounts back as they were.
  if (isReturn && receipt.basis !== null) return [...rights, 'return']
  if (isReturn) rights.push('returnWithoutReceipt')
  if (receipt.rows.some((row) => row.kind === 'item' && row.priceChanged)) rights.push('changePrice')
  if (receipt.rows.some((row) => row.kind === 'discount')) rights.push('discount')
  return rights
}

/** The right to answer a question; null for one that anybody at the till may answer, because only the truth helps. */
export function rightToAnswer(question: Question['kind']): Right | null {
  switch (question) {
    case 'closeShift':
    case 'shiftMismatch':
      return 'closeShift'
    case 'isReceiptOurs':
    case 'otherTill':
    case 'depositDone':
    case 'cardCharged':
    case 'cardChargedTwice':
    case 'decide':
      return 'settleQueue'
    case 'key':
    case 'wrongDevice':
    case 'fix':
    case 'readDeviceLog':
    // The customer stands there: another try, or another way to pay.
    case 'cardDeclined':
    case 'printed':
      return null
  }
}
