/** A receipt of which somebody owes a part. */
import type { EntryDebt } from '../domain/debts.ts'
import { owedBy, type PaidWay } from '../domain/paid-ways.ts'
import type { Receipt } from '../domain/receipt.ts'

/** What stands before the debtor's name on paper, in the language of the shop's receipts. */
const ROW = { ru: 'В долг', kk: 'Қарызға', en: 'On credit' } as const

/** The rows of `text` but those that name a debtor: a refused receipt that is paid anew may get another one. */
function rowsBut(text: string | null): readonly string[] {
  return (text ?? '')
    .split('\n')
    .filter((row) => row !== '' && !Object.values(ROW).some((word) => row.startsWith(`${word}: `)))
}

/**
 * The receipt with its debtor: a sale names whoever owes on paper, before the goods as a buyer is named; a return that is
 * not paid out lowers the debt. Without `debt` where nobody owes anything of it.
 */
export function onCredit(
  receipt: Receipt,
  debt: EntryDebt,
  ways: readonly PaidWay[] | undefined,
  language: keyof typeof ROW,
): { readonly receipt: Receipt; readonly debt?: EntryDebt } {
  if (owedBy(receipt, ways) <= 0) return { receipt }
  if (receipt.kind !== 'sale') return { receipt, debt }
  const printText = [...rowsBut(receipt.printText), `${ROW[language]}: ${debt.name}`].join('\n')
  return { receipt: { ...receipt, printText }, debt }
}
