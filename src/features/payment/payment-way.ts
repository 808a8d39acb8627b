/** How a receipt is paid, as the cashier chooses it. */
export type PaymentWay = 'cash' | 'card' | 'external' | 'mixed' | 'credit' | 'tare'

/** Where a card is charged: by the device's bank application, or on a terminal that knows nothing of this one. */
export type CardPath = 'device' | 'external'
