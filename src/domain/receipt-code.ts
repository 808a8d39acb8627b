/**
 * What a scanner reads off a receipt: our own barcode of its mark (`withBarcode` of `mark.ts`), or the QR code by which the
 * tax authority's operator shows it, `…?i=<fiscal sign>&f=<register>&s=<sum>&t=<yyyymmddThhmmss>`. Either may come through
 * a Kazakh or Russian keyboard layout (`codeFromLayout`).
 */
import { markOf, withBarcode } from './mark.ts'
import { parseTiyn, type Tiyn } from './money.ts'

export type ReceiptCode =
  /** `number`: the running number in the mark. */
  | { readonly kind: 'mark'; readonly mark: string; readonly number: number }
  /** Sum in tiyn; the time on the paper as `yyyy-MM-dd HH:mm:ss`, in the register's own. */
  | { readonly kind: 'fiscal'; readonly total: Tiyn; readonly time: string }

const MARK = /^CHK0(\d{4,9})([A-Z][A-Z0-9]{0,2})$/i
/** The signs between the fields as each of the three layouts types them. */
const FISCAL = /[?,]i[=һ]\d+[&?:]f[=һ][\dA-Z]+[&?:]s[=һ](\d+(?:[.,]\d{1,2})?)[&?:]t[=һ](\d{8}T\d{4}(?:\d\d)?)(?!\d)/i

/** What a scanner reads off a receipt with this mark; null where it has no barcode. */
export function receiptCode(mark: string): string | null {
  return /^--barcode128-(.+)--$/m.exec(withBarcode(mark))?.[1] ?? null
}

/** The receipt that a scanned code names; null for any other code. */
export function readReceiptCode(code: string): ReceiptCode | null {
  const [, digits, letters] = MARK.exec(code) ?? []
  if (digits !== undefined && letters !== undefined) {
    const number = Number(digits)
    return { kind: 'mark', mark: markOf(letters.toUpperCase(), number), number }
  }
  const [, sum, time] = FISCAL.exec(code) ?? []
  const total = sum === undefined ? null : parseTiyn(sum)
  if (total === null || time === undefined) return null
  const [year, month, day] = [time.slice(0, 4), time.slice(4, 6), time.slice(6, 8)]
  const [hour, minute, second] = [time.slice(9, 11), time.slice(11, 13), time.slice(13).padEnd(2, '0')]
  return { kind: 'fiscal', total, time: `${year}-${month}-${day} ${hour}:${minute}:${second}` }
}
