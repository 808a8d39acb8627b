import { describe, expect, it } from 'vitest'
import { debtUnder, type EntryDebt } from '../domain/debts.ts'
import { tiyn } from '../domain/money.ts'
import { receipt } from '../ikkm/testing/receipts.ts'
import { movedAway, newEntry, withOpenMarker, type Entry, type EntryDraft } from '../queue/types.ts'
import { onCredit } from './credit.ts'
import { debtRecords, isOwed, owes } from './debt-book.ts'

const DEBT = debtUnder('Айгуль', 'дом 5') as EntryDebt
let entries = 0

function entryOf(draft: Partial<EntryDraft>, change: Partial<Entry> = {}): Entry {
  entries += 1
  const whole: EntryDraft = {
    id: `e${entries}`,
    deviceId: 'd',
    kind: 'registration',
    request: null,
    receipt: null,
    amount: tiyn(0),
    cashier: 'Aliya',
    createdAtMs: entries,
    shift: null,
    bank: null,
    debt: DEBT,
    ...draft,
  }
  return withOpenMarker({ ...newEntry(whole, entries, `A-000${entries}`), ...change })
}

const sale = (credit: number, change: Partial<Entry> = {}) =>
  entryOf(
    { receipt: receipt({ payments: { credit: tiyn(credit) }, total: tiyn(credit) }), amount: tiyn(credit) },
    change,
  )

describe('entries as the debt book counts them', () => {
  it('are sales on credit, what came back, and notes by hand', () => {
    const given = sale(50_000, { state: 'done', number: 7, deviceAtMs: 99 })
    const basis = { number: 7, registeredAt: 99, total: tiyn(50_000) }
    const back = entryOf({ receipt: receipt({ kind: 'saleReturn', payments: { credit: tiyn(10_000) }, basis }) })
    const list = debtRecords([
      given,
      back,
      entryOf({ kind: 'deposit', amount: tiyn(1_000) }),
      entryOf({ kind: 'withdrawal', amount: tiyn(2_000) }),
      entryOf({ kind: 'debt', amount: tiyn(3_000), debt: { ...DEBT, act: 'earlier', sinceMs: 5 } }),
      // A return in cash leaves the debt as it is, and so does what names nobody.
      entryOf({ receipt: receipt({ kind: 'saleReturn', payments: { cash: tiyn(10_000) }, basis }) }),
      entryOf({ kind: 'deposit', amount: tiyn(1_000), debt: undefined }),
    ])
    expect(list.map(({ act, amount, waiting, atMs, of }) => [act, amount, waiting, atMs, of])).toEqual([
      ['given', 50_000, false, 99, undefined],
      ['returned', 10_000, true, back.createdAtMs, given.id],
      ['cashIn', 1_000, true, expect.any(Number), undefined],
      ['paidOut', 2_000, true, expect.any(Number), undefined],
      ['earlier', 3_000, false, 5, undefined],
    ])
    expect(list[0]).toMatchObject({ debtor: 'айгуль', name: 'Айгуль', note: 'дом 5' })
  })

  it('count while they wait, and not once they are corrected or written off', () => {
    const refused = sale(500, { state: 'refused' })
    expect(debtRecords([refused])).toMatchObject([{ waiting: true }])
    expect(debtRecords([movedAway(refused, { nowMs: 1, reason: 'mistake' }, null)])).toEqual([])
    expect(debtRecords([movedAway(refused, { nowMs: 1 }, sale(500))])).toEqual([])
  })

  it('tell whether so much is owed, and by whom', () => {
    const list = [sale(500), entryOf({ kind: 'deposit', amount: tiyn(200) })]
    expect([owes(tiyn(300))(list), owes(tiyn(301))(list), isOwed(tiyn(1))(list)]).toEqual([true, false, false])
    const tooMuch = [...list, entryOf({ kind: 'debt', amount: tiyn(700), debt: { ...DEBT, act: 'paid' } })]
    expect([owes(tiyn(1))(tooMuch), isOwed(tiyn(400))(tooMuch), isOwed(tiyn(401))(tooMuch)]).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('a receipt on credit', () => {
  const made = receipt({ payments: { credit: tiyn(500) }, printText: 'Ваш столик 5' })

  it('names its debtor on paper once, also when a refused one is paid anew by another', () => {
    const first = onCredit(made, DEBT, undefined, 'ru')
    expect(first.receipt.printText).toBe('Ваш столик 5\nВ долг: Айгуль')
    const other = onCredit(first.receipt, debtUnder('Болат', '') as EntryDebt, undefined, 'kk')
    expect(other.receipt.printText).toBe('Ваш столик 5\nҚарызға: Болат')
    expect(other.debt?.debtor).toBe('болат')
  })

  it('has no debtor where nothing of it is owed, and a return is printed as it was', () => {
    const cash = receipt({ payments: { cash: tiyn(500) } })
    expect(onCredit(cash, DEBT, undefined, 'ru')).toEqual({ receipt: cash })
    const way = { id: 'w', name: 'Рассрочка', tender: 'credit', amount: tiyn(500), bankPays: true } as const
    expect(onCredit(made, DEBT, [way], 'ru')).toEqual({ receipt: made })
    const back = receipt({ kind: 'saleReturn', payments: { credit: tiyn(500) } })
    expect(onCredit(back, DEBT, undefined, 'ru')).toEqual({ receipt: back, debt: DEBT })
  })
})
