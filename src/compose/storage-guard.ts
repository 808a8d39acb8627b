/** Watches whether a record still fits on the disk, so that a sale that couldn't be kept isn't begun. */
import { ROOM_NEEDED, type PersistenceState } from '../storage/persistence.ts'

/** ms between two looks: reading the estimate costs little, and a disk doesn't fill in seconds. */
const LOOK_MS = 20_000

export interface StorageGuardParts {
  readonly persistence: () => Promise<PersistenceState>
  /** Whether a small record can be written; asked only where the browser tells no quota or too little room. */
  readonly canWrite: () => Promise<boolean>
  /** Called at every look: why no sale may begin, or null. */
  readonly onProblem: (problem: string | null) => void
  readonly every: (run: () => void, ms: number) => unknown
}

/** Why a record wouldn't fit, in technical words; null when it does. */
export async function roomProblem(parts: Pick<StorageGuardParts, 'persistence' | 'canWrite'>): Promise<string | null> {
  const { usage, quota } = await parts.persistence()
  if (usage === null || quota === null) return (await parts.canWrite()) ? null : 'QuotaExceededError'
  const left = quota - usage
  return left >= ROOM_NEEDED ? null : `QuotaExceededError: ${String(Math.max(0, Math.floor(left / 1_000_000)))} MB`
}

/** Looks now and then every 20 s. */
export function guardStorage(parts: StorageGuardParts): void {
  const look = (): void => void roomProblem(parts).then(parts.onProblem)
  look()
  parts.every(look, LOOK_MS)
}
