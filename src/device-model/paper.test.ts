import { describe, expect, it } from 'vitest'
import { DeviceKit } from './testing/device-kit.ts'

const EXTERNAL = { printMode: 'lan-printer' } as const

describe('free text (8)', () => {
  it('is printed at the width of the printer in use, longer lines wrapped', () => {
    const long = '1234567890'.repeat(5)
    const widths: [Record<string, unknown>, number][] = [
      [{ internalFont: 'normal' }, 24],
      [{ internalFont: 'small' }, 32],
      [{ internalFont: 'large' }, 19],
      [{ ...EXTERNAL, externalPaperMm: 80 }, 42],
      [{ ...EXTERNAL, externalPaperMm: 57 }, 30],
    ]
    for (const [options, width] of widths) {
      const kit = new DeviceKit(options)
      expect(kit.line(kit.post('/apiprint', { print: long }))).toBe('200 print-started 0')
      expect(kit.device.state.paper.at(-1)?.split('\n')[0]).toHaveLength(width)
      expect(kit.last()).toMatchObject({ kind: 'print', print: long, number: 0 })
    }
  })

  it('cuts, draws a line and opens the drawer on an external printer only', () => {
    const text = 'Жылқының еті\n--line--\n--cut--\n--open-cash--'
    const external = new DeviceKit(EXTERNAL)
    external.post('/apiprint', { print: text })
    expect(external.device.state.drawerOpenings).toBe(1)
    expect(external.device.state.paper.at(-1)?.split('\n')).toHaveLength(3)
    const internal = new DeviceKit()
    internal.post('/apiprint', { print: text })
    expect(internal.device.state.drawerOpenings).toBe(0)
    expect(internal.device.state.paper.at(-1)).toBe('Жылқының еті')
  })

  it('goes by POST only, needs text, whole barcodes, paper and the key', () => {
    const kit = new DeviceKit()
    expect(kit.get('/apiprint', { print: 'x' }).body).toBe('-8')
    expect(kit.line(kit.post('/apiprint'))).toBe('400 print-lines-parse-error -7')
    expect(kit.post('/apiprint', { print: '--barcode128---' }).body).toBe('-7')
    expect(kit.post('/apiprint', { print: 'x', key: '1' }).body).toBe('-1')
    kit.device.state.printer = 'no-paper'
    expect(kit.post('/apiprint', { print: 'x' }).body).toBe('-6')
    expect(kit.device.ledger()).toEqual([])
  })
})

describe('a printed receipt', () => {
  it('shows number, rows, discount, payments, change, tax and footer', () => {
    const kit = new DeviceKit({ lastNumber: 163 })
    const rows = [
      { name: 'Капучино', price: '1200', qty: '2', sum: '2400' },
      { name: 'Бананы', price: '790', qty: '0.25', sum: '197.5' },
      { name: 'Скидка 10%', discount: '97.5' },
    ]
    kit.post('/api/', { sale: 2500, cash: 3000, itemdata: JSON.stringify(rows), print: 'Үстел 4', footer: 'A-0137' })
    expect(
      kit.device.state.paper
        .at(-1)
        ?.split('\n')
        .map((line) => line.replace(/\s+/g, ' ').trim()),
    ).toEqual([
      'ПРОДАЖА № 164',
      '2026-01-18 20:41:06',
      'Смена 1 ЗНМ 011700029000',
      '-'.repeat(32),
      'Үстел 4',
      'Капучино',
      '2 x 1200.00 2400.00',
      'Бананы',
      '0.25 x 790.00 197.50',
      'Скидка 10% -97.50',
      '-'.repeat(32),
      'ИТОГО 2500.00',
      'Наличные 3000.00',
      'Сдача 500.00',
      'НДС 16% 344.83',
      'ФП 020231031',
      'A-0137',
    ])
  })

  it('has one line of its own where nothing was sent', () => {
    const kit = new DeviceKit()
    kit.sell(100)
    expect(kit.device.state.paper.at(-1)).toContain('ПРОДАЖА 1x100.00 = 100.00')
  })

  it('is kept for the last documents only, and not at all with limit 0', () => {
    const kit = new DeviceKit({ paperLimit: 3 })
    for (let sale = 0; sale < 10; sale += 1) kit.sell(1)
    expect(kit.device.state.paper).toHaveLength(3)
    expect(kit.device.state.paper[2]).toContain('№ 10')
    const silent = new DeviceKit({ paperLimit: 0 })
    silent.sell(1)
    silent.post('/apiprint', { print: 'x' })
    silent.get('/apixreport/')
    expect(silent.device.state.paper).toEqual([])
  })

  it('keeps the device busy for its length, where printing takes time', () => {
    const kit = new DeviceKit({ printMsPerLine: 100 })
    kit.sell(1)
    expect(kit.device.workMs).toBe(1_200)
    expect(kit.get('/apicheck/').body).toBe('-2')
    kit.wait(1_200)
    expect(kit.get('/apicheck/').body).toBe('0')
    expect(kit.device.workMs).toBe(0)
  })
})
