/** From the open receipt to the durable record: the one step that Pay does, and what became of it. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { buildReceipt } from '../domain/build-receipt.ts'
import type { Cart, CartProblem } from '../domain/cart.ts'
import { takesCashOut, type PaymentProblem } from '../domain/payment.ts'
import type { Payments, Receipt } from '../domain/receipt.ts'
import { encodeRegistration } from '../ikkm/codec.ts'
import { newBankLeg, type BankLeg, type Entry } from '../queue/types.ts'
import { useCartStore } from './cart.ts'
import { useDeviceStore } from './device.ts'
import { useQueueStore } from './queue.ts'
import { services } from './services.ts'
import { useSettingsStore } from './settings.ts'

/** Why nothing was enqueued. */
export type PayProblem =
  | { readonly kind: 'cart'; readonly problems: readonly CartProblem[] }
  | { readonly kind: 'payment'; readonly problem: PaymentProblem }
  /** The disk or the browser refuses to keep the record: no sale without one. `detail` is technical. */
  | { readonly kind: 'storage'; readonly detail: string }
  | { readonly kind: 'noDevice' }
  /** A second tap while the first one is being stored. */
  | { readonly kind: 'busy' }

export type PayResult = { readonly kind: 'enqueued'; readonly entry: Entry } | PayProblem

/**
 * What the cashier sees after Pay (hook `payment-result`). `sending` lasts until the audit proved the receipt:
 * its number is shown as soon as the device gave one, but only a proven receipt is called registered.
 */
export type ResultState = 'sending' | 'registered' | 'queued' | 'rejected' | 'unknown'

/** Longer than this without an answer, and the cashier is told that the receipt is saved and goes out by itself. */
const PATIENCE_MS = 2_500

function resultStateOf(entry: Entry, waitedLong: boolean): ResultState {
  const stuck = waitedLong || entry.question !== null
  switch (entry.state) {
    case 'done':
      return 'registered'
    case 'refused':
      return 'rejected'
    case 'acked':
      return entry.question === null ? 'sending' : 'unknown'
    case 'recon':
      return stuck ? 'unknown' : 'sending'
    case 'queued':
    case 'sending':
      // The identical request goes out again until the device answers: saved, whatever became of the first try.
      return stuck ? 'queued' : 'sending'
  }
}

const RECEIPT_WORDS = { ru: 'Скидка', kk: 'Жеңілдік', en: 'Discount' } as const

/** Key of the note that an open receipt corrects a refused one: it outlives a reload like the receipt itself. */
export const correctsKey = (cartId: string): string => `corrects:${cartId}`

export const usePaymentStore = defineStore('payment', () => {
  const cart = useCartStore()
  const queue = useQueueStore()
  const device = useDeviceStore()
  const settings = useSettingsStore()

  /** Entry that was paid last and is still on the screen; null when the next sale began. */
  const lastId = ref<string | null>(null)
  const settled = shallowRef<Entry | null>(null)
  const waitedLong = ref(false)
  const paying = ref(false)
  /** The receipt as it was before it was paid, while its card payment may still fail; null otherwise. */
  const paidCart = shallowRef<Cart | null>(null)
  let patience: ReturnType<typeof setTimeout> | undefined

  const last = computed<Entry | null>(() => (lastId.value === null ? null : settled.value))
  const resultState = computed(() => (last.value === null ? null : resultStateOf(last.value, waitedLong.value)))

  /** The record left the open ones: read what it became. */
  async function follow(): Promise<void> {
    const id = lastId.value
    if (id === null || queue.open.some((entry) => entry.id === id)) return
    const entry = (await services().ledger?.entry(id)) ?? null
    if (lastId.value === id) settled.value = entry
  }

  watch(
    () => queue.open,
    (open) => {
      settled.value = open.find((entry) => entry.id === lastId.value) ?? settled.value
      void follow()
    },
  )

  /** The payment screen opens: the device is probed now, so that Pay goes straight to the wire. */
  function prepare(): void {
    queue.prepare()
    if (takesCashOut(cart.cart.kind)) void device.refresh('full')
  }

  function show(entry: Entry): void {
    lastId.value = entry.id
    settled.value = entry
    waitedLong.value = false
    clearTimeout(patience)
    patience = setTimeout(() => (waitedLong.value = true), PATIENCE_MS)
  }

  /**
   * Registers the open receipt with these payments: builds it, freezes its bytes, stores the record durably and
   * opens the next receipt. The sender takes it from there; nothing is sent before the record is on the disk.
   * `cardBy`: who charges the card part. For `device` the bank operation is a part of the same record.
   */
  async function pay(payments: Payments, cardBy: 'device' | 'external' | null = null): Promise<PayResult> {
    if (paying.value) return { kind: 'busy' }
    const refused = unavailable()
    if (refused !== null) return refused
    const open = cart.cart
    const built = buildReceipt(open, payments, {
      texts: { discount: RECEIPT_WORDS[settings.values.language] },
      drawer: device.drawerNow(),
      defaultTaxId: device.info?.defaultTaxId ?? null,
    })
    if (built.kind !== 'receipt') return built
    paying.value = true
    const corrected = await services()
      .keyValues.get(correctsKey(open.id))
      .catch(() => null)
    const result = await enqueue(
      open.id,
      built.receipt,
      cardBy,
      open.cashier?.name ?? null,
      typeof corrected === 'string' ? corrected : null,
    )
    // The record is durable; a cart that can't be saved now isn't offered again either: its id is in the ledger.
    if (result.kind === 'enqueued') paidCart.value = cardBy === 'device' ? open : null
    if (result.kind === 'enqueued') await cart.startNew().catch(() => undefined)
    paying.value = false
    return result
  }

  /**
   * Registers a receipt that was built elsewhere (a return from the journal) under the id `id`; the open receipt stays.
   * A second call with the same id never makes a second record.
   */
  async function payBuilt(
    id: string,
    receipt: Receipt,
    cardBy: 'device' | 'external' | null = null,
  ): Promise<PayResult> {
    if (paying.value) return { kind: 'busy' }
    const result = await enqueue(id, receipt, cardBy, null)
    paying.value = false
    return result
  }

  /** Why no receipt can be stored now, whatever is in it; null when one can. */
  function unavailable(): PayProblem | null {
    const { queue: gateway, storageProblem } = services()
    if (storageProblem !== null) return { kind: 'storage', detail: storageProblem }
    return gateway === null ? { kind: 'noDevice' } : null
  }

  /** Stores the record; `paying` stays set for the caller to clear when it is done with what follows. */
  async function enqueue(
    id: string,
    built: Receipt,
    cardBy: 'device' | 'external' | null,
    cashier: string | null,
    corrects: string | null = null,
  ): Promise<PayResult> {
    const refused = unavailable()
    const { queue: gateway } = services()
    if (refused !== null || gateway === null) return refused ?? { kind: 'noDevice' }
    paying.value = true
    try {
      const receipt = withFooter(built, settings.values.footerText)
      const { entry } = await gateway.enqueue(
        id,
        ({ mark }) => ({
          id,
          deviceId: gateway.deviceId,
          kind: 'registration',
          request: encodeRegistration(receipt, { mark, language: settings.values.language }),
          receipt,
          amount: receipt.total,
          // Whoever takes the money registers it, also a receipt that a colleague began.
          cashier: services().cashier()?.name ?? cashier ?? '',
          createdAtMs: services().now(),
          shift: null,
          bank: bankLegOf(receipt, cardBy),
        }),
        corrects === null ? {} : { corrects, nowMs: services().now() },
      )
      show(entry)
      return { kind: 'enqueued', entry }
    } catch (error) {
      return { kind: 'storage', detail: error instanceof Error ? error.message : String(error) }
    }
  }

  return {
    last,
    paidCart,
    resultState,
    paying,
    pay,
    payBuilt,
    prepare,
    /** The next sale began: the result leaves the screen. */
    dismiss: () => (lastId.value = null),
  }
})

/** The bank operation that the device's own application does; null where a separate terminal charges the card. */
function bankLegOf(receipt: Receipt, cardBy: 'device' | 'external' | null): BankLeg | null {
  const amount = receipt.payments.bank
  if (cardBy !== 'device' || amount === undefined) return null
  return newBankLeg(takesCashOut(receipt.kind) ? 'refund' : 'purchase', amount)
}

function withFooter(receipt: Receipt, footer: string): Receipt {
  return receipt.footerText === null && footer !== '' ? { ...receipt, footerText: footer } : receipt
}
