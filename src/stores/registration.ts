/** A receipt as the queue stores it. */
import type { Receipt } from '../domain/receipt.ts'
import { encodeRegistration, type RegistrationOptions } from '../ikkm/codec.ts'
import type { NewEntry } from '../queue/store.ts'
import type { EntryDraft } from '../queue/types.ts'

/** Freezes the receipt's bytes (source 004, chapter 5) as soon as its mark is known. */
export function registrationOf(
  receipt: Receipt,
  given: Pick<EntryDraft, 'id' | 'deviceId' | 'cashier' | 'createdAtMs' | 'bank'> &
    Required<Pick<RegistrationOptions, 'language'>>,
): NewEntry {
  const { language, ...draft } = given
  return {
    id: draft.id,
    build: ({ mark }) => ({
      ...draft,
      kind: 'registration',
      request: encodeRegistration(receipt, { mark, language }),
      receipt,
      amount: receipt.total,
      shift: null,
    }),
  }
}
