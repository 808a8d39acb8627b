/** A lost tablet's till on another one: its journal as a server had it, over the register as the lost one left it. */
import { describe, expect, it } from 'vitest'
import type { LedgerEntry } from '../../src/device-model/state.ts'
import { matchTaken, newestKnown, takeOverDevice, takeOverEntry, type Newer } from '../../src/queue/takeover.ts'
import { newBankLeg, withOpenMarker, type Entry } from '../../src/queue/types.ts'
import { CARD_SALE, TEMPLATES } from './goods.ts'
import { Lab, TIMEOUT, type Intercept } from './lab.ts'
import { answerOf, type Surroundings } from './person.ts'
import { runTakeover } from './takeover/history.ts'

const silent: Intercept = () => TIMEOUT
const COFFEE = TEMPLATES[0]

/** What a server has when everything was uploaded. */
const uploaded = (lab: Lab) => structuredClone({ device: lab.record(), entries: [...lab.core.data.entries.values()] })

/** Another tablet begins with this, at the same register; the lost one does nothing any more. */
function replaceTablet(lab: Lab, { device, entries }: ReturnType<typeof uploaded>): void {
  const taken = { atMs: lab.wallMs(), ...newestKnown(entries, 'd') }
  const { data } = lab.core
  data.entries.clear()
  for (const entry of entries) data.entries.set(entry.id, withOpenMarker(takeOverEntry(entry, device, taken)))
  data.devices.set(device.id, takeOverDevice(device, 8))
  lab.intercept = () => null
  lab.restart()
}

/** Documents of the register that this entry's bytes caused. */
function documentsOf(lab: Lab, entry: Entry): readonly LedgerEntry[] {
  return lab.executions.flatMap(({ entryId, document }) =>
    entryId === entry.id && document.number > 0 ? [document] : [],
  )
}

/** Somebody at the till who looks at the paper and at the register's screen. Resolves to how often they were asked. */
function answerAll(lab: Lab): readonly string[] {
  const around: Surroundings = {
    currentKey: () => lab.device.currentKey(),
    typesWrongKey: () => null,
    repair: () => undefined,
    putsRight: () => false,
    executions: () => lab.executions,
    rivalLeaves: () => undefined,
    triesCardAgain: () => true,
    bank: (track) => lab.device.state.bank.transactions.some((one) => one.track === track && one.success),
  }
  const kinds: string[] = []
  for (let turn = 0; turn < 60; turn += 1) {
    lab.run(600_000)
    const asked = lab.record().question ?? lab.core.load('d')?.open.find(({ question }) => question)?.question ?? null
    if (asked === null) return kinds
    const entry = lab.core.load('d')?.open.find(({ question }) => question?.id === asked.id) ?? null
    const answer = answerOf(around, asked, entry)
    if (answer === null) return kinds
    kinds.push(asked.question.kind)
    lab.answer(answer)
  }
  throw new Error(`asked without end: ${kinds.join(', ')}`)
}

function expectOnce(lab: Lab): void {
  for (const entry of lab.core.data.entries.values()) {
    if (entry.kind !== 'registration') continue
    expect({ mark: entry.mark, state: entry.state, documents: documentsOf(lab, entry).length }).toEqual({
      mark: entry.mark,
      state: 'done',
      documents: 1,
    })
    expect(entry.number).toBe(documentsOf(lab, entry)[0]?.number)
  }
}

describe('a till that another tablet takes over', () => {
  it('has three receipts in the register and five that waited: eight documents, and nobody is asked', () => {
    const lab = new Lab()
    for (let n = 0; n < 3; n += 1) lab.enqueue('registration', COFFEE)
    lab.run()
    lab.intercept = silent
    for (let n = 0; n < 5; n += 1) lab.enqueue('registration', COFFEE)
    lab.run(20_000)
    replaceTablet(lab, uploaded(lab))
    expect(answerAll(lab)).toEqual([])
    expect(lab.documents()).toBe(8)
    expectOnce(lab)
  })

  it('finds what the lost tablet registered after the server last heard it, though the goods are the same', () => {
    const lab = new Lab()
    lab.enqueue('registration', COFFEE)
    lab.run()
    lab.intercept = silent
    for (let n = 0; n < 5; n += 1) lab.enqueue('registration', COFFEE)
    lab.run(20_000)
    const known = uploaded(lab)
    lab.intercept = () => null
    lab.run(30_000)
    const sent = lab.documents() - 1
    expect(sent).toBeGreaterThan(0)
    replaceTablet(lab, known)
    // The key has changed since: it is read from the register's screen.
    expect(answerAll(lab)).toEqual(['key'])
    expect(lab.documents()).toBe(6)
    expectOnce(lab)
  })

  it('asks for the mark where somebody else sold the same in between', () => {
    const lab = new Lab()
    lab.enqueue('registration', COFFEE)
    lab.run()
    lab.intercept = silent
    lab.enqueue('registration', COFFEE)
    lab.enqueue('registration', TEMPLATES[1])
    lab.run(20_000)
    const known = uploaded(lab)
    // The waiting coffee was written off on the lost tablet, the other one went out.
    const data = lab.core.data
    for (const entry of data.entries.values())
      if (entry.mark === 'A-0002') data.entries.set(entry.id, withOpenMarker({ ...entry, state: 'done' }))
    lab.intercept = () => null
    lab.restart()
    lab.run()
    expect(lab.documents()).toBe(2)
    replaceTablet(lab, known)
    const asked = answerAll(lab)
    expect(asked.filter((kind) => kind === 'isReceiptOurs').length).toBeLessThanOrEqual(1)
    expect(lab.documents()).toBe(3)
    expectOnce(lab)
  })

  it('charges no card twice that the lost tablet may have charged', () => {
    const lab = new Lab()
    lab.enqueue('registration', COFFEE)
    lab.run()
    const known = () => uploaded(lab)
    lab.intercept = silent
    lab.enqueue('registration', CARD_SALE, newBankLeg('purchase', CARD_SALE.total))
    lab.run(5_000)
    const before = known()
    lab.intercept = () => null
    lab.run(300_000)
    const charged = () => lab.device.state.bank.transactions.filter(({ success }) => success).length
    expect(charged()).toBe(1)
    expect(lab.documents()).toBe(2)
    replaceTablet(lab, before)
    answerAll(lab)
    expect(charged()).toBe(1)
    expect(lab.documents()).toBe(2)
    expectOnce(lab)
  })

  it('prints nothing twice that the lost tablet may have printed: a person looks at the paper', () => {
    const lab = new Lab()
    lab.enqueue('xReport')
    const known = uploaded(lab)
    lab.run()
    const reports = () => lab.device.state.ledger.filter(({ kind }) => kind === 'x').length
    expect(reports()).toBe(1)
    replaceTablet(lab, known)
    expect(answerAll(lab)).toEqual(['printed'])
    expect(reports()).toBe(1)
    expect(lab.core.load('d')?.open).toEqual([])
  })

  it('ends with each operation once in any of 1 000 histories, and asks seldom', () => {
    let asked = 0
    let entries = 0
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const result = runTakeover(seed)
      expect({ seed, findings: result.findings }).toEqual({ seed, findings: [] })
      asked += result.asked
      entries += result.entries
    }
    expect(asked).toBeLessThan(entries / 5)
  })
})

describe('what a register has behind the journal, against what was taken over', () => {
  const lab = new Lab()
  const sale = (n: number) => lab.entry(lab.enqueue('registration', TEMPLATES[n]))
  const newerOf = (n: number, number: number): Newer => {
    const receipt = TEMPLATES[n]
    if (receipt === undefined) throw new Error('no such template')
    const lines = receipt.rows.flatMap((row) =>
      row.kind === 'item' ? [{ name: row.name, price: row.price, quantity: row.quantity, sum: row.sum }] : [],
    )
    const cheque = { number, kind: receipt.kind, total: receipt.total, lines, openedAt: null }
    return { shift: 1, cheque: cheque as unknown as Newer['cheque'] }
  }

  it('proves the beginning and sends the rest again', () => {
    const pending = [sale(0), sale(1), sale(0)]
    expect(matchTaken(pending, [newerOf(0, 7), newerOf(1, 8)], true).map(({ kind }) => kind)).toEqual([
      'done',
      'done',
      'notRegistered',
    ])
  })

  it('asks where the order is another one, and only for what is similar', () => {
    const pending = [sale(1), sale(0)]
    expect(matchTaken(pending, [newerOf(0, 7)], true)).toEqual([{ kind: 'notRegistered' }, { kind: 'ask', number: 7 }])
  })

  it('names no number where two may be it, and guesses nothing beside another till', () => {
    const pending = [sale(0)]
    expect(matchTaken(pending, [newerOf(1, 6), newerOf(0, 7), newerOf(0, 8)], true)).toEqual([
      { kind: 'ask', number: null },
    ])
    expect(matchTaken(pending, [newerOf(0, 7)], false)).toEqual([{ kind: 'ask', number: 7 }])
  })
})
