/** Why the cart refused a command or can't be paid, as a sentence for the cashier. */
import type { CartProblem } from '../../domain/cart.ts'
import type { CartRefusal } from '../../domain/cart-commands.ts'
import type { PaymentProblem } from '../../domain/payment.ts'
import type { useText } from '../../i18n/use-text.ts'

type Words = Pick<ReturnType<typeof useText>, 't' | 'money'>

export function refusalText(refusal: CartRefusal, { t, money }: Words): string {
  switch (refusal.kind) {
    case 'priceNeeded':
      return t('line.enterPrice')
    case 'quantityNeeded':
      return t('line.enterWeight')
    case 'nameMissing':
    case 'lineNotFound':
    case 'quantityNotPositive':
    case 'priceNotPositive':
    case 'lineRoundsToZero':
    case 'discountNotPositive':
    case 'discountAboveHundredPercent':
      return t(`refusal.${refusal.kind}`)
    case 'aboveLimit':
      return refusal.what === 'quantity'
        ? t('refusal.aboveQuantity')
        : t('refusal.aboveAmount', { limit: money(refusal.limit) })
    case 'discountAboveLine':
    case 'discountAboveReceipt':
      return t('refusal.discountAbove', { discount: money(refusal.discount), sum: money(refusal.sum) })
    case 'cartFull':
      return t('refusal.cartFull', { limit: refusal.limit })
  }
}

export function problemText(problem: CartProblem, { t, money }: Words): string {
  switch (problem.kind) {
    case 'empty':
    case 'mixedTaxes':
    case 'basisMissing':
      return t(`problem.${problem.kind}`)
    case 'tooManyRows':
      return t('problem.tooManyRows', { rows: problem.rows, limit: problem.limit })
    case 'totalAboveLimit':
      return t('problem.totalAboveLimit', { value: money(problem.value), limit: money(problem.limit) })
    case 'totalBelowMinimum':
      return t('problem.totalBelowMinimum', { total: money(problem.total), minimum: money(problem.minimum) })
    case 'receiptDiscountAboveTotal':
      return t('problem.receiptDiscountAboveTotal', {
        discount: money(problem.discount),
        lines: money(problem.lines),
      })
  }
}

export function paymentProblemText(problem: PaymentProblem, { t, money }: Words): string {
  switch (problem.kind) {
    case 'tooLittle':
      return t('payment.problem.tooLittle', { missing: money(problem.missing) })
    case 'drawerTooLow':
      return t('payment.problem.drawerTooLow', { drawer: money(problem.drawer), needed: money(problem.needed) })
    case 'totalOutOfRange':
    case 'nothingPaid':
    case 'amountOutOfRange':
    case 'severalTenders':
    case 'mixedNotAllowed':
    case 'notExact':
    case 'nonCashAboveTotal':
    case 'cashNotNeeded':
      return t(`payment.problem.${problem.kind}`)
  }
}
