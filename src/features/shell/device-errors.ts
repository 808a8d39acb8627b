/** The device's error catalogue in one language, loaded when an error has to be explained. */
import { shallowRef, watch } from 'vue'
import type { Locale } from '../../i18n/format.ts'
import { useText } from '../../i18n/use-text.ts'
import type { CodeOutcome, UnknownOutcome } from '../../ikkm/codec.ts'
import { describeOutcome, type ErrorTexts } from '../../ikkm/errors.ts'

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

/** Sentences for what the device said; empty until the words are there, in the language of the moment. */
export function useDeviceErrors() {
  const { locale } = useText()
  const texts = shallowRef<ErrorTexts | null>(null)
  let wanted = false

  async function load(): Promise<void> {
    wanted = true
    texts.value = await loadErrorTexts(locale())
  }
  watch(locale, () => {
    if (wanted) void load()
  })

  /** What happened and what to do; asks for the words at the first call. */
  function describe(outcome: CodeOutcome | UnknownOutcome): string {
    if (texts.value === null) {
      if (!wanted) void load()
      return ''
    }
    const { title, hint } = describeOutcome(outcome, texts.value)
    return `${title}. ${hint}`
  }

  return {
    describe,
    /** The same from a stored code and reason phrase; empty for none. */
    sentence: (code: number | null, reason: string | null) =>
      code === null ? '' : describe({ kind: 'code', code, reason: reason ?? '' }),
  }
}
