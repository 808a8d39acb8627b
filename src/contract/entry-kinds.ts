/** Kinds of a ledger's entry, for the till that stores them and the server that takes them (`queue/types.ts`). */
export const ENTRY_KINDS = [
  'registration',
  'deposit',
  'withdrawal',
  'xReport',
  'zReport',
  'bank',
  'bankClose',
  'print',
  // A note in the debt book: done as soon as it is stored, and the register never hears of it.
  'debt',
] as const
