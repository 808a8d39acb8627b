import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { DeviceAnswer } from '../contract/device.ts'
import { tiyn } from '../domain/money.ts'
import { json, reply } from '../ikkm/testing/device-replies.ts'
import type { QueueSnapshot } from '../queue/store.ts'
import { newDeviceRecord, newEntry, withOpenMarker, type Entry, type EntryDraft } from '../queue/types.ts'
import { useComparisonStore } from './comparison.ts'
import { listShifts, usePastShiftsStore } from './past-shifts.ts'
import { useQueueStore } from './queue.ts'
import { provideServices, type DeviceGateway, type Services } from '../till/services.ts'
import { useShiftStore } from './shift.ts'

const DEVICE = 'd1'
const NOW = new Date(2026, 10, 22, 12).getTime()

/** A queue that a test settles by hand, and a device that answers from a table. */
class World {
  readonly entries = new Map<string, Entry>()
  readonly commands: string[] = []
  readonly kept = new Map<string, unknown>()
  answers: Record<string, () => DeviceAnswer> = {}
  storageProblem: string | null = null
  private listeners: (() => void)[] = []
  private ids = 0

  start() {
    setActivePinia(createPinia())
    provideServices(this.services())
    useQueueStore().watch()
    return useShiftStore()
  }

  settle(id: string, change: Partial<Entry>): void {
    const entry = this.entries.get(id)
    if (entry === undefined) throw new Error(`no entry ${id}`)
    this.entries.set(id, withOpenMarker({ ...entry, ...change }))
    for (const listener of this.listeners) listener()
  }

  add(draft: Partial<EntryDraft> & Pick<EntryDraft, 'id' | 'kind'>, change: Partial<Entry> = {}): void {
    this.put(draft, change)
    for (const listener of this.listeners) listener()
  }

  private put(draft: Partial<EntryDraft> & Pick<EntryDraft, 'id' | 'kind'>, change: Partial<Entry>): Entry {
    const sequence = this.entries.size + 1
    const whole: EntryDraft = {
      deviceId: DEVICE,
      request: null,
      receipt: null,
      amount: tiyn(0),
      cashier: '',
      createdAtMs: NOW,
      shift: null,
      bank: null,
      ...draft,
    }
    const entry = withOpenMarker({ ...newEntry(whole, sequence, `A-000${sequence}`), ...change })
    this.entries.set(entry.id, entry)
    return entry
  }

  private answer(path: string): DeviceAnswer {
    return this.answers[path]?.() ?? reply(400, 'check-all-params', '-7')
  }

  private services(): Services {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the getters of the object below have a `this` of their own
    const world = this
    const device: DeviceGateway = {
      read: (request, decode) => Promise.resolve(decode(world.answer(request.path))),
      command: (request) => {
        world.commands.push(request.body)
        return Promise.resolve({ kind: 'zero', number: null, reason: '' })
      },
      commission: () => Promise.resolve({ kind: 'noKey' }),
    }
    const all = () => [...world.entries.values()]
    return {
      get storageProblem() {
        return world.storageProblem
      },
      device,
      cashier: () => ({ id: 'c', name: 'Айгүл' }),
      refusal: () => Promise.resolve(null),
      now: () => NOW,
      newId: () => `id-${++world.ids}`,
      keyValues: {
        get: (key: string) => Promise.resolve(world.kept.get(key)),
        set: (key: string, value: unknown) => Promise.resolve(void world.kept.set(key, value)),
      },
      ledger: {
        entry: (id: string) => Promise.resolve(world.entries.get(id) ?? null),
        inShift: (_device: string, shift: number) =>
          Promise.resolve(all().filter((entry) => entry.shift === shift && entry.number !== null)),
        between: () => Promise.resolve(all()),
      },
      queue: {
        deviceId: DEVICE,
        snapshot: (): QueueSnapshot => ({
          device: newDeviceRecord({ id: DEVICE, key: '12345678', trackPrefix: 1, hostLockWanted: false }),
          open: all().filter((entry) => entry.open === 1),
        }),
        sending: () => false,
        silentUntilMs: () => null,
        subscribe: (listener: () => void) => {
          world.listeners.push(listener)
          return () => undefined
        },
        enqueue: (id: string, build: (place: { sequence: number; mark: string }) => EntryDraft) => {
          const known = world.entries.get(id)
          if (known !== undefined) return Promise.resolve({ kind: 'known', entry: known })
          const entry = world.put(build({ sequence: world.entries.size + 1, mark: 'A-0001' }), {})
          return Promise.resolve({ kind: 'enqueued', entry })
        },
      },
    } as unknown as Services
  }
}

const report = (changes: Record<string, unknown> = {}) => ({
  shiftState: 'opened',
  dateOpen: '2026-11-22 09:00:00',
  saleDetails: { sum: 0, cheques: 0 },
  cashWeHave: 0,
  ...changes,
})
const soon = () => new Promise((resolve) => setTimeout(resolve, 0))
const kinds = (world: World) => [...world.entries.values()].map((entry) => entry.kind)

let world: World
beforeEach(() => {
  world = new World()
})

describe('cash in and out', () => {
  it('is enqueued with its frozen bytes, its amount and the cashier', async () => {
    const store = world.start()
    await store.deposit('one', tiyn(500_050))
    expect(world.entries.get('one')).toMatchObject({
      kind: 'deposit',
      amount: 500_050,
      cashier: 'Айгүл',
      state: 'queued',
      request: { path: '/apideposit/', body: 'cash=5000.5' },
    })
  })
  it('is made once however often the same dialog is confirmed', async () => {
    const store = world.start()
    await Promise.all([store.withdraw('one', tiyn(100)), store.withdraw('one', tiyn(100))])
    expect(world.entries.size).toBe(1)
    expect(store.operations).toHaveLength(1)
  })
  it('is refused where the storage is broken', async () => {
    world.storageProblem = 'QuotaExceededError'
    const store = world.start()
    expect(await store.deposit('one', tiyn(100))).toEqual({ kind: 'storage', detail: 'QuotaExceededError' })
    expect(world.entries.size).toBe(0)
  })
})

describe('closing the shift', () => {
  const order = { shift: 7, count: null, withdraw: null, drawerEmpty: false }

  it('is blocked by every entry that is not settled, a refused one too', async () => {
    const store = world.start()
    world.add({ id: 'sale', kind: 'registration' }, { state: 'refused' })
    expect(await store.closeShift(order)).toMatchObject({ kind: 'blocked', entries: [{ id: 'sale' }] })
    expect(kinds(world)).toEqual(['registration'])
  })
  it('enqueues a Z that names the shift which the person saw, with the normal timers', async () => {
    const store = world.start()
    await store.closeShift(order)
    expect([...world.entries.values()]).toMatchObject([{ kind: 'zReport', shift: 7, request: null }])
    expect(world.commands).toEqual(['timersNormal=true'])
  })
  it('waits until the withdrawal is proven before the Z, which is then quick', async () => {
    const store = world.start()
    const closed = store.closeShift({ ...order, withdraw: tiyn(1_000) })
    await soon()
    expect(kinds(world)).toEqual(['withdrawal'])
    expect(store.closing?.step).toBe('withdrawing')
    world.settle('id-1', { state: 'done', number: 12, doneAtMs: NOW })
    await closed
    expect(kinds(world)).toEqual(['withdrawal', 'zReport'])
    expect(world.commands).toEqual(['timersFast=true'])
    world.settle('id-2', { state: 'done', doneAtMs: NOW })
    await expect.poll(() => store.closing?.step).toBe('closed')
    expect(world.commands).toEqual(['timersFast=true', 'timersNormal=true'])
  })
  it('stays open when the withdrawal is refused and written off', async () => {
    const store = world.start()
    const closed = store.closeShift({ ...order, withdraw: tiyn(1_000) })
    await soon()
    world.settle('id-1', { state: 'refused', resolution: { kind: 'writtenOff', reason: 'x', atMs: NOW } })
    await closed
    expect(kinds(world)).toEqual(['withdrawal'])
    expect(store.closing?.step).toBe('stopped')
  })
  it('does not go on after the withdrawal while a sale that came meanwhile is unsettled', async () => {
    const store = world.start()
    const closed = store.closeShift({ ...order, withdraw: tiyn(1_000) })
    await soon()
    world.add({ id: 'sale', kind: 'registration' })
    world.settle('id-1', { state: 'done', number: 12 })
    expect(await closed).toMatchObject({ kind: 'blocked', entries: [{ id: 'sale' }] })
    expect(kinds(world)).toEqual(['withdrawal', 'registration'])
  })
  it('ends as stopped when the person keeps the shift open after a mismatch', async () => {
    const store = world.start()
    await store.closeShift(order)
    world.settle('id-1', { state: 'refused', resolution: { kind: 'writtenOff', reason: 'shift-left-open', atMs: NOW } })
    await expect.poll(() => store.closing?.step).toBe('stopped')
  })
  it('shows a Z that was begun before a reload', async () => {
    world.add({ id: 'z', kind: 'zReport', shift: 7 })
    const store = world.start()
    void store.adopt()
    expect(store.closing).toMatchObject({ shift: 7, step: 'closing', closeId: 'z' })
    world.settle('z', { state: 'done' })
    await expect.poll(() => store.closing?.step).toBe('closed')
  })
  it('keeps the counted drawer with its shift', async () => {
    const store = world.start()
    await store.closeShift({ ...order, count: { expected: tiyn(500), counted: tiyn(400), pieces: [[tiyn(200), 2]] } })
    world.answers['/dump/table/shifts/7/report'] = () => json(report())
    const past = usePastShiftsStore()
    await past.open(7)
    expect(past.count).toMatchObject({ difference: -100, kind: 'shortage', cashier: 'Айгүл', pieces: [[200, 2]] })
    expect(Object.keys(past.count ?? {})).not.toContain('reason')
  })
  it('keeps with a count how it was made, the other tenders, and why it differs; a count of before has none of it', async () => {
    const store = world.start()
    const tenders = [{ tender: 'bank' as const, name: 'Kaspi QR', expected: tiyn(900), counted: tiyn(800) }]
    const said = { blind: true, first: tiyn(300), tenders, reason: 'change', note: 'сдача' }
    await store.closeShift({ ...order, count: { expected: tiyn(500), counted: tiyn(400), pieces: [], ...said } })
    world.answers['/dump/table/shifts/7/report'] = () => json(report())
    const past = usePastShiftsStore()
    await past.open(7)
    expect(past.count).toMatchObject({ difference: -100, ...said })
  })
})

describe('the list of shifts', () => {
  it('gives each shift what the next one began with, and the newest its report', () => {
    const shift = (id: number, sale: number) => ({
      id,
      open: false,
      openedAt: null,
      closedAt: null,
      cashierId: null,
      atOpen: { sale: tiyn(sale), buy: tiyn(0), saleReturn: tiyn(0), buyReturn: tiyn(0) },
    })
    const listed = listShifts([shift(5, 700), shift(2, 100), shift(3, 300)])
    expect(listed.map((row) => [row.shift.id, row.sums?.sale ?? null])).toEqual([
      [5, null],
      [3, null],
      [2, 200],
    ])
  })
})

describe('the comparison of a shift', () => {
  const cheque = (number: number, sum: number) => ({
    chequeId: number,
    chequeDate: '2026-11-22 10:00:00',
    chequeType: '0',
    chequeSales: [{ id: 1, itemCode: '', qty: 1, price: sum, saleSum: sum, taxId: 1 }],
  })
  const sale = (id: string, number: number, total: number): void => {
    const receipt = { kind: 'sale', total, payments: { cash: total }, change: 0, rows: [] }
    world.add(
      { id, kind: 'registration', receipt: receipt as unknown as Entry['receipt'], amount: tiyn(total) },
      { state: 'done', number, shift: 7, doneAtMs: NOW - 1_000 },
    )
  }

  it('sets the journal beside the device and tells whose receipt is where', async () => {
    world.start()
    sale('a', 11, 50_000)
    sale('b', 13, 10_000)
    world.answers['/dump/table/shifts/7/report'] = () => json(report({ saleDetails: { sum: 1200, cheques: 2 } }))
    world.answers['/dump/table/shifts/7/cheques'] = () => json([cheque(11, 500), cheque(12, 700)])
    const store = useComparisonStore()
    await store.compare(7)
    expect(store.state).toMatchObject({
      kind: 'ready',
      value: { complete: true, comparison: { summary: { matched: 1, onlyHere: 1, onlyThere: 1, agrees: false } } },
    })
  })
  it('says that the list is not whole when the device counts more receipts than it lists', async () => {
    world.start()
    world.answers['/dump/table/shifts/7/report'] = () => json(report({ saleDetails: { sum: 1200, cheques: 2 } }))
    world.answers['/dump/table/shifts/7/cheques'] = () => json([cheque(11, 500)])
    const store = useComparisonStore()
    await store.compare(7)
    expect(store.state).toMatchObject({ kind: 'ready', value: { complete: false } })
  })
  it('never takes the empty list of an archived shift for missing receipts', async () => {
    world.start()
    sale('a', 11, 50_000)
    world.answers['/dump/table/shifts/7/report'] = () => json({ isArhived: true })
    world.answers['/dump/table/shifts/7/cheques'] = () => json([])
    const store = useComparisonStore()
    await store.compare(7)
    expect(store.state).toEqual({ kind: 'archived', shift: 7 })
  })
  it('finds a sale whose answer was lost and which has no number', async () => {
    world.start()
    sale('a', 11, 50_000)
    world.settle('a', { number: null })
    world.answers['/dump/table/shifts/7/report'] = () => json(report({ saleDetails: { sum: 500, cheques: 1 } }))
    world.answers['/dump/table/shifts/7/cheques'] = () => json([])
    const store = useComparisonStore()
    await store.compare(7)
    expect(store.state).toMatchObject({ value: { comparison: { rows: [{ kind: 'onlyHere', own: { id: 'a' } }] } } })
  })
  it('keeps the refusal of a cashier without rights', async () => {
    world.start()
    world.answers['/dump/table/shifts/7/report'] = () => reply(400, 'only-master-cashier', '-16')
    const store = useComparisonStore()
    await store.compare(7)
    expect(store.state).toMatchObject({ kind: 'failed', trouble: { kind: 'code', code: -16 } })
  })
})
