/** Barcodes as bars, for the preview of what the device prints. One character a module: 1 is black, 0 is white. */
import { barcodeProblem } from './barcode.ts'
import type { Symbology } from './barcode.ts'

/** Left digits of odd parity; the right ones are their complement, those of even parity the right ones mirrored. */
const EAN_ODD = [
  '0001101',
  '0011001',
  '0010011',
  '0111101',
  '0100011',
  '0110001',
  '0101111',
  '0111011',
  '0110111',
  '0001011',
] as const

/** Parities of the left six digits, chosen by the first digit, which has no bars of its own. */
const EAN_PARITIES = [
  'OOOOOO',
  'OOEOEE',
  'OOEEOE',
  'OOEEEO',
  'OEOOEE',
  'OEEOOE',
  'OEEEOO',
  'OEOEOE',
  'OEOEEO',
  'OEEOEO',
] as const

function eanLeft(digit: string, parity: string): string {
  const odd = EAN_ODD[Number(digit)] ?? ''
  return parity === 'O' ? odd : [...eanRight(digit)].reverse().join('')
}

function eanRight(digit: string): string {
  return [...(EAN_ODD[Number(digit)] ?? '')].map((module) => (module === '1' ? '0' : '1')).join('')
}

function ean(left: string, parities: string, right: string): string {
  const leftBars = [...left].map((digit, index) => eanLeft(digit, parities[index] ?? 'O')).join('')
  const rightBars = [...right].map(eanRight).join('')
  return `101${leftBars}01010${rightBars}101`
}

/** Widths of bars and spaces of the CODE128 symbols 0 to 105, six digits each; the stop symbol has seven. */
const CODE128_WIDTHS =
  '212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122' +
  '123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323' +
  '131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131' +
  '213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122' +
  '141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112' +
  '124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141' +
  '411131211412211214211232'
const CODE128_STOP = '2331112'
const START_B = 104
const START_C = 105
const TO_B = 100
const TO_C = 99

function modules(widths: string): string {
  return [...widths].map((width, index) => (index % 2 === 0 ? '1' : '0').repeat(Number(width))).join('')
}

/** Symbols of a text: pairs of digits in set C where four or more follow each other, everything else in set B. */
function code128Symbols(value: string): number[] {
  const symbols: number[] = []
  let set: 'B' | 'C' | null = null
  let rest = value
  while (rest !== '') {
    const digits = /^\d+/.exec(rest)?.[0].length ?? 0
    const wanted: 'B' | 'C' = (set === 'C' && digits >= 2) || digits >= 4 ? 'C' : 'B'
    if (wanted !== set) {
      if (set === null) symbols.push(wanted === 'C' ? START_C : START_B)
      else symbols.push(wanted === 'C' ? TO_C : TO_B)
      set = wanted
    }
    const taken = wanted === 'C' ? 2 : 1
    symbols.push(wanted === 'C' ? Number(rest.slice(0, 2)) : rest.charCodeAt(0) - 32)
    rest = rest.slice(taken)
  }
  return symbols
}

function code128(value: string): string {
  const symbols = code128Symbols(value)
  const check = symbols.reduce((sum, symbol, index) => sum + symbol * Math.max(1, index), 0) % 103
  const widths = [...symbols, check].map((symbol) => CODE128_WIDTHS.slice(symbol * 6, symbol * 6 + 6)).join('')
  return modules(widths + CODE128_STOP)
}

/** Modules of a code, left to right without quiet zones; null for a code that can't be printed. */
export function barcodeModules(symbology: Symbology, value: string): string | null {
  if (barcodeProblem(symbology, value) !== null) return null
  switch (symbology) {
    case 'EAN13':
      return ean(value.slice(1, 7), EAN_PARITIES[Number(value[0])] ?? 'OOOOOO', value.slice(7))
    case 'EAN8':
      return ean(value.slice(0, 4), 'OOOO', value.slice(4))
    case 'CODE128':
      return code128(value)
  }
}
