import { describe, expect, it } from 'vitest'
import { isRecord } from '../contract/json.ts'
import type { ConfigurationRow } from '../contract/shop.ts'
import { createConfigurationCopy } from './configuration-copy.ts'

/** A till whose records change, and a server that keeps them. */
function lab() {
  const records = new Map([
    ['settings', '{"a":1}'],
    ['cashiers', '[]'],
  ])
  const goods = new Map([
    ['goods/items:000000', '[1]'],
    ['goods/list', '{}'],
  ])
  const state = { version: '1', server: 'one', away: false, now: 0, kept: undefined as unknown, goodsReads: 0 }
  const there = new Map<string, string>()
  const sent: string[][] = []
  const look = createConfigurationCopy({
    records: () => Promise.resolve([...records].map(([name, value]) => ({ name, value }))),
    goodsVersion: () => Promise.resolve(state.version),
    async *goods() {
      state.goodsReads += 1
      for (const [name, value] of goods) yield await Promise.resolve({ name, value })
    },
    till: () => Promise.resolve({ till: 'till-0001', tenure: 2 }),
    exchange(_path, body) {
      if (state.away) return Promise.resolve(null)
      const rows = (isRecord(body) ? body.rows : []) as readonly ConfigurationRow[]
      sent.push(rows.map(({ name }) => name))
      for (const { name, value } of rows)
        if (value === null) there.delete(name)
        else there.set(name, value)
      return Promise.resolve({ status: 200, text: JSON.stringify({ server: state.server }) })
    },
    load: () => Promise.resolve(state.kept),
    save: (kept) => {
      state.kept = structuredClone(kept)
      return Promise.resolve()
    },
    now: () => state.now,
  })
  return {
    records,
    goods,
    state,
    there,
    sent,
    async look() {
      state.now += 20_000
      await look()
    },
    lookAtOnce: look,
  }
}

describe('the copy of the configuration', () => {
  it('sends everything once, and then only what changed', async () => {
    const { look, sent, there, records, state } = lab()
    await look()
    expect(sent.flat().sort()).toEqual(['cashiers', 'goods/items:000000', 'goods/list', 'settings'])
    sent.length = 0
    await look()
    expect(sent).toEqual([])
    expect(state.goodsReads).toBe(1)
    records.set('settings', '{"a":2}')
    await look()
    expect(sent).toEqual([['settings']])
    expect(there.get('settings')).toBe('{"a":2}')
  })

  it('takes away what is gone, goods of a shorter catalogue too', async () => {
    const { look, there, records, goods, state } = lab()
    goods.set('goods/items:000001', '[2]')
    await look()
    records.delete('cashiers')
    goods.delete('goods/items:000001')
    state.version = '2'
    await look()
    expect([...there.keys()].sort()).toEqual(['goods/items:000000', 'goods/list', 'settings'])
  })

  it('goes on with what a server that was away has not got', async () => {
    const { look, there, state, records } = lab()
    state.away = true
    await look()
    expect([there.size, state.kept]).toEqual([0, undefined])
    state.away = false
    await look()
    expect(there.size).toBe(4)
    records.set('settings', '{"a":3}')
    state.away = true
    await look()
    state.away = false
    await look()
    expect(there.get('settings')).toBe('{"a":3}')
  })

  it('fills another database from the start', async () => {
    const { look, there, state, records } = lab()
    await look()
    there.clear()
    state.server = 'two'
    records.set('settings', '{"a":4}')
    await look()
    await look()
    expect([...there.keys()].sort()).toEqual(['cashiers', 'goods/items:000000', 'goods/list', 'settings'])
  })

  it('sends large goods in several requests', async () => {
    const { look, sent, goods, there } = lab()
    for (let n = 0; n < 5; n += 1) goods.set(`goods/items:${n}`, `"${String(n).repeat(400_000)}"`)
    await look()
    expect(sent.length).toBeGreaterThan(5)
    expect(there.size).toBe(9)
  })

  it('looks no oftener than every twenty seconds', async () => {
    const { look, lookAtOnce, records, sent } = lab()
    await look()
    sent.length = 0
    records.set('settings', '{"a":5}')
    await lookAtOnce()
    expect(sent).toEqual([])
  })
})
