import { describe, expect, it } from 'vitest'
import { groupTyped, pressKey, typeText, useTypedAmount, type TypedKey } from './typed-amount.ts'

const MONEY = { decimals: 2, whole: 8 }
const PIECES = { decimals: 0, whole: 4 }

function keys(presses: readonly TypedKey[], rules = MONEY): string {
  return presses.reduce((text, key) => pressKey(text, key, rules), '')
}

describe('typing a number on the keypad', () => {
  it('adds digits and drops a leading zero', () => {
    expect(keys(['0', '5', '00'])).toBe('500')
  })

  it('takes double zero on an empty field as one zero', () => {
    expect(keys(['00', '7'])).toBe('7')
  })

  it('starts with 0, when the comma comes first and takes only one comma', () => {
    expect(keys(['comma', '5', 'comma', '2'])).toBe('0,52')
  })

  it('stops at the allowed decimals and whole digits', () => {
    expect(keys(['1', 'comma', '2', '3', '4'])).toBe('1,23')
    expect(keys(['1', '2', '3', '4', '5'], PIECES)).toBe('1234')
  })

  it('ignores the comma where pieces are counted', () => {
    expect(keys(['3', 'comma', '5'], PIECES)).toBe('35')
  })

  it('deletes from the end and clears', () => {
    expect(keys(['1', '2', 'back'])).toBe('1')
    expect(keys(['1', '2', 'clear'])).toBe('')
  })

  it('reads pasted text with spaces, a currency sign and a dot', () => {
    expect(typeText('', '10 000.50 ₸', MONEY)).toBe('10000,50')
  })

  it('groups thousands by narrow no-break spaces and leaves the fraction alone', () => {
    expect(groupTyped('1234567,89')).toBe('1\u202f234\u202f567,89')
    expect(groupTyped('999')).toBe('999')
    expect(groupTyped('')).toBe('')
  })

  it('replaces a proposal at the first digit and edits it at backspace', () => {
    const entry = useTypedAmount(MONEY, '4895')
    entry.press('5')
    expect(entry.text.value).toBe('5')
    entry.propose('4895')
    entry.press('back')
    expect(entry.text.value).toBe('489')
    entry.press('1')
    expect(entry.text.value).toBe('4891')
  })

  it('goes back to what was remembered, a proposal staying a proposal', () => {
    const entry = useTypedAmount(MONEY, '4895')
    const back = entry.remember()
    entry.type('4870')
    back()
    expect(entry.text.value).toBe('4895')
    entry.press('5')
    expect(entry.text.value).toBe('5')
  })
})
