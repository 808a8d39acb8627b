/** Cases that the simulation found and shrank, kept by name. */
import { describe, expect, it } from 'vitest'
import type { DeviceReply } from '../../src/contract/device.ts'
import { printRequest } from '../../src/ikkm/requests.ts'
import { TEMPLATES } from './goods.ts'
import { Lab, TIMEOUT } from './lab.ts'

const DEVICE_START_MS = 1_760_000_000_000

const withoutReason = (reply: DeviceReply): DeviceReply => ({ ...reply, reason: '' })

describe('found by the simulation', () => {
  it('a print that comes back into the queue waits while a receipt in doubt holds the key', () => {
    const lab = new Lab()
    lab.intercept = (request) => (request.path === '/apiprint' ? TIMEOUT : null)
    const id = 'print'
    const { entry } = lab.core.enqueue(id, () => ({
      id,
      deviceId: 'd',
      kind: 'print',
      request: printRequest('Open at nine'),
      receipt: null,
      amount: TEMPLATES[0]?.total ?? lab.entry(id).amount,
      cashier: 'Aliya',
      createdAtMs: 0,
      shift: null,
      bank: null,
    }))
    lab.offer({ kind: 'enqueued', entry })
    lab.run()
    expect(lab.asked()).toEqual({ kind: 'printed' })
    let losses = 1
    lab.intercept = (request, deliver) => {
      if (request.path !== '/api/' || losses === 0) return null
      losses -= 1
      deliver()
      lab.answer({ kind: 'no' })
      return TIMEOUT
    }
    const sale = lab.enqueue()
    lab.run()
    expect(lab.entry(sale)).toMatchObject({ state: 'done', number: 1 })
    expect(lab.entry(id).state).toBe('done')
    expect(lab.documents()).toBe(1)
  })

  it('-3 that the device says before it looks at the key does not hide a receipt that is registered already', () => {
    const lab = new Lab({
      device: { readings: { checks: 'before-key', dumpChecksKey: false, statusChecksKey: false } },
    })
    lab.enqueue()
    lab.run()
    let lost = false
    lab.intercept = (request, deliver) => {
      if (request.path !== '/api/' || lost) return null
      lost = true
      deliver()
      const shift = lab.device.state.shifts.at(-1)
      if (shift) shift.openedMs -= 25 * 3_600_000
      return TIMEOUT
    }
    const id = lab.enqueue()
    lab.run()
    expect(lab.asked()).toEqual({ kind: 'isReceiptOurs', number: 2, mark: 'A-0002' })
    lab.answer({ kind: 'yes' })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 2 })
    expect(lab.documents()).toBe(2)
  })

  it('a lost reason phrase costs no question: a key that is still current belongs to the last receipt', () => {
    const lab = new Lab()
    let lost = false
    lab.intercept = (request, deliver) => {
      const reply = deliver()
      if (request.path !== '/api/' || lost) return withoutReason(reply)
      lost = true
      return TIMEOUT
    }
    const id = lab.enqueue()
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 1 })
    expect(lab.asked()).toBeNull()
  })

  it('without a reason phrase a foreign receipt between the two reads of an audit is not taken for ours', () => {
    const lab = new Lab({
      device: { readings: { dumpChecksKey: false, statusChecksKey: false } },
      record: { hostLockOff: false },
    })
    lab.enqueue()
    lab.run()
    const foreign = (totalTiyn: number): void => {
      lab.device.foreignOperation({ kind: 'sale', totalTiyn }, DEVICE_START_MS + lab.nowMs)
    }
    // Makes our key the previous one, which this device lets pass in every read.
    foreign(9_900)
    lab.memory.probe = null
    let answered = false
    lab.intercept = (request, deliver) => {
      if (request.path === '/api/') {
        answered = true
        return withoutReason(deliver())
      }
      if (answered && request.path.endsWith('/report')) {
        answered = false
        foreign(TEMPLATES[0]?.total ?? 0)
      }
      return null
    }
    const id = lab.enqueue('registration', TEMPLATES[0])
    lab.run(12_000)
    expect(lab.documents()).toBe(3)
    expect(lab.entry(id).state).not.toBe('done')
  })

  it('a foreign receipt with our lines and a discount that the list leaves out is asked about', () => {
    const lab = new Lab({ device: { readings: { chequeDiscounts: 'omitted' } } })
    lab.enqueue()
    lab.run()
    let foreign = false
    lab.intercept = (request) => {
      if (request.path === '/api/' && !foreign) {
        foreign = true
        const itemdata = JSON.stringify([
          { name: 'x', price: '200', qty: '2', sum: '400' },
          { name: 'y', discount: '40' },
        ])
        lab.device.foreignOperation({ kind: 'sale', totalTiyn: 36_000, itemdata }, DEVICE_START_MS + lab.nowMs)
      }
      return null
    }
    const id = lab.enqueue('registration', TEMPLATES[0])
    lab.run()
    expect(lab.asked()).toEqual({ kind: 'isReceiptOurs', number: 2, mark: 'A-0002' })
    lab.answer({ kind: 'no' })
    lab.run()
    // Without the lock nothing more is sent beside another till before somebody says who sells.
    expect(lab.asked()).toEqual({ kind: 'otherTill', number: 2 })
    lab.answer({ kind: 'lock' })
    lab.run()
    // In the second of our send, minutes after an equal one of theirs: only the mark tells.
    expect(lab.asked()).toEqual({ kind: 'isReceiptOurs', number: 3, mark: 'A-0002' })
    lab.answer({ kind: 'yes' })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 3 })
    expect(lab.record().hostLockHeldSinceMs).not.toBeNull()
  })

  it('a deposit that opened a shift which somebody closed before we looked is asked about, not repeated', () => {
    const lab = new Lab()
    let lost = false
    lab.intercept = (request, deliver) => {
      if (request.path !== '/apideposit/' || lost) return null
      lost = true
      deliver()
      const now = DEVICE_START_MS + lab.nowMs
      lab.device.foreignOperation({ kind: 'z' }, now)
      lab.device.advance(now + 60_000)
      lab.device.foreignOperation({ kind: 'sale', totalTiyn: 100_00 }, now + 60_000)
      return TIMEOUT
    }
    lab.enqueue('deposit')
    lab.run()
    lab.answer({ kind: 'key', key: lab.device.currentKey() })
    lab.run()
    expect(lab.asked()?.kind).toBe('depositDone')
    expect(lab.device.state.ledger.filter((one) => one.kind === 'deposit')).toHaveLength(1)
  })

  it('a return refused for want of cash after a lost answer is not given up: it may have been what emptied the drawer', () => {
    const lab = new Lab({ device: { cashTiyn: 15_050, readings: { checks: 'before-key' } } })
    let lost = false
    lab.intercept = (request, deliver) => {
      if (request.path !== '/api/' || lost) return null
      lost = true
      deliver()
      return TIMEOUT
    }
    const id = lab.enqueue('registration', TEMPLATES[3])
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'recon', code: -15 })
    lab.answer({ kind: 'key', key: lab.device.currentKey() })
    lab.run()
    expect(lab.asked()).toEqual({ kind: 'isReceiptOurs', number: 1, mark: 'A-0001' })
  })

  it('a baseline from a time without reports names no receipt: its number may be a cash document of its own', () => {
    const lab = new Lab({ device: { readings: { cashTakesNumbers: false } } })
    lab.enqueue('registration', TEMPLATES[0])
    lab.run()
    lab.enqueue('deposit')
    lab.run()
    const cashier = (cashierId: number): void => {
      lab.device.foreignOperation({ kind: 'cashier', cashierId }, DEVICE_START_MS + lab.nowMs)
    }
    cashier(100)
    lab.memory.probe = null
    const id = lab.enqueue('registration', TEMPLATES[0])
    lab.run(20_000)
    expect(lab.asked()).toEqual({ kind: 'fix', code: -11 })
    cashier(166)
    lab.run()
    expect(lab.documents()).toBe(3)
    expect(lab.asked()).not.toEqual({ kind: 'isReceiptOurs', number: 1, mark: 'A-0003' })
    if (lab.asked()) lab.answer({ kind: 'yes', number: 2 })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 2 })
    expect(lab.documents()).toBe(3)
  })

  it("a lost reason phrase and a foreign receipt like ours in the next shift don't exchange the numbers", () => {
    const lab = new Lab()
    let answered = false
    lab.intercept = (request, deliver) => {
      if (request.path === '/api/') {
        answered = true
        return withoutReason(deliver())
      }
      if (!answered) return null
      answered = false
      // Before our audit somebody closes the shift that our receipt opened, and sells the same in the next one.
      lab.nowMs += 60_000
      const now = DEVICE_START_MS + lab.nowMs
      lab.device.foreignOperation({ kind: 'z' }, now)
      lab.nowMs += 60_000
      lab.device.advance(now + 60_000)
      lab.device.foreignOperation({ kind: 'sale', totalTiyn: TEMPLATES[0]?.total ?? 0 }, now + 60_000)
      return null
    }
    const id = lab.enqueue('registration', TEMPLATES[0])
    lab.run()
    expect(lab.asked()?.kind).toBe('key')
    lab.answer({ kind: 'key', key: lab.device.currentKey() })
    lab.run()
    expect(lab.asked()).toEqual({ kind: 'isReceiptOurs', number: 1, mark: 'A-0001' })
    lab.answer({ kind: 'yes' })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 1 })
    expect(lab.documents()).toBe(2)
  })

  it('a copy that arrives after its entry was found not registered is looked up before the sale goes out again', () => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    // The shift is over: the first send is lost on its way for long, the second is refused with -3.
    let late: (() => DeviceReply) | null = null
    let sends = 0
    lab.intercept = (request, deliver) => {
      const shift = lab.device.state.shifts.at(-1)
      if (request.path === '/api/' && sends === 0) {
        sends += 1
        late = deliver
        if (shift) shift.openedMs -= 25 * 3_600_000
        return TIMEOUT
      }
      // The terminal's own Z closed the shift; the copy opens the next one before the sale goes out again.
      if (late !== null && shift?.closedMs !== 0) {
        late()
        late = null
        lab.offer({ kind: 'key', key: lab.device.currentKey() })
      }
      return null
    }
    const id = lab.enqueue('registration', TEMPLATES[0])
    lab.run(45_000)
    expect(lab.asked()?.kind).toBe('closeShift')
    lab.answer({ kind: 'goOn' })
    lab.run()
    expect(lab.asked()).toEqual({ kind: 'isReceiptOurs', number: 2, mark: 'A-0002' })
    lab.answer({ kind: 'yes' })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 2 })
    expect(lab.documents()).toBe(2)
  })

  it('the last of several receipts whose answer lacks its number keeps its own opening time, not that of the first', () => {
    const lab = new Lab({ record: { hostLockOff: false } })
    lab.enqueue()
    lab.run()
    const ids = [lab.enqueue(), lab.enqueue(), lab.enqueue()]
    lab.intercept = (request, deliver) => {
      const reply = deliver()
      return request.path === '/api/' && lab.entry(ids[2] ?? '').state === 'sending' ? withoutReason(reply) : reply
    }
    lab.run()
    const openedAt = (number: number) => lab.device.ledger().find((document) => document.number === number)?.atMs ?? 0
    expect(ids.map((id) => lab.entry(id))).toMatchObject(
      [2, 3, 4].map((number) => ({ state: 'done', number, deviceAtMs: Math.floor(openedAt(number) / 1000) * 1000 })),
    )
    expect(openedAt(4) - openedAt(2)).toBeGreaterThan(1_000)
  })
})
