/** Says and keeps what nobody caught. Fetched when there is something. */
import { loadPart } from '../../i18n/i18n.ts'
import { text } from '../../i18n/use-text.ts'
import { services } from '../../till/services.ts'
import { showToast } from '../../ui/toasts.ts'
import { detailOf, readRing, withError, type ErrorRing, type KeptError } from './error-ring.ts'

const KEY = 'errors'
const STAYS_MS = 15_000
/** Where the disk takes nothing more the number is still one that wasn't said before. */
let ring: ErrorRing | null = null
let turn: Promise<unknown> = Promise.resolve()

/** The errors that are kept, newest first. */
export async function keptErrors(): Promise<readonly KeptError[]> {
  return [...readRing(await services().keyValues.get(KEY)).items].reverse()
}

/** Keeps it under a number and says that number; resolves when both are done as far as they can be. */
export function reportError(error: unknown, where: string): Promise<KeptError> {
  const mine = turn.then(() => keep(error, where))
  turn = mine
  return mine
}

async function keep(error: unknown, where: string): Promise<KeptError> {
  const news = { where, detail: detailOf(error), atMs: Date.now() }
  // Another window may say one at the same time: its number is another one.
  let made = withError(ring ?? readRing(null), news)
  // A broken storage must not hide what is to be said.
  await write((stored) => (made = withError(readRing(stored), news)).ring).catch(() => undefined)
  const { kept, fresh } = made
  ring = made.ring
  if (fresh) {
    await loadPart('dialogs').catch(() => undefined)
    showToast(text('failure.uncaught', { number: kept.number }), { key: 'uncaught', icon: 'alert', stayMs: STAYS_MS })
  }
  return kept
}

async function write(change: (stored: unknown) => ErrorRing): Promise<void> {
  await services().keyValues.update(KEY, change)
}
