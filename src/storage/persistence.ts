/** Whether the browser promises to keep the terminal's data, and how much room is left. */

export interface PersistenceState {
  /** The browser won't evict the data under pressure; null where it can't say. */
  readonly persisted: boolean | null
  /** Bytes in use and bytes allowed; null where the browser doesn't tell. */
  readonly usage: number | null
  readonly quota: number | null
}

/** Below this many free bytes a sale isn't started: its record might not fit. */
export const ROOM_NEEDED = 20_000_000

/** Reads the state without asking for anything. */
export async function readPersistence(storage: StorageManager | undefined): Promise<PersistenceState> {
  if (storage === undefined) return { persisted: null, usage: null, quota: null }
  const [persisted, estimate] = await Promise.all([
    storage.persisted().catch(() => null),
    storage.estimate().catch((): StorageEstimate => ({})),
  ])
  return { persisted, usage: estimate.usage ?? null, quota: estimate.quota ?? null }
}

/** Asks the browser to keep the data; it may say no until the app is installed. */
export async function askPersistence(storage: StorageManager | undefined): Promise<boolean> {
  if (storage === undefined) return false
  return storage.persist().catch(() => false)
}
