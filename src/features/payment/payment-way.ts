/** How a receipt is paid, as the cashier chooses it. */
export type PaymentWay =
  | 'cash'
  | 'card'
  | 'external'
  | 'mixed'
  | 'credit'
  | 'tare'
  /** By names of the shop's own (`domain/own-ways.ts`). */
  | 'own'

/**
 * Where a card is charged: by the device's bank application, or on a terminal that knows nothing of this one. `carried`:
 * it was charged already, for the refused receipt that is corrected.
 */
export type CardPath = 'device' | 'external' | 'carried'
