/** From the open receipt to the durable record: the one step that Pay does, and what became of it. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { buildReceipt } from '../domain/build-receipt.ts'
import { cartTotals, type Cart, type CartProblem } from '../domain/cart.ts'
import type { EntryDebt } from '../domain/debts.ts'
import { errorText, isStorageError } from '../domain/error-text.ts'
import { takesCashOut, type PaymentProblem } from '../domain/payment.ts'
import type { PaidWay } from '../domain/paid-ways.ts'
import type { Payments, Receipt } from '../domain/receipt.ts'
import type { ReceiptProblem } from '../ikkm/receipt-check.ts'
import type { NewEntry } from '../queue/store.ts'
import { isSettled, newBankLeg, type BankLeg, type Entry } from '../queue/types.ts'
import { useCartStore } from './cart.ts'
import { useCatalogStore } from './catalog.ts'
import { useDeviceStore } from './device.ts'
import { CALM_MS, useQueueStore } from './queue.ts'
import { registrationOf } from '../till/registration.ts'
import { isRefusal, services, type Refusal } from '../till/services.ts'
import { stockView } from '../till/stock-view.ts'
import { useSettingsStore } from './settings.ts'

/** Why nothing was enqueued. */
export type PayProblem =
  | { readonly kind: 'cart'; readonly problems: readonly CartProblem[] }
  | { readonly kind: 'payment'; readonly problem: PaymentProblem }
  /** The register would refuse these lines or texts: nothing was stored. */
  | { readonly kind: 'receipt'; readonly problem: ReceiptProblem }
  /** The disk or the browser refuses to keep the record: no sale without one. `detail` is technical. */
  | { readonly kind: 'storage'; readonly detail: string }
  | { readonly kind: 'noDevice' }
  | Refusal
  /**
   * Another till or computer holds the register: a receipt stored here would wait for ever. `byTill`: at the relay, so
   * that it can be taken over here.
   */
  | { readonly kind: 'heldByAnother'; readonly byTill: boolean }
  /** The refused receipt that this one corrects was settled meanwhile, or its card money isn't where it was. */
  | { readonly kind: 'corrected' }
  /** A receipt with this id was stored before with another content (`entry`); this one isn't stored. */
  | { readonly kind: 'conflict'; readonly entry: Entry }
  /** A second tap while the first one is being stored. */
  | { readonly kind: 'busy' }

export type PayResult = { readonly kind: 'enqueued'; readonly entry: Entry } | PayProblem

/**
 * What the cashier sees after Pay (hook `payment-result`). `sending` lasts until the audit proved the receipt:
 * its number is shown as soon as the device gave one, but only a proven receipt is called registered.
 */
export type ResultState = 'sending' | 'registered' | 'queued' | 'rejected' | 'unknown'

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

/** The more serious one tells what became of several receipts. */
const WORST_FIRST: readonly ResultState[] = ['rejected', 'unknown', 'queued', 'sending', 'registered']

const RECEIPT_WORDS = {
  ru: { discount: 'Скидка', rounding: 'Округление' },
  kk: { discount: 'Жеңілдік', rounding: 'Дөңгелектеу' },
  en: { discount: 'Discount', rounding: 'Rounding' },
} as const

/**
 * Who charges the card part: the device's bank application, a terminal of its own, or nobody. `carried`: it was charged
 * for the refused receipt that this one corrects.
 */
type CardBy = 'device' | 'external' | 'carried' | null

/** The refused entry that a new one settles, and its bank result where the customer paid with it. */
interface Correction {
  readonly corrects?: string
  readonly nowMs?: number
  readonly leg?: BankLeg
}

interface BuiltReceipt {
  readonly id: string
  readonly receipt: Receipt
}

/** A card sale that money may hang on: its bank operation is open, or paid with the receipt not yet registered. */
export function holdsCardMoney(entry: Entry): boolean {
  if (entry.kind !== 'registration' || entry.bank === null || entry.bank.state === 'failed') return false
  return entry.state !== 'done' && entry.resolution === null
}

export const usePaymentStore = defineStore('payment', () => {
  const cart = useCartStore()
  const queue = useQueueStore()
  const device = useDeviceStore()
  const settings = useSettingsStore()
  const catalog = useCatalogStore()

  /** What was paid last and is still on the screen: one entry, or the receipts of a split sale in order. */
  const entries = shallowRef<readonly Entry[]>([])
  const waitedLong = ref(false)
  const paying = ref(false)
  let patience: ReturnType<typeof setTimeout> | undefined
  let adopted = false

  const last = computed<Entry | null>(() => entries.value.at(-1) ?? null)
  const resultState = computed(() => {
    const states = entries.value.map((entry) => resultStateOf(entry, waitedLong.value))
    return WORST_FIRST.find((state) => states.includes(state)) ?? null
  })

  function replaceShown(fresh: Entry): void {
    // The first receipt opened a shift: the bar says so at once.
    if (fresh.state === 'done' && device.shift?.open === false) void device.refresh()
    entries.value = entries.value.map((entry) => (entry.id === fresh.id ? fresh : entry))
  }

  /** A record that left the open ones: read what it became. */
  async function readSettled(id: string): Promise<void> {
    const entry = await services().ledger?.entry(id)
    if (entry) replaceShown(entry)
  }

  watch(
    () => queue.open,
    (open) => {
      // After a reload or a crash a card that may be charged is in sight at once; over a begun receipt in a line only.
      if (!adopted && queue.loaded) {
        adopted = true
        const card = open.find(holdsCardMoney)
        const free = entries.value.length === 0 && cart.cart.lines.length === 0
        if (card !== undefined && free) show([card])
      }
      for (const entry of entries.value) {
        const fresh = open.find((candidate) => candidate.id === entry.id)
        if (fresh !== undefined) replaceShown(fresh)
        else if (!isSettled(entry)) void readSettled(entry.id)
      }
    },
    { immediate: true },
  )

  /** The payment screen opens: the device is probed now, so that Pay goes straight to the wire. */
  function prepare(): void {
    queue.prepare()
    if (takesCashOut(cart.cart.kind)) void device.refresh('full')
  }

  function show(shown: readonly Entry[]): void {
    entries.value = shown
    waitedLong.value = false
    clearTimeout(patience)
    patience = setTimeout(() => (waitedLong.value = true), CALM_MS)
  }

  /**
   * Registers the open receipt with these payments: builds it, freezes its bytes, stores the record durably and
   * opens the next receipt. The sender takes it from there; nothing is sent before the record is on the disk.
   * `cardBy`: who charges the card part. For `device` the bank operation is a part of the same record.
   * `carts`: the receipts that it was split into, stored together or not at all; the payment is spread over them.
   * `ways`: by which of the shop's own names it is paid. `debt`: who owes what is paid on credit.
   */
  async function pay(
    payments: Payments,
    cardBy: CardBy = null,
    carts: readonly Cart[] = [cart.cart],
    ways?: readonly PaidWay[],
    debt?: EntryDebt,
  ): Promise<PayResult> {
    if (paying.value) return { kind: 'busy' }
    const refused = unavailable()
    if (refused !== null) return refused
    paying.value = true
    try {
      const built = await buildAll(carts, payments)
      if (built.kind !== 'receipts') return built
      const { cashier, corrects } = cart.cart
      const correction = corrects === undefined ? {} : await correctionOf(corrects, cardBy === 'carried')
      if (correction === null) return { kind: 'corrected' }
      const result = await enqueue(built.receipts, cardBy, cashier?.name ?? null, correction, ways, debt)
      // The record is durable; a cart that can't be saved now isn't offered again either: its id is in the ledger.
      if (result.kind === 'enqueued') await cart.startNew().catch(() => undefined)
      // What is on the screen is stored nowhere: the next tap on Pay stores it as a sale of its own.
      if (result.kind === 'conflict') cart.renew()
      return result
    } finally {
      paying.value = false
    }
  }

  /** The refused entry as it stands on the disk now; null when it can't be corrected so any more. */
  async function correctionOf(corrects: string, carried: boolean): Promise<Correction | null> {
    const { useBankStore } = await import('./bank.ts')
    const charge = await useBankStore().chargeOf(corrects)
    const nowMs = services().now()
    if (carried) return charge.kind === 'charged' ? { corrects, nowMs, leg: charge.leg } : null
    return charge.kind === 'none' ? { corrects, nowMs } : null
  }

  /** The receipts of these carts, each with its part of the payments; or what the first that can't be made lacks. */
  async function buildAll(
    carts: readonly Cart[],
    payments: Payments,
  ): Promise<{ readonly kind: 'receipts'; readonly receipts: readonly BuiltReceipt[] } | PayProblem> {
    const parts =
      carts.length === 1
        ? [payments]
        : (await import('../domain/split-cart.ts')).spreadPayments(
            carts.map((each) => cartTotals(each).total),
            payments,
          )
    if (parts === null) return { kind: 'payment', problem: { kind: 'nothingPaid' } }
    const receipts: BuiltReceipt[] = []
    for (const [index, open] of carts.entries()) {
      const built = buildReceipt(open, parts[index] ?? {}, {
        texts: RECEIPT_WORDS[settings.values.language],
        drawer: device.drawerNow(),
        defaultTaxId: device.defaultTaxId,
      })
      if (built.kind !== 'receipt') return built
      receipts.push({ id: open.id, receipt: built.receipt })
    }
    return { kind: 'receipts', receipts }
  }

  /**
   * Registers a receipt that was built elsewhere (a return from the journal) under the id `id`; the open receipt stays.
   * A second call with the same id never makes a second record.
   */
  async function payBuilt(
    id: string,
    receipt: Receipt,
    cardBy: CardBy = null,
    ways?: readonly PaidWay[],
    debt?: EntryDebt,
  ): Promise<PayResult> {
    if (paying.value) return { kind: 'busy' }
    paying.value = true
    try {
      return await enqueue([{ id, receipt }], cardBy, null, {}, ways, debt)
    } finally {
      paying.value = false
    }
  }

  /** Why no receipt can be stored now, whatever is in it; null when one can. */
  function unavailable(): PayProblem | null {
    const { queue: gateway, storageProblem } = services()
    if (storageProblem !== null) return { kind: 'storage', detail: storageProblem }
    if (settings.moved) return { kind: 'moved' }
    if (gateway === null) return { kind: 'noDevice' }
    return queue.heldByAnother ? { kind: 'heldByAnother', byTill: queue.heldByTill } : null
  }

  /** Rates change with the law: a receipt keeps what its tax was called. */
  function withTaxName(receipt: Receipt): Receipt {
    const taxId = receipt.taxId ?? device.defaultTaxId
    const taxName = catalog.taxes.find(({ id }) => id === taxId)?.name
    return taxName === undefined ? receipt : { ...receipt, taxName }
  }

  /** Stores the records, all or none. */
  async function enqueue(
    built: readonly BuiltReceipt[],
    cardBy: CardBy,
    cashier: string | null,
    { leg, ...corrects }: Correction = {},
    ways?: readonly PaidWay[],
    debt?: EntryDebt,
  ): Promise<PayResult> {
    const refused = unavailable()
    const { queue: gateway } = services()
    if (refused !== null || gateway === null) return refused ?? { kind: 'noDevice' }
    const { language, footerText, barcode } = settings.values
    const drafts: NewEntry[] = []
    const parts =
      built.length > 1
        ? (await import('../domain/paid-ways.ts')).spreadWays(
            built.map(({ receipt }) => receipt),
            ways,
          )
        : [ways]
    for (const [index, { id, receipt: made }] of built.entries()) {
      const named = withTaxName(withFooter(made, footerText))
      const plain = stockView.value?.priced(named) ?? named
      const credit = debt && (await import('../till/credit.ts')).onCredit(plain, debt, parts[index], language)
      const receipt = credit?.receipt ?? plain
      const frozen = registrationOf(receipt, {
        id,
        deviceId: gateway.deviceId,
        language,
        barcode,
        // Whoever takes the money registers it, also a receipt that a colleague began.
        cashier: services().cashier()?.name ?? cashier ?? '',
        createdAtMs: services().now(),
        bank: leg ?? bankLegOf(receipt, cardBy),
        ways: parts[index],
        debt: credit?.debt,
      })
      if (frozen.kind !== 'entry') return frozen
      drafts.push(frozen.entry)
    }
    try {
      const [only] = drafts
      const result =
        drafts.length === 1 && only !== undefined
          ? await gateway.enqueue(only.id, only.build, corrects)
          : await gateway.enqueueAll(drafts, corrects)
      if ('kind' in result && isRefusal(result)) return result
      const results = 'kind' in result ? [result] : result
      const [first] = results
      if (first?.kind === 'settled') return { kind: 'corrected' }
      if (first?.kind === 'conflict') return { kind: 'conflict', entry: first.entry }
      const stored = results.map((result) => result.entry)
      const entry = stored.at(-1)
      if (entry === undefined) return { kind: 'busy' }
      show(stored)
      return { kind: 'enqueued', entry }
    } catch (error) {
      if (!isStorageError(error)) throw error
      return { kind: 'storage', detail: errorText(error) }
    }
  }

  return {
    entries,
    last,
    resultState,
    paying,
    pay,
    payBuilt,
    prepare,
    unavailable,
    /** The next sale began: the result leaves the screen. */
    dismiss: () => (entries.value = []),
    /** Shows an entry again that was left, such as a card operation under way. */
    show: (entry: Entry) => show([entry]),
  }
})

/** The bank operation that the device's own application does; null where a separate terminal charges the card. */
function bankLegOf(receipt: Receipt, cardBy: CardBy): BankLeg | null {
  const amount = receipt.payments.bank
  if (cardBy !== 'device' || amount === undefined) return null
  return newBankLeg(takesCashOut(receipt.kind) ? 'refund' : 'purchase', amount)
}

function withFooter(receipt: Receipt, footer: string): Receipt {
  return receipt.footerText === null && footer !== '' ? { ...receipt, footerText: footer } : receipt
}
