import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { debtBook, debtorOf, debtUnder, effectOf, owedIn, type DebtAct, type DebtRecord } from './debts.ts'
import { tiyn } from './money.ts'

const DAY = 86_400_000
let records = 0

function record(act: DebtAct, amount: number, atDay: number, change: Partial<DebtRecord> = {}): DebtRecord {
  records += 1
  return {
    id: `r${records}`,
    debtor: 'айгуль',
    name: 'Айгуль',
    act,
    amount: tiyn(amount),
    atMs: atDay * DAY,
    sequence: records,
    waiting: false,
    ...change,
  }
}

describe('a debtor’s name', () => {
  it('is one however it is capitalised and spaced, and however its letters are composed', () => {
    const names = ['Семён  Ли', ' семен ли', 'СЕМЁН\tЛИ', 'Семе\u0308н Ли']
    expect(new Set(names.map(debtorOf))).toEqual(new Set(['семен ли']))
    expect(debtorOf('Әсел')).not.toBe(debtorOf('Асел'))
    expect(debtorOf(' \n ')).toBe('')
  })

  it('stands with a phone or a note, and without a name there is no debt', () => {
    expect(debtUnder('Айгуль', '+7 (701) 123-45-67')).toEqual({
      debtor: 'айгуль',
      name: 'Айгуль',
      phone: '+7 (701) 123-45-67',
    })
    expect(debtUnder(' Айгуль ', 'дом 5')).toEqual({ debtor: 'айгуль', name: 'Айгуль', note: 'дом 5' })
    expect(debtUnder('Айгуль', '')).toEqual({ debtor: 'айгуль', name: 'Айгуль' })
    expect(debtUnder('  ', '+77011234567')).toBeNull()
  })
})

describe('the debt book', () => {
  it('pays the oldest debt first, in parts, and tells since when the rest is owed', () => {
    const [old, young] = [record('given', 1_000, 1), record('given', 500, 5)]
    const [part] = debtBook([young, record('cashIn', 400, 6), old])
    expect(part).toMatchObject({ owed: 1_100, given: 1_500, back: 400, waiting: false })
    expect(part?.open.map(({ record: { id }, left }) => [id, left])).toEqual([
      [old.id, 600],
      [young.id, 500],
    ])
    const [later] = debtBook([young, record('cashIn', 400, 6), old, record('paid', 700, 7)])
    expect(later?.open.map(({ record: { id }, left }) => [id, left])).toEqual([[young.id, 400]])
  })

  it('lets a return lower the debt of its own sale, and money pay the others', () => {
    const [old, young] = [record('given', 1_000, 1), record('given', 500, 5)]
    const [one] = debtBook([old, young, record('returned', 500, 6, { of: young.id }), record('cashIn', 100, 7)])
    expect(one?.open.map(({ record: { id }, left }) => [id, left])).toEqual([[old.id, 900]])
    // More goods came back than the sale had on credit: the rest pays the others.
    const [more] = debtBook([old, young, record('returned', 700, 6, { of: young.id })])
    expect(more?.open.map(({ record: { id }, left }) => [id, left])).toEqual([[old.id, 800]])
  })

  it('shows what the shop owes below zero, until it is given out', () => {
    const all = [record('given', 500, 1), record('cashIn', 500, 2), record('returned', 500, 3)]
    expect(debtBook(all)[0]).toMatchObject({ owed: -500, open: [] })
    expect(debtBook([...all, record('paidOut', 500, 4)])[0]).toMatchObject({ owed: 0, open: [] })
  })

  it('orders by the oldest open debt, those who owe nothing by name behind them, and shows the last written name and phone', () => {
    const of = (name: string) => ({ debtor: debtorOf(name), name })
    const book = debtBook([
      record('given', 100, 5, of('Болат')),
      record('given', 100, 2, { ...of('асел'), phone: '111 11' }),
      record('given', 100, 3, of('Асел')),
      record('given', 100, 1, of('Яна')),
      record('forgiven', 100, 6, of('Яна')),
    ])
    expect(book.map(({ name }) => name)).toEqual(['Асел', 'Болат', 'Яна'])
    expect(book[0]).toMatchObject({ phone: '111 11', owed: 200 })
  })

  it('adds up for any records: what is open less what the shop owes is what the records come to', () => {
    const act = fc.constantFrom<DebtAct>('given', 'earlier', 'paidOut', 'cashIn', 'paid', 'forgiven', 'returned')
    const any = fc.array(
      fc.record({
        act,
        amount: fc.integer({ min: 1, max: 10_000 }),
        day: fc.integer({ min: 0, max: 30 }),
        of: fc.nat(8),
      }),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(any, (made) => {
        const all = made.map(({ act, amount, day }) => record(act, amount, day))
        const linked = all.map((one, index) => ({ ...one, of: all[made[index]?.of ?? 0]?.id }))
        const [one] = debtBook(linked)
        if (one === undefined) return linked.length === 0
        const open = one.open.reduce((sum, { left }) => sum + left, 0)
        expect(open).toBeGreaterThanOrEqual(Math.max(0, one.owed))
        expect(one.owed).toBe(owedIn(linked))
        expect(one.owed).toBe(linked.reduce((sum, each) => sum + effectOf(each), 0))
        // Nothing is open while the shop owes, and nothing else is open than what is owed.
        expect(open).toBe(Math.max(0, one.owed))
        return true
      }),
    )
  })
})
