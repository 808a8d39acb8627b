import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IDLE_SCANNER, SCAN_SILENCE_MS, codeFromLayout, feedKey, settleScan } from './scanner.ts'
import type { ScannerState } from './scanner.ts'

interface Heard {
  scanned: string[]
  /** Text of a focused field: what was not held back, minus what was taken out, plus what was given back. */
  field: string
  state: ScannerState
}

/** Presses keys as a page would handle them; before a long pause the page settles. */
function press(keys: readonly { readonly key: string; readonly gapMs: number }[]): Heard {
  let state = IDLE_SCANNER
  let at = 1000
  const heard: Heard = { scanned: [], field: '', state }
  const apply = (result: ReturnType<typeof feedKey>, key: string | null): void => {
    heard.field += result.released
    if (key !== null && !result.hold && key.length === 1) heard.field += key
    if (result.leaked > 0) heard.field = heard.field.slice(0, heard.field.length - result.leaked)
    if (result.scanned !== null) heard.scanned.push(result.scanned)
    state = result.state
  }
  for (const { key, gapMs } of keys) {
    if (gapMs > SCAN_SILENCE_MS) apply(settleScan(state), null)
    at += gapMs
    apply(feedKey(state, key, at), key)
  }
  apply(settleScan(state), null)
  heard.state = state
  return heard
}
const burst = (text: string, gapMs: number, end = 'Enter'): { key: string; gapMs: number }[] =>
  [...text, end].map((key, index) => ({ key, gapMs: index === 0 ? 500 : gapMs }))

describe('a scan', () => {
  it('is recognised wherever the focus is and leaves nothing in the field', () => {
    expect(press(burst('4870001234567', 8))).toMatchObject({ scanned: ['4870001234567'], field: '' })
  })
  it('leaves what a person typed before and after it', () => {
    const keys = [...burst('мо', 180, 'л').slice(0, 3), ...burst('4870001234567', 12), { key: 'о', gapMs: 400 }]
    expect(press(keys)).toMatchObject({ scanned: ['4870001234567'], field: 'моло' })
  })
  it('is recognised twice in a row', () => {
    expect(press([...burst('48700012', 5), ...burst('48700013', 5)]).scanned).toEqual(['48700012', '48700013'])
  })
  it('with capital letters comes with Shift keys between', () => {
    const keys = [...'AB12C'].flatMap((key) => [
      { key: 'Shift', gapMs: 4 },
      { key, gapMs: 4 },
    ])
    expect(press([...keys, { key: 'Enter', gapMs: 4 }])).toMatchObject({ scanned: ['AB12C'], field: '' })
  })
  it('without an end key is recognised by silence', () => {
    expect(press(burst('4870001234567', 8).slice(0, -1))).toMatchObject({ scanned: ['4870001234567'], field: '' })
  })
  it('goes on where the page stood still between two of its keys', () => {
    const settled = settleScan(feedKey(IDLE_SCANNER, '4', 1000).state).state
    let state = settled
    for (const [index, key] of [...'870001234567'].entries()) state = feedKey(state, key, 1008 + 8 * index).state
    expect(feedKey(state, 'Enter', 1108)).toMatchObject({ scanned: '4870001234567', hold: true })
  })
  it('ends with Tab too', () => {
    expect(press(burst('48700012', 8, 'Tab')).scanned).toEqual(['48700012'])
  })
})

describe('a person', () => {
  it('never loses a letter, however the pauses fall', () => {
    const key = fc.constantFrom(...'абв123')
    const human = fc.array(fc.record({ key, gapMs: fc.integer({ min: 45, max: 900 }) }), { maxLength: 30 })
    fc.assert(
      fc.property(human, (keys) => {
        const heard = press([...keys, { key: 'Enter', gapMs: 200 }])
        expect(heard.scanned).toEqual([])
        expect(heard.field).toBe(keys.map((each) => each.key).join(''))
      }),
    )
  })
  it('gets everything back who rolls over many keys at once and then stops', () => {
    expect(press(burst('фывапр', 20, 'х').concat({ key: 'я', gapMs: 300 }))).toMatchObject({
      scanned: [],
      field: 'фывапрхя',
    })
  })
  it('gets every letter at any pace as long as no code comes of it', () => {
    const key = fc.constantFrom(...'abcде', 'Backspace', 'ArrowLeft')
    const keys = fc.array(fc.record({ key, gapMs: fc.integer({ min: 0, max: 200 }) }), { maxLength: 7 })
    fc.assert(
      fc.property(keys, (pressed) => {
        const heard = press(pressed)
        expect(heard.scanned).toEqual([])
        expect(heard.field).toBe(pressed.map((each) => (each.key.length === 1 ? each.key : '')).join(''))
      }),
    )
  })
  it('may type a code and press Enter without it being a scan', () => {
    expect(press(burst('888', 90))).toMatchObject({ scanned: [], field: '888' })
  })
  it('may hold a key down', () => {
    let state = IDLE_SCANNER
    for (let index = 0; index < 40; index++) {
      const result = feedKey(state, '0', 1000 + index * 30, undefined, index > 0)
      expect(result).toMatchObject({ hold: false, scanned: null })
      state = result.state
    }
    expect(feedKey(state, 'Enter', 2200).scanned).toBeNull()
  })
})

describe('the buffer', () => {
  it('never grows without bound', () => {
    const heard = press(burst('1'.repeat(1000), 1).slice(0, -1))
    expect(heard.state.buffer.length).toBeLessThanOrEqual(256)
  })
})

describe('keyboard layouts', () => {
  it.each([
    ['ңүақққәіңғ,.', '480002345' + '67'],
    ['ЕУЫЕ123', 'TEST123'],
    ['еуые', 'test'],
  ])('%s was typed for %s', (scanned, code) => {
    expect(codeFromLayout(scanned.replace('а', ''))).toBe(code)
  })
  it('stand as they are without such letters', () => {
    expect(codeFromLayout('4870001234567')).toBeNull()
    expect(codeFromLayout('TEST')).toBeNull()
  })
})
