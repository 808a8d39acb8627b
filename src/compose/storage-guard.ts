/** Watches whether a record still fits on the disk, so that a sale that couldn't be kept isn't begun. */
import { ROOM_NEEDED, type PersistenceState } from '../storage/persistence.ts'

/** ms between two looks: one small strict write each, and a disk doesn't fill in seconds. */
const LOOK_MS = 30_000

export interface StorageGuardParts {
  readonly persistence: () => Promise<PersistenceState>
  /** Why a small record can't be written; null when it can. */
  readonly writeProblem: () => Promise<string | null>
  /** Called at every look: why no sale may begin, or null. */
  readonly onProblem: (problem: string | null) => void
  readonly every: (run: () => void, ms: number) => unknown
}

/**
 * Why a record wouldn't fit, in technical words; null when it does. Chromium reports the same generous quota whatever
 * the disk holds (measured: 10 GiB above the use, with an override of 1 byte in force), so only a write tells the truth.
 */
export async function roomProblem(
  parts: Pick<StorageGuardParts, 'persistence' | 'writeProblem'>,
): Promise<string | null> {
  const { usage, quota } = await parts.persistence()
  const left = usage === null || quota === null ? ROOM_NEEDED : quota - usage
  if (left < ROOM_NEEDED) return `QuotaExceededError: ${String(Math.max(0, Math.floor(left / 1_000_000)))} MB`
  return parts.writeProblem()
}

/** Looks now and then every 30 s. */
export function guardStorage(parts: StorageGuardParts): void {
  const look = (): void => void roomProblem(parts).then(parts.onProblem)
  look()
  parts.every(look, LOOK_MS)
}
