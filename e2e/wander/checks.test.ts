import { describe, expect, it } from 'vitest'
import type { Payments } from '../../src/domain/receipt.ts'
import { judge, judgeFields, judgePeople, plainName, type Evidence, type LedgerLook, type Paper } from './checks.ts'
import { Model, type Intent, type Operation, type Told } from './model.ts'

const cash = (tiyn: number) => ({ cash: tiyn }) as Payments

const intent = (given: Partial<Intent> = {}): Intent => ({
  id: 1,
  till: 'S',
  window: 'S1',
  isDemo: false,
  kind: 'sale',
  names: ['Tea'],
  totalTiyn: 45_000,
  payments: cash(50_000),
  forbidden: null,
  told: { state: 'registered', numbers: [7], marks: ['A-0001'], changeTiyn: 5_000 },
  storageLost: false,
  ...given,
})
const paper = (given: Partial<Paper> = {}): Paper => ({
  register: 'A',
  number: 7,
  kind: 'sale',
  totalTiyn: 45_000,
  payments: [50_000, 0, 0, 0],
  changeTiyn: 5_000,
  names: ['Tea'],
  mark: 'A-0001',
  foreign: false,
  ...given,
})
const told = (state: string, given: Partial<Told> = {}): Told => ({
  state,
  numbers: [],
  marks: ['A-0001'],
  changeTiyn: null,
  ...given,
})
const operation = (given: Partial<Operation> = {}): Operation => ({
  till: 'S',
  kind: 'deposit',
  amountTiyn: 10_000,
  isDemo: false,
  forbidden: null,
  accepted: true,
  storageLost: false,
  ...given,
})
const entry = (given: Partial<LedgerLook['entries'][number]> = {}): LedgerLook['entries'][number] => ({
  id: 'e',
  mark: 'A-0001',
  kind: 'registration',
  state: 'queued',
  open: 1,
  number: null,
  amount: 45_000 as LedgerLook['entries'][number]['amount'],
  resolution: null,
  ...given,
})

function kinds(given: Partial<Evidence>): string[] {
  const evidence = { intents: [], operations: [], papers: [], ledgers: [], ...given }
  return judge(evidence).map(({ kind }) => kind)
}

describe('sales', () => {
  it('is silent where every sale is its document, and where nothing happened', () => {
    expect(kinds({})).toEqual([])
    expect(kinds({ intents: [intent()], papers: [paper()] })).toEqual([])
    expect(kinds({ papers: [paper({ foreign: true, mark: '' })] })).toEqual([])
  })

  it('sees a registered sale that is nowhere', () => {
    expect(kinds({ intents: [intent()] })).toEqual(['lost'])
    expect(kinds({ intents: [intent({ told: told('registered') })] })).toEqual(['lost'])
    expect(kinds({ intents: [intent({ isDemo: true })] })).toEqual([])
  })

  it('sees two sales under one number', () => {
    const twin = intent({ id: 2, window: 'S2' })
    expect(kinds({ intents: [intent(), twin], papers: [paper()] })).toEqual(['misattributed'])
  })

  it('sees another kind, total, line, tender and change', () => {
    const wrong: Partial<Paper>[] = [
      { kind: 'saleReturn' },
      { totalTiyn: 45_001 },
      { names: ['Coffee'] },
      { payments: [0, 50_000, 0, 0] },
      { changeTiyn: 0 },
    ]
    for (const one of wrong) expect(kinds({ intents: [intent()], papers: [paper(one)] })).toEqual(['content'])
  })

  it('adds up the receipts of a split sale', () => {
    const split = intent({
      names: ['Coffee', 'Tea'],
      totalTiyn: 50_000,
      payments: cash(50_000),
      told: told('registered', { numbers: [7, 8] }),
    })
    const part = paper({ number: 8, names: ['Coffee'], totalTiyn: 5_000, payments: [5_000, 0, 0, 0], mark: 'A-0002' })
    expect(kinds({ intents: [split], papers: [paper(), { ...part, changeTiyn: 0 }] })).toEqual([])
    expect(kinds({ intents: [split], papers: [paper()] })).toEqual(['lost', 'unsold'])
  })

  it('sees a saved sale that is nowhere, and lets it wait, be resolved, or be lost with the storage', () => {
    const saved = intent({ told: told('queued') })
    const ledger = (...entries: LedgerLook['entries'][number][]) => [{ till: 'S', entries }]
    expect(kinds({ intents: [saved], papers: [paper({ number: 12 })] })).toEqual([])
    expect(kinds({ intents: [saved] })).toEqual(['lost'])
    expect(kinds({ intents: [saved], ledgers: ledger(entry()) })).toEqual([])
    const { open: _open, ...settled } = entry({ state: 'done', number: 99 })
    expect(kinds({ intents: [saved], ledgers: ledger(settled) })).toEqual(['lost'])
    expect(kinds({ intents: [{ ...saved, storageLost: true }] })).toEqual([])
  })

  it('sees a document that nobody sold, and a second one of a window that died', () => {
    expect(kinds({ papers: [paper()] })).toEqual(['unsold'])
    const died = intent({ told: null })
    expect(kinds({ intents: [died] })).toEqual([])
    expect(kinds({ intents: [died], papers: [paper()] })).toEqual([])
    expect(kinds({ intents: [died], papers: [paper(), paper({ number: 8, mark: 'A-0002' })] })).toEqual(['unsold'])
  })

  it('sees a refused sale that was printed', () => {
    expect(kinds({ intents: [intent({ told: told('rejected') })], papers: [paper()] })).toEqual(['content', 'unsold'])
  })

  it('sees one mark on two documents of any register', () => {
    const other = intent({ id: 2, told: told('registered', { numbers: [500_001] }) })
    const papers = [paper(), paper({ register: 'B', number: 500_001 })]
    expect(kinds({ intents: [intent(), other], papers })).toEqual(['markTwice'])
  })

  it('sees what a role forbids', () => {
    const forbidden = intent({ forbidden: 'returnWithoutReceipt' })
    expect(kinds({ intents: [forbidden], papers: [paper()] })).toEqual(['right'])
    const waits = { ...forbidden, told: told('queued') }
    expect(kinds({ intents: [waits], ledgers: [{ till: 'S', entries: [entry()] }] })).toEqual(['right'])
    expect(kinds({ intents: [{ ...forbidden, told: null }] })).toEqual([])
    const silent = { ...forbidden, told: null }
    expect(kinds({ intents: [silent], papers: [paper()] })).toEqual(['right'])
    expect(kinds({ intents: [silent, { ...silent, forbidden: null }], papers: [paper()] })).toEqual([])
  })
})

describe('cash and reports', () => {
  const deposit = paper({ kind: 'deposit', totalTiyn: 10_000, mark: '', names: [] })

  it('counts what was promised against what was done or waits', () => {
    expect(kinds({ operations: [operation()], papers: [deposit] })).toEqual([])
    expect(kinds({ operations: [operation()] })).toEqual(['lost'])
    expect(kinds({ operations: [operation()], papers: [deposit, deposit] })).toEqual(['unsold'])
    const waits = entry({ kind: 'deposit', amount: 10_000 as LedgerLook['entries'][number]['amount'] })
    expect(kinds({ operations: [operation()], ledgers: [{ till: 'S', entries: [waits] }] })).toEqual([])
  })

  it('sees a Z that nobody wanted, and one by a cashier without the right', () => {
    const z = paper({ kind: 'z', mark: '', names: [] })
    const close = operation({ kind: 'z', amountTiyn: 0 })
    expect(kinds({ operations: [close], papers: [z] })).toEqual([])
    expect(kinds({ papers: [z] })).toEqual(['unsold'])
    expect(kinds({ operations: [{ ...close, forbidden: 'closeShift' }], papers: [z] })).toEqual(['right'])
  })
})

describe('what the last person wrote', () => {
  it('sees another value, and nothing where nobody wrote', () => {
    const [till] = new Model(['S']).tills
    if (till === undefined) throw new Error('no till')
    expect(judgeFields(till, { theme: 'dark' })).toEqual([])
    till.fields.set('theme', 'light')
    expect(judgeFields(till, { theme: 'light' })).toEqual([])
    expect(judgeFields(till, { theme: 'dark' }).map(({ kind }) => kind)).toEqual(['field'])
  })

  it('sees a removed cashier that is back, an added one that is gone, and another role', () => {
    const [till] = new Model(['S']).tills
    if (till === undefined) throw new Error('no till')
    const ivan = { name: 'Иван', role: 'cashier', active: true }
    till.people = [{ name: 'Иван', role: 'cashier', pin: '1111', active: true }]
    expect(judgePeople(till, [ivan])).toEqual([])
    expect(judgePeople(till, [])).toHaveLength(1)
    expect(judgePeople(till, [{ ...ivan, role: 'senior' }])).toHaveLength(1)
    till.people = [{ name: 'Иван', role: 'cashier', pin: '1111', active: false }]
    expect(judgePeople(till, [ivan])).toHaveLength(1)
    expect(judgePeople(till, [{ ...ivan, active: false }])).toEqual([])
  })
})

describe('names', () => {
  it('are compared without quotes and spaces', () => {
    expect(plainName('Кофе «Алматы», 250 г')).toBe(plainName('Кофе "Алматы" 250 г'))
    expect(plainName('Чай')).not.toBe(plainName('Кофе'))
  })
})
