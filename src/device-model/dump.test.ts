import { describe, expect, it } from 'vitest'
import { DeviceKit } from './testing/device-kit.ts'
import { withCheckDigit } from './goods.ts'

type Row = Record<string, unknown>

function dayOfReceipts(options = {}): DeviceKit {
  const kit = new DeviceKit({ lastNumber: 243, lastShift: 11, ...options })
  const rows = [
    { name: 'Tea', price: '23.5', qty: '1.125', sum: '26.44' },
    { name: 'Discount', discount: '0.44' },
  ]
  kit.post('/api/', { sale: 26, bank: 26, itemdata: JSON.stringify(rows) })
  kit.post('/api/', { sale: 800, cash: 1000, tax: 16 })
  kit.post('/api/', { saleReturn: 100, cash: 100 })
  kit.post('/apideposit/', { cash: 50 })
  kit.post('/apiwithdraw/', { cash: 20 })
  return kit
}

describe('directories (9.1)', () => {
  it('items: a believable shop with barcodes whose check digit is right', () => {
    const kit = new DeviceKit()
    const items = kit.json('/dump/table/items') as Row[]
    expect(items.length).toBeGreaterThanOrEqual(40)
    expect(Object.keys(items[0] ?? {}).sort()).toEqual(
      ['catalogid', 'code1', 'code2', 'itemtax1', 'itemtype', 'measure', 'name', 'price1', 'uid'].sort(),
    )
    const barcodes = items.map((item) => String(item['code2'])).filter((code) => code !== '')
    expect(barcodes.some((code) => code.length === 13)).toBe(true)
    expect(barcodes.some((code) => code.length === 8)).toBe(true)
    for (const code of barcodes) expect(withCheckDigit(code.slice(0, -1))).toBe(code)
    expect(withCheckDigit('750103131130')).toBe('7501031311309')
    expect(items.some((item) => item['measure'] === 1)).toBe(true)
    for (const name of ['uid', 'code1']) expect(new Set(items.map((item) => item[name])).size).toBe(items.length)
    const folders = kit.json('/dump/table/catalog') as Row
    expect(Object.keys(folders)).toHaveLength(5)
    for (const item of items) expect(folders[String(item['catalogid'])]).toBeTypeOf('string')
  })

  it('items: more rows and broken rows on demand, own goods instead', () => {
    expect(new DeviceKit({ extraGoods: 1_000 }).json('/dump/table/items') as Row[]).toHaveLength(1_041)
    const broken = new DeviceKit({ brokenGoods: true }).json('/dump/table/items') as Row[]
    expect(broken.some((item) => item['name'] === '')).toBe(true)
    expect(broken.some((item) => item['price1'] === 'abc')).toBe(true)
    const own = new DeviceKit({ goods: { items: [], catalog: { '7': 'Bar' } } })
    expect(own.get('/dump/table/items').body).toBe('[]')
    expect(own.get('/dump/table/catalog').body).toBe('{"7":"Bar"}')
  })

  it('taxes and cashiers, for any cashier', () => {
    const kit = new DeviceKit({ cashierId: 100 })
    expect(kit.json('/dump/table/taxes')).toEqual({ '15': 'НДС 16%', '16': 'Без НДС' })
    expect(kit.json('/dump/table/cashiers')).toMatchObject({ '166': 'Айгерим Сапарова', '100': 'Алия Бекова' })
  })

  it('a tax that is edited gets another id, everywhere', () => {
    const kit = new DeviceKit()
    kit.sell(815)
    expect(kit.device.editTax(15, 'НДС 12%', 1_200)).toBe(17)
    expect(kit.device.editTax(15, 'НДС 5%', 500)).toBeNull()
    expect(kit.json('/dump/table/taxes')).toEqual({ '17': 'НДС 12%', '16': 'Без НДС' })
    expect(kit.json('/apicheck/getInfo')).toMatchObject({ defaultApiTaxID: '17' })
    expect((kit.json('/dump/table/items') as Row[])[0]).toMatchObject({ itemtax1: 17 })
    expect(kit.sell(1, { tax: 15 }).body).toBe('-14')
    kit.sell(815)
    expect(kit.json('/dump/table/shifts/1/reportwithtax')).toMatchObject({
      taxes: {
        sale: [
          { taxId: 15, taxDetails: [{ taxPercent: 16, amount: 112.41 }] },
          { taxId: 17, taxDetails: [{ taxPercent: 12, amount: 87.32 }] },
        ],
      },
    })
  })
})

describe('reports (9.2)', () => {
  it('all shifts with their sums at the opening', () => {
    const kit = dayOfReceipts()
    kit.get('/apizreport/')
    kit.wait(40_000)
    kit.sell(1)
    expect(kit.json('/dump/table/shifts')).toEqual([
      {
        id: 12,
        opened: 0,
        openDate: '2026-01-18 20:41:06',
        closeDate: '2026-01-18 20:41:46',
        cashierId: 166,
        sale: 0,
        buy: 0,
        saleReturn: 0,
        buyReturn: 0,
      },
      expect.objectContaining({ id: 13, opened: 1, closeDate: '', sale: 826, saleReturn: 100 }),
    ])
  })

  it('receipts with their rows; a receipt without rows has the one that the device makes', () => {
    expect(dayOfReceipts().json('/dump/table/shifts/12/cheques')).toEqual([
      {
        chequeId: 244,
        chequeDate: '2026-01-18 20:41:06',
        chequeType: '0',
        chequeSales: [
          { id: 1, itemCode: '', qty: 1.125, price: 23.5, saleSum: 26.44, taxId: 15 },
          { id: 2, itemCode: '', qty: 1, price: -0.44, saleSum: -0.44, taxId: 15 },
        ],
      },
      {
        chequeId: 245,
        chequeDate: '2026-01-18 20:41:06',
        chequeType: '0',
        chequeSales: [{ id: 3, itemCode: '', qty: 1, price: 800, saleSum: 800, taxId: 16 }],
      },
      expect.objectContaining({ chequeId: 246, chequeType: '2' }),
    ])
  })

  it('the same in two flat forms', () => {
    const kit = dayOfReceipts()
    const flat = kit.json('/dump/table/shifts/12/salescheques') as Row[]
    expect(flat).toHaveLength(4)
    expect(flat[1]).toEqual({
      chequeId: 244,
      chequeDate: '2026-01-18 20:41:06',
      chequeType: '0',
      id: 2,
      itemCode: '',
      qty: 1,
      price: -0.44,
      saleSum: -0.44,
      taxId: 15,
    })
    const sales = kit.json('/dump/table/shifts/12/sales') as Row[]
    expect(sales.map((row) => [row['id'], row['chequeId']])).toEqual([
      [1, 244],
      [2, 244],
      [3, 245],
      [4, 246],
    ])
  })

  it('the shift report, money with two decimals, spellings as on the wire', () => {
    const kit = dayOfReceipts()
    const text = kit.get('/dump/table/shifts/12/report').body
    expect(text).toContain('"saleDetails":{"sum":826.00,"cheques":2}')
    expect(JSON.parse(text)).toEqual({
      shiftState: 'opened',
      dateOpen: '2026-01-18 20:41:06',
      dateClose: '',
      fiscalDataOnShiftOpen: { sale: 0, buy: 0, saleReturn: 0, buyReturn: 0 },
      totalSaleCheques: 2,
      saleDetails: { sum: 826, cheques: 2 },
      totalBuyCheques: 0,
      buyDetails: { sum: 0, cheques: 0 },
      totalSaleReturnCheques: 1,
      saleReturnDetails: { sum: 100, cheques: 1 },
      totalBuyReturnCheques: 0,
      buyRetDetails: { sum: 0, cheques: 0 },
      cashOutDocCount: 1,
      cashOutTotal: 20,
      cashInDocCount: 1,
      cashInTotal: 50,
      cashWeHave: 730,
      revenue: 726,
      fiscalData: { sales: 826, buy: 0, saleReturn: 100, buyReturn: 0 },
    })
  })

  it('the shift report with taxes: 815 at 12 % holds 87.32', () => {
    const taxes = [{ id: 5, name: 'VAT 12%', rate: 1_200, included: true }]
    const kit = new DeviceKit({ taxes, defaultTaxId: 5 })
    kit.sell(815)
    expect(kit.json('/dump/table/shifts/1/reportwithtax')).toMatchObject({
      taxes: {
        sale: [
          {
            taxId: 5,
            turnover: 815,
            taxDetails: [{ taxId: 5, isIncluded: 'true', taxPercent: 12, amount: 87.32 }],
          },
        ],
        buy: [],
        saleReturn: [],
        buyReturn: [],
      },
    })
  })

  it('a closed shift keeps its own cash; current fiscal data do not depend on the shift', () => {
    const kit = dayOfReceipts()
    kit.get('/apizreport/')
    kit.wait(40_000)
    kit.sell(1)
    expect(kit.json('/dump/table/shifts/12/report')).toMatchObject({
      shiftState: 'closed',
      dateClose: '2026-01-18 20:41:46',
      cashWeHave: 730,
      fiscalData: { sales: 827 },
    })
    expect(kit.json('/dump/table/shifts/13/report')).toMatchObject({ fiscalDataOnShiftOpen: { sale: 826 } })
  })

  it('an archived shift gives only fiscal data, no receipts, and leaves the list', () => {
    for (const dropArchived of [false, true]) {
      const kit = new DeviceKit({ archiveAfterShifts: 2, dropArchived })
      for (let shift = 0; shift < 4; shift += 1) {
        kit.sell(10)
        kit.get('/apizreport/')
        kit.wait(40_000)
      }
      expect(kit.json('/dump/table/shifts/1/report')).toEqual({
        isArhived: true,
        fiscalDataOnShiftOpen: { sale: 0, buy: 0, saleReturn: 0, buyReturn: 0 },
        fiscalData: { sales: 40, buy: 0, saleReturn: 0, buyReturn: 0 },
      })
      expect(kit.json('/dump/table/shifts/1/cheques')).toEqual([])
      expect((kit.json('/dump/table/shifts') as Row[]).map((shift) => shift['id'])).toEqual([2, 3, 4])
      expect(kit.json('/dump/table/shifts/2/cheques')).toMatchObject([{ chequeId: 2 }])
      expect(kit.device.ledger()).toHaveLength(dropArchived ? 6 : 8)
      expect(kit.sell(10, { key: kit.device.state.replay?.key ?? '' }).reason).toBe('4')
    }
  })

  it('need a senior cashier or an administrator', () => {
    const kit = dayOfReceipts()
    const reports = ['', '/12/report', '/12/reportwithtax', '/12/cheques', '/12/salescheques', '/12/sales']
    for (const [cashierId, allowed] of [
      [100, false],
      [201, true],
      [166, true],
    ] as const) {
      kit.device.foreignOperation({ kind: 'cashier', cashierId }, kit.nowMs)
      for (const report of reports) {
        const line = kit.line(kit.get(`/dump/table/shifts${report}`))
        if (allowed) expect(line).toMatch(/^200 /)
        else expect(line).toBe('400 only-master-cashier -16')
      }
    }
  })

  it('refuse an unknown shift and an unknown report', () => {
    const kit = dayOfReceipts()
    expect(kit.get('/dump/table/shifts/99/report').body).toBe('-7')
    expect(kit.get('/dump/table/shifts/x/report').body).toBe('-7')
    for (const path of [
      'table/shifts/12/poem',
      'table/shifts/12',
      'table/nothing',
      'table/items/5',
      'nothing',
      'bank/5',
    ])
      expect(kit.get(`/dump/${path}`).body).toBe('-8')
    expect(kit.get('/dump/table/taxes', { key: '1' }).body).toBe('-1')
  })
})

describe('receipt details (9.2)', () => {
  it('say whether the receipt reached the tax authority', () => {
    const kit = new DeviceKit({ lastNumber: 246 })
    kit.sell(5)
    expect(kit.json('/dump/transaction/12345678')).toEqual({
      docid: '247',
      createDate: '2026-01-18 20:41:06',
      submitDate: '',
      status: 0,
      onlineCode: '',
    })
    kit.wait(2_000)
    expect(kit.json('/dump/transaction/12345678')).toMatchObject({
      submitDate: '2026-01-18 20:41:08',
      status: 1,
      onlineCode: expect.stringMatching(/^\d{9}$/) as string,
    })
  })

  it('refuse a key that made nothing, also that of a deposit', () => {
    const kit = new DeviceKit()
    kit.post('/apideposit/', { cash: 5 })
    expect(kit.get('/dump/transaction/12345678').body).toBe('-7')
    expect(kit.get('/dump/transaction/').body).toBe('-8')
  })
})
