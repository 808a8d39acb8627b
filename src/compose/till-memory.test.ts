import { describe, expect, it } from 'vitest'
import { joinMemories, parseTill, type TillMemory } from './till-memory.ts'

const TILL: TillMemory = {
  till: 'aaaaaaaa-1',
  prefixes: ['DF'],
  transport: 'direct',
  origin: 'http://192.168.1.50:8080',
  relayId: '',
  serial: '0117',
}

describe('what a tablet remembers of its till', () => {
  it('is read back as it was written, and nothing else is taken for it', () => {
    expect(parseTill(JSON.stringify(TILL))).toEqual(TILL)
    for (const text of [null, undefined, '', 'x', '{}', JSON.stringify({ ...TILL, transport: 'demo' })]) {
      expect(parseTill(text)).toBeNull()
    }
  })

  it('is whatever place still has it, with every prefix that any of them names', () => {
    expect(joinMemories([null, null, null])).toBeNull()
    expect(joinMemories([null, TILL, { ...TILL, prefixes: ['GJ', 'DF'] }])).toEqual({ ...TILL, prefixes: ['DF', 'GJ'] })
  })
})
