import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tiyn } from '../domain/money.ts'
import { DeviceKit, KIT_START_MS } from './testing/device-kit.ts'
import { drawReadings, IkkmDevice, newDeviceState, READING_VALUES, type DeviceState } from './device.ts'
import { Random } from './random.ts'

describe('somebody else at the device', () => {
  it('a sale consumes our key: our next sale is swallowed, the one after is -1', () => {
    const kit = new DeviceKit()
    expect(kit.device.foreignOperation({ kind: 'sale', totalTiyn: 70_000 }, kit.nowMs)?.reason).toBe('1')
    expect(kit.last()).toMatchObject({ foreign: true, totalTiyn: 70_000, payments: [70_000, 0, 0, 0] })
    expect(kit.sell(5, { key: '12345678' }).reason).toBe('1')
    kit.device.foreignOperation({ kind: 'saleReturn', totalTiyn: 100 }, kit.nowMs)
    expect(kit.sell(5, { key: '12345678' }).body).toBe('-1')
    expect(kit.device.ledger().map((entry) => entry.kind)).toEqual(['sale', 'saleReturn'])
  })

  it('may leave the key alone', () => {
    const kit = new DeviceKit()
    kit.device.foreignOperation({ kind: 'buyReturn', totalTiyn: 500, rotatesKey: false }, kit.nowMs)
    expect(kit.sell(5, { key: '12345678' }).reason).toBe('2')
  })

  it('may have any content: payments, rows, footer', () => {
    const kit = new DeviceKit()
    const itemdata = '[{"name":"Құрт & сүт","price":"5","qty":"1","sum":"5"}]'
    kit.device.foreignOperation(
      { kind: 'sale', totalTiyn: 500, payments: { bank: tiyn(300), cash: tiyn(200) }, itemdata, footer: 'B-0001' },
      kit.nowMs,
    )
    expect(kit.last()).toMatchObject({ payments: [200, 300, 0, 0], itemdata, footer: 'B-0001' })
  })

  it('deposits, withdraws, closes the shift, changes the cashier, in spite of a lock', () => {
    const kit = new DeviceKit()
    kit.get('/apicheck/', { lockhost: 'true' })
    expect(kit.device.foreignOperation({ kind: 'deposit', amountTiyn: 500 }, kit.nowMs)?.status).toBe(200)
    expect(kit.device.foreignOperation({ kind: 'withdrawal', amountTiyn: 200 }, kit.nowMs)?.status).toBe(200)
    expect(kit.device.foreignOperation({ kind: 'cashier', cashierId: 201 }, kit.nowMs)).toBeNull()
    kit.device.foreignOperation({ kind: 'cashier', cashierId: 555 }, kit.nowMs)
    expect(kit.device.state.cashierId).toBe(201)
    expect(kit.device.foreignOperation({ kind: 'z' }, kit.nowMs)?.reason).toBe('z-report-started')
    kit.wait(40_000)
    expect(kit.device.ledger().map((entry) => [entry.kind, entry.foreign])).toEqual([
      ['deposit', true],
      ['withdrawal', true],
      ['z', true],
    ])
  })

  it('is refused like us while the device is busy', () => {
    const kit = new DeviceKit()
    kit.sell(1)
    kit.get('/apizreport/')
    expect(kit.device.foreignOperation({ kind: 'sale', totalTiyn: 500 }, kit.nowMs)?.body).toBe('-2')
  })
})

describe('the state', () => {
  it('survives being stored as JSON at any moment', () => {
    const kit = new DeviceKit()
    kit.sell(9, { footer: 'A-1' })
    kit.get('/apizreport/')
    const restored = new IkkmDevice(JSON.parse(JSON.stringify(kit.device.state)) as DeviceState)
    restored.advance(kit.nowMs + 40_000)
    kit.wait(40_000)
    expect(restored.state).toEqual(kit.device.state)
    const request = {
      method: 'POST',
      path: '/api/',
      query: '',
      body: `key=${restored.currentKey()}&sale=5&cash=5`,
    } as const
    expect(restored.handle(request, kit.nowMs)).toEqual(kit.device.handle(request, kit.nowMs))
  })

  it('belongs to one device: a tax edited on one stays on the others', () => {
    const one = new DeviceKit()
    const other = new DeviceKit()
    one.device.editTax(15, 'x', 0)
    one.sell(5)
    expect(other.json('/dump/table/taxes')).toMatchObject({ '15': 'НДС 16%' })
    expect(other.device.ledger()).toEqual([])
  })

  it('is the same for the same seed', () => {
    const run = (seed: number): string => {
      const device = new IkkmDevice(newDeviceState({ seed, nowMs: KIT_START_MS }))
      for (let sale = 0; sale < 5; sale += 1)
        device.handle(
          { method: 'GET', path: '/api/', query: `key=${device.currentKey()}&sale=5&cash=5`, body: null },
          1,
        )
      return device.currentKey()
    }
    expect(run(5)).toBe(run(5))
    expect(run(5)).not.toBe(run(6))
  })
})

/** Anything that may arrive: right and wrong paths, keys, names and values, in any order. */
const step = fc.record({
  path: fc.constantFrom(
    '/api/',
    '/apideposit/',
    '/apiwithdraw/',
    '/apixreport/',
    '/apizreport/',
    '/apibank/',
    '/apicheck/',
    '/apicheck/getInfo',
    '/apicheck/printLastDocument',
    '/apiprint',
    '/dump/table/shifts/1/cheques',
    '/dump/table/shifts/2/reportwithtax',
    '/dump/transaction/12345678',
    '/nowhere',
  ),
  key: fc.constantFrom('current', 'previous', 'wrong'),
  type: fc.constantFrom('sale', 'sale', 'buy', 'saleReturn', 'buyReturn'),
  amount: fc.constantFrom('1', '5', '100.5', '20000000', '0', 'x'),
  tender: fc.constantFrom('cash', 'cash', 'bank', 'credit'),
  waitMs: fc.constantFrom(0, 1_000, 60_000, 90_000_000),
  accident: fc.constantFrom('none', 'none', 'none', 'reboot', 'foreign', 'paper', 'key', '-99'),
})

describe('whatever arrives, under every reading', () => {
  it('is answered in form, keeps sums and drawer right, and registers only with the current key', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(step, { maxLength: 25 }), (seed, steps) => {
        const kit = new DeviceKit({
          seed,
          readings: drawReadings(Random.seeded(seed)),
          cashTiyn: 50_000,
          paperLimit: 2,
        })
        const { device } = kit
        for (const { path, key, type, amount, tender, waitMs, accident } of steps) {
          kit.wait(waitMs)
          if (accident === 'reboot') device.reboot(kit.nowMs)
          if (accident === 'foreign') device.foreignOperation({ kind: 'sale', totalTiyn: 500 }, kit.nowMs)
          if (accident === 'paper') device.state.printer = device.state.printer === 'ready' ? 'no-paper' : 'ready'
          if (accident === 'key') device.changeKey()
          if (accident === '-99') device.failNext(-99)
          if (!device.isUp(kit.nowMs)) kit.wait(25_000)
          const current = device.currentKey()
          const sent =
            key === 'current' ? current : key === 'previous' ? (device.state.replay?.key ?? 'none') : '55555555'
          const registered = device.ledger().filter((entry) => entry.number > 0).length
          const reply = kit.post(path, {
            key: sent,
            [type]: amount,
            [tender]: amount,
            print: 'x',
            message: 'purchase',
            amount,
          })
          expect([200, 400]).toContain(reply.status)
          if (reply.status === 400) expect(reply.body).toMatch(/^-\d{1,3}$/)
          const now = device.ledger().filter((entry) => entry.number > 0).length
          if (now > registered) expect(sent).toBe(current)
        }
        const { ledger, sums, cashTiyn } = device.state
        const total = (kind: string): number =>
          ledger.filter((entry) => entry.kind === kind).reduce((sum, entry) => sum + entry.totalTiyn, 0)
        expect(sums).toEqual(['sale', 'buy', 'saleReturn', 'buyReturn'].map(total))
        const inCash = (...kinds: string[]): number =>
          ledger
            .filter((entry) => kinds.includes(entry.kind))
            .reduce((sum, entry) => sum + (entry.payments[0] ?? 0) - entry.changeTiyn, 0)
        expect(cashTiyn).toBe(
          50_000 + inCash('sale', 'buyReturn', 'deposit') - inCash('buy', 'saleReturn', 'withdrawal'),
        )
        expect(cashTiyn).toBeGreaterThanOrEqual(0)
        const numbers = ledger.filter((entry) => ['sale', 'buy', 'saleReturn', 'buyReturn'].includes(entry.kind))
        for (let index = 1; index < numbers.length; index += 1)
          expect(numbers[index]?.number).toBeGreaterThan(numbers[index - 1]?.number ?? 0)
        expect(ledger.map((entry) => entry.seq)).toEqual(ledger.map((_, index) => index + 1))
      }),
      { numRuns: 400, seed: 20_260_118 },
    )
  })

  it('has every reading in the list that is drawn from', () => {
    expect(Object.keys(READING_VALUES).sort()).toEqual(
      Object.keys(newDeviceState({ seed: 1, nowMs: 0 }).readings).sort(),
    )
  })
})
