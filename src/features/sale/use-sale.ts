/** What a cashier does on the sale screen: every command on the open receipt, and the one question that may be open. */
import { computed, ref, shallowRef } from 'vue'
import type { Cart, CartProblem } from '../../domain/cart.ts'
import { ONE, addItem, addQuantity, removeLine, type CartResult } from '../../domain/cart-commands.ts'
import type { CatalogItem } from '../../domain/catalog.ts'
import { thousandths } from '../../domain/money.ts'
import { useText } from '../../i18n/use-text.ts'
import { useCartStore } from '../../stores/cart.ts'
import { useCatalogStore } from '../../stores/catalog.ts'
import { useDeviceStore } from '../../stores/device.ts'
import { useQueueStore } from '../../stores/queue.ts'
import { usePaymentStore } from '../../stores/payment.ts'
import { useSettingsStore } from '../../stores/settings.ts'
import { dismissToastKey, showToast } from '../../ui/toasts.ts'
import { STORAGE_TEXTS, storageState } from '../common/storage-state.ts'
import type { SaleDialog } from './sale-dialog.ts'
import { problemText, refusalText } from '../common/refusal-text.ts'
import { resolveScan } from '../scanner/scan.ts'
import type { Sound } from '../common/sounds.ts'

export type Sale = ReturnType<typeof useSale>

export function useSale() {
  const words = useText()
  const { t } = words
  const cart = useCartStore()
  const catalog = useCatalogStore()
  const device = useDeviceStore()
  const payment = usePaymentStore()
  const settings = useSettingsStore()
  const queue = useQueueStore()
  const dialog = shallowRef<SaleDialog | null>(null)
  /** How often the next product is added at once: `3*` before a scan or a tap. */
  const times = ref(1)

  /** Plays a tone where the shop wants one; what plays it is no part of the first screen. */
  let sound: (kind: Sound) => void = () => undefined

  const isEmpty = computed(() => cart.cart.lines.length === 0)
  /** The first thing that stands in the way of paying, as a sentence. Different taxes don't: Pay knows what to do. */
  const problem = computed(() => {
    if (queue.heldByAnother) return words.t(queue.heldByTill ? 'attention.registerHeldUnknown' : 'cart.heldByAnother')
    const first = cart.problems.find(({ kind }) => kind !== 'empty' && kind !== 'mixedTaxes')
    return first === undefined ? null : problemText(first, words)
  })

  function explainProblems(problems: readonly CartProblem[]): void {
    const text = problems.map((one) => problemText(one, words)).join(' ')
    showToast(text, { key: 'refusal', icon: 'alert' })
  }
  /** A sale that couldn't be kept isn't begun. */
  function explainStorage(problem: string): void {
    const state = storageState(problem)
    if (state !== 'works') showToast(words.t(STORAGE_TEXTS[state]), { key: 'refusal', icon: 'alert' })
  }
  const counts = computed(() => {
    const sums = new Map<string, number>()
    for (const line of cart.cart.lines) {
      if (line.item.itemId !== null) sums.set(line.item.itemId, (sums.get(line.item.itemId) ?? 0) + line.quantity)
    }
    return new Map([...sums].map(([id, sum]) => [id, thousandths(sum)]))
  })

  function run(command: (cart: Cart) => CartResult): CartResult {
    // The offered undo belongs to the step before: after another one it would take back the wrong thing.
    dismissToastKey('undo')
    const result = cart.run(command)
    if (result.kind === 'done') payment.dismiss()
    else {
      showToast(refusalText(result, words), { key: 'refusal', icon: 'alert' })
      sound('error')
    }
    return result
  }

  /** Adds as often as was said before; all of it or nothing. */
  function add(command: (cart: Cart) => CartResult): void {
    const result = run((open) => {
      let added = command(open)
      for (let more = times.value; more > 1 && added.kind === 'done'; more -= 1) added = command(added.cart)
      return added
    })
    if (result.kind === 'done') times.value = 1
  }

  /** What a question over the sale answered: it may be a product that was asked about. */
  function answer(command: (cart: Cart) => CartResult): void {
    const { kind } = dialog.value ?? {}
    if (kind === 'ask' || kind === 'doubtful' || kind === 'freePrice') add(command)
    else run(command)
  }

  function offerUndo(text: string): void {
    showToast(text, { key: 'undo', icon: 'trash', action: { label: t('common.undo'), run: cart.undo } })
  }

  /**
   * A tax written out in the receipt may be unknown to the device, which then refuses it (-14): it isn't among those
   * read with the catalogue, or a new default tax shows that those are old. A receipt that corrects another is looked
   * at in any case.
   */
  function taxInDoubt(): boolean {
    const isKnown = (id: string | null) => catalog.taxes.some((tax) => tax.id === id)
    const { taxId, lines, corrects } = cart.cart
    const { defaultTaxId } = device
    return (
      corrects !== undefined ||
      [taxId, ...lines.map(({ item }) => item.taxId)].some(
        (id) => id !== null && id !== defaultTaxId && !(isKnown(id) && isKnown(defaultTaxId)),
      )
    )
  }

  /** A product was tapped; it may still lack its price or weight. */
  function pick(item: CatalogItem): void {
    if (item.price === null || item.weighed) dialog.value = { kind: 'ask', item }
    else add((open) => addItem(open, item))
  }

  function step(lineId: string, direction: 1 | -1): void {
    const line = cart.cart.lines.find((candidate) => candidate.id === lineId)
    // A kilogram more or less is never meant: the weight is typed.
    if (line?.item.weighed) dialog.value = { kind: 'line', lineId, part: 'quantity' }
    else if (direction === -1 && line !== undefined && line.quantity <= ONE) remove(lineId)
    else run((open) => addQuantity(open, lineId, thousandths(direction * ONE)))
  }

  function remove(lineId: string): void {
    const name = cart.cart.lines.find((line) => line.id === lineId)?.item.name ?? ''
    if (run((open) => removeLine(open, lineId)).kind === 'done') offerUndo(t('cart.removed', { name }))
  }

  async function park(): Promise<void> {
    if (isEmpty.value) {
      dialog.value = { kind: 'parked' }
      return
    }
    dismissToastKey('undo')
    const { id } = cart.cart
    if (await cart.park())
      showToast(t('cart.parkedNow'), {
        key: 'park',
        icon: 'park',
        action: { label: t('cart.name'), run: () => (dialog.value = { kind: 'parked', name: id }) },
      })
  }

  async function recall(cartId: string): Promise<void> {
    dialog.value = null
    dismissToastKey('undo')
    payment.dismiss()
    if (!(await cart.recall(cartId))) showToast(t('windows.recalled'), { key: 'park', icon: 'alert' })
  }

  function undo(): void {
    payment.dismiss()
    cart.undo()
  }

  /** A code came from a scanner or the camera. A question that is open goes first: its answer would be lost. */
  function scanned(code: string): void {
    if (dialog.value !== null && dialog.value.kind !== 'camera' && dialog.value.kind !== 'unknownCode') {
      showToast(t('scanner.busy'), { key: 'scan', icon: 'barcode' })
      sound('error')
      return
    }
    const result = resolveScan(code, catalog.find, settings.values)
    if (result.kind === 'unknown') {
      dialog.value = { kind: 'unknownCode', code: result.code }
      sound('unknown')
      return
    }
    sound('scan')
    if (dialog.value?.kind === 'unknownCode') dialog.value = null
    if (result.kind === 'item') pick(result.item)
    if (result.kind === 'doubtful') dialog.value = result
    if (result.kind === 'label') add((open) => addItem(open, result.item, { ...result, priceGiven: true }))
  }

  return {
    cart,
    payment,
    dialog,
    show: (asked: SaleDialog | null) => (dialog.value = asked),
    isEmpty,
    problem,
    counts,
    times,
    answer,
    pick,
    step,
    remove,
    offerUndo,
    run,
    park,
    recall,
    undo,
    explainProblems,
    taxInDoubt,
    explainStorage,
    scanned,
    hear: (play: (kind: Sound) => void) => (sound = play),
  }
}
