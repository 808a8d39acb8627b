/** The open receipt and the parked ones, so that a reload, a crash or an update loses no line of them. */
import type { CartHistory, ParkedCart } from '../domain/cart-history.ts'
import type { AppDatabase } from './app-db.ts'

const OPEN = 'open'
const PARKED = 'parked:'

export interface CartRepository {
  loadOpen(): Promise<CartHistory | null>
  saveOpen(history: CartHistory): Promise<void>
  listParked(): Promise<readonly ParkedCart[]>
  /** Puts a receipt aside and opens another in one transaction: it is never in both places or in none. */
  park(parked: ParkedCart, open: CartHistory): Promise<void>
  /** Takes a parked receipt out and opens it in one transaction; `aside` is parked in its place where given. */
  recall(parkedId: string, open: CartHistory, aside: ParkedCart | null): Promise<void>
}

export function createCartRepository(database: AppDatabase): CartRepository {
  const write = async (
    run: (store: { put(row: { id: string; value: unknown }): unknown; delete(id: string): unknown }) => void,
  ) => {
    const transaction = database.transaction('carts', 'readwrite')
    run(transaction.store)
    await transaction.done
  }
  return {
    async loadOpen() {
      return ((await database.get('carts', OPEN))?.value as CartHistory | undefined) ?? null
    },
    saveOpen: (history) => write((store) => store.put({ id: OPEN, value: history })),
    async listParked() {
      const rows = await database.getAll('carts', IDBKeyRange.bound(PARKED, `${PARKED}\uffff`))
      return rows.map((row) => row.value as ParkedCart).sort((a, b) => a.parkedAt - b.parkedAt)
    },
    park: (parked, open) =>
      write((store) => {
        store.put({ id: PARKED + parked.cart.id, value: parked })
        store.put({ id: OPEN, value: open })
      }),
    recall: (parkedId, open, aside) =>
      write((store) => {
        store.delete(PARKED + parkedId)
        store.put({ id: OPEN, value: open })
        if (aside !== null) store.put({ id: PARKED + aside.cart.id, value: aside })
      }),
  }
}
