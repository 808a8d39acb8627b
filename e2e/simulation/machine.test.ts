import { describe, expect, it } from 'vitest'
import type { DeviceReply } from '../../src/contract/device.ts'
import { NOT_CARRIED } from '../../src/ikkm/codes.ts'
import { D_MAX_MS, DEPARTS_WITHIN_MS, newBankLeg } from '../../src/queue/types.ts'
import type { EntryState, Question } from '../../src/queue/types.ts'
import { BAD_SALE, CARD_SALE, TEMPLATES } from './goods.ts'
import { Lab, TIMEOUT, type Intercept } from './lab.ts'

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

  it('a request that our relay will not carry is refused like one, and the next sale goes out', () => {
    const lab = new Lab()
    const id = lab.enqueue('registration', TEMPLATES[1])
    lab.intercept = (request) =>
      request.path === '/api/' && request.body?.includes(lab.entry(id).mark) === true
        ? { kind: 'silence', cause: 'refused', sent: 'never', detail: '413' }
        : null
    const next = lab.enqueue('registration', TEMPLATES[0])
    lab.run(100_000)
    expect(lab.entry(id)).toMatchObject({
      state: 'refused',
      code: NOT_CARRIED,
      question: { question: { kind: 'decide' } },
    })
    expect(lab.entry(next).state).toBe('done')
    expect(lab.documents()).toBe(1)
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

  it.each([
    ['its answer came', (): Intercept => () => null],
    [
      'its answer got lost',
      (): Intercept => {
        let lost = false
        return (request, deliver) => {
          if (request.path !== '/api/' || lost) return null
          lost = true
          deliver()
          return TIMEOUT
        }
      },
    ],
  ])('keeps the register’s own date of the document, whatever the tablet’s clock says, where %s', (_, intercept) => {
    const lab = new Lab()
    lab.clockOffsetMs = -3 * 86_400_000
    lab.intercept = intercept()
    const id = lab.enqueue()
    lab.run()
    const document = lab.device.state.ledger.find(({ number }) => number === 1)
    expect(lab.entry(id)).toMatchObject({
      state: 'done',
      number: 1,
      deviceAtMs: Math.floor((document?.atMs ?? 0) / 1000) * 1000,
    })
    expect(Math.abs((lab.entry(id).doneAtMs ?? 0) - (document?.atMs ?? 0))).toBeGreaterThan(2 * 86_400_000)
  })

  it('goes to the wire first, straight after its commit, when the payment screen has probed', () => {
    const lab = new Lab({ record: { hostLockOff: false } })
    lab.enqueue()
    lab.run()
    lab.offer({ kind: 'prepare' })
    lab.run()
    lab.log.length = 0
    lab.enqueue()
    lab.run()
    expect(lab.log.slice(0, 2)).toEqual(['commit', 'send /api/'])
  })

  it.each([
    ['the register is busy once', 1, (path: string) => path.startsWith('/dump/transaction/')],
    [
      'the register gives neither its record nor the list',
      Infinity,
      (path: string) => path.startsWith('/dump/transaction/') || path.endsWith('/cheques'),
    ],
  ])('whose number got lost on the way shares none with the next one, where %s', (_, times, hidden) => {
    const lab = new Lab({ record: { hostLockOff: false } })
    lab.enqueue()
    lab.run()
    let [numberless, left] = [1, times]
    lab.intercept = (request, deliver) => {
      if (hidden(request.path) && left > 0) {
        left -= 1
        return refusal(times === 1 ? -2 : -8)
      }
      if (request.path !== '/api/' || numberless === 0) return null
      numberless -= 1
      return { ...deliver(), reason: '' }
    }
    const ids = [lab.enqueue(), lab.enqueue(), lab.enqueue()]
    lab.run()
    expect(ids.map((id) => [lab.entry(id).state, lab.entry(id).number])).toEqual([
      ['done', 2],
      ['done', 3],
      ['done', 4],
    ])
    expect(lab.documents()).toBe(4)
  })

  it.each([
    ['the account of the counters', false],
    ['the list of the register', true],
  ])('is never proven under a number that another receipt of ours has, by %s', (_, listed) => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    // Another record of this register, of the time before its factory number was known here.
    lab.core.createDevice({ ...lab.record(), id: 'earlier' })
    lab.core.data.entries.set('beside', { ...lab.entry('e1'), id: 'beside', deviceId: 'earlier', number: 2 })
    let lost = !listed
    lab.intercept = (request, deliver) => {
      if (request.path !== '/api/' || lost) return null
      lost = true
      deliver()
      return TIMEOUT
    }
    const id = lab.enqueue()
    lab.run()
    expect(lab.entry(id).state).toBe('recon')
    expect(lab.asked()).toEqual({ kind: 'isReceiptOurs', number: null, mark: lab.entry(id).mark })

    // The number that somebody reads from another paper is not believed either.
    lab.answer({ kind: 'yes', number: 1 })
    lab.run()
    expect(lab.entry(id).state).toBe('recon')
    expect(lab.asked()).toMatchObject({ kind: 'isReceiptOurs', number: null })
    lab.answer({ kind: 'yes', number: 7 })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 7 })
    expect(lab.documents()).toBe(2)
  })

  it('whose mark nobody finds, beside a receipt of ours under its number, is sent again and makes nobody a stranger', () => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    lab.core.data.entries.set('beside', { ...lab.entry('e1'), id: 'beside', number: 2 })
    const id = lab.enqueue()
    lab.run()
    lab.answer({ kind: 'no' })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 3 })
    expect(lab.record().foreign).toBeNull()
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

  describe('refused after a send without an answer', () => {
    /** The first send gets no answer, the second one a -7; then the app starts anew after so many ms. */
    function refusedInDoubt(lab: Lab): string {
      let sends = 0
      lab.intercept = (request) => {
        if (request.path !== '/api/') return null
        sends += 1
        return sends === 1 ? { kind: 'silence', cause: 'network', sent: 'perhaps' } : refusal(-7)
      }
      const id = lab.enqueue()
      lab.enqueue('registration', TEMPLATES[1])
      lab.run(50_000)
      expect(lab.entry(id)).toMatchObject({ state: 'sending', code: -7, attempts: 2, answered: 1 })
      lab.intercept = () => null
      return id
    }

    const waitLeft = (lab: Lab, id: string): number => {
      const until = (lab.entry(id).unansweredAtMs ?? 0) + D_MAX_MS
      return until - lab.wallMs()
    }

    it('waits two minutes from that send over any number of starts, and then the others go out', () => {
      const lab = new Lab()
      const id = refusedInDoubt(lab)
      const sentMs = lab.entry(id).lastSentAtMs ?? 0
      for (let start = 0; start < 6; start += 1) {
        lab.restart()
        lab.run(15_000)
      }
      expect(lab.entry(id).state).toBe('sending')
      expect(waitLeft(lab, id)).toBeGreaterThan(0)
      expect(lab.sent.filter((path) => path === '/api/')).toHaveLength(2)
      lab.restart()
      lab.run(60_000)
      expect(lab.entry(id)).toMatchObject({ state: 'refused', question: { question: { kind: 'decide' } } })
      const refusedMs = lab.entry(id).history.find((item) => item.event === 'refused')?.atMs ?? 0
      expect(refusedMs - sentMs).toBeGreaterThanOrEqual(D_MAX_MS)
      expect(refusedMs - sentMs).toBeLessThan(D_MAX_MS + DEPARTS_WITHIN_MS + 10_000)
      lab.run()
      expect(lab.entry('e2').state).toBe('done')
      expect(lab.documents()).toBe(1)
    })

    it.each([
      ['set three days forward', 3 * 86_400_000],
      ['set an hour back', -3_600_000],
    ])(
      'believes no stored time where the tablet’s clock was %s in between, and counts once from the start',
      (_, jumpMs) => {
        const lab = new Lab()
        const id = refusedInDoubt(lab)
        lab.clockOffsetMs = jumpMs
        lab.restart()
        lab.run(60_000)
        expect(lab.entry(id).state).toBe('sending')
        expect(waitLeft(lab, id)).toBeLessThanOrEqual(D_MAX_MS - 55_000)
        lab.restart()
        lab.run(D_MAX_MS - 60_000 - 10_000)
        expect(lab.entry(id).state).toBe('sending')
        lab.restart()
        lab.run(30_000)
        expect(lab.entry(id).state).toBe('refused')
      },
    )
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
    expect(lab.asked()).toEqual({ kind: 'otherTill', number: 2 })
    lab.answer({ kind: 'goOn' })
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

  it('that the shift was too old for go out anew when somebody has closed it at the register meanwhile', () => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    let refused = false
    lab.intercept = (request) => {
      if (request.path !== '/apideposit/' || refused) return null
      refused = true
      // Closed by hand between the answer and our look.
      lab.device.handle(
        { method: 'POST', path: '/apizreport/', query: '', body: `key=${lab.device.currentKey()}` },
        lab.wallMs(),
        'tablet',
      )
      return refusal(-3, 'shift-gt-24h')
    }
    const id = lab.enqueue('deposit')
    lab.run()
    expect(lab.asked()).toBeNull()
    expect(lab.entry(id).state).toBe('done')
    expect(lab.device.state.ledger.filter((one) => one.kind === 'deposit')).toHaveLength(1)
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

  it.each([-99, -42])('a card start answered with %i is in doubt: its track tells, and nothing is asked', (code) => {
    const lab = new Lab()
    const id = lab.enqueue('registration', CARD_SALE, newBankLeg('purchase', CARD_SALE.total))
    lab.intercept = (request, deliver) => {
      if (request.path !== '/apibank/') return null
      deliver()
      return refusal(code, 'internal-error')
    }
    lab.run()
    expect(lab.asked()).toBeNull()
    expect(lab.entry(id)).toMatchObject({ state: 'done', bank: { state: 'paid' } })
    expect(lab.sent.filter((path) => path === '/apibank/')).toHaveLength(1)
    expect(lab.device.state.bank.transactions.filter((one) => one.success)).toHaveLength(1)
  })

  it('a card start answered with -99 that left no trace is asked about, as one without an answer', () => {
    const lab = new Lab()
    lab.enqueue('registration', CARD_SALE, newBankLeg('purchase', CARD_SALE.total))
    lab.intercept = (request) => (request.path === '/apibank/' ? refusal(-99, 'internal-error') : null)
    lab.run()
    expect(lab.asked()?.kind).toBe('cardCharged')
  })

  it('a Z refused with -3 closed nothing: what stands in its way is named, and the next goes out at once', () => {
    const lab = new Lab()
    lab.enqueue()
    lab.run()
    const sentAtMs: number[] = []
    lab.intercept = (request) => {
      if (request.path !== '/apizreport/') return null
      sentAtMs.push(lab.nowMs)
      return sentAtMs.length === 1 ? refusal(-3, 'shift-gt-24h') : null
    }
    const id = lab.enqueue('zReport')
    lab.run(10_000)
    expect(lab.asked()).toEqual({ kind: 'fix', code: -3 })
    lab.answer({ kind: 'goOn' })
    lab.run()
    expect(lab.entry(id).state).toBe('done')
    expect((sentAtMs[1] ?? Infinity) - (sentAtMs[0] ?? 0)).toBeLessThan(20_000)
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
  ])('for draining 200 receipts %s is within budget', (_, locked, budget) => {
    const lab = new Lab({ record: { hostLockOff: !locked } })
    for (let index = 0; index < 200; index += 1) lab.enqueue('registration', TEMPLATES[index % 3])
    lab.run()
    expect(lab.documents()).toBe(200)
    expect(lab.core.load('d')?.open).toEqual([])
    expect(lab.sent.length / 200).toBeLessThanOrEqual(budget)
    const numbers = Array.from({ length: 200 }, (_unused, index) => lab.entry(`e${index + 1}`).number)
    expect(numbers).toEqual(Array.from({ length: 200 }, (_unused, index) => index + 1))
  })
})

describe('a register before its first shift', () => {
  it('is never asked for a report that it can’t give, and sells once its list of shifts has proven the key', () => {
    const lab = new Lab()
    lab.offer({ kind: 'prepare' })
    lab.run(5_000)
    expect(lab.sent).toContain('/dump/table/shifts')
    const id = lab.enqueue()
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 1, shift: 1 })
    expect(lab.sent.filter((path) => path.startsWith('/dump/table/shifts/0/'))).toEqual([])
    expect(lab.documents()).toBe(1)
  })

  it('asks for the key when the list says that ours is another one', () => {
    const lab = new Lab({ device: { readings: { statusChecksKey: false } }, record: { key: '00000001' } })
    const id = lab.enqueue()
    lab.run()
    expect(lab.asked()?.kind).toBe('key')
    expect(lab.entry(id)).toMatchObject({ state: 'queued', attempts: 0 })
    expect(lab.sent).not.toContain('/api/')
  })

  it('sells also where it keeps no list of shifts: a wrong key would have been named', () => {
    const lab = new Lab()
    lab.intercept = (request) =>
      request.path === '/dump/table/shifts'
        ? { kind: 'reply', status: 400, reason: 'check-all-params', body: '-8' }
        : null
    const id = lab.enqueue()
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 1, shift: 1 })
  })

  it('looks again where somebody opened a shift between its state and the list', () => {
    const lab = new Lab()
    let opened = false
    lab.intercept = (request) => {
      if (request.path === '/dump/table/shifts' && !opened) {
        opened = true
        lab.device.foreignOperation({ kind: 'sale', totalTiyn: 100_000 }, 1_760_000_000_000 + lab.nowMs)
      }
      return null
    }
    const id = lab.enqueue()
    lab.run()
    expect(lab.asked()?.kind).toBe('key')
    lab.answer({ kind: 'key', key: lab.device.currentKey() })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 2, shift: 1 })
  })
})
