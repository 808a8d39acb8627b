import { describe, expect, it } from 'vitest'
import { DeviceKit } from './testing/device-kit.ts'

describe('deposit and withdrawal (5.3)', () => {
  it('answer their number and the unchanged key, and move the drawer', () => {
    const kit = new DeviceKit({ lastNumber: 125 })
    expect(kit.line(kit.get('/apideposit/', { cash: 2000 }))).toBe('200 126 12345678')
    expect(kit.line(kit.get('/apiwithdraw/', { cash: 200 }))).toBe('200 127 12345678')
    expect(kit.device.state.cashTiyn).toBe(180_000)
    expect(kit.last()).toMatchObject({ kind: 'withdrawal', number: 127, totalTiyn: 20_000, keySent: '12345678' })
    expect(kit.json('/dump/table/shifts/1/report')).toMatchObject({
      cashInDocCount: 1,
      cashInTotal: 2000,
      cashOutDocCount: 1,
      cashOutTotal: 200,
    })
  })

  it.each<[string, Record<string, string | number>, string]>([
    ['no cash parameter', {}, 'payment-params-missed -7'],
    ['cash that is no number', { cash: 'x' }, 'cache-param-error -9'],
    ['nothing', { cash: 0 }, 'cache-not-in-range -9'],
    ['less than nothing', { cash: -5 }, 'cache-not-in-range -9'],
    ['more than 20 million', { cash: '20000000.01' }, 'cache-not-in-range -9'],
    ['a wrong key', { cash: 5, key: '1' }, 'incorrect-web-api-key -1'],
    ['no key', { cash: 5, key: '' }, 'no-web-api-key-provided -7'],
  ])('refuse %s', (_case, parameters, expected) => {
    const kit = new DeviceKit()
    for (const path of ['/apideposit/', '/apiwithdraw/'])
      expect(kit.line(kit.post(path, parameters))).toBe(`400 ${expected}`)
    expect(kit.device.ledger()).toEqual([])
  })

  it('refuse a withdrawal of more than the drawer holds, a blocked device and an overdue shift', () => {
    const kit = new DeviceKit({ cashTiyn: 10_000 })
    expect(kit.line(kit.post('/apiwithdraw/', { cash: '100.01' }))).toBe('400 no-cash-in-pos -15')
    expect(kit.post('/apiwithdraw/', { cash: 100 }).status).toBe(200)
    kit.device.state.blockedCode = 5
    expect(kit.post('/apideposit/', { cash: 1 }).body).toBe('-105')
    kit.device.state.blockedCode = null
    kit.wait(25 * 3_600_000)
    expect(kit.post('/apideposit/', { cash: 1 }).body).toBe('-3')
  })

  it('have no replay: the same deposit again is a second deposit', () => {
    const kit = new DeviceKit()
    kit.post('/apideposit/', { cash: 5 })
    kit.post('/apideposit/', { cash: 5 })
    expect(kit.device.state.cashTiyn).toBe(1_000)
  })
})

describe('X report (5.3)', () => {
  it('prints and changes nothing', () => {
    const kit = new DeviceKit()
    kit.sell(5)
    const key = kit.device.currentKey()
    expect(kit.line(kit.get('/apixreport/'))).toBe('200 x-report-started 0')
    expect(kit.device.currentKey()).toBe(key)
    expect(kit.last()).toMatchObject({ kind: 'x', shift: 1, number: 0 })
    expect(kit.device.state.paper.at(-1)).toContain('X-ОТЧЁТ')
    kit.device.state.printer = 'no-paper'
    expect(kit.get('/apixreport/').body).toBe('-6')
  })
})

describe('Z report (5.3, 10.1)', () => {
  it('answers at once, is busy for 40 s and then has closed the shift', () => {
    const kit = new DeviceKit()
    kit.sell(5)
    const key = kit.device.currentKey()
    expect(kit.line(kit.get('/apizreport/'))).toBe('200 z-report-started 0')
    kit.wait(39_999)
    for (const path of [
      '/api/',
      '/apicheck/',
      '/apicheck/getInfo',
      '/apizreport/',
      '/apideposit/',
      '/dump/table/taxes',
    ])
      expect(kit.get(path, { sale: 1, cash: 1 }).body).toBe('-2')
    kit.wait(1)
    expect(kit.json('/apicheck/getInfo')).toMatchObject({ currentShiftID: '1', currentShiftStatus: 'closed' })
    expect(kit.device.currentKey()).toBe(key)
    expect(kit.last()).toMatchObject({ kind: 'z', shift: 1, keySent: key })
    expect(kit.device.state.paper.at(-1)).toContain('Z-ОТЧЁТ')
  })

  it('takes 5 to 10 s with fast timers, and 40 s again with normal ones', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const kit = new DeviceKit({ seed })
      kit.sell(5)
      kit.get('/apicheck/', { timersFast: 'true' })
      kit.get('/apizreport/')
      const delay = (kit.device.state.closing?.dueMs ?? 0) - kit.nowMs
      expect(delay).toBeGreaterThanOrEqual(5_000)
      expect(delay).toBeLessThanOrEqual(10_000)
      kit.wait(delay)
      kit.sell(5)
      kit.get('/apicheck/', { timersNormal: 'true' })
      kit.get('/apizreport/')
      expect(kit.device.state.closing?.dueMs).toBe(kit.nowMs + 40_000)
    }
  })

  it('closes an overdue shift and the shift of another cashier', () => {
    const kit = new DeviceKit()
    kit.sell(5)
    kit.wait(8 * 86_400_000)
    kit.device.foreignOperation({ kind: 'cashier', cashierId: 201 }, kit.nowMs)
    expect(kit.sell(5).body).toBe('-3')
    expect(kit.get('/apizreport/').status).toBe(200)
    kit.wait(40_000)
    expect(kit.sell(5).status).toBe(200)
    expect(kit.last()).toMatchObject({ shift: 2, cashierId: 201, number: 2 })
  })

  it('closes when it is due, even if nobody asks before', () => {
    const kit = new DeviceKit()
    kit.sell(5)
    kit.get('/apizreport/')
    const due = kit.nowMs + 40_000
    kit.wait(3_600_000)
    expect(kit.device.state.shifts[0]?.closedMs).toBe(due)
  })

  it('refuses without paper and when no shift is open', () => {
    const kit = new DeviceKit()
    expect(kit.get('/apizreport/').body).toBe('-7')
    kit.sell(5)
    kit.device.state.printer = 'no-paper'
    expect(kit.get('/apizreport/').body).toBe('-6')
    expect(kit.device.state.closing).toBeNull()
  })

  it('opens the next shift with the next document and keeps counting', () => {
    const kit = new DeviceKit({ lastShift: 41, lastNumber: 10 })
    kit.sell(5)
    kit.get('/apizreport/')
    kit.wait(40_000)
    kit.post('/apideposit/', { cash: 5 })
    expect(kit.last()).toMatchObject({ kind: 'deposit', shift: 43, number: 12 })
    expect(kit.device.state.shifts[1]?.sumsAtOpen).toEqual([500, 0, 0, 0])
  })
})
