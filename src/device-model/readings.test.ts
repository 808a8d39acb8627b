import { describe, expect, it } from 'vitest'
import type { DeviceReply } from '../contract/device.ts'
import { DeviceKit } from './testing/device-kit.ts'
import { Random } from './random.ts'
import { DEFAULT_READINGS, drawReadings, READING_VALUES, type DeviceReadings } from './readings.ts'

function kitWith(readings: Partial<DeviceReadings>, options = {}): DeviceKit {
  return new DeviceKit({ readings, ...options })
}

/** The first key of the kit, previous after the first rotation. */
const FIRST = '12345678'

describe('deposit and key', () => {
  it('same: the unchanged key is answered', () => {
    const kit = kitWith({ cashKey: 'same' })
    expect(kit.line(kit.post('/apideposit/', { cash: 5 }))).toBe(`200 1 ${FIRST}`)
  })

  it('rotates: a new key is answered', () => {
    const kit = kitWith({ cashKey: 'rotates' })
    const reply = kit.post('/apideposit/', { cash: 5 })
    expect(reply.body).not.toBe(FIRST)
    expect(reply.body).toBe(kit.device.currentKey())
    expect(kit.last()).toMatchObject({ keySent: FIRST, keyReturned: reply.body })
    expect(kit.get(`/dump/transaction/${FIRST}`).status).toBe(200)
  })

  it('zero: 0 is answered and the key stays', () => {
    const kit = kitWith({ cashKey: 'zero' })
    expect(kit.line(kit.post('/apideposit/', { cash: 5 }))).toBe('200 1 0')
    expect(kit.device.currentKey()).toBe(FIRST)
  })

  it('takes numbers of the receipts, or its own', () => {
    const numbers = (cashTakesNumbers: boolean): string[] => {
      const kit = kitWith({ cashTakesNumbers }, { lastNumber: 10 })
      return [kit.sell(9), kit.post('/apideposit/', { cash: 5 }), kit.sell(9)].map((reply) => reply.reason)
    }
    expect(numbers(true)).toEqual(['11', '12', '13'])
    expect(numbers(false)).toEqual(['11', '1', '12'])
  })

  it('shows as the last closed document, or not', () => {
    const lastClosed = (cashIsLastClosed: boolean): string => {
      const kit = kitWith({ cashIsLastClosed })
      kit.sell(9)
      kit.post('/apideposit/', { cash: 5 })
      return kit.get('/apicheck/').reason
    }
    expect(lastClosed(true)).toBe('2')
    expect(lastClosed(false)).toBe('1')
  })
})

describe('what is replayed after a deposit', () => {
  /** Numbers answered to the sale's key and to the deposit's key after a sale (1) and a deposit (2). */
  function replays(readings: Partial<DeviceReadings>): [string, string] {
    const kit = kitWith(readings)
    kit.sell(9)
    const depositKey = kit.device.currentKey()
    kit.post('/apideposit/', { cash: 5 })
    const bySaleKey = kit.sell(9, { key: FIRST })
    const byDepositKey = depositKey === kit.device.currentKey() ? null : kit.sell(9, { key: depositKey })
    const shown = (reply: DeviceReply | null): string =>
      reply === null ? 'current' : reply.status === 200 ? reply.reason : reply.body
    return [shown(bySaleKey), shown(byDepositKey)]
  }

  it('the pair stays: the sale by the sale key, nothing by the deposit key', () => {
    expect(replays({ cashKey: 'rotates', cashReplay: 'keeps-pair' })).toEqual(['1', '-1'])
    expect(replays({ cashKey: 'same', cashReplay: 'keeps-pair' })).toEqual(['1', 'current'])
  })

  it('overwritten: the deposit is answered', () => {
    expect(replays({ cashKey: 'rotates', cashReplay: 'overwrites' })).toEqual(['-1', '2'])
    expect(replays({ cashKey: 'zero', cashReplay: 'overwrites' })).toEqual(['2', 'current'])
  })

  it('the answer stays but the key moves on: the sale by the deposit key', () => {
    expect(replays({ cashKey: 'rotates', cashReplay: 'keeps-answer' })).toEqual(['-1', '1'])
  })
})

describe('order of checks', () => {
  it('after the key: a replay of an overdue receipt is answered', () => {
    const kit = kitWith({ checks: 'after-key' })
    kit.sell(9)
    kit.wait(25 * 3_600_000)
    expect(kit.sell(9, { key: FIRST }).reason).toBe('1')
    expect(kit.sell(9, { key: '99999999' }).body).toBe('-1')
  })

  it('before the key: overdue shift and bad parameters win over key and replay', () => {
    const kit = kitWith({ checks: 'before-key' })
    kit.sell(9)
    expect(kit.sell('x', { key: FIRST }).body).toBe('-9')
    expect(kit.post('/apiwithdraw/', { cash: 99, key: '5' }).body).toBe('-15')
    kit.wait(25 * 3_600_000)
    expect(kit.sell(9, { key: FIRST }).body).toBe('-3')
    expect(kit.sell(9, { key: '99999999' }).body).toBe('-3')
  })

  it('busy refuses everything, or operations only', () => {
    const during = (busyScope: DeviceReadings['busyScope']): string[] => {
      const kit = kitWith({ busyScope })
      kit.sell(9)
      kit.get('/apizreport/')
      return [kit.get('/apicheck/getInfo'), kit.get('/dump/table/shifts'), kit.sell(1), kit.get('/apicheck/')].map(
        (reply) => (reply.status === 200 ? 'ok' : reply.body),
      )
    }
    expect(during('everything')).toEqual(['-2', '-2', '-2', '-2'])
    expect(during('operations')).toEqual(['ok', 'ok', '-2', '-2'])
  })
})

describe('what a start of the device does to keys', () => {
  function rebooted(readings: Partial<DeviceReadings>): DeviceKit {
    const kit = kitWith(readings)
    kit.sell(9)
    kit.device.reboot(kit.nowMs)
    kit.wait(25_000)
    return kit
  }

  it('the previous key survives, or not', () => {
    expect(rebooted({ previousKeySurvivesReboot: true }).sell(9, { key: FIRST }).reason).toBe('1')
    expect(rebooted({ previousKeySurvivesReboot: false }).sell(9, { key: FIRST }).body).toBe('-1')
  })

  it('the current key is kept, or drawn anew', () => {
    const kept = rebooted({ keyAtStart: 'kept' })
    expect(kept.sell(9, { key: kept.last().keyReturned }).status).toBe(200)
    const fresh = rebooted({ keyAtStart: 'new' })
    expect(fresh.sell(9, { key: fresh.last().keyReturned }).body).toBe('-1')
    expect(fresh.sell(9).status).toBe(200)
  })
})

describe('no paper', () => {
  it('before: nothing is registered', () => {
    const kit = kitWith({ paperOut: 'before' })
    kit.device.state.printer = 'no-paper'
    expect(kit.sell(9).body).toBe('-6')
    expect(kit.device.ledger()).toEqual([])
  })

  it('after: the document is registered, the key is spent, and -6 is answered until there is paper', () => {
    const kit = kitWith({ paperOut: 'after' })
    kit.device.state.printer = 'no-paper'
    expect(kit.sell(9).body).toBe('-6')
    expect(kit.last()).toMatchObject({ number: 1, answered: -6 })
    expect(kit.sell(9, { key: FIRST }).body).toBe('-6')
    kit.device.state.printer = 'ready'
    expect(kit.sell(9, { key: FIRST }).reason).toBe('1')
    kit.device.state.printer = 'no-paper'
    expect(kit.post('/apideposit/', { cash: 5 }).body).toBe('-6')
    expect(kit.last()).toMatchObject({ kind: 'deposit', answered: -6 })
    expect(kit.device.ledger()).toHaveLength(2)
  })
})

describe('-99', () => {
  function after(internalError: DeviceReadings['internalError']): DeviceKit {
    const kit = kitWith({ internalError })
    kit.device.failNext(-99)
    expect(kit.sell(9).body).toBe('-99')
    return kit
  }

  it('nothing happened', () => {
    const kit = after('nothing')
    expect(kit.device.ledger()).toEqual([])
    expect(kit.device.currentKey()).toBe(FIRST)
  })

  it('the key changed', () => {
    const kit = after('rotates')
    expect(kit.device.ledger()).toEqual([])
    expect(kit.sell(9, { key: FIRST }).body).toBe('-1')
  })

  it('it was registered', () => {
    const kit = after('registers')
    expect(kit.last()).toMatchObject({ number: 1, answered: -99 })
    expect(kit.sell(9, { key: FIRST }).reason).toBe('1')
    expect(kit.device.ledger()).toHaveLength(1)
  })

  it('never registers what it would have refused', () => {
    const kit = kitWith({ internalError: 'registers' })
    kit.device.failNext(-99)
    expect(kit.sell('x').body).toBe('-9')
    expect(kit.device.ledger()).toEqual([])
  })
})

describe('Z report', () => {
  function closed(readings: Partial<DeviceReadings>): { kit: DeviceKit; reply: DeviceReply; oldKey: string } {
    const kit = kitWith(readings)
    kit.sell(9)
    const oldKey = kit.device.currentKey()
    const reply = kit.get('/apizreport/')
    kit.wait(40_000)
    return { kit, reply, oldKey }
  }

  it('same: the key stays and the last receipt can be replayed', () => {
    const { kit, reply, oldKey } = closed({ zKey: 'same' })
    expect(reply.body).toBe('0')
    expect(kit.device.currentKey()).toBe(oldKey)
    expect(kit.sell(9, { key: FIRST }).reason).toBe('1')
  })

  it('returned or silent: the key changes, and a sale on the old one is swallowed', () => {
    for (const zKey of ['returned', 'silent'] as const) {
      const { kit, reply, oldKey } = closed({ zKey })
      expect(reply.body).toBe(zKey === 'returned' ? kit.device.currentKey() : '0')
      expect(kit.device.currentKey()).not.toBe(oldKey)
      expect(kit.sell(7, { key: oldKey }).reason).toBe('1')
      expect(kit.device.ledger().map((entry) => entry.kind)).toEqual(['sale', 'z'])
    }
  })

  it('forgets the previous key, or not', () => {
    expect(closed({ previousKeySurvivesZ: false }).kit.sell(9, { key: FIRST }).body).toBe('-1')
    expect(closed({ previousKeySurvivesZ: true }).kit.sell(9, { key: FIRST }).reason).toBe('1')
  })

  it('repeated: an error, or a shift without documents', () => {
    const { kit } = closed({ zRepeated: 'error' })
    expect(kit.get('/apizreport/').body).toBe('-7')
    const empty = closed({ zRepeated: 'empty' }).kit
    expect(empty.get('/apizreport/').reason).toBe('z-report-started')
    empty.wait(40_000)
    expect(empty.device.state.shifts.map((shift) => shift.closedMs > 0)).toEqual([true, true])
  })

  it('takes the cash out first, or not', () => {
    const { kit } = closed({ zWithdrawsCash: true })
    expect(kit.device.ledger().map((entry) => entry.kind)).toEqual(['sale', 'withdrawal', 'z'])
    expect(kit.device.state.cashTiyn).toBe(0)
    expect(closed({ zWithdrawsCash: false }).kit.device.state.cashTiyn).toBe(900)
  })

  it('is answered when it starts, or when the shift is closed', () => {
    const workOf = (zAnswer: DeviceReadings['zAnswer']): number => {
      const kit = kitWith({ zAnswer })
      kit.sell(9)
      kit.get('/apizreport/')
      return kit.device.workMs
    }
    expect(workOf('at-start')).toBe(0)
    expect(workOf('at-end')).toBe(40_000)
  })

  it('interrupted by a start of the device: finishes, or is lost', () => {
    const statusAfter = (zAtReboot: DeviceReadings['zAtReboot']): string => {
      const kit = kitWith({ zAtReboot })
      kit.sell(9)
      kit.get('/apizreport/')
      kit.device.reboot(kit.nowMs + 1_000)
      kit.wait(60_000)
      return kit.get('/apicheck/getInfo').body.includes('"closed"') ? 'closed' : 'opened'
    }
    expect(statusAfter('finishes')).toBe('closed')
    expect(statusAfter('lost')).toBe('opened')
  })

  it('may need a senior cashier', () => {
    const kit = kitWith({ zNeedsSenior: true }, { cashierId: 100 })
    kit.sell(9)
    expect(kit.get('/apizreport/').body).toBe('-16')
    expect(closed({ zNeedsSenior: true }).reply.status).toBe(200)
  })
})

describe('what checks the key', () => {
  it('getInfo and apicheck, or not; a session variable always', () => {
    const open = kitWith({ statusChecksKey: false })
    expect(open.get('/apicheck/getInfo', { key: '' }).status).toBe(200)
    expect(open.get('/apicheck/', { key: '5' }).body).toBe('0')
    expect(open.get('/apicheck/', { key: '5', timersFast: 'true' }).body).toBe('-1')
    expect(kitWith({}).get('/apicheck/getInfo', { key: '' }).body).toBe('-7')
  })

  it('dump, or not', () => {
    expect(kitWith({ dumpChecksKey: false }).get('/dump/table/taxes', { key: '' }).status).toBe(200)
    expect(kitWith({}).get('/dump/table/taxes', { key: '' }).body).toBe('-7')
  })
})

describe('the rest', () => {
  it('the web-key of a receipt is the key sent, or the key returned', () => {
    const found = (transactionKey: DeviceReadings['transactionKey']): boolean[] => {
      const kit = kitWith({ transactionKey })
      kit.sell(9)
      return [FIRST, kit.device.currentKey()].map((key) => kit.get(`/dump/transaction/${key}`).status === 200)
    }
    expect(found('sent')).toEqual([true, false])
    expect(found('returned')).toEqual([false, true])
  })

  it('a replay answers the same new key, or another that is then current', () => {
    const kit = kitWith({ replayKey: 'new' })
    const first = kit.sell(9)
    const again = kit.sell(9, { key: FIRST })
    expect(again.reason).toBe(first.reason)
    expect(again.body).not.toBe(first.body)
    expect(kit.sell(9, { key: FIRST }).body).toBe(kit.device.currentKey())
    expect(kit.sell(9, { key: first.body }).body).toBe('-1')
    expect(kit.device.ledger()).toHaveLength(1)
  })

  it('a replay may need the very same request', () => {
    const kit = kitWith({ replayComparesBody: true })
    kit.sell(9)
    expect(kit.sell(8, { key: FIRST }).body).toBe('-1')
    expect(kit.sell(9, { key: FIRST }).reason).toBe('1')
  })

  it('non-cash above the total is -10 or -13', () => {
    expect(
      kitWith({ nonCashAboveTotal: -13 }).line(kitWith({ nonCashAboveTotal: -13 }).post('/api/', { sale: 8, bank: 9 })),
    ).toBe('400 bank-tara-credit-hq-sale -13')
  })

  it('low battery is -5 or -6', () => {
    const kit = kitWith({ lowBattery: -6 })
    kit.device.state.batteryPercent = 1
    expect(kit.line(kit.sell(9))).toBe('400 check-printer-or-batt -6')
  })

  it('a discount is a row with a negative sum in the receipts, or missing', () => {
    const kit = kitWith({ chequeDiscounts: 'omitted' })
    kit.sell(9, { itemdata: '[{"name":"a","price":"10","qty":"1","sum":"10"},{"name":"d","discount":"1"}]' })
    expect(kit.json('/dump/table/shifts/1/sales')).toHaveLength(1)
    kit.sell(9, { itemdata: '[{"name":"d","discount":"1"}]' })
    expect(kit.json('/dump/table/shifts/1/cheques')).toMatchObject([{}, { chequeSales: [] }])
  })

  it('a bank operation cut off by a start of the device is kept, or lost', () => {
    const foundAfter = (bankAtReboot: DeviceReadings['bankAtReboot']): boolean => {
      const kit = kitWith({ bankAtReboot })
      kit.get('/apibank/', { message: 'purchase', amount: 5, trackdocument: 9 })
      kit.device.reboot(kit.nowMs + 1)
      kit.wait(60_000)
      return kit.get('/dump/bank/9/trackdocument').body.includes('"foundTransactions":"1"')
    }
    expect(foundAfter('kept')).toBe(true)
    expect(foundAfter('lost')).toBe(false)
  })
})

describe('drawn readings', () => {
  it('give every value of every point sooner or later, and the default when asked for', () => {
    const random = Random.seeded(1)
    const seen = new Map<string, Set<unknown>>()
    for (let draw = 0; draw < 500; draw += 1)
      for (const [name, value] of Object.entries(drawReadings(random)))
        seen.set(name, (seen.get(name) ?? new Set()).add(value))
    for (const [name, values] of Object.entries(READING_VALUES))
      expect([name, seen.get(name)?.size]).toEqual([name, values.length])
    expect(drawReadings(random, 1)).toEqual(DEFAULT_READINGS)
  })

  it('list the default of every point first', () => {
    for (const [name, values] of Object.entries(READING_VALUES))
      expect(values[0]).toBe(DEFAULT_READINGS[name as keyof DeviceReadings])
  })
})
