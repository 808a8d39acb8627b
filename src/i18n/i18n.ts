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
const DEFAULT_LOCALE: Locale = 'ru'

/** Every language in its own words: someone who can't read the present one finds theirs. */
export const LANGUAGE_NAMES: readonly { readonly value: Locale; readonly label: string }[] = [
  { value: 'ru', label: 'Русский' },
  { value: 'kk', label: 'Қазақша' },
  { value: 'en', label: 'English' },
]

export type MessagePart = keyof MessageParts

/** Three files a language: what the first screen says, what it may ask, and everything else (`later.ts`). */
interface WordFiles {
  readonly selling: () => Promise<Pick<MessageParts, 'selling'>>
  readonly dialogs: () => Promise<Pick<MessageParts, 'dialogs'>>
  readonly later: () => Promise<Omit<MessageParts, 'selling' | 'dialogs'>>
}

const files: Record<Locale, WordFiles> = {
  ru: {
    selling: () => import('./ru/selling.ts'),
    dialogs: () => import('./ru/dialogs.ts'),
    later: () => import('./ru/later.ts'),
  },
  kk: {
    selling: () => import('./kk/selling.ts'),
    dialogs: () => import('./kk/dialogs.ts'),
    later: () => import('./kk/later.ts'),
  },
  en: {
    selling: () => import('./en/selling.ts'),
    dialogs: () => import('./en/dialogs.ts'),
    later: () => import('./en/later.ts'),
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

const loaded: Readonly<Record<Locale, Set<MessagePart>>> = { ru: new Set(), kk: new Set(), en: new Set() }

async function load(language: Locale, part: MessagePart): Promise<void> {
  if (loaded[language].has(part)) return
  const file: Partial<MessageParts> = await files[language][part === 'selling' || part === 'dialogs' ? part : 'later']()
  store(texts[language], file[part] ?? {}, '')
  loaded[language].add(part)
}

/** The language on the screen; reading it in a template or a computed follows a switch. */
export function currentLocale(): Locale {
  return locale.value
}

/** Loads one part of the words in the current language; a later switch of the language brings it along. */
export function loadPart(part: MessagePart): Promise<void> {
  return load(currentLocale(), part)
}

/** What every screen outside the selling path may say: cards of one feature stand on pages of another. */
const SCREENS = ['help', 'setup', 'device', 'queue', 'card', 'journal', 'settings', 'dialogs'] as const

/** Loads what the screens outside the selling path say, in the current language. */
export async function loadScreens(): Promise<void> {
  await Promise.all(SCREENS.map(loadPart))
}

/** Switches every word on the screen. The old language stays until the new one is there, so nothing flickers. */
export async function setLocale(next: Locale): Promise<void> {
  const parts = new Set(loaded[currentLocale()]).add('selling')
  await Promise.all([...parts].map((part) => load(next, part)))
  locale.value = next
  document.documentElement.lang = next
}
