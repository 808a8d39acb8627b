/** What the device said, in the words of one language; the catalogue is loaded when the first error has to be explained. */
import { shallowRef, watch } from 'vue'
import type { Locale } from '../../i18n/format.ts'
import { useText } from '../../i18n/use-text.ts'
import type { CodeOutcome, UnknownOutcome } from '../../ikkm/codec.ts'
import type { ErrorText, ErrorTexts } from '../../ikkm/errors.ts'

type Describe = (outcome: CodeOutcome | UnknownOutcome) => ErrorText

async function loadTexts(locale: Locale): Promise<ErrorTexts> {
  switch (locale) {
    case 'ru':
      return (await import('../../ikkm/error-texts-ru.ts')).errorTextsRu
    case 'kk':
      return (await import('../../ikkm/error-texts-kk.ts')).errorTextsKk
    case 'en':
      return (await import('../../ikkm/error-texts-en.ts')).errorTextsEn
  }
}

/** Fetches the catalogue in this language and gives what explains a refusal or a silence with it. */
export async function loadDescriptions(locale: Locale): Promise<Describe> {
  const [{ describeOutcome }, texts] = await Promise.all([import('../../ikkm/errors.ts'), loadTexts(locale)])
  return (outcome) => describeOutcome(outcome, texts)
}

/** Sentences for what the device said; empty until the words are there, in the language of the moment. */
export function useDeviceErrors() {
  const { locale } = useText()
  const known = shallowRef<Describe | null>(null)
  let wanted = false

  async function load(): Promise<void> {
    wanted = true
    known.value = await loadDescriptions(locale())
  }
  watch(locale, () => {
    if (wanted) void load()
  })

  /** What happened and what to do; asks for the words at the first call. */
  function describe(outcome: CodeOutcome | UnknownOutcome): string {
    if (known.value === null) {
      if (!wanted) void load()
      return ''
    }
    const { title, hint } = known.value(outcome)
    return `${title}. ${hint}`
  }

  return {
    describe,
    /** The same from a stored code and reason phrase; empty for none. */
    sentence: (code: number | null, reason: string | null) =>
      code === null ? '' : describe({ kind: 'code', code, reason: reason ?? '' }),
  }
}
