/** The device's error catalogue in one language, loaded when an error has to be explained. */
import type { Locale } from '../../i18n/format.ts'
import type { ErrorTexts } from '../../ikkm/errors.ts'

export async function loadErrorTexts(locale: Locale): Promise<ErrorTexts> {
  switch (locale) {
    case 'ru':
      return (await import('../../ikkm/error-texts-ru.ts')).errorTextsRu
    case 'kk':
      return (await import('../../ikkm/error-texts-kk.ts')).errorTextsKk
    case 'en':
      return (await import('../../ikkm/error-texts-en.ts')).errorTextsEn
  }
}
