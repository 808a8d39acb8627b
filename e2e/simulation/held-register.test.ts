/** A relay that lets one till write to a register: what the queue makes of its refusals, over the device's model. */
import { describe, expect, it } from 'vitest'
import type { DeviceAnswer } from '../../src/contract/device.ts'
import type { Receipt } from '../../src/domain/receipt.ts'
import { HELD_BY_TILL } from '../../src/ikkm/codes.ts'
import { encodeRegistration } from '../../src/ikkm/codec.ts'
import { newBankLeg } from '../../src/queue/types.ts'
import { DEPOSIT, TEMPLATES } from './goods.ts'
import { Lab, TIMEOUT } from './lab.ts'

const DEVICE_START_MS = 1_760_000_000_000
const COFFEE = TEMPLATES[0] as Receipt
const held: DeviceAnswer = { kind: 'silence', cause: 'held', sent: 'never' }
const handedOn: DeviceAnswer = { kind: 'silence', cause: 'handedOn', sent: 'never' }

/** A till behind a relay. `fenced`: the relay refuses what was read before the register was handed on. */
class Shop {
  readonly lab = new Lab({ record: { hostLockOff: false } })
  private holder: 'us' | 'them' = 'us'
  private changed = false

  constructor(readonly fenced = true) {
    this.lab.intercept = () => {
      if (!fenced) return null
      if (this.holder === 'them') return held
      if (!this.changed) return null
      this.changed = false
      return handedOn
    }
  }

  giveAway(): void {
    this.holder = 'them'
    this.changed = true
  }

  takeBack(): void {
    this.holder = 'us'
    this.lab.offer({ kind: 'nudge' })
  }

  /** What the other till sells: our goods at our price, from the same address. */
  theySell(): void {
    const key = this.lab.device.currentKey()
    const { body } = encodeRegistration(COFFEE, { mark: 'B-0001' })
    const request = { method: 'POST', path: '/api/', query: '', body: `key=${key}&${body}` } as const
    this.lab.device.handle(request, DEVICE_START_MS + this.lab.nowMs, 'tablet')
  }

  sell(): string {
    return this.lab.enqueue('registration', COFFEE)
  }

  typeKey(): void {
    this.lab.offer({ kind: 'key', key: this.lab.device.currentKey() })
  }
}

function afterTwoSales(shop: Shop): void {
  const { lab } = shop
  lab.offer({ kind: 'prepare' })
  for (let sale = 0; sale < 2; sale += 1) {
    shop.sell()
    lab.run(30_000)
  }
  expect(lab.documents()).toBe(2)
  lab.offer({ kind: 'prepare' })
  lab.run(5_000)
}

describe('a register that was handed to another till and back', () => {
  it('takes no equal sale on an old look: each sale is a document of its own', () => {
    const shop = new Shop()
    const { lab } = shop
    afterTwoSales(shop)
    shop.giveAway()
    shop.theySell()
    shop.takeBack()
    const id = shop.sell()
    lab.run(30_000)
    expect(lab.asked()).toEqual({ kind: 'key', refused: expect.stringMatching(/^\d{8}$/) as string })
    expect(lab.entry(id)).toMatchObject({ state: 'queued', attempts: 0, number: null })
    shop.typeKey()
    lab.run(30_000)
    // An equal receipt of somebody else a minute ago: the mark on paper decides, and it stands on the one that is asked about.
    expect(lab.asked()).toMatchObject({ kind: 'isReceiptOurs', number: 4 })
    expect(lab.device.state.ledger.at(-1)).toMatchObject({ number: 4, footer: 'A-0003' })
    lab.answer({ kind: 'yes' })
    lab.run()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 4 })
    expect(lab.documents()).toBe(4)
    expect(lab.record().foreign).not.toBeNull()
  })

  it('would lose that sale under the other till’s number without the relay’s word', () => {
    const shop = new Shop(false)
    const { lab } = shop
    afterTwoSales(shop)
    shop.theySell()
    const id = shop.sell()
    lab.run(120_000)
    // The register answers the other till's receipt again; at most its date tells, and then a person is asked.
    expect(lab.documents()).toBe(3)
    expect(lab.entry(id).number).toBe(3)
  })
})

describe('a register that another till holds', () => {
  it('gets nothing; the sale waits, bound to nothing, and goes out when the register is taken over', () => {
    const shop = new Shop()
    const { lab } = shop
    afterTwoSales(shop)
    shop.giveAway()
    const id = shop.sell()
    lab.run(60_000)
    expect(lab.entry(id)).toMatchObject({
      state: 'queued',
      key: null,
      attempts: 0,
      unansweredAtMs: null,
      question: null,
    })
    expect(lab.record()).toMatchObject({ bound: null, hostLockHeldSinceMs: null })
    expect(lab.asked()).toEqual({ kind: 'fix', code: HELD_BY_TILL })
    expect(lab.documents()).toBe(2)
    shop.takeBack()
    lab.run()
    expect(lab.asked()).toBeNull()
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 3 })
    expect(lab.documents()).toBe(3)
  })

  it('is not asked twice about a sale whose first request may have arrived: it stays in doubt and is found', () => {
    const shop = new Shop()
    const { lab } = shop
    afterTwoSales(shop)
    const id = shop.sell()
    const pass = lab.intercept
    let sent = 0
    lab.intercept = (request, deliver) => {
      if (request.path !== '/api/' || sent > 0) return pass(request, deliver)
      sent += 1
      deliver()
      shop.giveAway()
      return TIMEOUT
    }
    lab.run(90_000)
    expect(lab.entry(id)).toMatchObject({ state: 'sending', attempts: 1 })
    expect(lab.asked()).toEqual({ kind: 'fix', code: HELD_BY_TILL })
    shop.takeBack()
    lab.run(60_000)
    // Its own receipt changed the key; the other till could have.
    expect(lab.asked()).toMatchObject({ kind: 'key' })
    shop.typeKey()
    lab.run()
    if (lab.asked()?.kind === 'isReceiptOurs') lab.answer({ kind: 'yes' })
    lab.run()
    expect(lab.documents()).toBe(3)
    expect(lab.entry(id)).toMatchObject({ state: 'done', number: 3 })
  })

  it('takes each deposit once, also beside an equal one of the other till', () => {
    const shop = new Shop()
    const { lab } = shop
    afterTwoSales(shop)
    const id = lab.enqueue('deposit')
    const pass = lab.intercept
    lab.intercept = (request, deliver) => {
      if (request.path === '/apideposit/' && lab.entry(id).attempts === 1 && lab.record().question === null) {
        lab.intercept = pass
        shop.giveAway()
        lab.device.foreignOperation({ kind: 'deposit', amountTiyn: DEPOSIT }, DEVICE_START_MS + lab.nowMs)
      }
      return pass(request, deliver)
    }
    lab.run(60_000)
    expect(lab.entry(id)).toMatchObject({ state: 'queued', attempts: 0 })
    const before = lab.device.state.cashTiyn
    shop.takeBack()
    lab.run(60_000)
    if (lab.asked()?.kind === 'key') shop.typeKey()
    lab.run()
    expect(lab.entry(id).state).toBe('done')
    expect(lab.device.state.cashTiyn - before).toBe(DEPOSIT)
  })

  it.each([
    ['an X report', 'xReport' as const, '/apixreport/'],
    ['a Z report', 'zReport' as const, '/apizreport/'],
    ['a card payment', 'bank' as const, '/apibank/'],
  ])('is asked for %s again when it is taken over, once', (_name, kind, path) => {
    const shop = new Shop()
    const { lab } = shop
    afterTwoSales(shop)
    const id =
      kind === 'bank' ? lab.enqueue('registration', COFFEE, newBankLeg('purchase', COFFEE.total)) : lab.enqueue(kind)
    const pass = lab.intercept
    let [tried, arrived] = [0, 0]
    lab.intercept = (request, deliver) => {
      if (request.path !== path) return pass(request, deliver)
      tried += 1
      if (tried === 1) shop.giveAway()
      const answer = pass(request, deliver)
      if (answer === null) arrived += 1
      return answer
    }
    lab.run(60_000)
    expect(lab.asked()).toEqual({ kind: 'fix', code: HELD_BY_TILL })
    expect(arrived).toBe(0)
    shop.takeBack()
    lab.run()
    expect(lab.entry(id).state).toBe('done')
    expect(arrived).toBe(1)
  })
})
