/** What kind of file a person chose, by its first bytes: a name ending in `.xls` may hold anything. */
import { decodeText, detectEncoding } from './text-encoding.ts'

/** Files that hold no goods, named to the person. */
export type ForeignFile = 'pdf' | 'word' | 'presentation' | 'image' | 'archive' | 'program' | 'media' | 'binary'

export type FileKind =
  /** A workbook: Excel's old and new formats, OpenDocument. */
  | { readonly kind: 'workbook' }
  /** A page or an XML table, whatever its name says. */
  | { readonly kind: 'markup' }
  | { readonly kind: 'text' }
  | { readonly kind: 'foreign'; readonly what: ForeignFile }

/** Beginnings of files, a byte a letter; a dot stands for any byte. */
const SIGNATURES: readonly (readonly [what: ForeignFile, starts: readonly string[]])[] = [
  ['pdf', ['%PDF']],
  ['word', ['{\\rtf']],
  ['image', ['\u0089PNG', '\u00ff\u00d8\u00ff', 'GIF8', 'BM....\0\0\0\0', 'RIFF....WEBP', 'II*\0', 'MM\0*']],
  ['image', ['....ftypheic', '....ftypavif', '....ftypmif1']],
  ['media', ['....ftyp', 'ID3', 'OggS', 'RIFF', '\u001aE\u00df\u00a3']],
  ['archive', ['Rar!', '7z\u00bc\u00af', '\u001f\u008b', 'BZh', '\u00fd7zXZ']],
  ['program', ['MZ', '\u007fELF']],
]

function startsLike(bytes: Uint8Array, start: string): boolean {
  return [...start].every((char, index) => char === '.' || bytes[index] === char.charCodeAt(0))
}

/** Whether a text stands anywhere in the bytes, each of its letters as `step` bytes. */
function holds(bytes: Uint8Array, text: string, step = 1): boolean {
  const codes = [...text].flatMap((char) => [char.charCodeAt(0), ...Array.from({ length: step - 1 }, () => 0)])
  const [first = 0] = codes
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (codes.every((code, index) => bytes[at + index] === code)) return true
  }
  return false
}

function zipKind(bytes: Uint8Array): FileKind {
  if (holds(bytes, 'xl/workbook') || holds(bytes, 'opendocument.spreadsheet')) return { kind: 'workbook' }
  if (holds(bytes, 'word/document') || holds(bytes, 'opendocument.text')) return { kind: 'foreign', what: 'word' }
  if (holds(bytes, 'ppt/presentation')) return { kind: 'foreign', what: 'presentation' }
  return { kind: 'foreign', what: 'archive' }
}

/** Excel's old files and Word's have the same frame; streams inside have names of two bytes a letter. */
function oldOfficeKind(bytes: Uint8Array): FileKind {
  if (holds(bytes, 'Workbook', 2) || holds(bytes, 'Book', 2)) return { kind: 'workbook' }
  if (holds(bytes, 'WordDocument', 2)) return { kind: 'foreign', what: 'word' }
  return { kind: 'foreign', what: holds(bytes, 'PowerPoint Document', 2) ? 'presentation' : 'binary' }
}

/** Bytes looked at to tell text from anything else. */
const HEAD = 4_096
/** Share of control characters that text never has. */
const MANY_CONTROLS = 0.02

/** Whether text is a page or a table in XML. */
const MARKUP = /^\ufeff?\s*<(?:!doctype|\?xml|html|head|meta|table|body|div|style|!--)/i

/** Kind of a file by what is in it. */
export function fileKind(bytes: Uint8Array): FileKind {
  if (startsLike(bytes, 'PK\u0003\u0004')) return zipKind(bytes)
  if (startsLike(bytes, '\u00d0\u00cf\u0011\u00e0')) return oldOfficeKind(bytes)
  // Excel 2 to 4 wrote a bare stream: its first record begins a sheet.
  if (bytes[0] === 9 && bytes[3] === 0 && [0, 2, 4].includes(bytes[1] ?? -1)) return { kind: 'workbook' }
  const foreign = SIGNATURES.find(([, starts]) => starts.some((start) => startsLike(bytes, start)))
  if (foreign) return { kind: 'foreign', what: foreign[0] }
  const text = decodeText(bytes.subarray(0, HEAD), detectEncoding(bytes))
  const controls = text.match(/(?![\t\n\f\r])\p{Cc}/gu)?.length ?? 0
  if (controls > text.length * MANY_CONTROLS) return { kind: 'foreign', what: 'binary' }
  return { kind: MARKUP.test(text) ? 'markup' : 'text' }
}

/** Encoding that a page declares in its first lines, in words of the browser; null for none. */
export function declaredEncoding(bytes: Uint8Array): string | null {
  const head = Array.from(bytes.subarray(0, 2_048), (byte) => String.fromCharCode(byte)).join('')
  return /(?:charset|encoding)\s*=\s*["']?([\w-]+)/i.exec(head)?.[1]?.toLowerCase() ?? null
}
