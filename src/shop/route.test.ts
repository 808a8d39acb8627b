import { describe, expect, it } from 'vitest'
import { addressOf, codeIn, readRoute, type Route } from './route.ts'

const at = (address: string): Route => {
  const url = new URL(address, 'http://shop.test')
  return readRoute(url.pathname, url.search)
}

describe('an address below /shop', () => {
  it.each<[string, Route]>([
    ['/shop', { tab: 'overview', receipt: null, period: 'today' }],
    ['/shop?period=lastMonth', { tab: 'overview', receipt: null, period: 'lastMonth' }],
    ['/shop/tills', { tab: 'tills', receipt: null, period: 'today' }],
    [
      '/shop/receipts?from=2026-11-01&to=2026-11-02',
      { tab: 'receipts', receipt: null, period: { from: '2026-11-01', to: '2026-11-02' } },
    ],
    ['/shop/receipts/till-0001/a%2Fb', { tab: 'receipts', receipt: { till: 'till-0001', id: 'a/b' }, period: 'today' }],
  ])('%s leads there and back', (address, route) => {
    expect(at(address)).toEqual(route)
    expect(addressOf(route)).toBe(address)
  })

  it('that nobody knows is the overview of today', () => {
    const home: Route = { tab: 'overview', receipt: null, period: 'today' }
    expect(at('/shop/')).toEqual(home)
    expect(at('/shop/nothing?period=century')).toEqual(home)
    expect(at('/shop?from=2026-11-05&to=2026-11-01')).toEqual(home)
  })

  it('may carry a code', () => {
    expect(codeIn('#pair=12345678')).toBe('12345678')
    expect(codeIn('#pair=')).toBeNull()
    expect(codeIn('')).toBeNull()
  })
})
