import { describe, expect, it } from 'vitest'
import { DeviceKit } from './testing/device-kit.ts'

const TEA = JSON.stringify([
  { name: 'Tea', price: '200', qty: '2', sum: '400' },
  { name: 'Stake', price: '6000', qty: '2', sum: '12000' },
  { name: 'discount 10%', discount: '1240' },
])

describe('registration (5.1, 5.2)', () => {
  it('answers the receipt number in the reason and a new key of 8 digits in the body', () => {
    const kit = new DeviceKit({ lastNumber: 122 })
    const reply = kit.get('/api/', { sale: 800, cash: 1000 })
    expect(reply).toMatchObject({ status: 200, reason: '123' })
    expect(reply.body).toMatch(/^\d{8}$/)
    expect(reply.body).not.toBe('12345678')
    expect(reply.body).toBe(kit.device.currentKey())
  })

  it('keeps what was registered in the ledger', () => {
    const kit = new DeviceKit()
    kit.post('/api/', { sale: 11160, cash: 12000, itemdata: TEA, footer: 'A-0137', print: 'Үстел 4' })
    expect(kit.last()).toMatchObject({
      kind: 'sale',
      number: 1,
      shift: 1,
      totalTiyn: 1_116_000,
      payments: [1_200_000, 0, 0, 0],
      changeTiyn: 84_000,
      taxId: 15,
      taxTiyn: 153_931,
      itemdata: TEA,
      onlineRows: 3,
      print: 'Үстел 4',
      footer: 'A-0137',
      keySent: '12345678',
      keyReturned: kit.device.currentKey(),
      foreign: false,
      answered: 0,
    })
    expect(kit.last().rows).toEqual([
      { name: 'Tea', price: 20_000, quantity: 2_000, sum: 40_000, discount: null },
      { name: 'Stake', price: 600_000, quantity: 2_000, sum: 1_200_000, discount: null },
      { name: 'discount 10%', price: 0, quantity: 0, sum: 0, discount: 124_000 },
    ])
  })

  it('moves the cash in the drawer by type, without the change', () => {
    const kit = new DeviceKit()
    kit.post('/api/', { sale: 800, cash: 1000 })
    expect(kit.device.state.cashTiyn).toBe(80_000)
    kit.post('/api/', { saleReturn: 300, cash: 300 })
    expect(kit.device.state.cashTiyn).toBe(50_000)
    kit.post('/api/', { buy: 100, cash: 100 })
    expect(kit.device.state.cashTiyn).toBe(40_000)
    kit.post('/api/', { buyReturn: 50, cash: 50 })
    expect(kit.device.state.cashTiyn).toBe(45_000)
    kit.post('/api/', { sale: 70, bank: 70 })
    expect(kit.device.state.cashTiyn).toBe(45_000)
  })

  it('takes 20 million itself, 1 tenge itself, and rounds a third decimal', () => {
    const kit = new DeviceKit()
    expect(kit.sell(20_000_000).status).toBe(200)
    expect(kit.sell(1).status).toBe(200)
    expect(kit.post('/api/', { sale: '10.995', cash: 11 }).status).toBe(200)
    expect(kit.last().totalTiyn).toBe(1_100)
  })

  it('takes a mixed payment for a sale', () => {
    const kit = new DeviceKit()
    expect(kit.post('/api/', { sale: 800, cash: 500, bank: 400 }).status).toBe(200)
    expect(kit.last()).toMatchObject({ payments: [50_000, 40_000, 0, 0], changeTiyn: 10_000 })
    expect(kit.post('/api/', { sale: 800, tara: 300, credit: 500 }).status).toBe(200)
  })

  it('takes another tax by its id, and one that comes on top', () => {
    const taxes = [
      { id: 15, name: 'VAT', rate: 1_200, included: true },
      { id: 9, name: 'on top', rate: 1_000, included: false },
    ]
    const kit = new DeviceKit({ taxes })
    kit.sell(815)
    expect(kit.last()).toMatchObject({ taxId: 15, taxTiyn: 8_732 })
    expect(kit.line(kit.sell(100, { tax: 9 }))).toBe('400 cash-lq-tax -12')
    expect(kit.post('/api/', { sale: 100, cash: 110, tax: 9 }).status).toBe(200)
    expect(kit.last()).toMatchObject({ totalTiyn: 11_000, taxTiyn: 1_000, changeTiyn: 0 })
  })

  it('sends more than 80 positions as one, but keeps them all', () => {
    const kit = new DeviceKit()
    const rows = (count: number): string =>
      JSON.stringify(Array.from({ length: count }, (_, row) => ({ name: `n${row}`, price: '1', qty: '1', sum: '1' })))
    kit.sell(80, { itemdata: rows(80) })
    expect(kit.last().onlineRows).toBe(80)
    kit.sell(81, { itemdata: rows(81) })
    expect(kit.last()).toMatchObject({ onlineRows: 1 })
    expect(kit.last().rows).toHaveLength(81)
  })

  it('rounds amounts where rounding is set', () => {
    const kit = new DeviceKit({ rounding: 'tenge' })
    kit.post('/api/', { sale: '815.50', cash: '815.5' })
    expect(kit.last().totalTiyn).toBe(81_600)
    expect(kit.json('/apicheck/getInfo')).toMatchObject({ roudingRule: 'tenge' })
  })

  it('answers at /api without the last slash too', () => {
    expect(new DeviceKit().get('/api', { sale: 5, cash: 5 }).status).toBe(200)
  })
})

describe('errors of a registration (11)', () => {
  it.each<[string, Record<string, string | number>, string]>([
    ['no key', { key: '', sale: 800, cash: 800 }, 'no-web-api-key-provided -7'],
    ['a wrong key', { key: '00000001', sale: 800, cash: 800 }, 'incorrect-web-api-key -1'],
    ['a key that is too short', { key: '1234567', sale: 800, cash: 800 }, 'incorrect-web-api-key -1'],
    ['no type', { cash: 800 }, 'check-all-params -7'],
    ['a type in the wrong case', { Sale: 800, cash: 800 }, 'check-all-params -7'],
    ['two types', { sale: 800, buy: 800, cash: 800 }, 'check-all-params -7'],
    ['a sale that is no number', { sale: 'abc', cash: 800 }, 'sale-param-error -9'],
    ['a sale with a comma', { sale: '8,5', cash: 800 }, 'sale-param-error -9'],
    ['an empty sale', { sale: '', cash: 800 }, 'sale-param-error -9'],
    ['a buy that is no number', { buy: 'x', cash: 800 }, 'buy-param-error -9'],
    ['a return that is no number', { saleReturn: 'x', cash: 800 }, 'saleRet-param-error -9'],
    ['a buy return that is no number', { buyReturn: 'x', cash: 800 }, 'buyRet-param-error -9'],
    ['less than 1', { sale: '0.99', cash: 1 }, 'sale-lq-one -7'],
    ['less than nothing', { sale: -5, cash: 1 }, 'sale-lq-one -7'],
    ['more than 20 million', { sale: '20000000.01', cash: 20_000_000 }, 'sale-hq-20mil -7'],
    ['no payment', { sale: 800 }, 'payment-params-missed -7'],
    ['cash that is no number', { sale: 800, cash: 'x' }, 'cache-param-error -7'],
    ['bank that is no number', { sale: 800, bank: 'x' }, 'bank-param-error -7'],
    ['tare that is no number', { sale: 800, tara: 'x' }, 'tara-param-error -7'],
    ['credit that is no number', { sale: 800, credit: 'x' }, 'credit-param-error -7'],
    ['cash out of range', { sale: 800, cash: 20_000_001 }, 'cache-not-in-range -7'],
    ['bank out of range', { sale: 800, bank: -1 }, 'bank-not-in-range -7'],
    ['tare out of range', { sale: 800, tara: 20_000_001 }, 'tara-not-in-range -7'],
    ['credit out of range', { sale: 800, credit: -800 }, 'credit-not-in-range -7'],
    ['too little cash', { sale: 800, cash: 200 }, 'cash-lq-sale -10'],
    ['too little of both', { sale: 800, cash: 200, bank: 300 }, 'cash-lq-sale -10'],
    ['bank above the total', { sale: 800, bank: 900 }, 'bank-hq-sale -10'],
    ['tare above the total', { sale: 800, tara: 900 }, 'tara-hq-sale -10'],
    ['credit above the total', { sale: 800, credit: 900 }, 'credit-hq-sale -10'],
    ['bank and credit above it together', { sale: 800, bank: 700, credit: 700 }, 'bank-tara-credit-hq-sale -13'],
    ['cash on top of a paid receipt', { sale: 800, cash: 2000, bank: 800 }, 'no-cache-hq-sale -13'],
    ['a mixed return', { saleReturn: 800, cash: 400, bank: 400 }, 'no-mixed-payment-allowed -13'],
    ['change in a return', { buyReturn: 800, cash: 1000 }, 'change-not-allowed -13'],
    ['a tax that is no number', { sale: 800, cash: 800, tax: '1x' }, 'tax-invlid-num -14'],
    ['an unknown tax', { sale: 800, cash: 800, tax: 99 }, 'tax-not-found -14'],
    ['a return without cash in the drawer', { saleReturn: 800, cash: 800 }, 'no-cash-in-pos -15'],
    ['a purchase without cash in the drawer', { buy: 800, cash: 800 }, 'no-cash-in-pos -15'],
    ['itemdata that is no JSON', { sale: 800, cash: 800, itemdata: '[{' }, 'itemdata-parse-error -17'],
    ['itemdata that is no list', { sale: 800, cash: 800, itemdata: '{}' }, 'itemdata-parse-error -17'],
    [
      'a row without a name',
      { sale: 1, cash: 1, itemdata: '[{"price":"1","qty":"1","sum":"1"}]' },
      'itemdata-parse-error -17',
    ],
    [
      'a row without a sum',
      { sale: 1, cash: 1, itemdata: '[{"name":"a","price":"1","qty":"1"}]' },
      'itemdata-parse-error -17',
    ],
    [
      'a row with a price in words',
      { sale: 1, cash: 1, itemdata: '[{"name":"a","price":"x","qty":"1","sum":"1"}]' },
      'itemdata-parse-error -17',
    ],
    [
      'a discount with a price',
      { sale: 1, cash: 1, itemdata: '[{"name":"a","discount":"1","price":"1"}]' },
      'itemdata-parse-error -17',
    ],
    [
      'a broken barcode in the footer',
      { sale: 1, cash: 1, footer: '--barcodeEAN13-12--' },
      'print-lines-parse-error -7',
    ],
  ])('refuses %s and changes nothing', (_case, parameters, expected) => {
    const kit = new DeviceKit()
    const reply = kit.post('/api/', parameters)
    expect(kit.line(reply)).toBe(`400 ${expected}`)
    expect(kit.device.currentKey()).toBe('12345678')
    expect(kit.device.ledger()).toEqual([])
    expect(kit.device.state.shifts).toEqual([])
  })

  it.each(['itemdata', 'print', 'footer'])('refuses %s in the query: POST only', (name) => {
    expect(kit().line(kit().get('/api/', { sale: 1, cash: 1, [name]: '[]' }))).toBe('400 incorrect-method -8')
  })

  it('refuses an unknown method before it looks at the key', () => {
    expect(kit().line(kit().get('/apinothing/', { key: '' }))).toBe('400 incorrect-method -8')
  })

  it('follows the settings: no mixed payment, no change', () => {
    const strict = new DeviceKit({ mixedPaymentAllowed: false, changeAllowed: false })
    expect(strict.post('/api/', { sale: 8, cash: 4, bank: 4 }).reason).toBe('no-mixed-payment-allowed')
    expect(strict.post('/api/', { sale: 8, cash: 9 }).reason).toBe('change-not-allowed')
  })

  function kit(): DeviceKit {
    return new DeviceKit()
  }
})

describe('checks of the device before a registration', () => {
  function refusalAfter(prepare: (kit: DeviceKit) => void): string {
    const kit = new DeviceKit()
    prepare(kit)
    const before = kit.device.ledger().length
    const line = kit.line(kit.sell(800))
    expect(kit.device.ledger()).toHaveLength(before)
    return line
  }

  it('blocked by the Tax Committee: -100 minus its code', () => {
    expect(refusalAfter((kit) => (kit.device.state.blockedCode = 0))).toBe('400 ikkm-is-blocked -100')
    expect(refusalAfter((kit) => (kit.device.state.blockedCode = 37))).toBe('400 ikkm-is-blocked -137')
  })

  it('no paper, no connection to the external printer, low battery', () => {
    expect(refusalAfter((kit) => (kit.device.state.printer = 'no-paper'))).toBe('400 check-printer-or-batt -6')
    expect(refusalAfter((kit) => (kit.device.state.batteryPercent = 3))).toBe('400 check-printer-or-batt -5')
    expect(
      refusalAfter((kit) => {
        kit.device.state.session.printMode = 'lan-printer'
        kit.device.state.printer = 'no-connection'
      }),
    ).toBe('400 check-external-printer -6')
  })

  it('a shift of more than 24 hours, and of more than 7 days', () => {
    const openFor = (ms: number) => (kit: DeviceKit) => {
      kit.sell(1)
      kit.wait(ms)
    }
    const day = 86_400_000
    expect(refusalAfter(openFor(day + 1))).toBe('400 shift-gt-24h -3')
    expect(refusalAfter(openFor(7 * day + 1))).toBe('400 shift-gt-7days -3')
    const kit = new DeviceKit()
    openFor(day)(kit)
    expect(kit.sell(1).status).toBe(200)
  })

  it('a shift of another cashier', () => {
    expect(
      refusalAfter((kit) => {
        kit.sell(1)
        kit.device.foreignOperation({ kind: 'cashier', cashierId: 100 }, kit.nowMs)
      }),
    ).toBe('400 wrong-cashier -11')
  })

  it('more than 72 hours without the tax authority', () => {
    const kit = new DeviceKit()
    kit.device.setOfdReachable(false, kit.nowMs)
    kit.wait(72 * 3_600_000)
    expect(kit.sell(1).status).toBe(200)
    kit.wait(1)
    expect(kit.sell(1).body).toBe('-4')
    kit.device.setOfdReachable(true, kit.nowMs)
    expect(kit.sell(1).status).toBe(200)
  })

  it('an injected code, as often as asked for, with nothing executed', () => {
    const kit = new DeviceKit()
    kit.device.failNext(-2, 2)
    expect([kit.sell(1).body, kit.sell(1).body]).toEqual(['-2', '-2'])
    kit.device.failNext(-99)
    expect(kit.line(kit.sell(1))).toBe('400 internal-error -99')
    kit.device.failNext(-42)
    expect(kit.line(kit.sell(1))).toBe('400 unknown-error -42')
    expect(kit.device.ledger()).toEqual([])
    expect(kit.sell(1).status).toBe(200)
  })
})
