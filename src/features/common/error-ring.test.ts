import { describe, expect, it } from 'vitest'
import { detailOf, readRing, withError, withoutSecrets, type ErrorRing } from './error-ring.ts'

describe('the ring of what nobody caught', () => {
  it('keeps the last fifty with ascending numbers', () => {
    let ring: ErrorRing = readRing(undefined)
    for (let index = 0; index < 60; index += 1) {
      ring = withError(ring, { where: 'view', detail: `d${index}`, atMs: index }).ring
    }
    expect(ring.items).toHaveLength(50)
    expect([ring.items[0]?.number, ring.items.at(-1)?.number, ring.next]).toEqual([11, 60, 61])
    expect(readRing(JSON.parse(JSON.stringify(ring)))).toEqual(ring)
    expect(readRing('broken')).toEqual({ next: 1, items: [] })
  })

  it('counts the same error that comes again within a minute, and says it once', () => {
    const first = withError(readRing(null), { where: 'view', detail: 'x', atMs: 0 })
    const again = withError(first.ring, { where: 'view', detail: 'x', atMs: 30_000 })
    expect([first.fresh, again.fresh, again.kept]).toMatchObject([true, false, { number: 1, times: 2 }])
    expect(withError(again.ring, { where: 'view', detail: 'x', atMs: 60_000 })).toMatchObject({
      fresh: true,
      kept: { number: 2 },
    })
  })

  it('holds no key, PIN, code or token', () => {
    const words = 'GET http://192.168.1.50:8080/api/?key=12345678&sale=800 {"pin":"4321"} token: abc.def 87654321'
    const kept = withoutSecrets(words)
    for (const secret of ['12345678', '4321', 'abc.def', '87654321']) expect(kept).not.toContain(secret)
    expect(kept).toContain('sale=800')
    expect(detailOf(new RangeError('x'))).toMatch(/^RangeError: x\n/)
    expect(detailOf('text')).toBe('text')
  })
})
