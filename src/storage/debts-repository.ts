/** Reading the entries that name a debtor, by their pointers: the journal's length never matters. */
import type { Entry } from '../queue/types.ts'
import type { LedgerDatabase } from './ledger-db.ts'

export interface DebtsRepository {
  /** Every entry that names a debtor, in no order, as one transaction sees them. */
  all(): Promise<readonly Entry[]>
}

export function createDebtsRepository(database: LedgerDatabase): DebtsRepository {
  return {
    async all() {
      const transaction = database.transaction(['debtors', 'entries'])
      const entries = transaction.objectStore('entries')
      const ids = await transaction.objectStore('debtors').getAllKeys()
      const [found] = await Promise.all([Promise.all(ids.map((id) => entries.get(id))), transaction.done])
      return found.filter((entry) => entry !== undefined)
    },
  }
}
