import { createApp, effectScope } from 'vue'
import { describe, expect, it } from 'vitest'
import { fakeKept, fakeServer, NOON_MS, receiptOf } from './testing/shop-kit.ts'
import { useReceipts } from './use-receipts.ts'
import { createShop, SHOP_KEY } from './use-shop.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

/** The list over a server in memory whose pages hold two receipts. */
function open(ids: readonly string[]) {
  const server = fakeServer()
  server.receipts = ids.map((id) => receiptOf(id))
  const shop = createShop({
    api: server.api,
    kept: fakeKept(),
    period: 'today',
    now: () => NOON_MS,
    visible: () => false,
    after: () => () => undefined,
  })
  const app = createApp({}).provide(SHOP_KEY, shop)
  const list = app.runWithContext(() => effectScope(true).run(() => useReceipts()))
  if (list === undefined) throw new Error('the scope is over')
  const shown = () => list.rows.value?.map(({ id }) => id)
  const changed = async () => {
    shop.changes.value += 1
    await settle()
  }
  return { server, list, shown, changed }
}

describe('the list of receipts', () => {
  it('grows by pages until the end', async () => {
    const { list, shown } = open(['5', '4', '3', '2', '1'])
    await settle()
    expect(shown()).toEqual(['5', '4'])
    await list.more()
    await list.more()
    expect([shown(), list.next.value]).toEqual([['5', '4', '3', '2', '1'], null])
  })

  it('puts what is new on top of what was paged to, each once, as it stands now', async () => {
    const { server, list, shown, changed } = open(['4', '3', '2', '1'])
    await settle()
    await list.more()
    server.receipts = [receiptOf('5'), receiptOf('4', { number: 44 }), ...server.receipts.slice(1)]
    await changed()
    expect(shown()).toEqual(['5', '4', '3', '2', '1'])
    expect(list.rows.value?.[1]?.number).toBe(44)
  })

  it('keeps what it shows while the server is away', async () => {
    const { server, list, shown, changed } = open(['1'])
    await settle()
    server.failure = 'away'
    await changed()
    expect([shown(), list.failed.value]).toEqual([['1'], true])
    server.failure = null
    await changed()
    expect(list.failed.value).toBe(false)
  })
})
