/** What nobody caught, kept for whoever helps: the last ones, each with a number that a person can quote. Pure. */

export interface KeptError {
  readonly number: number
  /** ms since the epoch, and how often it came since. */
  readonly atMs: number
  readonly times: number
  /** Where it was caught: a screen, a promise, the start. */
  readonly where: string
  /** Technical words without secrets. */
  readonly detail: string
}

export interface ErrorRing {
  readonly next: number
  /** Newest last. */
  readonly items: readonly KeptError[]
}

const KEPT = 50
const DETAIL_LENGTH = 600
/** The same error again within so many ms is counted, not said once more. */
const SAME_MS = 60_000

/** The stored ring; an empty one for anything that is none. */
export function readRing(stored: unknown): ErrorRing {
  const ring = typeof stored === 'object' && stored !== null ? (stored as Partial<ErrorRing>) : {}
  return {
    next: typeof ring.next === 'number' ? ring.next : 1,
    items: Array.isArray(ring.items) ? ring.items.slice(-KEPT) : [],
  }
}

/** The register's keys (eight digits), PINs and codes of pairing: digits in a row that could be one are taken out. */
export function withoutSecrets(words: string): string {
  return words
    .replace(/\b(key|pin|code|pair|token|password)(["']?\s*[=:]\s*["']?)[^\s&"',;)]+/gi, '$1$2…')
    .replace(/(?<!\d)\d{8}(?!\d)/g, '…')
    .slice(0, DETAIL_LENGTH)
}

/** What was thrown as technical words: name, message and the first lines of where. */
export function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return withoutSecrets(String(error))
  const stack = (error.stack ?? '').split('\n').filter((line) => /^\s*at |@/.test(line))
  return withoutSecrets([`${error.name}: ${error.message}`, ...stack.slice(0, 6).map((line) => line.trim())].join('\n'))
}

/** The ring with one more; `fresh`: it has to be said to the person. */
export function withError(
  ring: ErrorRing,
  news: Pick<KeptError, 'where' | 'detail' | 'atMs'>,
): { readonly ring: ErrorRing; readonly kept: KeptError; readonly fresh: boolean } {
  const same = ring.items.find((item) => item.detail === news.detail && news.atMs - item.atMs < SAME_MS)
  if (same !== undefined) {
    const kept = { ...same, times: same.times + 1 }
    return { ring: { ...ring, items: ring.items.map((item) => (item === same ? kept : item)) }, kept, fresh: false }
  }
  const kept = { ...news, number: ring.next, times: 1 }
  return { ring: { next: ring.next + 1, items: [...ring.items, kept].slice(-KEPT) }, kept, fresh: true }
}
