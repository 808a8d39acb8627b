import { describe, expect, it } from 'vitest'
import { choicesFor, needsNumber, typedNumber } from './question-choices.ts'

describe('answers of a question', () => {
  it('asks for the number on the paper only where nobody could read it', () => {
    expect(needsNumber({ kind: 'isReceiptOurs', number: null, mark: 'A-0001' })).toBe(true)
    expect(needsNumber({ kind: 'isReceiptOurs', number: 41, mark: 'A-0001' })).toBe(false)
    expect(needsNumber({ kind: 'printed' })).toBe(false)
  })

  it('takes a document number and nothing else', () => {
    expect(typedNumber(' 1042 ')).toBe(1042)
    for (const wrong of ['', '0', '-3', '12a', '1.5', '1234567890123']) expect(typedNumber(wrong)).toBeNull()
  })

  it('never offers a dangerous answer first', () => {
    const answers = choicesFor({ kind: 'shiftMismatch', shift: 8, missing: [41] })
    expect(answers.map((choice) => choice.variant)).toEqual(['secondary', 'danger'])
  })
})
