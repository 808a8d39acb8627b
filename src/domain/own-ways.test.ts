import { describe, expect, it } from 'vitest'
import { tiyn } from './money.ts'
import { ownPayment, readWays, wayProblem, type OwnWay, type WayPart } from './own-ways.ts'
import { checkPayments } from './payment.ts'

const way = (name: string, fields: Partial<OwnWay> = {}): OwnWay => ({
  id: name,
  name,
  icon: 'qr',
  colour: 0,
  tender: 'bank',
  change: false,
  asks: 'nothing',
  ...fields,
})
const part = (of: OwnWay | null, amount: number | null = null, note = ''): WayPart => ({
  way: of,
  amount: amount === null ? null : tiyn(amount),
  note,
})

const KASPI = way('Kaspi QR')
const HALYK = way('Halyk терминал', { asks: 'digits' })
const GIFT = way('Сертификат', { tender: 'tara', asks: 'note' })
const DOLLARS = way('Доллары', { tender: 'cash', change: true })
const TOTAL = tiyn(1_000_00)

describe('a payment by the shop’s own ways', () => {
  it('is the whole sum by one way', () => {
    expect(ownPayment(TOTAL, [part(KASPI)])).toEqual({
      payments: { bank: TOTAL },
      ways: [{ id: 'Kaspi QR', name: 'Kaspi QR', tender: 'bank', amount: TOTAL }],
      left: 0,
      owed: 0,
      problem: null,
    })
  })

  it('adds several ways of one tender up to that tender’s sum, the last one takes the rest', () => {
    const paid = ownPayment(TOTAL, [part(KASPI, 300_01), part(GIFT, 200_00, ' 77-12 '), part(HALYK, null, '4321')])
    expect(paid).toMatchObject({ payments: { bank: tiyn(800_00), tara: tiyn(200_00) }, left: 0, problem: null })
    expect(paid.ways.map(({ name, amount, note }) => [name, amount, note])).toEqual([
      ['Kaspi QR', 300_01, undefined],
      ['Сертификат', 200_00, '77-12'],
      ['Halyk терминал', 499_99, '4321'],
    ])
    expect(checkPayments({ kind: 'sale', total: TOTAL }, paid.payments)).toEqual({ kind: 'ok', paid: TOTAL, change: 0 })
  })

  it('gives change from plain cash and from a way that may; the name keeps what was kept', () => {
    const dollars = ownPayment(TOTAL, [part(KASPI, 400_00), part(DOLLARS, 1_000_00)])
    expect(dollars).toMatchObject({ payments: { bank: 400_00, cash: 1_000_00 }, left: 0, problem: null })
    expect(dollars.ways[1]?.amount).toBe(600_00)
    expect(checkPayments({ kind: 'sale', total: TOTAL }, dollars.payments)).toMatchObject({ change: 400_00 })
    const plain = ownPayment(TOTAL, [part(KASPI, 400_00), part(null, 2_000_00)])
    expect(plain.ways).toHaveLength(1)
    expect(checkPayments({ kind: 'sale', total: TOTAL }, plain.payments)).toMatchObject({ change: 1_400_00 })
  })

  it('is refused where a way without change gets too much, cash or not', () => {
    expect(ownPayment(TOTAL, [part(KASPI, 1_000_01)]).problem).toBe('tooMuch')
    expect(ownPayment(TOTAL, [part(way('Касса 2', { tender: 'cash' }), 1_000_01)]).problem).toBe('tooMuch')
    // A mark that a broken setting made: the register gives change from cash alone.
    expect(ownPayment(TOTAL, [part(way('Kaspi QR', { change: true }), 1_000_01)]).problem).toBe('tooMuch')
  })

  it('waits for the note or the four digits that are asked for', () => {
    expect(ownPayment(TOTAL, [part(HALYK, null, '432')]).problem).toBe('digits')
    expect(ownPayment(TOTAL, [part(GIFT, null, ' ')]).problem).toBe('note')
    expect(ownPayment(TOTAL, [part(HALYK, null, '4321')]).problem).toBeNull()
  })

  it('says what is left', () => {
    expect(ownPayment(TOTAL, [part(KASPI, 300_00)]).left).toBe(700_00)
    expect(ownPayment(TOTAL, []).left).toBe(TOTAL)
  })
})

describe('a way in the settings', () => {
  it('is left out where it isn’t whole, and keeps the others', () => {
    const stored: object[] = [KASPI, { ...GIFT, tender: 'gold' }, { name: 'x' }, { ...HALYK, asks: 'pin' }, DOLLARS]
    expect(readWays(stored)).toEqual([KASPI, DOLLARS])
    expect(readWays([{ ...KASPI, colour: 'red' }, { ...KASPI, change: 1 }, []])).toEqual([])
  })

  it('has a name of its own, and change only where it counts as cash', () => {
    expect(wayProblem(way(' '), [])).toBe('name')
    expect(wayProblem(way('x'.repeat(25)), [])).toBe('name')
    expect(wayProblem({ ...way('kaspi qr '), id: 'new' }, [KASPI])).toBe('taken')
    expect(wayProblem(KASPI, [KASPI, HALYK])).toBeNull()
    expect(wayProblem(way('Kaspi QR', { change: true }), [])).toBe('change')
    expect(wayProblem(DOLLARS, [])).toBeNull()
  })
})
