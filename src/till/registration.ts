/** A receipt as the queue stores it. */
import type { Receipt } from '../domain/receipt.ts'
import { freezeRegistration, type RegistrationOptions } from '../ikkm/codec.ts'
import type { ReceiptProblem } from '../ikkm/receipt-check.ts'
import type { NewEntry } from '../queue/store.ts'
import type { EntryDraft } from '../queue/types.ts'

export type Registration =
  | { readonly kind: 'entry'; readonly entry: NewEntry }
  /** The register would refuse it, so nothing is stored. */
  | { readonly kind: 'receipt'; readonly problem: ReceiptProblem }

/**
 * Freezes the receipt's bytes (source 004, chapter 5) before the transaction that stores them; only the mark is put in
 * there, because it comes from the transaction.
 */
export function registrationOf(
  receipt: Receipt,
  given: Pick<EntryDraft, 'id' | 'deviceId' | 'cashier' | 'createdAtMs' | 'bank' | 'ways' | 'debt'> &
    Required<Pick<RegistrationOptions, 'language' | 'barcode'>>,
): Registration {
  const { language, barcode, ...draft } = given
  const frozen = freezeRegistration(receipt, { language, barcode })
  if (frozen.kind === 'refused') return { kind: 'receipt', problem: frozen.problem }
  return {
    kind: 'entry',
    entry: {
      id: draft.id,
      build: ({ mark }) => ({
        ...draft,
        kind: 'registration',
        request: frozen.withMark(mark),
        receipt,
        amount: receipt.total,
        shift: null,
      }),
    },
  }
}
