/** Who this till is: the letters in its marks, kept with its ledger, known to the server, and remembered outside. */
import * as v from 'valibot'
import { TILL_PATH, tillReplySchema, type TillRequest } from '../contract/config.ts'
import { drawMarkPrefix, prefixFor } from '../domain/mark.ts'
import type { LedgerDatabase } from '../storage/ledger-db.ts'
import { keepLedgerMark, newestPrefix, readLedgerMark } from '../storage/ledger-mark.ts'
import type { KeptDevice, Settings } from '../stores/settings.ts'
import { recallTill, rememberTill } from './till-memory.ts'

/** The server answers from this machine or the shop's network; longer means that it is away. */
const CLAIM_TIMEOUT_MS = 1_500

/** 0 to 1, by the browser's own chance. */
export const chance = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32

/** What tells one way to a register from another. */
export const placeOf = ({ transport, origin, relayId }: Omit<KeptDevice, 'deviceId'>): string =>
  `${transport}:${origin}${relayId}`

/** The prefix that the server grants; null where there is no server, or none that knows this tablet. */
async function claimPrefix(request: TillRequest, token: string | null): Promise<string | null> {
  try {
    const response = await fetch(TILL_PATH, {
      method: 'POST',
      cache: 'no-store',
      signal: AbortSignal.timeout(CLAIM_TIMEOUT_MS),
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(request),
    })
    const parsed = v.safeParse(tillReplySchema, response.ok ? await response.json() : null)
    return parsed.success ? parsed.output.prefix : null
  } catch {
    return null
  }
}

export interface IdentityParts {
  readonly database: LedgerDatabase
  readonly device: KeptDevice
  readonly token: () => string | null
  /** The prefix in the settings; empty before the first one. */
  readonly chosen: () => string
  readonly change: (patch: Partial<Settings>) => Promise<void>
}

/**
 * Settles the prefix of a till with a real register before anything is registered: a new ledger gets one that no receipt
 * of this tablet carries and no other terminal of the server has. Then everything that can remembers it.
 */
export async function settleIdentity(parts: IdentityParts): Promise<void> {
  const { database, chosen } = parts
  const [there, newest, memory] = await Promise.all([readLedgerMark(database), newestPrefix(database), recallTill()])
  const inLedger = there?.prefix ?? newest
  const used = new Set(memory?.prefixes ?? [])
  await keepPrefix(parts, {
    till: there?.till ?? crypto.randomUUID(),
    prefix: prefixFor({ chosen: chosen(), inLedger, used, others: new Set() }, chance),
    used,
  })
}

interface Wanted {
  readonly till: string
  readonly prefix: string
  readonly used: ReadonlySet<string>
}

async function keepPrefix(parts: IdentityParts, { till, prefix, used }: Wanted): Promise<void> {
  const { database, device, token, chosen, change } = parts
  // Before the server is asked: it sets the cookie again that it is sent.
  await remember(parts, till, [...used, prefix])
  const avoid = [...used].filter((other) => other !== prefix)
  const granted = await claimPrefix({ till, prefix, avoid }, token())
  const kept = await keepLedgerMark(database, {
    till,
    prefix: granted ?? prefix,
    place: placeOf(device),
    confirmed: granted !== null,
  })
  if (kept.prefix !== prefix || kept.till !== till) await remember(parts, kept.till, [...used, prefix, kept.prefix])
  if (kept.prefix !== chosen()) await change({ markPrefix: kept.prefix })
}

async function remember({ database, device }: IdentityParts, till: string, prefixes: readonly string[]): Promise<void> {
  const { transport, origin, relayId, deviceId } = device
  if (transport === 'demo') return
  const serial = (await database.get('devices', deviceId))?.serial ?? null
  await rememberTill({ till, prefixes: [...new Set(prefixes)], transport, origin, relayId, serial })
}

/** A person chooses the prefix. False when another terminal of the server has it; then nothing is changed. */
export async function changePrefix(parts: IdentityParts, prefix: string): Promise<boolean> {
  const there = await readLedgerMark(parts.database)
  if (there === null) {
    await parts.change({ markPrefix: prefix })
    return true
  }
  const granted = await claimPrefix({ till: there.till, prefix, avoid: [] }, parts.token())
  if (granted !== null && granted !== prefix) return false
  const memory = await recallTill()
  await keepPrefix(parts, { till: there.till, prefix, used: new Set(memory?.prefixes ?? [there.prefix]) })
  return true
}

/** A practice register's receipts are nobody's business: any prefix that this tablet's real ones don't carry. */
export async function drawForPractice(change: IdentityParts['change']): Promise<void> {
  const memory = await recallTill()
  await change({ markPrefix: drawMarkPrefix(new Set(memory?.prefixes ?? []), chance) })
}
