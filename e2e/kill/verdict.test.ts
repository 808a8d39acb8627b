import { describe, expect, it } from 'vitest'
import { planLife } from './plan.ts'
import { judgeLedger } from './verdict.ts'

const sale = { mark: 'A-0001', state: 'done', number: 7, amount: 80_000 }
const receipt = { number: 7, totalTiyn: 80_000, footer: 'A-0001\nThank you' }
const kinds = (...args: Parameters<typeof judgeLedger>) => judgeLedger(...args).map((violation) => violation.kind)

describe('the verdict of the kill test', () => {
  it('is silent where every record is exactly one receipt with its number', () => {
    expect(kinds([sale], [receipt])).toEqual([])
    expect(kinds([], [])).toEqual([])
  })

  it('sees a record without a receipt', () => {
    expect(kinds([sale], [])).toEqual(['lost'])
    expect(kinds([{ ...sale, state: 'queued', number: null }], [])).toEqual(['lost'])
  })

  it('sees a second receipt of one record, and a receipt without any', () => {
    expect(kinds([sale], [receipt, { ...receipt, number: 8 }])).toEqual(['doubled'])
    expect(kinds([sale], [receipt, { number: 8, totalTiyn: 1, footer: null }])).toEqual(['doubled'])
  })

  it('sees a wrong number, a wrong total and a receipt that the terminal does not know to be done', () => {
    expect(kinds([{ ...sale, number: 8 }], [receipt])).toEqual(['misattributed'])
    expect(kinds([{ ...sale, amount: 1 }], [receipt])).toEqual(['misattributed'])
    expect(kinds([{ ...sale, state: 'recon' }], [receipt])).toEqual(['misattributed'])
  })
})

describe('the plan of a life', () => {
  it('is the same for the same seed, and meets every moment within fifty lives', () => {
    const plans = Array.from({ length: 50 }, (_, life) => planLife(1, 0, life))
    expect(plans).toEqual(Array.from({ length: 50 }, (_, life) => planLife(1, 0, life)))
    expect(new Set(plans.map((plan) => plan.moment.kind)).size).toBe(7)
    expect(planLife(2, 0, 1)).not.toEqual(planLife(1, 0, 1))
  })
})
