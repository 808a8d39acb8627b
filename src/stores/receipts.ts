/** What can still be done with a registered receipt: return it, sell it again, see whether the tax authority has it. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { Thousandths, Tiyn } from '../domain/money.ts'
import { returnedWay } from '../domain/paid-ways.ts'
import type { PaymentProblem } from '../domain/payment.ts'
import type { BasisReceipt, Receipt, Tender } from '../domain/receipt.ts'
import { cartOfReceipt } from '../domain/receipt-cart.ts'
import { repeatReceipt } from '../domain/repeat.ts'
import {
  buildReturn,
  previewReturn,
  returnTenders,
  returnableReceipt,
  type ReturnPreview,
  type ReturnProblem,
  type ReturnTender,
  type ReturnTexts,
  type ReturnableReceipt,
} from '../domain/returns.ts'
import { decodeTransaction, type Transaction } from '../ikkm/reports.ts'
import { transactionRequest } from '../ikkm/requests.ts'
import { registeredAt, type Entry } from '../queue/types.ts'
import { useCartStore } from './cart.ts'
import { useCatalogStore } from './catalog.ts'
import { useDeviceStore } from './device.ts'
import { usePaymentStore, type PayResult } from './payment.ts'
import { useQueueStore } from './queue.ts'
import { taxIsGone } from '../till/pay-plan.ts'
import { services } from '../till/services.ts'
import { stockView } from '../till/stock-view.ts'
import { useSettingsStore } from './settings.ts'

/** More returns of one receipt than anybody ever makes; a bound for the search. */
const RETURNS_LIMIT = 100_000
/** Operations among which the last sale is looked for. */
const LAST_SALES = 50
/** Longer than a look at the bank's results takes, in ms. */
const BANK_CHECK_MS = 10_000

const RETURN_WORDS: Readonly<Record<'ru' | 'kk' | 'en', ReturnTexts>> = {
  ru: { discount: 'Скидка', rounding: 'Округление' },
  kk: { discount: 'Жеңілдік', rounding: 'Дөңгелектеу' },
  en: { discount: 'Discount', rounding: 'Rounding' },
}

export type ReturnSubmit =
  | PayResult
  /** Another window is returning something of this receipt at this moment. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'return'; readonly problem: ReturnProblem }
  | { readonly kind: 'payment'; readonly problem: PaymentProblem }

/** The receipt that a return of this entry would reverse; null when it was never registered. */
export function basisOf(entry: Entry): BasisReceipt | null {
  if (entry.receipt === null || entry.number === null || entry.state !== 'done') return null
  return { number: entry.number, registeredAt: registeredAt(entry) ?? entry.createdAtMs, total: entry.receipt.total }
}

/** A return counts from the moment it waits in the queue until the device refuses it. */
function reverses(candidate: Entry, original: Entry): boolean {
  const basis = candidate.receipt?.basis ?? null
  return candidate.state !== 'refused' && candidate.deviceId === original.deviceId && basis?.number === original.number
}

export const useReceiptsStore = defineStore('receipts', () => {
  const cart = useCartStore()
  const catalog = useCatalogStore()
  const device = useDeviceStore()
  const payment = usePaymentStore()
  const queue = useQueueStore()
  const settings = useSettingsStore()
  const working = ref(false)

  /** Returns of this receipt that were made or still wait, newest first. */
  async function returnsOf(entry: Entry): Promise<readonly Entry[]> {
    const { ledger, now } = services()
    const later = await ledger?.between(entry.createdAtMs, now() + 1, RETURNS_LIMIT)
    return (later ?? []).filter((candidate) => reverses(candidate, entry))
  }

  /**
   * What can still be returned of this receipt, after every return that was made or still waits; null for nothing. Its
   * tax is the device's default one (null) where the device has the tax of then no more.
   */
  async function returnable(entry: Entry): Promise<ReturnableReceipt | null> {
    const basis = basisOf(entry)
    if (basis === null || entry.receipt === null || services().ledger === null) return null
    const earlier = (await returnsOf(entry)).flatMap(({ receipt }) => receipt ?? [])
    const from = returnableReceipt(entry.receipt, basis, earlier, { wholeTenge: device.wholeTenge })
    if (from === null || from.taxId === null) return from
    return (await taxIsGone(from.taxId)) ? { ...from, taxId: null } : from
  }

  function preview(
    from: ReturnableReceipt,
    selection: ReadonlyMap<number, Thousandths>,
  ): ReturnPreview | ReturnProblem {
    return previewReturn(from, selection, RETURN_WORDS[settings.values.language])
  }

  /** Ways in which a return of `total` (tiyn) can be paid out. */
  function tenders(from: ReturnableReceipt, total: Tiyn): readonly ReturnTender[] {
    return returnTenders(from, total, device.drawerNow())
  }

  /**
   * Registers a return; `id` (uuid) stays the same while the person tries again, so that it can't become two. What is
   * left is read and the return stored while no other window does the same for this receipt (`elsewhere`).
   */
  async function submitReturn(
    id: string,
    entry: Entry,
    selection: ReadonlyMap<number, Thousandths>,
    tender: Tender,
    cardBy: 'device' | 'external' | null,
  ): Promise<ReturnSubmit> {
    const submit = async (): Promise<ReturnSubmit> => {
      // Read once more: another tab may have returned something since the dialog was opened.
      const from = await returnable(entry)
      if (from === null) return { kind: 'return', problem: { kind: 'nothingSelected' } }
      const built = buildReturn(from, selection, tender, {
        texts: RETURN_WORDS[settings.values.language],
        drawer: device.drawerNow(),
      })
      if (built.kind !== 'receipt') return built
      const ways = cardBy === 'device' ? [] : returnedWay(entry.ways, tender, built.receipt.total)
      const receipt = stockView.value?.priced(built.receipt, entry.receipt) ?? built.receipt
      return payment.payBuilt(id, receipt, cardBy, ways, entry.debt)
    }
    if (!('locks' in navigator)) return submit()
    return navigator.locks.request(`return:${entry.id}`, { ifAvailable: true }, (lock) =>
      lock === null ? { kind: 'elsewhere' as const } : submit(),
    )
  }

  /** Puts the items of a receipt into the open one, at today's prices; answers how many rows could not be added. */
  function repeat(receipt: Receipt): number {
    const repeated = repeatReceipt(cart.cart, receipt, catalog.find)
    cart.run(() => ({ kind: 'done', cart: repeated.cart, lineId: null }))
    payment.dismiss()
    return repeated.refused.length
  }

  /**
   * Whether a refused receipt may be corrected into a new one. A refused return is made anew from its receipt, unless
   * its card money went back already: then only a corrected one may carry that.
   */
  function correctable(entry: Entry): boolean {
    if (entry.state !== 'refused' || entry.resolution !== null || entry.receipt === null) return false
    const { kind } = entry.receipt
    return kind === 'sale' || kind === 'buy' || entry.bank?.state === 'paid'
  }

  /**
   * Opens a refused receipt anew, to be put right and paid as a new one that settles it; one that is open for that
   * already is shown again. A receipt that is open and has lines is parked first.
   */
  async function correct(entry: Entry): Promise<void> {
    if (entry.receipt === null) return
    payment.dismiss()
    if (cart.cart.corrects === entry.id && cart.cart.lines.length > 0) return
    const parked = cart.parked.find((one) => one.cart.corrects === entry.id)
    if (parked === undefined) await reopen(entry.receipt, entry.id)
    else await cart.recall(parked.cart.id)
  }

  /** Opens a receipt again under a new id, exactly as it was; one that is open and has lines is parked first. */
  async function reopen(receipt: Receipt, corrects?: string): Promise<void> {
    const { newId, now, cashier } = services()
    const again = cartOfReceipt(receipt, {
      id: newId(),
      createdAt: now(),
      cashier: cashier(),
      wholeTenge: device.wholeTenge,
      findItem: catalog.find,
    })
    await cart.park()
    await cart.replace(corrects === undefined ? again : { ...again, corrects })
    payment.dismiss()
  }

  /** The entry once nothing about it is open any more; null while the same question is still asked. */
  function settled(id: string): Promise<Entry | null> {
    return new Promise((resolve) => {
      const finish = async (gone: boolean) => {
        clearTimeout(timer)
        stop()
        resolve(gone ? ((await services().ledger?.entry(id)) ?? null) : null)
      }
      // A device that doesn't answer leaves the question where it was: the person may ask again.
      const timer = setTimeout(() => void finish(false), BANK_CHECK_MS)
      const stop = watch(
        () => queue.open.some((candidate) => candidate.id === id),
        (isOpen) => {
          if (!isOpen) void finish(true)
        },
      )
    })
  }

  /**
   * Gives up a card operation that the bank declined; nothing was registered. The bank is asked once more first: a card
   * that was charged after all (`charged`) ends the sale with its receipt. `asked`: the bank couldn't be asked yet.
   * `payOtherwise` opens the receipt again, to be paid in another way.
   */
  async function giveUpCard(entry: Entry, payOtherwise: boolean): Promise<'gaveUp' | 'charged' | 'asked'> {
    if (entry.question?.question.kind !== 'cardDeclined') return 'asked'
    working.value = true
    const waiting = settled(entry.id)
    void queue.answer(entry.question.id, { kind: 'giveUp' })
    const ended = await waiting
    working.value = false
    if (ended === null) return 'asked'
    if (ended.state !== 'refused') return 'charged'
    if (payOtherwise && entry.receipt !== null) await reopen(entry.receipt)
    else payment.dismiss()
    return 'gaveUp'
  }

  /** The newest sale of this terminal that the device registered; null when there is none near. */
  async function lastSale(): Promise<Receipt | null> {
    const page = await services().ledger?.page({ limit: LAST_SALES })
    return page?.entries.find((entry) => entry.state === 'done' && entry.receipt?.kind === 'sale')?.receipt ?? null
  }

  /**
   * Whether the receipt reached the tax authority (source 004, chapter 9.2). The document leaves open which of the two
   * keys names a receipt: an answer counts only when its number is this receipt's. Null when the device doesn't tell.
   */
  async function transmission(entry: Entry): Promise<Transaction | null> {
    const { device: gateway } = services()
    if (gateway === null) return null
    working.value = true
    try {
      for (const key of [entry.key, entry.newKey]) {
        if (key === null) continue
        const read = await gateway.read(transactionRequest(key), decodeTransaction)
        if (read.kind === 'ok' && read.value.number === entry.number) return read.value
      }
      return null
    } finally {
      working.value = false
    }
  }

  return {
    working,
    returnsOf,
    returnable,
    preview,
    tenders,
    submitReturn,
    repeat,
    correctable,
    correct,
    giveUpCard,
    lastSale,
    transmission,
    newId: () => services().newId(),
  }
})
