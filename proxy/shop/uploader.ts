/**
 * One writer a process: what came while a transaction ran goes into the next one together, so that many tills share a
 * write to the disk. An upload is answered after the commit that holds it.
 */
import type { Upload } from '../../src/contract/shop.ts'
import { canonicalJson } from './canonical.ts'
import { DatabaseError, storable, type ShopDatabase } from './database.ts'
import type { ShopTime } from './shop-time.ts'
import type { Brought } from './till-state.ts'
import { takeUploads, type UploadOutcome } from './upload.ts'

/** Changes in one transaction, as long as more than one upload waits: nobody waits long behind a till's backlog. */
const MOST_CHANGES = 400

export interface Uploader {
  /**
   * Resolves once it is on the disk. Throws DatabaseError where nothing was kept, RangeError for a record that no till
   * makes (nested too deep).
   */
  take(upload: Upload, token: string): Promise<UploadOutcome>
}

export interface UploaderParts {
  readonly database: ShopDatabase
  readonly time: ShopTime
  /** The shop that this server stands in; empty where it has no name. */
  readonly shop: string
  readonly now: () => number
  /** How long a transaction waits for others to come along, ms. */
  readonly gatherMs: number
}

interface Waiting {
  readonly brought: Brought
  readonly resolve: (outcome: UploadOutcome) => void
  readonly reject: (error: unknown) => void
}

export function createUploader({ database, time, shop, now, gatherMs }: UploaderParts): Uploader {
  const waiting: Waiting[] = []
  let running = false

  function next(): Waiting[] {
    const group = waiting.splice(0, 1)
    let changes = group[0]?.brought.upload.changes.length ?? 0
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      changes += first.brought.upload.changes.length
      if (changes > MOST_CHANGES) break
      waiting.shift()
      group.push(first)
    }
    return group
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await database.transaction((sql) =>
        takeUploads(
          sql,
          time,
          group.map(({ brought }) => brought),
        ),
      )
      for (const [index, one] of group.entries()) {
        const outcome = outcomes[index]
        if (outcome === undefined) one.reject(new Error('an upload without an outcome'))
        else one.resolve(outcome)
      }
    } catch (error) {
      // One that the database doesn't take must not keep the others out.
      if (group.length > 1 && !(error instanceof DatabaseError && isAway(error)))
        for (const one of group) await commit([one])
      else for (const one of group) one.reject(error)
    }
  }

  async function run(): Promise<void> {
    if (running) return
    running = true
    while (waiting.length > 0) {
      // What arrived while the last one was written has to be read from its connection first.
      await new Promise((resolve) => setTimeout(resolve, gatherMs))
      await commit(next())
    }
    running = false
  }

  return {
    async take(upload, token) {
      const changes = upload.changes.map((change) => ({ ...change, text: canonicalJson(change.record) }))
      const brought = { upload: { ...upload, changes }, token: storable(token, 100), shop, receivedAtMs: now() }
      return new Promise((resolve, reject) => {
        waiting.push({ brought, resolve, reject })
        void run()
      })
    },
  }
}

/** Nobody gets through now: to ask once for each upload would only take longer. */
function isAway({ code }: DatabaseError): boolean {
  return /^(?:ECONN|CONNECTION|EPIPE|ETIMEDOUT|57P|08|SQLITE_(?:BUSY|FULL|IOERR|CANTOPEN))/.test(code)
}
