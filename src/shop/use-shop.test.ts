import { describe, expect, it } from 'vitest'
import type { Kept } from './kept.ts'
import type { ChosenPeriod } from './period.ts'
import { fakeKept, fakeServer, NOON_MS, summaryOf, TODAY, type FakeServer } from './testing/shop-kit.ts'
import { createShop } from './use-shop.ts'

/** The page over a server in memory, where the next look comes when the test says so. */
function open(period: ChosenPeriod = 'today', server: FakeServer = fakeServer(), kept: Kept = fakeKept()) {
  const time = { ms: NOON_MS }
  let next: (() => void) | null = null
  const shop = createShop({
    api: server.api,
    kept,
    period,
    now: () => time.ms,
    visible: () => true,
    after: (_ms, step) => {
      next = step
      return () => (next = null)
    },
  })
  /** Everything that is under way comes to its end. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  const look = async (): Promise<void> => {
    const step = next
    next = null
    step?.()
    await settle()
  }
  return { shop, server, kept, time, settle, look, looks: () => next !== null }
}

describe('the owner’s page', () => {
  it('reads today, then the day before, and again only when something changed', async () => {
    const { shop, server, settle, look, time } = open()
    shop.start()
    await settle()
    expect(shop.access.value).toBe('open')
    expect(server.asked).toEqual([null, { from: '2026-11-26', to: '2026-11-26' }])
    expect(shop.before.value?.totals.from).toBe('2026-11-26')

    time.ms += 3_000
    await look()
    expect(server.asked).toHaveLength(2)
    expect(shop.atMs.value).toBe(time.ms)

    server.version += 1
    await look()
    expect(server.asked).toHaveLength(3)
    expect(shop.changes.value).toBe(1)
  })

  it('reads the days before again only when a late upload changed them', async () => {
    const { shop, server, settle, look } = open()
    shop.start()
    await settle()
    server.version += 1
    await look()
    expect(server.asked).toHaveLength(3)
    server.version += 1
    server.late = 500_00
    await look()
    expect(server.asked.slice(3)).toEqual([null, { from: '2026-11-26', to: '2026-11-26' }])
    expect(shop.before.value?.totals.totalTiyn).toBe(500_00)
  })

  it('shows kept figures while the server is away, and reads again when it is back', async () => {
    const kept = fakeKept()
    const old = { summary: summaryOf({ from: TODAY, to: TODAY }), atMs: NOON_MS - 60_000 }
    kept.keepSummary(old)
    const server = fakeServer()
    server.failure = 'away'
    const { shop, settle, look } = open('today', server, kept)
    shop.start()
    await settle()
    expect(shop.summary.value).toEqual(old.summary)
    expect([shop.failure.value, shop.atMs.value]).toEqual(['away', old.atMs])

    server.failure = null
    await look()
    expect([shop.failure.value, shop.atMs.value, shop.access.value]).toEqual([null, NOON_MS, 'open'])
  })

  it('forgets everything once its code is revoked, and asks for a new one', async () => {
    const { shop, server, kept, settle, look, looks } = open()
    await shop.pair('owner')
    await settle()
    expect(kept.token()).toBe('owner-token-0123456789')
    expect(kept.summary()).not.toBeNull()

    server.failure = 'code'
    await look()
    expect([shop.access.value, shop.codeTrouble.value, shop.summary.value]).toEqual(['code', 'revoked', null])
    expect([kept.token(), kept.summary(), looks()]).toEqual([null, null, false])
  })

  it('takes the owner’s code only', async () => {
    const { shop, server, kept, settle } = open()
    server.failure = 'code'
    shop.start()
    await settle()
    expect([shop.access.value, shop.codeTrouble.value]).toEqual(['code', null])

    server.failure = null
    await shop.pair('1234')
    expect(shop.codeTrouble.value).toBe('wrong-code')
    await shop.pair('till')
    expect([shop.codeTrouble.value, kept.token()]).toEqual(['tillCode', null])
    await shop.pair(' owner ')
    await settle()
    expect([shop.codeTrouble.value, shop.access.value]).toEqual([null, 'open'])
  })

  it('a code in the address that doesn’t fit leaves the way that an earlier token opened', async () => {
    const kept = fakeKept()
    kept.keepToken('owner-token-0123456789')
    const { shop, settle } = open('today', fakeServer(), kept)
    await shop.pairOrStart('0000')
    await settle()
    expect(shop.access.value).toBe('open')
  })

  it('reads the days of the shop where this device believes in another day', async () => {
    const { shop, server, settle, time } = open('yesterday')
    // The phone's clock is two days behind.
    time.ms -= 2 * 86_400_000
    shop.start()
    await settle()
    expect(server.asked[0]).toEqual({ from: '2026-11-24', to: '2026-11-24' })
    expect(shop.shown.value).toMatchObject({ from: '2026-11-26', to: '2026-11-26' })
  })

  it('goes over to the new day by itself', async () => {
    const { shop, server, settle, look, time } = open()
    shop.start()
    await settle()
    await look()
    server.today = '2026-11-28'
    time.ms += 12 * 3_600_000
    await look()
    expect(shop.shown.value).toMatchObject({ from: '2026-11-28', to: '2026-11-28' })
  })

  it('of two choices shows the last one', async () => {
    const { shop, settle } = open()
    shop.start()
    await settle()
    shop.choose('lastMonth')
    shop.choose({ from: '2026-11-01', to: '2026-11-02' })
    await settle()
    expect(shop.shown.value).toMatchObject({ from: '2026-11-01', to: '2026-11-02' })
    expect(shop.before.value?.totals).toMatchObject({ from: '2026-10-30', to: '2026-10-31' })
  })

  it('leaving forgets the token and the figures', async () => {
    const { shop, kept, settle, looks } = open()
    await shop.pair('owner')
    await settle()
    shop.leave()
    expect([shop.access.value, shop.codeTrouble.value, shop.summary.value]).toEqual(['code', null, null])
    expect([kept.token(), kept.summary(), looks()]).toEqual([null, null, false])
  })
})
