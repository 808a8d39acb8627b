import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { tiyn } from '../domain/money.ts'
import { newBankLeg, newEntry, type BankLeg, type Entry, type EntryDraft } from '../queue/types.ts'
import { useBankStore } from './bank.ts'
import { provideServices, type Services } from '../till/services.ts'

const AMOUNT = tiyn(30_000)

let entries: Map<string, Entry>
let storageProblem: string | null

function paid(message: BankLeg['message'] = 'purchase'): BankLeg {
  const attempt = { track: 1_000_001, state: 'success' as const, startedAtMs: 1, accepted: true, details: null }
  return { ...newBankLeg(message, AMOUNT), state: 'paid', attempts: [attempt] }
}

function put(id: string, bank: BankLeg | null, change: Partial<Entry> = {}): Entry {
  const draft: EntryDraft = {
    id,
    deviceId: 'd',
    kind: 'registration',
    request: null,
    receipt: null,
    amount: AMOUNT,
    cashier: '',
    createdAtMs: 0,
    shift: null,
    bank,
  }
  const entry = { ...newEntry(draft, entries.size + 1, `A-${entries.size + 1}`), ...change }
  entries.set(id, entry)
  return entry
}

function settle(id: string, change: Partial<Entry>): void {
  const entry = entries.get(id)
  if (entry === undefined) throw new Error(id)
  entries.set(id, { ...entry, ...change })
}

/** Operations that give the money of `sale` back, in order. */
const backs = () => [...entries.values()].filter((entry) => entry.kind === 'bank')

beforeEach(() => {
  entries = new Map()
  storageProblem = null
  setActivePinia(createPinia())
  provideServices({
    get storageProblem() {
      return storageProblem
    },
    now: () => 1_000,
    newId: () => 'id',
    cashier: () => ({ id: 'c', name: 'Айгүл' }),
    refusal: () => Promise.resolve(null),
    ledger: {
      entry: (id: string) => Promise.resolve(entries.get(id) ?? null),
      between: () => Promise.resolve([...entries.values()]),
    },
    queue: {
      deviceId: 'd',
      snapshot: () => null,
      sending: () => false,
      silentUntilMs: () => null,
      subscribe: () => () => undefined,
      enqueue: (id: string, build: (place: { sequence: number; mark: string }) => EntryDraft) => {
        const known = entries.get(id)
        if (known !== undefined) return Promise.resolve({ kind: 'known', entry: known })
        const entry = newEntry(build({ sequence: 9, mark: 'A-9' }), 9, 'A-9')
        entries.set(id, entry)
        return Promise.resolve({ kind: 'enqueued', entry })
      },
    },
  } as unknown as Services)
})

describe('the charge of a refused receipt', () => {
  it('is there until it goes back, is on its way meanwhile, and is gone afterwards', async () => {
    const bank = useBankStore()
    const sale = put('sale', paid(), { state: 'refused' })
    expect(await bank.chargeOf('sale')).toEqual({ kind: 'charged', leg: sale.bank })
    await bank.giveBack(sale)
    expect(backs()).toMatchObject([{ amount: AMOUNT, bank: { message: 'reversal', amount: AMOUNT, state: 'open' } }])
    expect(await bank.chargeOf('sale')).toMatchObject({ kind: 'returning' })
    settle('sale:back:1', { state: 'done' })
    expect(await bank.chargeOf('sale')).toEqual({ kind: 'none' })
  })

  it('goes back once, however often it is asked for', async () => {
    const bank = useBankStore()
    const sale = put('sale', paid(), { state: 'refused' })
    await Promise.all([bank.giveBack(sale), bank.giveBack(sale)])
    expect(await bank.giveBack(sale)).toBeNull()
    settle('sale:back:1', { state: 'done' })
    expect(await bank.giveBack(sale)).toBeNull()
    expect(backs()).toHaveLength(1)
  })

  it('may be given back anew when the first try was given up', async () => {
    const bank = useBankStore()
    const sale = put('sale', paid(), { state: 'refused' })
    await bank.giveBack(sale)
    settle('sale:back:1', { state: 'refused', resolution: { kind: 'writtenOff', reason: 'card-given-up', atMs: 1 } })
    expect(await bank.chargeOf('sale')).toMatchObject({ kind: 'charged' })
    await bank.giveBack(sale)
    expect(backs().map(({ id }) => id)).toEqual(['sale:back:1', 'sale:back:2'])
  })

  it('is none where the card was never charged, and nobody’s business once the receipt is settled', async () => {
    const bank = useBankStore()
    put('cash', null, { state: 'refused' })
    put('failed', { ...paid(), state: 'failed' }, { state: 'refused' })
    put('settled', paid(), { state: 'refused', resolution: { kind: 'corrected', by: 'x', atMs: 1 } })
    put('done', paid(), { state: 'done' })
    expect(await bank.chargeOf('cash')).toEqual({ kind: 'none' })
    expect(await bank.chargeOf('failed')).toEqual({ kind: 'none' })
    for (const id of ['settled', 'done', 'unknown']) expect(await bank.chargeOf(id)).toEqual({ kind: 'settled' })
  })

  it('is not given back where it was money to the customer', async () => {
    const bank = useBankStore()
    const returned = put('return', paid('refund'), { state: 'refused' })
    expect(await bank.giveBack(returned)).toBeNull()
    expect(backs()).toEqual([])
  })

  it('stays where it is when the operation can not be stored', async () => {
    const bank = useBankStore()
    const sale = put('sale', paid(), { state: 'refused' })
    storageProblem = 'quota'
    expect(await bank.giveBack(sale)).toEqual({ kind: 'storage', detail: 'quota' })
    expect(backs()).toEqual([])
  })
})

describe('the bank of the device', () => {
  it('closes its day by a record without an amount, under a track of nobody, once an id', async () => {
    const bank = useBankStore()
    expect(await bank.closeDay('close')).toMatchObject({ kind: 'enqueued' })
    await bank.closeDay('close')
    const closings = [...entries.values()].filter(({ kind }) => kind === 'bankClose')
    expect(closings).toMatchObject([
      {
        id: 'close',
        request: { path: '/apibank/', body: 'message=reconciliation&trackdocument=999999999' },
        amount: 0,
        bank: null,
        cashier: 'Айгүл',
      },
    ])
    storageProblem = 'quota'
    expect(await bank.closeDay('other')).toEqual({ kind: 'storage', detail: 'quota' })
  })

  it('lists only what has a bank part, and the closing of the day', async () => {
    put('sale', paid(), { state: 'done' })
    put('cash', null, { state: 'done' })
    put('close', null, { state: 'done', kind: 'bankClose' })
    expect((await useBankStore().since(0)).map(({ id }) => id)).toEqual(['sale', 'close'])
  })
})
