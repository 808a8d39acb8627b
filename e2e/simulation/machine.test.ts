import { describe, expect, it } from 'vitest'
import type { DeviceReply } from '../../src/contract/device.ts'
import { newBankLeg } from '../../src/queue/types.ts'
import type { EntryState, Question } from '../../src/queue/types.ts'
import { BAD_SALE, CARD_SALE, TEMPLATES } from './goods.ts'
import { Lab, TIMEOUT } from './lab.ts'

const refusal = (code: number, reason = 'x'): DeviceReply => ({
  kind: 'reply',
  status: 400,
  reason,
  body: String(code),
})

describe('what a reply to a registration leads to', () => {
  const table: readonly (readonly [code: number, state: EntryState, asked: Question['kind'] | null])[] = [
    [-1, 'recon', 'key'],
    [-2, 'sending', null],
    [-3, 'sending', 'closeShift'],
    [-4, 'sending', 'fix'],
    [-5, 'sending', 'fix'],
    [-6, 'sending', 'fix'],
    [-7, 'refused', 'decide'],
    [-8, 'refused', 'decide'],
    [-9, 'refused', 'decide'],
    [-10, 'refused', 'decide'],
    [-11, 'sending', 'fix'],
    [-12, 'refused', 'decide'],
    [-13, 'refused', 'decide'],
    [-14, 'refused', 'decide'],
    [-15, 'refused', 'decide'],
    [-16, 'sending', 'fix'],
    [-17, 'refused', 'decide'],
    [-18, 'sending', 'fix'],
    [-99, 'sending', 'readDeviceLog'],
    [-100, 'sending', 'fix'],
    [-137, 'sending', 'fix'],
    [-199, 'sending', 'fix'],
    [-42, 'sending', 'readDeviceLog'],
  ]
  it.each(table)('%i makes the entry %s and asks %s; nothing is registered', (code, state, asked) => {
    const lab = new Lab()
    lab.enqueue('registration', TEMPLATES[0])
    lab.run()
    const id = lab.enqueue('registration', TEMPLATES[1])
    lab.intercept = (request) => (request.path === '/api/' ? refusal(code) : null)
    lab.run(25_000)
    expect(lab.entry(id)).toMatchObject({ state, code })
    expect(lab.asked()?.kind ?? null).toBe(asked)
    expect(lab.documents()).toBe(1)
    expect(lab.record().bound).toBe(state === 'sending' ? id : null)
  })

  const unknown: readonly (readonly [string, DeviceReply])[] = [
    ['a 0', { kind: 'reply', status: 200, reason: '', body: '0' }],
    ['seven digits', { kind: 'reply', status: 200, reason: '42', body: '1234567' }],
    ['HTML', { kind: 'reply', status: 200, reason: 'OK', body: '<html></html>' }],
    ['an empty body', { kind: 'reply', status: 200, reason: '42', body: '' }],
    ['a success with an error for a reason', { kind: 'reply', status: 200, reason: 'cash-lq-sale', body: '12345678' }],
    ['a code under status 200', { kind: 'reply', status: 200, reason: '', body: '-10' }],
    ['a key under status 400', { kind: 'reply', status: 400, reason: '', body: '12345678' }],
  ]
  it.each(unknown)('%s is neither done nor failed: the same bytes go out again on the same key', (_, reply) => {
    const lab = new Lab()
    const bodies: (string | null)[] = []
    lab.intercept = (request, deliver) => {
      if (request.path !== '/api/') return null
      bodies.push(request.body)
      if (bodies.length > 1) return null
      deliver()
      return reply
    }
    const id = lab.enqueue()
    lab.run()
    expect(bodies).toHaveLength(2)
    expect(bodies[1]).toBe(bodies[0])
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 1 })
    expect(lab.documents()).toBe(1)
  })
})

describe('a registration', () => {
  it('is durable with its key before the first byte leaves, and is audited before it counts as done', () => {
    const lab = new Lab()
    const id = lab.enqueue()
    lab.intercept = (request) => {
      if (request.path !== '/api/') return null
      expect(lab.entry(id)).toMatchObject({ state: 'sending', attempts: 1, key: lab.device.currentKey() })
      expect(lab.record().bound).toBe(id)
      return null
    }
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 1, shift: 1 })
    expect(lab.sent.filter((path) => path === '/api/')).toHaveLength(1)
    expect(lab.entry(id).open).toBeUndefined()
  })

  it('goes to the wire first, straight after its commit, when the payment screen has probed', () => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    lab.offer({ kind: 'prepare' })
    lab.run()
    lab.log.length = 0
    lab.enqueue()
    lab.run()
    expect(lab.log.slice(0, 2)).toEqual(['commit', 'send /api/'])
  })

  it('whose answer got lost is registered once and found with its number, without asking anybody', () => {
    const lab = new Lab()
    let lost = false
    lab.intercept = (request, deliver) => {
      if (request.path !== '/api/' || lost) return null
      lost = true
      deliver()
      return TIMEOUT
    }
    const id = lab.enqueue()
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 1, attempts: 2 })
    expect(lab.documents()).toBe(1)
    expect(lab.asked()).toBeNull()
  })

  it('that was on the wire when the app died is resolved by the next start', () => {
    const lab = new Lab()
    lab.intercept = (request, deliver) => {
      if (request.path !== '/api/') return null
      deliver()
      throw new Error('the tab is gone')
    }
    const id = lab.enqueue()
    expect(() => lab.run()).toThrow('the tab is gone')
    lab.intercept = () => null
    lab.restart()
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 1 })
    expect(lab.documents()).toBe(1)
  })

  it('swallowed by a foreign document looks like a success and is sent again', () => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    let foreign = false
    lab.intercept = (request) => {
      if (request.path === '/api/' && !foreign) {
        foreign = true
        lab.device.foreignOperation({ kind: 'sale', totalTiyn: 77_700 }, 1_760_000_000_000 + lab.nowMs)
      }
      return null
    }
    const id = lab.enqueue()
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 3 })
    expect(lab.record().foreign).not.toBeNull()
  })

  it('with a wrong key waits for the right one and is then sent once', () => {
    const lab = new Lab({ record: { key: '00000001' } })
    const id = lab.enqueue()
    lab.run()
    expect(lab.asked()).toEqual({ kind: 'key', refused: '00000001' })
    lab.answer({ kind: 'key', key: lab.device.currentKey() })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 1 })
  })

  it('goes on by itself when paper is back', () => {
    const lab = new Lab()
    lab.device.state.printer = 'no-paper'
    const id = lab.enqueue()
    lab.run(60_000)
    expect(lab.asked()).toEqual({ kind: 'fix', code: -6 })
    lab.device.state.printer = 'ready'
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', question: null })
    expect(lab.documents()).toBe(1)
  })

  it('in a shift of yesterday is registered after the person let the shift be closed', () => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    const shift = lab.device.state.shifts.at(-1)
    if (shift) shift.openedMs -= 25 * 3_600_000
    const id = lab.enqueue()
    lab.run(20_000)
    expect(lab.asked()).toEqual({ kind: 'closeShift', shift: 1 })
    lab.answer({ kind: 'goOn' })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', shift: 2 })
    expect(lab.device.state.ledger.filter((one) => one.kind === 'z')).toHaveLength(1)
  })

  it('that the device refuses does not hold up the next one', () => {
    const lab = new Lab()
    const bad = lab.enqueue('registration', BAD_SALE)
    const good = lab.enqueue()
    lab.run()
    expect(lab.entry(bad)).toMatchObject({ state: 'refused', code: -14, open: 1 })
    expect(lab.entry(good)).toMatchObject({ state: 'done', number: 1 })
  })
})

describe('another device at the address', () => {
  it('gets nothing fiscal, and the queue goes on by itself when the right one is back', () => {
    const lab = new Lab({ record: { serial: '011700029000' } })
    let strange = true
    lab.intercept = (request, deliver) => {
      if (!strange) return null
      expect(request.path).not.toBe('/api/')
      const reply = deliver()
      return { ...reply, body: reply.body.replace('011700029000', '999') }
    }
    const id = lab.enqueue()
    lab.run(60_000)
    expect(lab.asked()).toEqual({ kind: 'wrongDevice', expected: '011700029000', found: '999' })
    strange = false
    lab.run()
    expect(lab.asked()).toBeNull()
    expect(lab.entry(id).state).toBe('done')
  })
})

describe('deposits', () => {
  it.each([
    ['executed', true],
    ['not executed', false],
  ])('with a lost answer, %s, end as exactly one by the counters', (_, executed) => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    let lost = false
    lab.intercept = (request, deliver) => {
      if (request.path !== '/apideposit/' || lost) return null
      lost = true
      if (executed) deliver()
      return TIMEOUT
    }
    const id = lab.enqueue('deposit')
    lab.run()
    expect(lab.entry(id).state).toBe('done')
    expect(lab.device.state.ledger.filter((one) => one.kind === 'deposit')).toHaveLength(1)
    expect(lab.sent.filter((path) => path === '/apideposit/')).toHaveLength(executed ? 1 : 2)
  })

  it('that the browser sent twice are asked about, not hidden', () => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    lab.intercept = (request, deliver) => {
      if (request.path === '/apideposit/') deliver()
      return null
    }
    lab.enqueue('deposit')
    lab.run()
    expect(lab.asked()).toMatchObject({ kind: 'depositDone', operation: 'deposit' })
  })
})

describe('reports and the bank', () => {
  it.each([
    ['an X report', 'xReport', '/apixreport/'],
    ['the closing of the bank’s day', 'bankClose', '/apibank/'],
  ] as const)(
    '%s without an answer left once and asks whether it was printed; sales go on meanwhile',
    (_, kind, path) => {
      const lab = new Lab()
      let sends = 0
      lab.intercept = (request) => {
        if (request.path !== path) return null
        sends += 1
        return TIMEOUT
      }
      const report = lab.enqueue(kind)
      const sale = lab.enqueue()
      lab.run()
      expect(lab.entry(sale).state).toBe('done')
      expect(lab.asked()).toEqual({ kind: 'printed' })
      lab.answer({ kind: 'yes' })
      lab.run()
      expect(lab.entry(report).state).toBe('done')
      expect(sends).toBe(1)
    },
  )

  it('the closing of the bank’s day is done with its answer, without a question', () => {
    const lab = new Lab()
    const told = lab.enqueue('bankClose')
    lab.run()
    expect(lab.entry(told)).toMatchObject({ state: 'done', question: null })
  })

  it('a Z with a lost answer closes one shift, and nothing fiscal leaves before it is accounted for', () => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    let lost = false
    lab.intercept = (request, deliver) => {
      if (request.path === '/api/') expect(lab.record().openShiftClose).toBeNull()
      if (request.path !== '/apizreport/' || lost) return null
      lost = true
      deliver()
      return TIMEOUT
    }
    const close = lab.enqueue('zReport')
    const sale = lab.enqueue()
    lab.run()
    expect(lab.entry(close)).toMatchObject({ state: 'done', shift: 1 })
    expect(lab.entry(sale)).toMatchObject({ state: 'done', shift: 2 })
    expect(lab.device.state.ledger.filter((one) => one.kind === 'z')).toHaveLength(1)
  })

  it('a card sale is charged once, under a track that was durable first, and then registered', () => {
    const lab = new Lab()
    const id = lab.enqueue('registration', CARD_SALE, newBankLeg('purchase', CARD_SALE.total))
    lab.intercept = (request) => {
      if (request.path === '/apibank/') {
        expect(lab.entry(id).bank?.attempts).toMatchObject([{ track: 7_000_001, state: 'started' }])
      }
      return null
    }
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', bank: { state: 'paid' } })
    expect(lab.device.state.bank.transactions.filter((one) => one.success)).toHaveLength(1)
  })

  it('a declined card that is given up registers nothing', () => {
    const lab = new Lab()
    lab.device.scriptBank({ result: 'decline', durationMs: 3_000 })
    const id = lab.enqueue('registration', CARD_SALE, newBankLeg('purchase', CARD_SALE.total))
    lab.run()
    expect(lab.asked()?.kind).toBe('cardDeclined')
    lab.answer({ kind: 'giveUp' })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'refused', bank: { state: 'failed' } })
    expect(lab.entry(id).open).toBeUndefined()
    expect(lab.documents()).toBe(0)
  })
})

describe('the number of requests', () => {
  it.each([
    ['under the host lock', true, 1.3],
    ['without the lock', false, 3.2],
  ])('for draining 200 receipts %s is within budget', (_, hostLockWanted, budget) => {
    const lab = new Lab({ record: { hostLockWanted } })
    for (let index = 0; index < 200; index += 1) lab.enqueue('registration', TEMPLATES[index % 3])
    lab.run()
    expect(lab.documents()).toBe(200)
    expect(lab.core.load('d')?.open).toEqual([])
    expect(lab.sent.length / 200).toBeLessThanOrEqual(budget)
    const numbers = Array.from({ length: 200 }, (_unused, index) => lab.entry(`e${index + 1}`).number)
    expect(numbers).toEqual(Array.from({ length: 200 }, (_unused, index) => index + 1))
  })
})
