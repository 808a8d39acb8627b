import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { failed, failure, type FailureKind } from '../contract/errors.ts'
import type { IikoDocument } from '../contract/iiko.ts'
import { createAcceptanceDrafts } from '../storage/acceptance-drafts.ts'
import { useIikoAcceptanceStore } from './iiko-acceptance.ts'
import { draftOf } from '../till/iiko-draft.ts'
import { services } from '../till/services.ts'
import {
  BANK,
  CASH_DESK,
  DEPOSIT,
  document,
  names,
  payments,
  PERSON,
  saved,
  shift,
  SHIFT_ID,
  TRANSACTION,
} from './testing/iiko-samples.ts'
import { setUpOffice, shown, type OfficeTest } from './testing/office-services.ts'

const NOW = Date.UTC(2026, 10, 22, 9)

let office: OfficeTest
let sent: IikoDocument[]

const reading = {
  iikoNames: () => Promise.resolve(shown(names)),
  iikoDocument: () => Promise.resolve(shown(document)),
  iikoPayments: () => Promise.resolve(shown(payments)),
  iikoShift: () => Promise.resolve(shown({ ...shift, status: 'ACCEPTED' })),
}

beforeEach(() => {
  office = setUpOffice(NOW)
  sent = []
  office.answer({
    ...reading,
    iikoSave: (given) => {
      sent.push(given)
      return Promise.resolve(shown(saved(given)))
    },
  })
})

async function started() {
  const acceptance = useIikoAcceptanceStore()
  await acceptance.start(SHIFT_ID)
  return acceptance
}

describe('acceptance of a shift', () => {
  it('follows the algorithm: document, postings, a row for each posting that has none', async () => {
    const acceptance = await started()
    expect(office.calls.map((call) => call.split(' ')[0])).toEqual(['iikoNames', 'iikoDocument', 'iikoPayments'])
    expect(acceptance.document?.items).toMatchObject([
      { num: 0, transactionId: TRANSACTION, sumReal: 266_000, comment: 'test' },
      { num: 1, transactionId: DEPOSIT, sumReal: null, accountOverrideId: CASH_DESK },
    ])
    expect([...acceptance.added]).toEqual([DEPOSIT])
    expect(acceptance.changed).toBe(false)
  })

  it('saves what a person edited and reads the shift and its postings again', async () => {
    const acceptance = await started()
    acceptance.editRow(0, { sumReal: 265_000, comment: 'пересчитано', status: 'HASWARNINGS' })
    expect(acceptance.status).toBe('HASWARNINGS')
    expect(acceptance.changed).toBe(true)
    acceptance.setAllStatuses('ACCEPTED')
    await acceptance.save()
    expect(sent).toMatchObject([
      { items: [{ sumReal: 265_000, comment: 'пересчитано', status: 'ACCEPTED' }, { num: 1 }] },
    ])
    expect(acceptance.result).toEqual({ kind: 'saved', status: 'ACCEPTED' })
    expect(acceptance.changed).toBe(false)
    expect(office.calls.slice(-2).map((call) => call.split(' ')[0])).toEqual(['iikoShift', 'iikoPayments'])
  })

  it('takes the counteragent out of a row whose new account may name none', async () => {
    const acceptance = await started()
    acceptance.editRow(0, { accountOverrideId: BANK })
    expect(acceptance.document?.items[0]).toMatchObject({ accountOverrideId: BANK, counteragentOverrideId: null })
    acceptance.editRow(0, { accountOverrideId: CASH_DESK })
    expect(acceptance.problems).toEqual([{ kind: 'counteragent-missing', num: 0 }])
    acceptance.editRow(0, { counteragentOverrideId: PERSON })
    acceptance.setField('accountSurplusId', null)
    expect(acceptance.problems).toEqual([{ kind: 'field-empty', field: 'accountSurplusId' }])
  })

  it('keeps the edits and the reasons when iiko refuses with status 200', async () => {
    const refusal = { ...saved(document), saved: false, importResult: 'ERROR', status: null }
    const documentErrors = [{ value: 'counteragentShortage', code: 'EMPTY_FIELD' }]
    const itemErrors = [{ identifier: '0', num: 0, errors: [{ value: BANK, code: 'SOMETHING_NEW' }] }]
    office.answer({ ...reading, iikoSave: () => Promise.resolve(shown({ ...refusal, documentErrors, itemErrors })) })
    const acceptance = await started()
    acceptance.editRow(0, { comment: 'моё' })
    await acceptance.save()
    expect(acceptance.result).toEqual({ kind: 'rejected', documentErrors, itemErrors })
    expect(acceptance.document?.items[0]?.comment).toBe('моё')
    expect(acceptance.changed).toBe(true)
  })

  it.each<[FailureKind, 'failed' | 'unknown']>([
    ['iiko-server', 'failed'],
    ['iiko-licence-slots', 'failed'],
    ['not-paired', 'failed'],
    ['rate-limited', 'failed'],
    ['proxy-away', 'unknown'],
    ['proxy-timeout', 'unknown'],
    ['upstream-timeout', 'unknown'],
    ['upstream-broken-answer', 'unknown'],
    ['proxy-defect', 'unknown'],
    ['proxy-stopping', 'unknown'],
  ])('after %s the save is %s', async (kind, state) => {
    office.answer({ ...reading, iikoSave: () => Promise.resolve(failed(kind)) })
    const acceptance = await started()
    await acceptance.save()
    expect(acceptance.result).toEqual({ kind: state, failure: failure(kind) })
  })

  it('finds out after a missing answer that the document was saved', async () => {
    let stored = document
    office.answer({
      ...reading,
      iikoDocument: () => Promise.resolve(shown(stored)),
      iikoSave: (given) => {
        stored = structuredClone(given)
        return Promise.resolve(failed('proxy-timeout'))
      },
    })
    const acceptance = await started()
    acceptance.editRow(0, { sumReal: 260_000 })
    await acceptance.save()
    expect(acceptance.result?.kind).toBe('unknown')
    await acceptance.check()
    expect(acceptance.result).toEqual({ kind: 'saved', status: 'ACCEPTED' })
    expect(acceptance.changed).toBe(false)
  })

  it('finds out after a missing answer that it was not, and keeps the edits', async () => {
    office.answer({ ...reading, iikoSave: () => Promise.resolve(failed('proxy-timeout')) })
    const acceptance = await started()
    acceptance.editRow(0, { sumReal: 260_000 })
    await acceptance.save()
    await acceptance.check()
    expect(acceptance.result).toEqual({ kind: 'failed', failure: null })
    expect(acceptance.document?.items[0]?.sumReal).toBe(260_000)
  })

  it('asks for nothing more when the document can not be had', async () => {
    office.answer({
      ...reading,
      iikoDocument: () => Promise.resolve(failed('iiko-conflict', { text: 'Смена открыта' })),
    })
    const acceptance = await started()
    expect(acceptance.document).toBeNull()
    expect(acceptance.failure).toMatchObject({ kind: 'iiko-conflict', text: 'Смена открыта' })
    expect(office.calls.at(-1)).toContain('iikoDocument')
  })

  it('drops the answer for a shift that was left meanwhile', async () => {
    let answer: (() => void) | undefined
    office.answer({
      ...reading,
      iikoPayments: () => new Promise((resolve) => (answer = () => resolve(shown(payments)))),
    })
    const acceptance = useIikoAcceptanceStore()
    const start = acceptance.start(SHIFT_ID)
    await expect.poll(() => answer !== undefined).toBe(true)
    acceptance.close()
    answer?.()
    await start
    expect(acceptance.document).toBeNull()
  })
})

describe('edits that iiko does not have yet', () => {
  /** The page is loaded anew: the stores begin from nothing, the tablet's memory stays. */
  async function reloaded(minutes = 0) {
    setActivePinia(createPinia())
    office.setNow(NOW + minutes * 60_000)
    return started()
  }

  it('survive a reload, are offered with their age, and come back row by row', async () => {
    const before = await started()
    before.editRow(0, { sumReal: 260_000, comment: 'пересчитано' })
    before.setField('counteragentShortageId', PERSON)
    const after = await reloaded(40)
    expect(after.offered).toMatchObject({ shiftId: SHIFT_ID, changedAtMs: NOW })
    expect(after.document?.items[0]).toMatchObject({ sumReal: 266_000, comment: 'test' })
    after.takeDraft()
    expect(after.document?.items[0]).toMatchObject({ sumReal: 260_000, comment: 'пересчитано' })
    expect(after.document?.counteragentShortageId).toBe(PERSON)
    expect([after.offered, after.changed]).toEqual([null, true])
  })

  it('stay although the person types before deciding, and go when they are dropped', async () => {
    const before = await started()
    before.editRow(0, { comment: 'первая правка' })
    const second = await reloaded()
    second.editRow(0, { comment: 'вторая правка' })
    const third = await reloaded()
    expect(third.offered?.rows[0]?.comment).toBe('первая правка')
    await third.dropDraft()
    expect(third.offered).toBeNull()
    expect((await reloaded()).offered).toBeNull()
  })

  it('are forgotten after a save, and kept after a refusal', async () => {
    const acceptance = await started()
    acceptance.editRow(0, { comment: 'a' })
    office.answer({ ...reading, iikoSave: () => Promise.resolve(failed('iiko-conflict')) })
    await acceptance.save()
    expect((await reloaded()).offered?.rows[0]?.comment).toBe('a')
    const again = useIikoAcceptanceStore()
    again.takeDraft()
    office.answer({ ...reading, iikoSave: (given) => Promise.resolve(shown(saved(given))) })
    await again.save()
    expect((await reloaded()).offered).toBeNull()
  })

  it('are not offered for another shift, nor when iiko has the same already', async () => {
    const acceptance = await started()
    acceptance.editRow(0, { comment: 'a' })
    setActivePinia(createPinia())
    const other = useIikoAcceptanceStore()
    await other.lookForDraft('another-shift')
    expect(other.offered).toBeNull()
    const edited = document.items.map((item) => ({ ...item, comment: 'a' }))
    office.answer({ ...reading, iikoDocument: () => Promise.resolve(shown({ ...document, items: edited })) })
    expect((await reloaded()).offered).toBeNull()
    office.answer(reading)
    expect((await reloaded()).offered).toBeNull()
  })

  it('lose a row whose posting left the shift, and keep the others', async () => {
    const acceptance = await started()
    acceptance.setAllStatuses('HASWARNINGS')
    const onlyFirst = { ...payments, payments: payments.payments.filter((row) => row.transactionId === TRANSACTION) }
    office.answer({ ...reading, iikoPayments: () => Promise.resolve(shown(onlyFirst)) })
    const after = await reloaded()
    after.takeDraft()
    expect(after.document?.items.map(({ transactionId, status }) => [transactionId, status])).toEqual([
      [TRANSACTION, 'HASWARNINGS'],
    ])
  })

  it('of more shifts than a manager works on push out the oldest; what cannot be read is no draft', async () => {
    const drafts = createAcceptanceDrafts(services().keyValues)
    for (let index = 0; index < 25; index += 1)
      await drafts.keep({ ...draftOf(document, `shift-${index}`, index), changedAtMs: index })
    expect(await drafts.find('shift-4')).toBeNull()
    expect(await drafts.find('shift-24')).not.toBeNull()
    office.values.set('backoffice:acceptance-drafts', [{ shiftId: SHIFT_ID }, 7, null])
    expect(await drafts.find(SHIFT_ID)).toBeNull()
  })

  it('typed faster than the disk writes leave the last letter stored', async () => {
    const acceptance = await started()
    for (const comment of ['п', 'пе', 'пер', 'пере']) acceptance.editRow(0, { comment })
    expect((await reloaded()).offered?.rows[0]?.comment).toBe('пере')
  })
})
