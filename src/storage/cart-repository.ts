/**
 * The open receipt of each window and the parked ones of all, so that a reload, a crash or an update loses no line of
 * them, and no two windows ever have the same one open.
 */
import { parkCart, recallCart, type CartHistory, type ParkedCart } from '../domain/cart-history.ts'
import type { AppDatabase } from './app-db.ts'
import type { Changes } from './changes.ts'

/** This window, and how it learns that another one is gone. */
export interface WindowOfTill {
  readonly id: string
  /**
   * Runs `work` if the window `id` is gone, while that window can't come back and no other window does the same.
   * `savedAt` (ms): when it stored its receipt last.
   */
  ifGone(id: string, savedAt: number, work: () => Promise<void>): Promise<void>
}

export interface CartRepository {
  /** The receipt that this window has open; null when it stored none yet. */
  loadOpen(): Promise<CartHistory | null>
  saveOpen(history: CartHistory): Promise<void>
  listParked(): Promise<readonly ParkedCart[]>
  /** Puts a receipt aside and opens another in one transaction: it is never in both places or in none. */
  park(parked: ParkedCart, open: CartHistory): Promise<void>
  /** Calls a parked receipt `label`; nothing where another window opened it before. */
  name(parkedId: string, label: string): Promise<void>
  /**
   * Takes a parked receipt out and opens it in one transaction; `aside` is parked in its place where given. Null, with
   * nothing changed, when another window took it before.
   */
  recall(parkedId: string, aside: ParkedCart | null): Promise<ParkedCart | null>
  /**
   * Takes over the open receipts of windows that are gone: the newest becomes this window's where `open` is set
   * (resolves to it), the others are parked. Those that were paid (`isPaid`, by the receipt's id) are forgotten.
   */
  adopt(open: boolean, isPaid: (cartId: string) => Promise<boolean>): Promise<CartHistory | null>
}

export interface CartRepositoryOptions {
  readonly window: WindowOfTill
  /** Receipts of the demo are another till's: none of them is ever seen beside a real register. */
  readonly demo: () => boolean
  /** ms since the epoch. */
  readonly now: () => number
  /** Who hears that the parked receipts are others now. */
  readonly changes?: Pick<Changes, 'tell'>
}

interface OpenRecord {
  readonly history: CartHistory
  /** ms since the epoch. */
  readonly savedAt: number
}

/** Earlier versions had one open receipt for all windows, without its time. */
function readOpen(value: unknown): OpenRecord {
  const record = value as OpenRecord | CartHistory
  return 'history' in record ? record : { history: record, savedAt: 0 }
}

const beginningWith = (prefix: string) => IDBKeyRange.bound(prefix, `${prefix}\uffff`)

export function createCartRepository(database: AppDatabase, options: CartRepositoryOptions): CartRepository {
  const OPEN = () => (options.demo() ? 'demo-open' : 'open')
  const PARKED = () => (options.demo() ? 'demo-parked:' : 'parked:')
  const own = () => `${OPEN()}:${options.window.id}`
  const openRow = (history: CartHistory) => ({ id: own(), value: { history, savedAt: options.now() } })
  const parkedRow = (parked: ParkedCart) => ({ id: PARKED() + parked.cart.id, value: parked })

  return {
    async loadOpen() {
      const row = await database.get('carts', own())
      return row === undefined ? null : readOpen(row.value).history
    },
    async saveOpen(history) {
      await database.put('carts', openRow(history))
    },
    async listParked() {
      const rows = await database.getAll('carts', beginningWith(PARKED()))
      return rows.map((row) => row.value as ParkedCart).sort((a, b) => a.parkedAt - b.parkedAt)
    },
    async park(parked, open) {
      const transaction = database.transaction('carts', 'readwrite')
      void transaction.store.put(parkedRow(parked))
      void transaction.store.put(openRow(open))
      await transaction.done
      options.changes?.tell('parked')
    },
    async name(parkedId, label) {
      const transaction = database.transaction('carts', 'readwrite')
      const row = await transaction.store.get(PARKED() + parkedId)
      if (row !== undefined) void transaction.store.put(parkedRow({ ...(row.value as ParkedCart), label }))
      await transaction.done
      options.changes?.tell('parked')
    },
    async recall(parkedId, aside) {
      const transaction = database.transaction('carts', 'readwrite')
      const row = await transaction.store.get(PARKED() + parkedId)
      const parked = (row?.value ?? null) as ParkedCart | null
      if (parked !== null) {
        void transaction.store.delete(PARKED() + parkedId)
        void transaction.store.put(openRow(recallCart(parked)))
        if (aside !== null) void transaction.store.put(parkedRow(aside))
      }
      await transaction.done
      if (parked !== null) options.changes?.tell('parked')
      return parked
    },
    async adopt(open, isPaid) {
      const rows = await database.getAll('carts', beginningWith(OPEN()))
      const others = rows
        .filter(({ id }) => id !== own())
        .map(({ id, value }) => ({ id, ...readOpen(value) }))
        .sort((a, b) => b.savedAt - a.savedAt)
      let adopted: CartHistory | null = null
      let parkedAny = false
      for (const { id, savedAt } of others) {
        await options.window.ifGone(id.slice(OPEN().length + 1), savedAt, async () => {
          const row = await database.get('carts', id)
          // Another window was quicker.
          if (row === undefined) return
          const { history } = readOpen(row.value)
          const parked = (await isPaid(history.cart.id)) ? null : parkCart(history.cart, savedAt || options.now())
          const transaction = database.transaction('carts', 'readwrite')
          void transaction.store.delete(id)
          if (parked !== null && open && adopted === null) {
            adopted = history
            void transaction.store.put(openRow(history))
          } else if (parked !== null) {
            parkedAny = true
            void transaction.store.put(parkedRow(parked))
          }
          await transaction.done
        })
      }
      if (parkedAny) options.changes?.tell('parked')
      return adopted
    },
  }
}
