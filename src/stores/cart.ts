/** This window's open receipt and the parked ones of all: commands of `domain/cart-commands.ts`, saved after every step. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { cartProblems, cartTotals, createCart, type Cart } from '../domain/cart.ts'
import type { CartResult } from '../domain/cart-commands.ts'
import {
  parkCart,
  recallCart,
  remember,
  startHistory,
  undo as undoStep,
  type CartHistory,
  type ParkedCart,
} from '../domain/cart-history.ts'
import type { BasisReceipt, ReceiptKind } from '../domain/receipt.ts'
import { useDeviceStore } from './device.ts'
import { services } from '../till/services.ts'

export const useCartStore = defineStore('cart', () => {
  const device = useDeviceStore()
  const history = shallowRef<CartHistory>(startHistory(createCart({ id: '', createdAt: 0 })))
  const parked = shallowRef<readonly ParkedCart[]>([])
  const selectedLineId = ref<string | null>(null)
  let saving: Promise<void> = Promise.resolve()
  let saveWaiting = false
  /** Put aside and not yet written: it goes to the disk together with the receipt that was opened in its place. */
  const aside: ParkedCart[] = []

  const cart = computed(() => history.value.cart)
  const totals = computed(() => cartTotals(cart.value))
  const problems = computed(() => cartProblems(cart.value, device.defaultTaxId))

  function emptyCart(kind: ReceiptKind = 'sale', basis: BasisReceipt | null = null, withoutBasis = false): Cart {
    const { newId, now, cashier } = services()
    return createCart({ id: newId(), createdAt: now(), kind, basis, withoutBasis, cashier: cashier() })
  }

  /** Totals follow the device's rounding, also those of a receipt that was begun before it was known. */
  function byDevice(given: CartHistory): CartHistory {
    const { wholeTenge } = device
    return (given.cart.wholeTenge ?? false) === wholeTenge ? given : { ...given, cart: { ...given.cart, wholeTenge } }
  }

  watch(
    () => device.wholeTenge,
    () => {
      history.value = byDevice(history.value)
    },
  )

  /** Writes the newest state once the write before it is through: fast taps don't queue up. */
  function save(): Promise<void> {
    if (!saveWaiting) {
      saveWaiting = true
      // A write that failed (a full disk) must not keep the next ones from trying.
      const before = saving.catch(() => undefined)
      saving = before.then(async () => {
        // What the tap changed is drawn first.
        await new Promise((resolve) => setTimeout(resolve))
        saveWaiting = false
        const { carts } = services()
        if (aside.length === 0) return carts.saveOpen(history.value)
        for (const put of aside.splice(0)) await carts.park(put, history.value)
      })
      saving.catch(() => undefined)
    }
    return saving
  }

  function open(next: CartHistory): void {
    history.value = byDevice(next)
    selectedLineId.value = null
  }

  /** In the queue already: it was paid before a crash and isn't offered again. */
  const isPaid = async (cartId: string) => (await services().ledger?.has(cartId)) === true

  /** Restores this window's receipt; a window that never had one takes that of a window that is gone. */
  async function load(): Promise<void> {
    const { carts } = services()
    const own = await carts.loadOpen()
    const stored = own ?? (await carts.adopt(true, isPaid))
    const paid = own !== null && (await isPaid(own.cart.id))
    parked.value = await carts.listParked()
    open(stored === null || paid ? startHistory(emptyCart()) : stored)
  }

  /** Receipts that another window left open when it went are parked, and what other windows parked is shown. */
  async function gather(): Promise<void> {
    await services().carts.adopt(false, isPaid)
    parked.value = await services().carts.listParked()
  }

  /** Runs a command; a refusal changes nothing and is the caller's to show. */
  function run(command: (cart: Cart) => CartResult): CartResult {
    const result = command(history.value.cart)
    if (result.kind === 'done') {
      history.value = remember(history.value, result.cart)
      selectedLineId.value = result.lineId
      void save()
    }
    return result
  }

  function undo(): void {
    open(undoStep(history.value))
    void save()
  }

  /** Opens an empty receipt. The one before it must be enqueued, parked or given up by a person. */
  async function startNew(kind: ReceiptKind = 'sale', withoutBasis = false): Promise<void> {
    open(startHistory(emptyCart(kind, null, withoutBasis)))
    await save()
  }

  /** Gives the open receipt an id of its own, because another one has its id. */
  function renew(): void {
    history.value = { ...history.value, cart: { ...cart.value, id: services().newId() } }
    void save()
  }

  /** Replaces the open receipt, e.g. by a return that was prepared from the journal. */
  async function replace(next: Cart): Promise<void> {
    open(startHistory(next))
    await save()
  }

  /**
   * Puts the open receipt aside and opens an empty one at once, so that a tap that follows is the next receipt's.
   * False when there is nothing to put aside; then nothing is opened either.
   */
  async function park(kind: ReceiptKind = 'sale', withoutBasis = false): Promise<boolean> {
    const put = parkCart(cart.value, services().now())
    if (put === null) return false
    aside.push(put)
    parked.value = [...parked.value, put]
    open(startHistory(emptyCart(kind, null, withoutBasis)))
    await save()
    parked.value = await services().carts.listParked()
    return true
  }

  /** Calls a parked receipt by a name or a table. */
  async function name(parkedId: string, label: string): Promise<void> {
    await services().carts.name(parkedId, label.trim())
    parked.value = await services().carts.listParked()
  }

  /**
   * Opens a parked receipt; a receipt that is open and has lines is parked in its place. False, with nothing changed,
   * when another window opened it before.
   */
  async function recall(parkedId: string): Promise<boolean> {
    await saving
    const { carts, now } = services()
    const before = cart.value
    const taken = await carts.recall(parkedId, parkCart(before, now()))
    if (taken !== null) {
      // A tap in between belongs to the receipt that was put aside.
      const put = cart.value === before ? null : parkCart(cart.value, now())
      if (put !== null) aside.push(put)
      open(recallCart(taken))
      await save()
    }
    parked.value = await carts.listParked()
    return taken !== null
  }

  return {
    cart,
    totals,
    problems,
    parked,
    selectedLineId,
    canUndo: computed(() => history.value.past.length > 0),
    load,
    gather,
    run,
    undo,
    startNew,
    renew,
    replace,
    park,
    name,
    recall,
    /** Resolves when the last change is stored. */
    saved: () => saving,
  }
})
