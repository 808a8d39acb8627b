import type { CardMessages } from '../schema.ts'

export const card: CardMessages = {
  bankPage: {
    title: 'Bank',
    subtitle: 'Card operations through the register today',
    reversal: 'Cancel a payment',
    refund: 'Refund to a card',
    closeDay: 'Settle with the bank',
    text: {
      reversal: 'Cancels a card payment of today without a receipt.',
      refund: 'Money goes back to the card without a receipt. Return a receipt from the journal.',
    },
    amount: 'Amount',
    start: 'Give back {amount}',
    notStored: 'The operation was not stored, so it was not started. {detail}',
    closeDayTitle: 'Settle the day with the bank?',
    closeDayText:
      'The bank prints the totals of the day and closes it. Here today: {amount}. The sums must agree. Usually done before the Z report.',
    totals: 'Totals of today',
    net: 'Altogether',
    operations: 'Operations of today',
    total: {
      purchase: 'Payments',
      refund: 'Refunds',
      reversal: 'Cancelled',
    },
    message: {
      purchase: 'Payment',
      refund: 'Refund to a card',
      reversal: 'Cancelled payment',
    },
    state: {
      open: 'Under way',
      paid: 'Went through',
      failed: 'Did not go through',
    },
    reference: 'RRN {number}',
    track: 'operation {number}',
    empty: 'No card operations today',
    emptyText: 'Every payment, cancellation and refund through the bank of the register appears here.',
  },
}
