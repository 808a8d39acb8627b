/**
 * The languages of the terminal. Only what the selling path says is loaded at start, in one language;
 * the words of the other screens and the other languages follow when they are needed.
 *
 * Our own few lines and not vue-i18n: its compiler and runtime would be an eighth of the selling path's budget,
 * and all that is needed of it is a look-up, named places and plural forms.
 */
import { shallowReactive, shallowRef } from 'vue'
import type { Locale } from './format.ts'
import { pluralIndex } from './plural.ts'
import type { MessageKey, MessageParts } from './schema.ts'

export const LOCALES = ['ru', 'kk', 'en'] as const satisfies readonly Locale[]
export const DEFAULT_LOCALE: Locale = 'ru'

/** Every language in its own words: someone who can't read the present one finds theirs. */
export const LANGUAGE_NAMES: readonly { readonly value: Locale; readonly label: string }[] = [
  { value: 'ru', label: 'Русский' },
  { value: 'kk', label: 'Қазақша' },
  { value: 'en', label: 'English' },
]

export type MessagePart = keyof MessageParts

const loaders: Record<Locale, { readonly [Part in MessagePart]: () => Promise<MessageParts[Part]> }> = {
  ru: {
    selling: async () => (await import('./ru/selling.ts')).selling,
    asking: async () => (await import('./ru/asking.ts')).asking,
    rest: async () => (await import('./ru/rest.ts')).rest,
    backoffice: async () => (await import('./ru/backoffice.ts')).backoffice,
    shift: async () => (await import('./ru/shift.ts')).shift,
    catalog: async () => (await import('./ru/catalog.ts')).catalog,
    cashiers: async () => (await import('./ru/cashiers.ts')).cashiers,
  },
  kk: {
    selling: async () => (await import('./kk/selling.ts')).selling,
    asking: async () => (await import('./kk/asking.ts')).asking,
    rest: async () => (await import('./kk/rest.ts')).rest,
    backoffice: async () => (await import('./kk/backoffice.ts')).backoffice,
    shift: async () => (await import('./kk/shift.ts')).shift,
    catalog: async () => (await import('./kk/catalog.ts')).catalog,
    cashiers: async () => (await import('./kk/cashiers.ts')).cashiers,
  },
  en: {
    selling: async () => (await import('./en/selling.ts')).selling,
    asking: async () => (await import('./en/asking.ts')).asking,
    rest: async () => (await import('./en/rest.ts')).rest,
    backoffice: async () => (await import('./en/backoffice.ts')).backoffice,
    shift: async () => (await import('./en/shift.ts')).shift,
    catalog: async () => (await import('./en/catalog.ts')).catalog,
    cashiers: async () => (await import('./en/cashiers.ts')).cashiers,
  },
}

const locale = shallowRef<Locale>(DEFAULT_LOCALE)
/** Every loaded text by language and path. */
const texts: Readonly<Record<Locale, Map<string, string>>> = {
  ru: shallowReactive(new Map<string, string>()),
  kk: shallowReactive(new Map<string, string>()),
  en: shallowReactive(new Map<string, string>()),
}
const pluralOf = { ru: pluralIndex('ru'), kk: pluralIndex('kk'), en: pluralIndex('en') } as const

/** Puts `{name}` and `{0}`-like places in; a name that isn't given stays visible as it is written. */
function fill(message: string, named: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (place, name: string) => String(named[name] ?? place))
}

/**
 * The text of a key in the current language; `count` chooses among forms written `one | few | many`.
 * A key whose part isn't loaded yet comes back as the key itself.
 */
export function translate(
  key: MessageKey,
  named: Readonly<Record<string, string | number>> = {},
  count: number | null = null,
): string {
  const message = texts[locale.value].get(key) ?? key
  if (count === null || !message.includes(' | ')) return fill(message, named)
  const forms = message.split(' | ')
  return fill(forms[pluralOf[locale.value](count, forms.length)] ?? message, named)
}

interface MessageTree {
  readonly [key: string]: string | MessageTree
}

function store(into: Map<string, string>, tree: MessageTree, prefix: string): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(prefix + key, value)
    else store(into, value, `${prefix}${key}.`)
  }
}

const loaded = new Set<string>()

async function load(language: Locale, part: MessagePart): Promise<void> {
  const key = `${language}.${part}`
  if (loaded.has(key)) return
  store(texts[language], await loaders[language][part](), '')
  loaded.add(key)
}

/** The language on the screen; reading it in a template or a computed follows a switch. */
export function currentLocale(): Locale {
  return locale.value
}

/** Loads one part of the words in the current language; a later switch of the language brings it along. */
export function loadPart(part: MessagePart): Promise<void> {
  return load(currentLocale(), part)
}

/** Loads what the screens outside the selling path say, in the current language. */
export async function loadRest(): Promise<void> {
  await Promise.all([loadPart('rest'), loadPart('asking')])
}

/** Switches every word on the screen. The old language stays until the new one is there, so nothing flickers. */
export async function setLocale(next: Locale): Promise<void> {
  const parts = (Object.keys(loaders[next]) as MessagePart[]).filter(
    (part) => part === 'selling' || loaded.has(`${currentLocale()}.${part}`),
  )
  await Promise.all(parts.map((part) => load(next, part)))
  locale.value = next
  document.documentElement.lang = next
}

/** The first language of a browser that the terminal speaks; Russian when it speaks none of them. */
export function detectLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    const language = tag.slice(0, 2).toLowerCase()
    const known = LOCALES.find((spoken) => spoken === language)
    if (known !== undefined) return known
  }
  return DEFAULT_LOCALE
}
