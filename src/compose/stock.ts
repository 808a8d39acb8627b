/**
 * Keeps the stock behind the sale, once the first screen stands: one window of the till counts what the journal's receipts
 * take, the others hear of it. Where nobody keeps a stock, there is no database of it and nothing is read.
 */
import { watch } from 'vue'
import { loadPart } from '../i18n/i18n.ts'
import { text } from '../i18n/use-text.ts'
import { formatQuantity } from '../i18n/format.ts'
import { currentLocale } from '../i18n/i18n.ts'
import type { QueueService } from '../queue/runner/service.ts'
import type { LedgerDatabase } from '../storage/ledger-db.ts'
import { openStock, stockName, type StockDatabase } from '../storage/stock-db.ts'
import { createStockRepository, type StockChange } from '../storage/stock-repository.ts'
import { useStockStore } from '../stores/stock.ts'
import { services } from '../till/services.ts'
import { stockView } from '../till/stock-view.ts'
import { idle } from '../till/time-slices.ts'
import { exists } from './exists.ts'

/** After a change of the queue, ms: a sale's next steps go along. */
const SETTLE_MS = 400
/** Counted again so often without a change, ms: one may have been missed in a frozen window. */
const AGAIN_MS = 60_000
/** Longest wait for an idle moment, ms. */
const IDLE_MS = 500

export async function keepStock(database: LedgerDatabase, queue: Pick<QueueService, 'subscribe'>): Promise<void> {
  const name = stockName(database.name)
  const store = useStockStore()
  let opened: Promise<StockDatabase> | null = null
  const stock = () => {
    opened ??= openStock(name)
    // A storage that fails now is asked again at the next need.
    opened.catch(() => (opened = null))
    return opened
  }
  const channel = new BroadcastChannel(`stock:${name}`)
  const tell = (change: StockChange) => {
    channel.postMessage(change)
    void store.apply(change)
  }
  channel.onmessage = ({ data }: MessageEvent<StockChange>) => void store.apply(data).catch(() => undefined)
  const { newId, now } = services()
  const repository = createStockRepository({ stock, ledger: database, newId, now, tell })
  await idle(IDLE_MS)
  await Promise.all([exists(name).then((there) => store.connect(repository, there)), loadPart('dialogs')])
  stockView.value = {
    priced: store.priced,
    left(item) {
      const left = store.low(item)
      return left === null ? undefined : text('stock.left', { quantity: formatQuantity(left, currentLocale()) })
    },
  }
  let wake = (): void => undefined
  let settling: ReturnType<typeof setTimeout> | undefined
  const changed = () => {
    clearTimeout(settling)
    settling = setTimeout(() => {
      wake()
    }, SETTLE_MS)
  }
  queue.subscribe(changed)
  watch(() => store.used, changed)
  const follow = async (): Promise<void> => {
    for (;;) {
      const woken = new Promise<void>((resolve) => (wake = resolve))
      // A storage that fails is tried again: what wasn't counted is still in the journal.
      await store.catchUp().catch(() => undefined)
      const timer = setTimeout(wake, AGAIN_MS)
      await woken
      clearTimeout(timer)
      await idle(IDLE_MS)
    }
  }
  if ('locks' in navigator) await navigator.locks.request(`stock:${name}`, follow)
  else await follow()
}
