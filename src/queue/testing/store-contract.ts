/**
 * The contract of `QueueStore` as a suite: call `describeQueueStore(name, open)` from a `.test.ts` file.
 * `reopen` must give a store over the same durable data, as after a restart of the app.
 */
import { describe, expect, it } from 'vitest'
import { thousandths, tiyn, type Tiyn } from '../../domain/money.ts'
import type { Receipt } from '../../domain/receipt.ts'
import type { QueueStore } from '../store.ts'
import { newBankLeg, newDeviceRecord } from '../types.ts'
import type { DeviceRecord, Entry, EntryDraft } from '../types.ts'

export interface OpenedStore {
  readonly store: QueueStore
  reopen(): Promise<QueueStore>
  close(): Promise<void>
}

export const CONTRACT_DEVICE = 'device-1'

export function contractDevice(id = CONTRACT_DEVICE): DeviceRecord {
  return newDeviceRecord({ id, key: '01234567', trackPrefix: 7, hostLockWanted: false })
}

export function contractDraft(id: string, deviceId = CONTRACT_DEVICE): EntryDraft {
  return {
    id,
    deviceId,
    kind: 'deposit',
    request: null,
    receipt: null,
    amount: tiyn(500_00),
    cashier: 'Aliya',
    createdAtMs: 1_000,
    shift: null,
    bank: null,
  }
}

/** A sale of one line in cash. */
function contractSale(id: string, total: Tiyn): EntryDraft {
  const receipt: Receipt = {
    kind: 'sale',
    total,
    payments: { cash: total },
    change: tiyn(0),
    taxId: null,
    rows: [{ kind: 'item', name: 'tea', code: null, price: total, quantity: thousandths(1000), sum: total }],
    printText: null,
    footerText: null,
    basis: null,
  }
  return { ...contractDraft(id), kind: 'registration', receipt, amount: total }
}

async function ready(store: QueueStore, count = 0): Promise<{ epoch: number; device: DeviceRecord; open: Entry[] }> {
  await store.createDevice(contractDevice())
  for (let i = 1; i <= count; i += 1) await store.enqueue(`e${i}`, () => contractDraft(`e${i}`))
  const claim = await store.claim(CONTRACT_DEVICE, 'tab-1', 10_000)
  if (!claim) throw new Error('the device was just created')
  return { epoch: claim.epoch, device: claim.device, open: [...claim.open] }
}

function first(entries: readonly Entry[]): Entry {
  const [entry] = entries
  if (!entry) throw new Error('expected an entry')
  return entry
}

export function describeQueueStore(name: string, open: () => Promise<OpenedStore>): void {
  const within = async (check: (opened: OpenedStore) => Promise<void>): Promise<void> => {
    const opened = await open()
    try {
      await check(opened)
    } finally {
      await opened.close()
    }
  }

  describe(`${name} keeps the contract of the queue's store`, () => {
    it('knows no device before one is created, and never overwrites one', () =>
      within(async ({ store }) => {
        expect(await store.load(CONTRACT_DEVICE)).toBeNull()
        expect(await store.claim(CONTRACT_DEVICE, 'tab-1', 1)).toBeNull()
        await store.createDevice(contractDevice())
        const again = await store.createDevice({ ...contractDevice(), key: '99999999' })
        expect(again.key).toBe('01234567')
      }))

    it('keeps a typed key unless another one is bound, and takes the old key from whoever sends', () =>
      within(async ({ store, reopen }) => {
        expect(await store.storeKey(CONTRACT_DEVICE, '22222222')).toBe('unknown')
        const { epoch, device, open: entries } = await ready(store, 1)
        const asked = { id: 'q', askedAtMs: 1, question: { kind: 'key', refused: null } } as const
        await store.commit(CONTRACT_DEVICE, { device: { ...device, key: null, question: asked } }, epoch)
        expect(await store.storeKey(CONTRACT_DEVICE, '22222222')).toBe('stored')
        const stored = (await store.load(CONTRACT_DEVICE))?.device
        expect(stored).toMatchObject({ key: '22222222', question: null })
        const stale = { device: { ...device, key: null, bound: first(entries).id } }
        expect(await store.commit(CONTRACT_DEVICE, stale, epoch)).toBe('superseded')

        const claim = await store.claim(CONTRACT_DEVICE, 'tab-2', 10_000)
        // The key ended the right of whoever sent, and its lease stands as it was.
        expect(claim?.ended).toMatchObject({ epoch: epoch + 1, holder: 'tab-1' })
        const bound = { ...device, key: '22222222', bound: first(entries).id }
        await store.commit(CONTRACT_DEVICE, { device: bound }, claim?.epoch ?? 0)
        expect(await store.storeKey(CONTRACT_DEVICE, '33333333')).toBe('bound')
        expect(await store.commit(CONTRACT_DEVICE, {}, claim?.epoch ?? 0)).toBe('committed')
        expect((await (await reopen()).load(CONTRACT_DEVICE))?.device.key).toBe('22222222')
      }))

    it('gives a record that turned out to be another one’s register to that one, and rewrites nothing', () =>
      within(async ({ store, reopen }) => {
        await store.createDevice({ ...contractDevice(), serial: '0117' })
        await store.createDevice(contractDevice('other'))
        await store.enqueue('old', () => contractDraft('old', 'other'))
        const other = await store.claim('other', 'tab-1', 10_000)
        expect(other?.otherSerials).toEqual(['0117'])
        await store.mergeDevice('other', CONTRACT_DEVICE)
        // Whoever still sends for it has no right to any more.
        expect(await store.commit('other', {}, other?.epoch ?? 0)).toBe('superseded')
        await store.enqueue('new', () => contractDraft('new'))

        const claim = await store.claim(CONTRACT_DEVICE, 'tab-2', 10_000)
        expect(claim?.open.map(({ id, deviceId }) => [id, deviceId])).toEqual([
          ['old', 'other'],
          ['new', CONTRACT_DEVICE],
        ])
        expect(claim?.otherSerials).toEqual([])
        expect(await store.openAtOtherRegisters(CONTRACT_DEVICE)).toEqual([])
        const reason = { nowMs: 1, reason: 'twice' }
        expect(await store.settleAtOtherRegister(CONTRACT_DEVICE, 'old', reason)).toBe('notPossible')
        const [old] = claim?.open ?? []
        const done = old && ({ ...old, kind: 'registration', state: 'done', number: 7, shift: 5, open: 1 } as const)
        if (done) await store.commit(CONTRACT_DEVICE, { entries: [done] }, claim?.epoch ?? 0)
        const again = await reopen()
        expect((await again.load(CONTRACT_DEVICE))?.open.map(({ id }) => id)).toEqual(['new'])
        expect((await again.registeredInShift(CONTRACT_DEVICE, 5)).map(({ id }) => id)).toEqual(['old'])
        expect((await again.load('other'))?.device).toMatchObject({ mergedInto: CONTRACT_DEVICE })
      }))

    it('gives each entry the next sequence and mark, known while its bytes are frozen', () =>
      within(async ({ store }) => {
        await store.createDevice(contractDevice())
        const marks: string[] = []
        for (const id of ['a', 'b', 'c']) {
          const result = await store.enqueue(id, ({ mark, sequence }) => {
            marks.push(`${sequence}:${mark}`)
            return contractDraft(id)
          })
          expect(result.kind).toBe('enqueued')
        }
        expect(marks).toEqual(['1:A-0001', '2:A-0002', '3:A-0003'])
        const snapshot = await store.load(CONTRACT_DEVICE)
        expect(snapshot?.open.map((entry) => [entry.id, entry.sequence, entry.mark, entry.state])).toEqual([
          ['a', 1, 'A-0001', 'queued'],
          ['b', 2, 'A-0002', 'queued'],
          ['c', 3, 'A-0003', 'queued'],
        ])
      }))

    it('enqueues the same sale once, also when both calls run at once', () =>
      within(async ({ store }) => {
        await store.createDevice(contractDevice())
        const results = await Promise.all([
          store.enqueue('sale', () => contractDraft('sale')),
          store.enqueue('sale', () => contractDraft('sale')),
        ])
        expect(results.map((result) => result.kind).sort()).toEqual(['enqueued', 'known'])
        expect((await store.load(CONTRACT_DEVICE))?.open).toHaveLength(1)
        const next = await store.enqueue('next', () => contractDraft('next'))
        expect(next.entry.sequence).toBe(2)
      }))

    it('asks in the transaction whether a debtor owes so much, so that two windows can not take one debt twice', () =>
      within(async ({ store }) => {
        await store.createDevice(contractDevice())
        const debt = { debtor: 'aigul', name: 'Aigul' }
        const sale = (id: string): EntryDraft => ({ ...contractSale(id, tiyn(500_00)), debt })
        await store.enqueueAll(['s1', 's2'].map((id) => ({ id, build: () => sale(id) })))
        await store.enqueue('else', () => ({ ...contractDraft('else'), debt: { debtor: 'bolat', name: 'Bolat' } }))
        const asked: (readonly string[])[] = []
        const owed = (records: readonly Entry[]): boolean => {
          asked.push(records.map(({ id }) => id).sort())
          return records.every(({ kind }) => kind === 'registration')
        }
        const pay = (id: string) => store.enqueue(id, () => ({ ...contractDraft(id), debt }), { owed })
        const results = await Promise.all([pay('p1'), pay('p2')])
        expect(results.map(({ kind }) => kind)).toEqual(['enqueued', 'notOwed'])
        expect(asked).toEqual([
          ['s1', 's2'],
          ['p1', 's1', 's2'],
        ])
        expect(await store.entry('p2')).toBeNull()
        // A second try of what is stored is known, whatever is owed by now, and takes no number.
        expect((await pay('p1')).kind).toBe('known')
        expect((await store.enqueue('next', () => contractDraft('next'))).entry.sequence).toBe(5)
      }))

    it('stores a note in the debt book as done: nothing of it is ever sent', () =>
      within(async ({ store, reopen }) => {
        await store.createDevice(contractDevice())
        const debt = { debtor: 'aigul', name: 'Aigul', act: 'earlier' } as const
        const note = (): EntryDraft => ({ ...contractDraft('note'), kind: 'debt', debt })
        const { entry } = await store.enqueue('note', note)
        expect(entry).toMatchObject({ state: 'done', doneAtMs: 1_000, mark: 'A-0001', debt })
        expect((await store.enqueue('note', note)).kind).toBe('known')
        const other = (): EntryDraft => ({ ...note(), debt: { debtor: 'bolat', name: 'Bolat', act: 'earlier' } })
        expect((await store.enqueue('note', other)).kind).toBe('conflict')
        expect((await store.load(CONTRACT_DEVICE))?.open).toEqual([])
        expect(await (await reopen()).entry('note')).toEqual(entry)
      }))

    it('adds the receipts of one sale in order and in one step, and the same sale once', () =>
      within(async ({ store, reopen }) => {
        await store.createDevice(contractDevice())
        const sale = ['one', 'two', 'three'].map((id) => ({ id, build: () => contractDraft(id) }))
        const results = await store.enqueueAll(sale)
        expect(results.map((result) => [result.kind, result.entry.id, result.entry.mark])).toEqual([
          ['enqueued', 'one', 'A-0001'],
          ['enqueued', 'two', 'A-0002'],
          ['enqueued', 'three', 'A-0003'],
        ])
        expect((await store.enqueueAll(sale)).map((result) => result.kind)).toEqual(['known', 'known', 'known'])
        const again = await reopen()
        expect((await again.load(CONTRACT_DEVICE))?.open.map((entry) => entry.id)).toEqual(['one', 'two', 'three'])
        expect((await again.enqueue('next', () => contractDraft('next'))).entry.sequence).toBe(4)
      }))

    it('takes an id for known only with the same content; another operation under it is told, and stands nowhere', () =>
      within(async ({ store, reopen }) => {
        await store.createDevice(contractDevice())
        const sale = (id: string, cashier: string, price: number) => ({
          id,
          build: (): EntryDraft => ({ ...contractSale(id, tiyn(price)), cashier }),
        })
        const first = sale('sale', 'Aliya', 100_00)
        const other = sale('sale', 'Aliya', 200_00)
        await store.enqueue('sale', first.build)
        expect(await store.enqueue('sale', other.build)).toMatchObject({ kind: 'conflict', entry: { mark: 'A-0001' } })
        const kinds: Partial<EntryDraft>[] = [
          { kind: 'withdrawal' },
          { deviceId: 'device-2' },
          { bank: newBankLeg('purchase', tiyn(100_00)) },
          { request: { method: 'POST', path: '/api/', body: 'x' }, receipt: null },
          { ways: [{ id: 'w', name: 'Kaspi QR', tender: 'cash', amount: tiyn(100_00) }] },
        ]
        for (const change of kinds) {
          const result = await store.enqueue('sale', () => ({ ...first.build(), ...change }))
          expect(result.kind, JSON.stringify(change)).toBe('conflict')
        }
        // Whoever tries again later, or in another language, tries the same sale.
        const later = { ...first.build(), createdAtMs: 99, cashier: 'Ivan' }
        expect((await store.enqueue('sale', () => later)).kind).toBe('known')
        const again = await reopen()
        expect((await again.load(CONTRACT_DEVICE))?.open).toMatchObject([
          { id: 'sale', amount: 100_00, cashier: 'Aliya' },
        ])
        expect((await again.enqueue('next', () => contractDraft('next'))).entry.sequence).toBe(2)
      }))

    it('keeps by which names of the shop a receipt was paid, beside its bytes; another name is another sale', () =>
      within(async ({ store, reopen }) => {
        await store.createDevice(contractDevice())
        const way = { id: 'w', name: 'Kaspi QR', tender: 'bank' as const, amount: tiyn(100_00), note: '4321' }
        const paid = (ways: EntryDraft['ways']) => (): EntryDraft => ({ ...contractSale('sale', tiyn(100_00)), ways })
        await store.enqueue('sale', paid([way]))
        expect((await store.enqueue('sale', paid([way]))).kind).toBe('known')
        // A name that was corrected in the settings since is the same way.
        expect((await store.enqueue('sale', paid([{ ...way, name: 'Kaspi' }]))).kind).toBe('known')
        for (const other of [[], undefined, [{ ...way, id: 'h' }], [{ ...way, note: '1234' }]]) {
          expect((await store.enqueue('sale', paid(other))).kind, JSON.stringify(other)).toBe('conflict')
        }
        const again = await reopen()
        const kept = await again.entry('sale')
        expect(kept?.ways).toEqual([way])
        expect(kept?.request).toEqual(contractSale('sale', tiyn(100_00)).request)
        // No names: as records of earlier versions have it.
        const plain = await again.enqueue('plain', () => ({ ...contractSale('plain', tiyn(5_00)), ways: [] }))
        expect('ways' in plain.entry).toBe(false)
        expect((await again.enqueue('plain', () => contractSale('plain', tiyn(5_00)))).kind).toBe('known')
      }))

    it('adds nothing of a sale of several receipts that is known in part', () =>
      within(async ({ store }) => {
        await store.createDevice(contractDevice())
        const sale = ['one', 'two'].map((id) => ({ id, build: () => contractDraft(id) }))
        await store.enqueue('one', () => contractDraft('one'))
        const results = await store.enqueueAll(sale)
        expect(results.map((result) => [result.kind, result.entry.id])).toEqual([
          ['conflict', 'one'],
          ['conflict', 'one'],
        ])
        expect((await store.load(CONTRACT_DEVICE))?.open.map(({ id }) => id)).toEqual(['one'])
      }))

    it('adds none of the receipts of a sale when one of them throws', () =>
      within(async ({ store }) => {
        await store.createDevice(contractDevice())
        const broken = () => {
          throw new Error('cannot be encoded')
        }
        const sale = [
          { id: 'fine', build: () => contractDraft('fine') },
          { id: 'bad', build: broken },
        ]
        await expect(store.enqueueAll(sale)).rejects.toThrow('cannot be encoded')
        expect((await store.load(CONTRACT_DEVICE))?.open).toEqual([])
        expect((await store.enqueue('good', () => contractDraft('good'))).entry.sequence).toBe(1)
      }))

    it('changes nothing when freezing the bytes throws', () =>
      within(async ({ store }) => {
        await store.createDevice(contractDevice())
        await expect(
          store.enqueue('bad', () => {
            throw new Error('cannot be encoded')
          }),
        ).rejects.toThrow('cannot be encoded')
        expect((await store.load(CONTRACT_DEVICE))?.open).toEqual([])
        expect((await store.enqueue('good', () => contractDraft('good'))).entry.sequence).toBe(1)
      }))

    it('commits device and entries together, and they are there after a restart', () =>
      within(async ({ store, reopen }) => {
        const { epoch, device, open } = await ready(store, 1)
        const result = await store.commit(
          CONTRACT_DEVICE,
          {
            device: { ...device, key: '76543210', lastNumber: 12 },
            entries: [{ ...first(open), state: 'sending', attempts: 1 }],
          },
          epoch,
        )
        expect(result).toBe('committed')
        const after = await (await reopen()).load(CONTRACT_DEVICE)
        expect(after?.device).toMatchObject({ key: '76543210', lastNumber: 12 })
        expect(after?.open).toMatchObject([{ id: 'e1', state: 'sending', attempts: 1 }])
      }))

    it('stores every field of an entry and a device as it was given', () =>
      within(async ({ store, reopen }) => {
        const { epoch, device, open } = await ready(store, 1)
        const entry: Entry = {
          ...first(open),
          state: 'recon',
          key: '00000001',
          newKey: '00000002',
          shift: 109,
          number: 4232,
          history: [{ atMs: 5, event: 'sent', value: 1 }],
          question: { id: 'q1', askedAtMs: 6, question: { kind: 'isReceiptOurs', number: 4232, mark: 'A-0001' } },
        }
        const changed: DeviceRecord = { ...device, foreign: { number: 4, atMs: 7 } }
        await store.commit(CONTRACT_DEVICE, { device: changed, entries: [entry] }, epoch)
        const after = await (await reopen()).load(CONTRACT_DEVICE)
        expect(after?.open).toEqual([entry])
        expect(after?.device).toEqual(changed)
      }))

    it('refuses every commit of a writer that another one superseded', () =>
      within(async ({ store }) => {
        const { epoch, device, open } = await ready(store, 1)
        const taken = await store.claim(CONTRACT_DEVICE, 'tab-2', 20_000)
        expect(taken?.epoch).toBeGreaterThan(epoch)
        const late = await store.commit(
          CONTRACT_DEVICE,
          {
            device: { ...device, key: '11111111' },
            entries: [{ ...first(open), state: 'done' }],
            leaseUntilMs: 99_999,
          },
          epoch,
        )
        expect(late).toBe('superseded')
        expect(await store.load(CONTRACT_DEVICE)).toMatchObject({
          device: { key: '01234567' },
          open: [{ state: 'queued' }],
        })
        expect(await store.lease(CONTRACT_DEVICE)).toEqual({ epoch: taken?.epoch, holder: 'tab-2', untilMs: 20_000 })
      }))

    it('keeps the epoch over a restart, so that two lives never share one', () =>
      within(async ({ store, reopen }) => {
        const { epoch } = await ready(store)
        const again = await (await reopen()).claim(CONTRACT_DEVICE, 'tab-1', 30_000)
        expect(again?.epoch).toBeGreaterThan(epoch)
      }))

    it('renews the lease in the transaction that needs it', () =>
      within(async ({ store }) => {
        const { epoch } = await ready(store)
        await store.commit(CONTRACT_DEVICE, { leaseUntilMs: 77_000 }, epoch)
        expect(await store.lease(CONTRACT_DEVICE)).toEqual({ epoch, holder: 'tab-1', untilMs: 77_000 })
      }))

    it('lets an entry in while a writer works, and neither loses the other', () =>
      within(async ({ store }) => {
        const { epoch, device, open } = await ready(store, 1)
        await Promise.all([
          store.commit(
            CONTRACT_DEVICE,
            { device: { ...device, key: '22222222' }, entries: [{ ...first(open), state: 'sending' }] },
            epoch,
          ),
          store.enqueue('new', () => contractDraft('new')),
        ])
        const after = await store.load(CONTRACT_DEVICE)
        expect(after?.device.key).toBe('22222222')
        expect(after?.open.map((entry) => [entry.id, entry.state])).toEqual([
          ['e1', 'sending'],
          ['new', 'queued'],
        ])
      }))

    it('no longer lists a settled entry as open, and still has it', () =>
      within(async ({ store }) => {
        const { epoch, open } = await ready(store, 2)
        const [done] = open
        if (!done) throw new Error('expected an entry')
        await store.commit(CONTRACT_DEVICE, { entries: [{ ...done, state: 'done', doneAtMs: 9 }] }, epoch)
        expect((await store.load(CONTRACT_DEVICE))?.open.map((entry) => entry.id)).toEqual(['e2'])
        expect(await store.entry('e1')).toMatchObject({ state: 'done', doneAtMs: 9 })
        expect((await store.entry('e1'))?.open).toBeUndefined()
      }))

    it('keeps a refused entry open until a person corrects it or writes it off', () =>
      within(async ({ store }) => {
        const { epoch, open } = await ready(store, 2)
        await store.commit(
          CONTRACT_DEVICE,
          { entries: open.map((entry): Entry => ({ ...entry, state: 'refused', code: -10 })) },
          epoch,
        )
        expect((await store.load(CONTRACT_DEVICE))?.open).toHaveLength(2)
        expect(await store.resolve('e1', { kind: 'writtenOff', reason: 'typed twice', atMs: 5 })).toBe('resolved')
        expect(await store.resolve('e1', { kind: 'writtenOff', reason: 'again', atMs: 6 })).toBe('notRefused')
        const correction = await store.enqueue('e3', () => contractDraft('e3'), { corrects: 'e2', nowMs: 8 })
        expect(correction.kind).toBe('enqueued')
        expect((await store.load(CONTRACT_DEVICE))?.open.map((entry) => entry.id)).toEqual(['e3'])
        expect((await store.entry('e1'))?.resolution).toEqual({ kind: 'writtenOff', reason: 'typed twice', atMs: 5 })
        expect((await store.entry('e2'))?.resolution).toEqual({ kind: 'corrected', by: 'e3', atMs: 8 })
      }))

    it('settles nothing that the device has not refused', () =>
      within(async ({ store }) => {
        await ready(store, 1)
        expect(await store.resolve('e1', { kind: 'writtenOff', reason: 'no', atMs: 5 })).toBe('notRefused')
        expect(await store.resolve('nobody', { kind: 'writtenOff', reason: 'no', atMs: 5 })).toBe('unknown')
        expect(await store.entry('nobody')).toBeNull()
      }))

    it('lists the registered receipts of one shift of one device', () =>
      within(async ({ store }) => {
        const { epoch, open } = await ready(store, 4)
        const [a, b, c, d] = open
        if (!a || !b || !c || !d) throw new Error('expected four entries')
        const done = { kind: 'registration', state: 'done' } as const
        await store.commit(
          CONTRACT_DEVICE,
          {
            entries: [
              { ...a, ...done, number: 20, shift: 5 },
              { ...b, ...done, number: 11, shift: 5 },
              { ...c, ...done, number: 21, shift: 6 },
              { ...d, kind: 'registration', state: 'acked', number: 22, shift: 5 },
            ],
          },
          epoch,
        )
        const listed = await store.registeredInShift(CONTRACT_DEVICE, 5)
        expect(listed.map((item) => [item.id, item.number])).toEqual([
          ['e2', 11],
          ['e1', 20],
        ])
        expect(await store.registeredInShift('other', 5)).toEqual([])
      }))

    it('finds the receipts that are proven under a number at the same register, by whichever record', () =>
      within(async ({ store }) => {
        const ids = ['same', 'sibling', 'merged', 'other', 'nameless']
        const serials = ['1', '1', null, '2', null]
        for (const [index, id] of ids.entries()) {
          await store.createDevice({ ...contractDevice(id), serial: serials[index] ?? null })
          for (const [place, state] of (['done', 'recon'] as const).entries()) {
            const entryId = `${id}-${state}`
            await store.enqueue(entryId, () => ({ ...contractSale(entryId, tiyn(100)), deviceId: id }))
            const claim = await store.claim(id, 'tab', 1)
            const entry = claim?.open.find((one) => one.id === entryId)
            if (!claim || !entry) throw new Error('it was enqueued')
            const changed: Entry = { ...entry, state, number: 41, shift: 3 + place, question: null }
            await store.commit(id, { entries: [changed] }, claim.epoch)
          }
        }
        await store.mergeDevice('merged', 'same')
        const found = async (id: string, ...numbers: number[]) =>
          (await store.registeredAs(id, numbers)).map((entry) => entry.id).sort()
        expect(await found('same', 40, 41)).toEqual(['merged-done', 'same-done', 'sibling-done'])
        expect(await found('sibling', 41)).toEqual(['merged-done', 'same-done', 'sibling-done'])
        expect(await found('other', 41)).toEqual(['other-done'])
        expect(await found('nameless', 41)).toEqual(['nameless-done'])
        expect(await found('same', 40)).toEqual([])
        expect(await found('same')).toEqual([])
      }))

    it('keeps the queues of two devices apart', () =>
      within(async ({ store }) => {
        await store.createDevice(contractDevice())
        await store.createDevice(contractDevice('device-2'))
        await store.enqueue('one', () => contractDraft('one'))
        await store.enqueue('two', () => contractDraft('two', 'device-2'))
        expect((await store.load(CONTRACT_DEVICE))?.open.map((entry) => entry.id)).toEqual(['one'])
        expect((await store.load('device-2'))?.open.map((entry) => entry.id)).toEqual(['two'])
        const claim = await store.claim('device-2', 'tab', 1)
        expect(claim?.epoch).toBe(1)
      }))

    it('adds nothing for a refused entry that was corrected meanwhile, and knows its own correction again', () =>
      within(async ({ store }) => {
        const { epoch, open: entries } = await ready(store, 1)
        const refused: Entry = { ...first(entries), state: 'refused', code: -14 }
        await store.commit(CONTRACT_DEVICE, { entries: [refused] }, epoch)
        const correct = (id: string) => store.enqueue(id, () => contractDraft(id), { corrects: 'e1', nowMs: 9 })
        expect((await correct('one')).kind).toBe('enqueued')
        expect(await correct('two')).toMatchObject({ kind: 'settled', entry: { id: 'e1' } })
        expect((await correct('one')).kind).toBe('known')
        const many = [{ id: 'three', build: () => contractDraft('three') }]
        expect((await store.enqueueAll(many, { corrects: 'e1' })).map(({ kind }) => kind)).toEqual(['settled'])
        expect((await store.load(CONTRACT_DEVICE))?.open.map(({ id }) => id)).toEqual(['one'])
        expect((await store.enqueue('next', () => contractDraft('next'))).entry.sequence).toBe(3)
      }))

    it('shows what waits for another device, with its serial number, and nothing that is settled', () =>
      within(async ({ store }) => {
        await ready(store, 1)
        await store.createDevice({ ...contractDevice('device-2'), serial: 'SN-2' })
        await store.enqueue('other', () => contractDraft('other', 'device-2'))
        const elsewhere = await store.openAtOtherRegisters(CONTRACT_DEVICE)
        expect(elsewhere.map(({ entry, serial }) => [entry.id, serial])).toEqual([['other', 'SN-2']])
        expect((await store.openAtOtherRegisters('device-2')).map(({ entry }) => entry.id)).toEqual(['e1'])
      }))

    it('moves a sale that was never sent to the device in use, in one step, and nobody sends it any more', () =>
      within(async ({ store, reopen }) => {
        const { epoch } = await ready(store, 1)
        await store.createDevice(contractDevice('device-2'))
        const replacement = { id: 'new', build: () => contractDraft('new', 'device-2') }
        expect(await store.settleAtOtherRegister('device-2', 'e1', { nowMs: 9, replacement })).toBe('moved')
        const again = await reopen()
        const old = await again.entry('e1')
        expect([old?.state, old?.resolution]).toEqual(['refused', { kind: 'corrected', by: 'new', atMs: 9 }])
        expect((await again.load('device-2'))?.open.map((entry) => entry.id)).toEqual(['new'])
        expect((await again.load(CONTRACT_DEVICE))?.open).toEqual([])
        const late: Entry = { ...first(old ? [old] : []), state: 'sending' }
        expect(await again.commit(CONTRACT_DEVICE, { entries: [late] }, epoch)).toBe('superseded')
        expect(await again.settleAtOtherRegister('device-2', 'e1', { nowMs: 9, replacement })).toBe('notPossible')
      }))

    it('leaves what may have reached its device to that device', () =>
      within(async ({ store }) => {
        const { epoch, open: entries } = await ready(store, 1)
        await store.createDevice(contractDevice('device-2'))
        const sent: Entry = { ...first(entries), state: 'sending', attempts: 1 }
        await store.commit(CONTRACT_DEVICE, { entries: [sent] }, epoch)
        expect(await store.settleAtOtherRegister('device-2', 'e1', { nowMs: 9, reason: 'gone' })).toBe('notPossible')
        expect(await store.settleAtOtherRegister(CONTRACT_DEVICE, 'e1', { nowMs: 9, reason: 'mine' })).toBe(
          'notPossible',
        )
        expect(await store.settleAtOtherRegister('device-2', 'nobody', { nowMs: 9, reason: 'x' })).toBe('unknown')
        expect((await store.openAtOtherRegisters('device-2')).map(({ entry }) => entry.state)).toEqual(['sending'])
      }))

    it('writes an operation of another device off with its reason, and keeps it', () =>
      within(async ({ store }) => {
        await ready(store, 1)
        await store.createDevice(contractDevice('device-2'))
        expect(await store.settleAtOtherRegister('device-2', 'e1', { nowMs: 9, reason: 'typed twice' })).toBe('moved')
        expect((await store.entry('e1'))?.resolution).toEqual({ kind: 'writtenOff', reason: 'typed twice', atMs: 9 })
        expect(await store.openAtOtherRegisters('device-2')).toEqual([])
      }))
  })
}
