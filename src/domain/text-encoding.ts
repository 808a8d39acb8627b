/** Which letters the bytes of a file mean: price lists come from spreadsheets and old accounting programs. */

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1251' | 'kz-1048'

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

/** Encoding of a file: its byte order mark, else UTF-8 when every byte fits, else one of the Cyrillic code pages. */
export function detectEncoding(bytes: Uint8Array): TextEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    // Not UTF-8: the decoder has no other way to say so.
  }
  const letters = new TextDecoder('windows-1251').decode(bytes)
  return [...letters].some((letter) => KAZAKH_OF.has(letter)) ? 'kz-1048' : 'windows-1251'
}

/** Text of a file; bytes that fit nothing become U+FFFD, a byte order mark is left out. */
export function decodeText(bytes: Uint8Array, encoding: TextEncoding = detectEncoding(bytes)): string {
  if (encoding !== 'kz-1048') return new TextDecoder(encoding).decode(bytes)
  const letters = new TextDecoder('windows-1251').decode(bytes)
  return [...letters].map((letter) => KAZAKH_OF.get(letter) ?? letter).join('')
}
