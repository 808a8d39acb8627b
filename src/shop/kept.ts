/** What the page keeps in the browser: the owner's token, language and look, and the figures that it showed last. */
import * as v from 'valibot'
import { parseJson } from '../contract/json.ts'
import { shopSummarySchema, type ShopSummary } from '../contract/shop.ts'
import type { Locale } from '../i18n/format.ts'
import { LOCALES } from '../i18n/i18n.ts'

export type Theme = 'system' | 'light' | 'dark'

/** Figures with the moment (ms) at which the server gave them. */
export interface KeptSummary {
  readonly summary: ShopSummary
  readonly atMs: number
}

export interface Kept {
  /** Null: nobody paired here, or the owner left. */
  token(): string | null
  keepToken(token: string | null): void
  language(): Locale | null
  keepLanguage(language: Locale): void
  theme(): Theme
  keepTheme(theme: Theme): void
  /** Null where none are kept, or an earlier version kept them in another shape. */
  summary(): KeptSummary | null
  keepSummary(kept: KeptSummary | null): void
}

const PREFIX = 'shop.'
const keptSchema = v.object({ summary: shopSummarySchema, atMs: v.number() })

/** A browser that keeps nothing (private mode, full disk) still shows the page: `storage` may throw. */
export function createKept(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): Kept {
  const read = (name: string): string | null => {
    try {
      return storage.getItem(PREFIX + name)
    } catch {
      return null
    }
  }
  const write = (name: string, value: string | null): void => {
    try {
      if (value === null) storage.removeItem(PREFIX + name)
      else storage.setItem(PREFIX + name, value)
    } catch (error) {
      console.warn('not kept:', name, error)
    }
  }
  return {
    token: () => read('token'),
    keepToken: (token) => {
      write('token', token)
    },
    language: () => LOCALES.find((locale) => locale === read('language')) ?? null,
    keepLanguage: (language) => {
      write('language', language)
    },
    theme: () => (['light', 'dark'] as const).find((theme) => theme === read('theme')) ?? 'system',
    keepTheme: (theme) => {
      write('theme', theme === 'system' ? null : theme)
    },
    summary() {
      const kept = v.safeParse(keptSchema, parseJson(read('summary') ?? ''))
      return kept.success ? kept.output : null
    },
    keepSummary: (kept) => {
      write('summary', kept === null ? null : JSON.stringify(kept))
    },
  }
}
