/**
 * The sentences of the error catalogue in all three languages. A page that wants one language only imports its own
 * file (`error-texts-ru.ts`, `-kk.ts`, `-en.ts`).
 */
import { errorTextsEn } from './error-texts-en.ts'
import { errorTextsKk } from './error-texts-kk.ts'
import { errorTextsRu } from './error-texts-ru.ts'
import type { ErrorTexts } from './errors.ts'

export const ERROR_TEXTS: Readonly<Record<'ru' | 'kk' | 'en', ErrorTexts>> = {
  ru: errorTextsRu,
  kk: errorTextsKk,
  en: errorTextsEn,
}
