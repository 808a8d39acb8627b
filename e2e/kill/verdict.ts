/** The last word: what the terminal recorded against what the device executed. */

export interface RecordedSale {
  readonly mark: string
  readonly state: string
  readonly number: number | null
  readonly amount: number
}

export interface DeviceReceipt {
  readonly number: number
  readonly totalTiyn: number
  /** Footer as sent; its first line is the mark. */
  readonly footer: string | null
}

export interface Violation {
  readonly kind: 'lost' | 'doubled' | 'misattributed'
  readonly text: string
}

/** Every record exactly once in the device's ledger, with its number and total; nothing there without a record. */
export function judgeLedger(sales: readonly RecordedSale[], receipts: readonly DeviceReceipt[]): readonly Violation[] {
  const violations: Violation[] = []
  const byMark = new Map<string, DeviceReceipt[]>()
  for (const receipt of receipts) {
    const mark = (receipt.footer ?? '').split('\n')[0] ?? ''
    byMark.set(mark, [...(byMark.get(mark) ?? []), receipt])
  }
  for (const sale of sales) {
    const [found, ...others] = byMark.get(sale.mark) ?? []
    byMark.delete(sale.mark)
    if (found === undefined) violations.push({ kind: 'lost', text: `${sale.mark} (${sale.state}) has no receipt` })
    else if (sale.state !== 'done' || found.number !== sale.number || found.totalTiyn !== sale.amount) {
      const text = `${sale.mark} is ${sale.state} with ${sale.number ?? 'no number'}, at the device ${found.number}`
      violations.push({ kind: 'misattributed', text })
    }
    for (const other of others) violations.push({ kind: 'doubled', text: `${sale.mark} is also ${other.number}` })
  }
  for (const [mark, strangers] of byMark) {
    for (const one of strangers) violations.push({ kind: 'doubled', text: `${one.number} (${mark}) has no record` })
  }
  return violations
}
