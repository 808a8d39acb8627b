import { beforeEach, describe, expect, it } from 'vitest'
import { failed } from '../contract/errors.ts'
import type { IikoShiftList } from '../contract/iiko.ts'
import { lastDays, useIikoStore } from './iiko.ts'
import { names, payments, shift, SHIFT_ID } from './testing/iiko-samples.ts'
import { away, setUpOffice, shown, type OfficeTest } from './testing/office-services.ts'

const list: IikoShiftList = { shifts: [shift], unreadable: [] }
let office: OfficeTest

beforeEach(() => {
  office = setUpOffice()
})

function answering(): void {
  office.answer({
    iikoShifts: (_filters, progress) => {
      progress?.(0, 2)
      return Promise.resolve(shown(list, true))
    },
    iikoNames: () => Promise.resolve(shown(names)),
    iikoShift: () => Promise.resolve(shown(shift)),
    iikoPayments: () => Promise.resolve(shown(payments)),
  })
}

describe('shifts of iiko', () => {
  it('are asked for a week at first, and their names after them', async () => {
    answering()
    const iiko = useIikoStore()
    await iiko.loadList()
    expect(office.calls.map((call) => call.split(' ')[0])).toEqual(['iikoShifts', 'iikoNames'])
    expect(iiko.filters).toMatchObject({ ...lastDays(7, Date.UTC(2026, 10, 22, 9)), status: 'ANY' })
    expect(iiko.list).toMatchObject({ data: list, demo: true, stored: false, failure: null, loading: false })
    expect(iiko.listProgress).toBeNull()
  })

  it('show how far a long period has come', async () => {
    let answer: (() => void) | undefined
    office.answer({
      iikoShifts: (_filters, progress) => {
        progress?.(1, 3)
        return new Promise((resolve) => (answer = () => resolve(shown(list))))
      },
    })
    const iiko = useIikoStore()
    const loading = iiko.loadList()
    expect(iiko.listProgress).toEqual({ done: 1, all: 3 })
    answer?.()
    await loading
    expect(iiko.listProgress).toBeNull()
  })

  it('are the stored ones with their age while the proxy is away, also of another period', async () => {
    answering()
    await useIikoStore().loadList()
    const keptAt = Date.UTC(2026, 10, 22, 9)
    const { values } = office
    office = setUpOffice(keptAt + 7_200_000)
    for (const [key, value] of values) office.values.set(key, value)
    const iiko = useIikoStore()
    iiko.filters = { from: '2026-01-01', to: '2026-01-07' }
    await iiko.loadList()
    expect(iiko.list).toMatchObject({ data: list, demo: true, stored: true, readAtMs: keptAt })
    expect(iiko.list.failure?.kind).toBe('proxy-away')
    expect(JSON.parse(iiko.list.question)).toMatchObject(lastDays(7, keptAt))
    expect(iiko.names.data).toEqual(names)
  })

  it('keep the answer to the last question when an earlier one comes late', async () => {
    const resolvers: ((value: ReturnType<typeof shown<IikoShiftList>>) => void)[] = []
    office.answer({ iikoShifts: () => new Promise((resolve) => resolvers.push(resolve)) })
    const iiko = useIikoStore()
    const first = iiko.loadList()
    iiko.filters = { ...iiko.filters, status: 'OPEN' }
    const second = iiko.loadList()
    resolvers[1]?.(shown({ shifts: [], unreadable: [] }))
    await second
    resolvers[0]?.(shown(list))
    await first
    expect(iiko.list.data?.shifts).toEqual([])
  })
})

describe('one shift', () => {
  it('is read without making an acceptance document', async () => {
    answering()
    const iiko = useIikoStore()
    await iiko.openShift(SHIFT_ID)
    expect(iiko.shift.data).toEqual(shift)
    expect(iiko.payments.data).toEqual(payments)
    expect(office.calls.some((call) => call.startsWith('iikoDocument'))).toBe(false)
  })

  it('stands there from the list before its own answer comes, and stays when that fails', async () => {
    answering()
    const iiko = useIikoStore()
    await iiko.loadList()
    office.answer({ iikoShift: () => Promise.resolve(failed('iiko-server', { upstream: 'iiko' })), iikoPayments: away })
    await iiko.openShift(SHIFT_ID)
    expect(iiko.shift).toMatchObject({ data: shift, stored: true, failure: { kind: 'iiko-server' } })
  })
})

describe('the diagnosis', () => {
  it('tells free licence slots, and the licence that is missing', async () => {
    const licence = { moduleId: '28008806', licence: 'iikoAPIServer', freeSlots: 3, text: '3' }
    office.answer({
      iikoLicence: () => Promise.resolve(shown(licence)),
      iikoNames: () => Promise.resolve(shown(names)),
    })
    const iiko = useIikoStore()
    await iiko.diagnose()
    expect(iiko.diagnosis).toEqual({ config: null, licence, failure: null })
    office.answer({ iikoLicence: () => Promise.resolve(failed('iiko-licence-missing', { licence: 'iikoAPIServer' })) })
    await iiko.diagnose()
    expect(iiko.diagnosis).toMatchObject({ licence: null, failure: { kind: 'iiko-licence-missing' } })
  })
})
