/**
 * The languages of the terminal. Only what the selling path says is loaded at start, in one language;
 * the words of the other screens and the other languages follow when they are needed.
 */
import { createI18n } from 'vue-i18n'
import type { Locale } from './format.ts'
import { pluralIndex } from './plural.ts'
import type { Messages, RestMessages, SellingMessages } from './schema.ts'

export const LOCALES = ['ru', 'kk', 'en'] as const satisfies readonly Locale[]
export const DEFAULT_LOCALE: Locale = 'ru'

/** Every language in its own words: someone who can't read the present one finds theirs. */
export const LANGUAGE_NAMES: readonly { readonly value: Locale; readonly label: string }[] = [
  { value: 'ru', label: 'Русский' },
  { value: 'kk', label: 'Қазақша' },
  { value: 'en', label: 'English' },
]

export type MessagePart = 'selling' | 'rest'

const loaders: Record<Locale, { selling(): Promise<SellingMessages>; rest(): Promise<RestMessages> }> = {
  ru: {
    selling: async () => (await import('./ru/selling.ts')).selling,
    rest: async () => (await import('./ru/rest.ts')).rest,
  },
  kk: {
    selling: async () => (await import('./kk/selling.ts')).selling,
    rest: async () => (await import('./kk/rest.ts')).rest,
  },
  en: {
    selling: async () => (await import('./en/selling.ts')).selling,
    rest: async () => (await import('./en/rest.ts')).rest,
  },
}

export const i18n = createI18n<[Messages], Locale, false>({
  legacy: false,
  locale: DEFAULT_LOCALE,
  fallbackLocale: [],
  messages: {} as Record<Locale, Messages>,
  pluralRules: { ru: pluralIndex('ru'), kk: pluralIndex('kk'), en: pluralIndex('en') },
  missingWarn: false,
  fallbackWarn: false,
})

const loaded = new Set<string>()

async function load(locale: Locale, part: MessagePart): Promise<void> {
  const key = `${locale}.${part}`
  if (loaded.has(key)) return
  const messages = await loaders[locale][part]()
  i18n.global.mergeLocaleMessage(locale, messages)
  loaded.add(key)
}

function currentLocale(): Locale {
  return i18n.global.locale.value
}

/** Loads what the screens outside the selling path say, in the current language. */
export function loadRest(): Promise<void> {
  return load(currentLocale(), 'rest')
}

/** Switches every word on the screen. The old language stays until the new one is there, so nothing flickers. */
export async function setLocale(locale: Locale): Promise<void> {
  const parts: MessagePart[] = loaded.has(`${currentLocale()}.rest`) ? ['selling', 'rest'] : ['selling']
  await Promise.all(parts.map((part) => load(locale, part)))
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}

/** The first language of a browser that the terminal speaks; Russian when it speaks none of them. */
export function detectLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    const language = tag.slice(0, 2).toLowerCase()
    const known = LOCALES.find((locale) => locale === language)
    if (known !== undefined) return known
  }
  return DEFAULT_LOCALE
}
