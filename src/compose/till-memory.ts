/**
 * What a tablet remembers of itself outside its databases, so that a till whose storage the browser threw away knows that
 * it was one. In several places, because none outlives everything: a browser that needs room takes databases and caches
 * together and leaves local storage and cookies; Safari takes what a page wrote after seven days and leaves cookies that
 * the server set (`POST /api/till` sets this one again). No secrets: no key, no token.
 */
import * as v from 'valibot'
import { prefixSchema } from '../contract/config.ts'
import { tillCookieName, TILL_COOKIE_S } from '../contract/config.ts'
import type { DeviceSettings } from '../stores/settings.ts'

const NAME = 'till'

const TillMemory = v.object({
  /** Random id, drawn with the ledger. */
  till: v.string(),
  /** Every prefix that receipts of this tablet may carry, the newest last. */
  prefixes: v.array(prefixSchema),
  transport: v.picklist(['direct', 'relay']),
  origin: v.string(),
  relayId: v.string(),
  /** Factory number of its register; null where it is not known. */
  serial: v.nullable(v.string()),
})
export type TillMemory = v.InferOutput<typeof TillMemory>

export const wayOf = ({ transport, origin, relayId }: TillMemory): DeviceSettings => ({ transport, origin, relayId })

/** Reads one place's text; null for what is none of ours. */
export function parseTill(text: string | null | undefined): TillMemory | null {
  if (typeof text !== 'string') return null
  try {
    const parsed = v.safeParse(TillMemory, JSON.parse(text))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}

/** One memory of all that is left: the first place that has one, with the prefixes of every place. */
export function joinMemories(found: readonly (TillMemory | null)[]): TillMemory | null {
  const memories = found.filter((memory) => memory !== null)
  const [first] = memories
  if (first === undefined) return null
  return { ...first, prefixes: [...new Set(memories.flatMap(({ prefixes }) => prefixes))] }
}

const CACHE_ADDRESS = '/till-memory'

async function inCache(): Promise<string | undefined> {
  if (!('caches' in globalThis)) return undefined
  return (await caches.match(CACHE_ADDRESS))?.text()
}

function inCookie(): string | undefined {
  const start = `${tillCookieName(location.port)}=`
  const found = document.cookie.split('; ').find((cookie) => cookie.startsWith(start))
  return found === undefined ? undefined : decodeURIComponent(found.slice(start.length))
}

/** A place that can't be read or written is like one that holds nothing: the others are there for that. */
async function attempt<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}

/** What is left of this tablet's till; null for a tablet that never was one, as far as anything can tell. */
export async function recallTill(): Promise<TillMemory | null> {
  const texts = await Promise.all([attempt(() => localStorage.getItem(NAME)), attempt(inCookie), attempt(inCache)])
  return joinMemories(texts.map(parseTill))
}

/** Writes it into every place. */
export async function rememberTill(memory: TillMemory): Promise<void> {
  const text = JSON.stringify(memory)
  await attempt(() => {
    localStorage.setItem(NAME, text)
  })
  await attempt(() => {
    const value = `${tillCookieName(location.port)}=${encodeURIComponent(text)}`
    document.cookie = `${value}; Max-Age=${String(TILL_COOKIE_S)}; Path=/; SameSite=Strict`
  })
  await attempt(async () => {
    if ('caches' in globalThis) await (await caches.open(NAME)).put(CACHE_ADDRESS, new Response(text))
  })
}
