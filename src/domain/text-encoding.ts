/** Which letters the bytes of a file mean: price lists come from spreadsheets and old accounting programs. */

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1251' | 'kz-1048' | 'ibm866'

/**
 * Where KZ-1048 (the Kazakh national code page) differs from Windows-1251: Kazakh letters in the places of letters
 * that neither Russian nor Kazakh has.
 */
const KZ_1048: readonly (readonly [inWindows1251: string, kazakh: string])[] = [
  ['Ќ', 'Қ'],
  ['Џ', 'Һ'],
  ['ќ', 'қ'],
  ['џ', 'һ'],
  ['Ў', 'Ұ'],
  ['ў', 'ұ'],
  ['Ј', 'Ә'],
  ['Ґ', 'Ө'],
  ['Є', 'Ғ'],
  ['Ї', 'Ү'],
  ['ґ', 'ө'],
  ['є', 'ғ'],
  ['ј', 'ә'],
  ['Ѕ', 'Ң'],
  ['ѕ', 'ң'],
  ['ї', 'ү'],
]
const KAZAKH_OF = new Map(KZ_1048)

/** Bytes that are counted to tell one encoding from another. */
const COUNTED = 20_000
/** Share of the letters' high bytes (Latin or Cyrillic) by which UTF-16 without a mark is recognised. */
const MOSTLY = 0.8

/** UTF-16 without a byte order mark: nearly every second byte is that of the Latin or the Cyrillic block. */
function unmarkedUtf16(bytes: Uint8Array): TextEncoding | null {
  const counted = bytes.subarray(0, COUNTED)
  const pairs = counted.length >> 1
  if (pairs < 2 || !counted.includes(0)) return null
  const high = [0, 0] as [number, number]
  for (let index = 0; index < 2 * pairs; index++) {
    const byte = counted[index] ?? 0
    if (byte === 0 || byte === 4) high[index % 2 === 0 ? 0 : 1]++
  }
  if (high[1] > MOSTLY * pairs && high[1] > high[0]) return 'utf-16le'
  return high[0] > MOSTLY * pairs ? 'utf-16be' : null
}

/** Letters of CP866 whose bytes are Kazakh letters in KZ-1048. */
const KAZAKH_BYTES = new Set([0x8d, 0x8f, 0x9d, 0x9f, 0xa1, 0xa2, 0xa3, 0xa5, 0xaa, 0xaf])

/** Whether bytes are Russian in CP866, whose small letters stand where Windows-1251 has signs that nobody types. */
function isCp866(bytes: Uint8Array): boolean {
  let dos = 0
  let windows = 0
  for (const byte of bytes.subarray(0, COUNTED)) {
    if (byte >= 0x80 && byte <= 0xaf && !KAZAKH_BYTES.has(byte)) dos++
    if ((byte >= 0xc0 && byte <= 0xdf) || byte >= 0xf0) windows++
  }
  return dos > windows
}

/**
 * Encoding of a file: its byte order mark, else UTF-16 by its zeros, UTF-8 when every byte fits, else one of the Cyrillic
 * code pages.
 */
export function detectEncoding(bytes: Uint8Array): TextEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const utf16 = unmarkedUtf16(bytes)
  if (utf16 !== null) return utf16
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    // Not UTF-8: the decoder has no other way to say so.
  }
  if (isCp866(bytes)) return 'ibm866'
  const letters = new TextDecoder('windows-1251').decode(bytes)
  return [...letters].some((letter) => KAZAKH_OF.has(letter)) ? 'kz-1048' : 'windows-1251'
}

/** Text of a file; bytes that fit nothing become U+FFFD, a byte order mark is left out. */
export function decodeText(bytes: Uint8Array, encoding: TextEncoding = detectEncoding(bytes)): string {
  if (encoding !== 'kz-1048') return new TextDecoder(encoding).decode(bytes)
  const letters = new TextDecoder('windows-1251').decode(bytes)
  return [...letters].map((letter) => KAZAKH_OF.get(letter) ?? letter).join('')
}
