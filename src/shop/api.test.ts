import { describe, expect, it } from 'vitest'
import { failure } from '../contract/errors.ts'
import { createShopApi } from './api.ts'
import { summaryOf, TODAY } from './testing/shop-kit.ts'

/** An API whose server answers so; `seen` is the last request. */
function over(status: number, body: unknown, token: string | null = null) {
  const seen: { url: string; headers: Headers; method: string }[] = []
  const api = createShopApi({
    token: () => token,
    fetch: (input, init) => {
      seen.push({ url: String(input), headers: new Headers(init?.headers), method: init?.method ?? 'GET' })
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      return Promise.resolve(new Response(text, { status }))
    },
  })
  return { api, seen }
}
const refusal = (kind: Parameters<typeof failure>[0]) => ({ ok: false, demo: false, failure: failure(kind) })

describe('what the shop server says', () => {
  it('is asked for with the token, and today by no days at all', async () => {
    const summary = summaryOf({ from: TODAY, to: TODAY })
    const { api, seen } = over(200, summary, 'owner-token-0123456789')
    expect(await api.summary(null)).toEqual({ ok: true, value: summary })
    expect(seen[0]?.url).toBe('/api/shop/summary')
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer owner-token-0123456789')
    await api.summary({ from: '2026-11-01', to: TODAY })
    expect(seen[1]?.url).toBe(`/api/shop/summary?from=2026-11-01&to=${TODAY}`)
  })

  it('receipts of all time are asked for without days', async () => {
    const { api, seen } = over(200, { demo: false, receipts: [], next: null })
    await api.receipts({ period: null, search: 'A-0137', limit: 50 })
    expect(seen[0]?.url).toBe('/api/shop/receipts?search=A-0137&limit=50')
  })

  it.each([
    [401, refusal('not-paired'), 'code'],
    // Known to a later server only.
    [403, { ok: false, demo: false, failure: { kind: 'not-owner' } }, 'code'],
    [403, refusal('origin-refused'), 'origin-refused'],
    [400, refusal('bad-request'), 'bad-request'],
    [502, '<html>Bad gateway</html>', 'away'],
    [200, '<html>Router</html>', 'strange'],
    [200, { demo: false }, 'strange'],
  ])('%i is told apart (%#)', async (status, body, failed) => {
    const { api } = over(status, body)
    expect(await api.summary(null)).toEqual({ ok: false, failure: failed })
  })

  it('a code that doesn’t fit is no token that doesn’t', async () => {
    expect(await over(401, refusal('wrong-code')).api.pair('1')).toEqual({ ok: false, failure: 'wrong-code' })
  })

  it('no answer is one', async () => {
    const api = createShopApi({ token: () => null, fetch: () => Promise.reject(new TypeError('Failed to fetch')) })
    expect(await api.version()).toEqual({ ok: false, failure: 'away' })
  })
})
