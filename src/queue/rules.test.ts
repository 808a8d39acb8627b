import { describe, expect, it } from 'vitest'
import { thousandths, tiyn } from '../domain/money.ts'
import type { Receipt } from '../domain/receipt.ts'
import type { Cheque } from '../ikkm/cheques.ts'
import { compareContent } from './content.ts'
import { afterSuccess, candidates, cashMoved, countersProve, listProves } from './rules.ts'
import { newEntry } from './types.ts'
import type { Baseline, Entry, ShiftCounters, Tally } from './types.ts'

const tally = (count: number, sum: number): Tally => ({ count, sum: tiyn(sum) })

function counters(change: Partial<ShiftCounters> = {}, sale = tally(3, 90_000)): ShiftCounters {
  const none = tally(0, 0)
  return {
    shift: 9,
    open: true,
    byKind: { sale, buy: none, saleReturn: none, buyReturn: none },
    cashIn: none,
    cashOut: none,
    ...change,
  }
}

function baseline(change: Partial<Baseline> = {}): Baseline {
  return { number: 50, shift: 9, open: true, cash: tiyn(1_000), counters: counters(), ...change }
}

const RECEIPT: Receipt = {
  kind: 'sale',
  total: tiyn(40_000),
  payments: { cash: tiyn(40_000) },
  change: tiyn(0),
  taxId: null,
  rows: [
    { kind: 'item', name: 'Tea', code: null, price: tiyn(20_000), quantity: thousandths(2_000), sum: tiyn(40_000) },
  ],
  printText: null,
  footerText: null,
  basis: null,
}

function entry(change: Partial<Entry> = {}): Entry {
  const draft = {
    id: 'e1',
    deviceId: 'd',
    kind: 'registration' as const,
    request: null,
    receipt: RECEIPT,
    amount: RECEIPT.total,
    cashier: 'Aliya',
    createdAtMs: 0,
    shift: null,
    bank: null,
  }
  return { ...newEntry(draft, 1, 'A-0001'), before: baseline(), attempts: 1, key: '11111111', ...change }
}

function cheque(number: number, change: Partial<Cheque> = {}): Cheque {
  const line = {
    id: number,
    itemCode: null,
    quantity: thousandths(2_000),
    price: tiyn(20_000),
    sum: tiyn(40_000),
    taxId: null,
  }
  return { number, openedAt: null, kind: 'sale', lines: [line], total: tiyn(40_000), ...change }
}

describe('an audit', () => {
  const after = counters({}, tally(4, 130_000))
  const acked = entry({ state: 'acked', number: 51 })
  const table: readonly (readonly [string, Partial<Baseline>, boolean])[] = [
    ['passes when our kind grew by exactly ours and the last number is ours', {}, true],
    ['fails on another last number', { number: 52 }, false],
    ['fails when no receipt was added', { counters: counters() }, false],
    ['fails when two were added', { counters: counters({}, tally(5, 170_000)) }, false],
    ['fails on another sum', { counters: counters({}, tally(4, 126_000)) }, false],
    ['fails when another kind grew too', { counters: withBuy() }, false],
    ['fails when cash came in meanwhile', { counters: { ...after, cashIn: tally(1, 500) } }, false],
    ['fails when cash went out meanwhile', { counters: { ...after, cashOut: tally(1, 500) } }, false],
    ['fails in another shift', { shift: 10 }, false],
    ['fails in a closed shift', { open: false }, false],
  ]
  function withBuy(): ShiftCounters {
    const grown = counters({}, tally(4, 130_000))
    return { ...grown, byKind: { ...grown.byKind, buy: tally(1, 100) } }
  }
  it.each(table)('%s', (_, change, passes) => {
    const now = baseline({ number: 51, counters: after, ...change })
    expect(countersProve(baseline(), now, [acked])).toBe(passes)
  })

  it('covers a batch, and the first receipt of a new shift', () => {
    const second = entry({ id: 'e2', state: 'acked', number: 52 })
    const grown = counters({}, tally(5, 170_000))
    expect(countersProve(baseline(), baseline({ number: 52, counters: grown }), [acked, second])).toBe(true)
    const fresh = baseline({ number: 51, shift: 10, counters: counters({ shift: 10 }, tally(1, 40_000)) })
    expect(countersProve(baseline({ open: false }), fresh, [acked])).toBe(true)
  })

  it('without a number in the answer needs a new last number', () => {
    const unnumbered = entry({ state: 'acked', number: null })
    expect(countersProve(baseline(), baseline({ counters: after }), [unnumbered])).toBe(false)
    expect(countersProve(baseline(), baseline({ number: 51, counters: after }), [unnumbered])).toBe(true)
  })

  it('without the right to read reports compares number, shift and drawer', () => {
    const before = baseline({ counters: null, cash: tiyn(1_000) })
    expect(countersProve(before, baseline({ number: 51, counters: null, cash: tiyn(41_000) }), [acked])).toBe(true)
    expect(countersProve(before, baseline({ number: 51, counters: null, cash: tiyn(1_000) }), [acked])).toBe(false)
  })
})

describe('a success is first-hand', () => {
  it.each([
    ['at the first attempt with a new number', 1, 51, '22222222', 'audit'],
    ['at the first attempt without a number', 1, null, '22222222', 'audit'],
    ['not at a later attempt', 2, 51, '22222222', 'reconcile'],
    ['not with a number that is not new', 1, 50, '22222222', 'reconcile'],
    ['not when the key did not change', 1, 51, '11111111', 'reconcile'],
  ] as const)('%s', (_, attempts, number, key, next) => {
    expect(afterSuccess(entry({ attempts }), { kind: 'key', key, number })).toBe(next)
  })
})

describe('reconciliation', () => {
  it('counts receipts by place in the shift, because a last number may be a cash document of its own', () => {
    const list = [{ shift: 9, cheques: [cheque(11), cheque(12), cheque(13), cheque(14)] }]
    expect(candidates(entry({ before: baseline({ number: 999 }) }), list).map((one) => one.number)).toEqual([14])
    const numbered = entry({ before: baseline({ number: 12, counters: null }) })
    expect(candidates(numbered, list).map((one) => one.number)).toEqual([13, 14])
  })

  const timing = { opened: 'fits', rival: false, shared: false } as const
  const found = { first: cheque(51), content: 'same' as const, later: undefined, ...timing }
  it.each([
    ['done: same content, the answered number, the key still current', 51, found, true, { kind: 'done', number: 51 }],
    ['asks when the key moved on', 51, found, false, { kind: 'ask', number: 51 }],
    ['asks when no number was answered', null, found, true, { kind: 'ask', number: 51 }],
    ['asks when another number was answered', 49, found, true, { kind: 'ask', number: 51 }],
    [
      'asks when goods are ours and the total is not',
      51,
      { ...found, content: 'unclear' },
      true,
      { kind: 'ask', number: 51 },
    ],
    [
      'asks when it was opened before our request left',
      51,
      { ...found, opened: 'not' },
      true,
      { kind: 'ask', number: 51 },
    ],
    [
      'asks beside a till that sells the same in the same second',
      51,
      { ...found, rival: true },
      true,
      { kind: 'ask', number: 51 },
    ],
    [
      'done beside one: opened a second after our request had left',
      51,
      { ...found, rival: true, opened: 'after' },
      true,
      { kind: 'done', number: 51 },
    ],
    ['not registered: no receipt since', 51, { ...found, first: undefined }, true, { kind: 'notRegistered' }],
    ['not registered: another receipt', 51, { ...found, content: 'different' }, true, { kind: 'notRegistered' }],
    [
      'asks when a later one looks like ours',
      51,
      { ...found, content: 'different', later: cheque(52) },
      true,
      { kind: 'ask', number: 52 },
    ],
  ] as const)('%s', (_, number, given, current, verdict) => {
    expect(listProves(entry({ number }), given, current)).toEqual(verdict)
  })
})

describe('cash counters', () => {
  const deposit = entry({ kind: 'deposit', receipt: null, amount: tiyn(500) })
  it.each([
    ['unchanged', baseline(), 'unchanged'],
    ['once', baseline({ counters: counters({ cashIn: tally(1, 500) }) }), 'once'],
    ['unclear for another amount', baseline({ counters: counters({ cashIn: tally(1, 600) }) }), 'unclear'],
    ['unclear for two', baseline({ counters: counters({ cashIn: tally(2, 1000) }) }), 'unclear'],
    ['unclear in another shift', baseline({ shift: 10, counters: counters({ shift: 10 }) }), 'unclear'],
  ] as const)('%s', (_, now, verdict) => {
    expect(cashMoved(deposit, now)).toBe(verdict)
  })
})

describe('content of a listed receipt', () => {
  const summary = {
    ...cheque(1).lines[0],
    quantity: thousandths(1_000),
    price: tiyn(40_000),
  } as Cheque['lines'][number]
  const discounted: Receipt = {
    ...RECEIPT,
    total: tiyn(36_000),
    rows: [...RECEIPT.rows, { kind: 'discount', name: 'd', discount: tiyn(4_000) }],
  }
  const negative = { ...summary, price: tiyn(-4_000), sum: tiyn(-4_000) }
  it.each([
    ['the same lines', RECEIPT, cheque(1), 'same'],
    ['one line with the total', RECEIPT, cheque(1, { lines: [summary] }), 'same'],
    ['another kind', RECEIPT, cheque(1, { kind: 'saleReturn' }), 'different'],
    [
      'another total',
      RECEIPT,
      cheque(1, { lines: [{ ...summary, sum: tiyn(9_900) }], total: tiyn(9_900) }),
      'different',
    ],
    ['rounded to the tenge', RECEIPT, cheque(1, { total: tiyn(40_050) }), 'unclear'],
    [
      'a discount as a negative row',
      discounted,
      cheque(1, { lines: [...cheque(1).lines, negative], total: tiyn(36_000) }),
      'same',
    ],
    ['a discount left out', discounted, cheque(1), 'same'],
  ] as const)('%s', (_, receipt, listed, content) => {
    expect(compareContent(receipt, listed)).toBe(content)
  })
})
