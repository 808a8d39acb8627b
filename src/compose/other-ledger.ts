/** The ledger that isn't in use: real receipts while the practice register is, and the other way round. */
import { createImportedRepository } from '../storage/imported-repository.ts'
import { createJournalRepository } from '../storage/journal-repository.ts'
import { LEDGER_DATABASE, type LedgerDatabase } from '../storage/ledger-db.ts'
import type { QueueStore } from '../queue/store.ts'
import type { Services } from '../till/services.ts'

export interface OtherLedgerParts {
  /** Null where the browser has no such ledger; nothing is made by looking. */
  readonly ledgerIfThere: (
    name: string,
  ) => Promise<{ readonly database: LedgerDatabase; readonly store: QueueStore } | null>
  readonly practice: string
  readonly isDemo: boolean
  readonly now: () => number
}

export function createOtherLedger({
  ledgerIfThere,
  practice,
  isDemo,
  now,
}: OtherLedgerParts): Pick<Services, 'waitingInOtherLedger' | 'writeOffPractice' | 'shopJournal'> {
  return {
    async waitingInOtherLedger() {
      const other = await ledgerIfThere(isDemo ? LEDGER_DATABASE : practice)
      return (await other?.store.openAtOtherRegisters('')) ?? []
    },
    async writeOffPractice(entryId, reason) {
      const ledger = await ledgerIfThere(practice)
      return (await ledger?.store.settleAtOtherRegister('', entryId, { nowMs: now(), reason })) ?? 'unknown'
    },
    async shopJournal() {
      const shop = isDemo ? await ledgerIfThere(LEDGER_DATABASE) : null
      if (shop === null || (await shop.database.count('entries')) === 0) return null
      return { ledger: createJournalRepository(shop.database), imported: createImportedRepository(shop.database) }
    },
  }
}
