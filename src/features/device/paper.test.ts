import { describe, expect, it } from 'vitest'
import { paperLines } from './paper.ts'

describe('the paper preview', () => {
  it('breaks a line after the last column and keeps empty lines', () => {
    expect(paperLines(['абвгде', ''], 4)).toEqual([
      { kind: 'text', text: 'абвг' },
      { kind: 'text', text: 'де' },
      { kind: 'text', text: '' },
    ])
  })

  it('draws the printer commands instead of printing them', () => {
    expect(paperLines(['--line--', '--cut--', '--barcodeEAN13-7501031311309--'], 24)).toEqual([
      { kind: 'rule' },
      { kind: 'cut' },
      { kind: 'barcode', text: '7501031311309' },
    ])
  })
})
