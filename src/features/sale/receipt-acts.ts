/** The receipt's menu and its rarer kinds: fetched with the questions over the sale. */
import { clearCart } from '../../domain/cart-commands.ts'
import type { ReceiptKind } from '../../domain/receipt.ts'
import { useText } from '../../i18n/use-text.ts'
import { useReceiptsStore } from '../../stores/receipts.ts'
import { dismissToastKey, showToast } from '../../ui/toasts.ts'
import type { ReceiptAction } from './ReceiptActionsDialog.vue'
import type { Sale } from './use-sale.ts'

export function useReceiptActs(sale: Sale) {
  const { t } = useText()
  const receipts = useReceiptsStore()
  const { cart, payment } = sale

  /** Opens a receipt of another kind; what was begun is parked. A return here names no receipt: it was confirmed. */
  async function startMode(kind: ReceiptKind): Promise<void> {
    sale.show(null)
    dismissToastKey('undo')
    payment.dismiss()
    const withoutBasis = kind === 'saleReturn' || kind === 'buyReturn'
    if (await cart.park(kind, withoutBasis)) showToast(t('mode.parkedBefore'), { key: 'park', icon: 'park' })
    else await cart.startNew(kind, withoutBasis)
  }

  /** The same again for the next customer, at today's prices. */
  async function repeatLast(): Promise<void> {
    const last = await receipts.lastSale()
    if (last === null) {
      showToast(t('mode.nothingToRepeat'), { key: 'repeat', icon: 'alert' })
      return
    }
    const refused = receipts.repeat(last)
    const text = refused === 0 ? t('mode.repeated') : t('mode.repeatedBut', { count: refused })
    showToast(text, { key: 'repeat', icon: refused === 0 ? 'copy' : 'alert' })
  }

  function act(action: ReceiptAction): void {
    sale.show(null)
    switch (action) {
      case 'discount':
      case 'freePrice':
      case 'texts':
        sale.show({ kind: action })
        return
      case 'recall':
        sale.show({ kind: 'parked' })
        return
      case 'saleReturn':
      case 'buyReturn':
        sale.show({ kind: 'noReceipt', of: action })
        return
      case 'repeat':
        void repeatLast()
        return
      case 'undo':
        sale.undo()
        return
      case 'clear':
        if (sale.run(clearCart).kind === 'done') sale.offerUndo(t('cart.cleared'))
        return
      case 'sale':
      case 'buy':
        void startMode(action)
    }
  }

  return { act, startMode }
}
