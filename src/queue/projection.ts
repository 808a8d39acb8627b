/** What the screens show of the queue: a pure function of the stored records. */
import { stepFor } from '../ikkm/codes.ts'
import { D_MAX_MS, isParked } from './types.ts'
import type { AskedQuestion, DeviceRecord, Entry } from './types.ts'

/** The one thing that a person is asked now. `entry` is null for a question about the device. */
export interface Asked {
  readonly question: AskedQuestion
  readonly entry: Entry | null
}

/** The device's own question first, then the oldest that holds up the queue, then the oldest of the others. */
export function attention(device: DeviceRecord | null, open: readonly Entry[]): Asked | null {
  if (device?.question) return { question: device.question, entry: null }
  const asking = open.filter((entry) => entry.question !== null)
  const entry = asking.find((each) => !isParked(each)) ?? asking[0]
  return entry?.question ? { question: entry.question, entry } : null
}

/** An operation whose first request may still be executed: nothing else may use its key until that can't be any more. */
export interface Fenced {
  readonly entry: Entry
  /** ms since the epoch of the tablet's clock. */
  readonly untilMs: number
  /** Operations that wait behind it. */
  readonly behind: number
}

/** What the queue waits for by the clock alone: a refusal, or a cash operation, with a send that was never answered. */
export function fenced(open: readonly Entry[]): Fenced | null {
  const live = open.filter((entry) => !isParked(entry))
  const [entry] = live
  if (entry === undefined || entry.unansweredAtMs === null || entry.answered >= entry.attempts) return null
  const isRefusal = entry.kind === 'registration' && entry.state === 'sending' && stepFor(entry.code) === 'refuse'
  const waits = isRefusal || isCashInDoubt(entry)
  if (!waits || entry.question !== null) return null
  return { entry, untilMs: entry.unansweredAtMs + D_MAX_MS, behind: live.length - 1 }
}

function isCashInDoubt({ kind, state }: Entry): boolean {
  return (kind === 'deposit' || kind === 'withdrawal') && state === 'recon'
}
