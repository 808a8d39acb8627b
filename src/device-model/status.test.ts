import { describe, expect, it } from 'vitest'
import { DeviceKit } from './testing/device-kit.ts'

describe('apicheck (7)', () => {
  it('answers 0 with the number of the last receipt, 0 on a new device', () => {
    const kit = new DeviceKit()
    expect(kit.line(kit.get('/apicheck/'))).toBe('200 0 0')
    kit.sell(5)
    expect(kit.line(kit.get('/apicheck'))).toBe('200 1 0')
  })

  it('says what stands in the way', () => {
    const kit = new DeviceKit()
    kit.sell(5)
    kit.device.state.printer = 'no-paper'
    expect(kit.get('/apicheck/').body).toBe('-6')
    kit.device.state.printer = 'ready'
    kit.wait(25 * 3_600_000)
    expect(kit.get('/apicheck/').body).toBe('-3')
    expect(kit.get('/apicheck/', { key: '11111111' }).body).toBe('-1')
    expect(kit.get('/apicheck/', { key: '' }).reason).toBe('no-web-api-key-provided')
  })

  it('gives the whole of getInfo, numbers quoted as on the wire', () => {
    const kit = new DeviceKit()
    kit.sell('1108.5')
    expect(kit.json('/apicheck/getInfo')).toEqual({
      applicationVersion: 101_021,
      batteryCapacityPerc: '80',
      cashWeHave: '1108.50',
      cashierID: '166',
      cashierName: 'Айгерим Сапарова',
      currentShiftID: '1',
      currentShiftStatus: 'opened',
      databaseSizeKb: '46',
      defaultApiTaxID: '15',
      factorySerialNumber: '011700029000',
      lastClosedChequeId: '1',
      messagesQueSize: '1',
      printingMode: 'internal',
      roudingRule: 'no',
      totalFlashUsedMb: '78',
      totalRamUsedMb: '70',
    })
  })

  it('gives the short form on show=minimum', () => {
    expect(new DeviceKit({ lastShift: 9 }).json('/apicheck/getInfo/', { show: 'minimum' })).toEqual({
      cashierID: '166',
      cashierName: 'Айгерим Сапарова',
      currentShiftID: '9',
      currentShiftStatus: 'closed',
      defaultApiTaxID: '15',
      lastClosedChequeId: '0',
    })
  })

  it('prints the last document again', () => {
    const kit = new DeviceKit()
    expect(kit.line(kit.get('/apicheck/printLastDocument'))).toBe('400 no-last-document -7')
    kit.sell(5)
    kit.get('/apixreport/')
    expect(kit.line(kit.get('/apicheck/printLastDocument'))).toBe('200 1 0')
    expect(kit.device.ledger()[0]).toMatchObject({ reprints: 1, duplicates: 0 })
    expect(kit.device.state.paper.at(-1)).toContain('КОПИЯ')
  })
})

describe('session variables (10.1)', () => {
  it('beep, timers, LAN printer, web management', () => {
    const kit = new DeviceKit()
    const { state } = kit.device
    const set = (name: string): void => expect(kit.line(kit.get('/apicheck/', { [name]: 'true' }))).toBe('200 OK 0')
    set('beep')
    expect(state.beeps).toBe(1)
    set('timersFast')
    expect(state.session.timersFast).toBe(true)
    set('timersNormal')
    expect(state.session.timersFast).toBe(false)
    set('keepLanPrinter')
    expect(state.session.keepLanPrinter).toBe(true)
    set('closeLanPrinter')
    expect(state.session.keepLanPrinter).toBe(false)
    set('disableWebMgmt')
    expect(state.session.webManagement).toBe(false)
  })

  it('need the right key and the value true', () => {
    const kit = new DeviceKit()
    expect(kit.get('/apicheck/', { key: '1', beep: 'true' }).body).toBe('-1')
    expect(kit.line(kit.get('/apicheck/', { beep: 'false' }))).toBe('200 0 0')
    expect(kit.device.state.beeps).toBe(0)
  })

  it('tell and change the print mode', () => {
    const kit = new DeviceKit()
    expect(kit.get('/apicheck/', { getPrintMode: 'true' }).body).toBe('internal-printer')
    for (const mode of ['lan-printer', 'usb-printer', 'internal-printer', 'lan-printer']) {
      expect(kit.get('/apicheck/', { setPrintMode: mode }).body).toBe('0')
      expect(kit.get('/apicheck/', { getPrintMode: 'true' }).body).toBe(mode)
    }
    expect(kit.json('/apicheck/getInfo')).toMatchObject({ printingMode: 'lan' })
    expect(kit.line(kit.get('/apicheck/', { setPrintMode: 'laser' }))).toBe('400 check-all-params -7')
  })

  it('hold messages back in packet mode, push them, and send them again in normal mode', () => {
    const kit = new DeviceKit()
    const waiting = (): unknown => (kit.json('/apicheck/getInfo') as Record<string, unknown>)['messagesQueSize']
    kit.get('/apicheck/', { ofdPacketMode: 'true' })
    kit.sell(1)
    kit.sell(2)
    kit.wait(60_000)
    expect(waiting()).toBe('2')
    kit.get('/apicheck/', { pushTheQue: 'true' })
    kit.wait(2_000)
    expect(waiting()).toBe('0')
    kit.sell(3)
    kit.wait(60_000)
    expect(waiting()).toBe('1')
    kit.get('/apicheck/', { ofdNormalMode: 'true' })
    kit.sell(4)
    kit.wait(2_000)
    expect(waiting()).toBe('0')
    expect(kit.device.ledger().every((entry) => entry.submittedMs > 0)).toBe(true)
  })

  it('keep the queue while the line to the tax authority is down', () => {
    const kit = new DeviceKit()
    kit.device.setOfdReachable(false, kit.nowMs)
    kit.sell(1)
    kit.get('/apicheck/', { pushTheQue: 'true' })
    kit.wait(60_000)
    expect(kit.json('/apicheck/getInfo')).toMatchObject({ messagesQueSize: '1' })
    kit.device.setOfdReachable(true, kit.nowMs)
    kit.wait(60_000)
    expect(kit.json('/apicheck/getInfo')).toMatchObject({ messagesQueSize: '0' })
  })

  it.each(['Lockhost', 'lockhost'])('%s refuses every other host until the next start', (name) => {
    const kit = new DeviceKit()
    kit.get('/apicheck/', { [name]: 'true' }, '10.0.0.5')
    expect(kit.get('/apicheck/', {}, '10.0.0.6').body).toBe('-18')
    expect(kit.post('/api/', { sale: 1, cash: 1 }, '10.0.0.6').body).toBe('-18')
    expect(kit.get('/apicheck/', {}, '10.0.0.5').body).toBe('0')
    kit.device.reboot(kit.nowMs)
    kit.wait(25_000)
    expect(kit.get('/apicheck/', {}, '10.0.0.6').body).toBe('0')
  })

  it('print a header on every receipt until it is cleared', () => {
    const kit = new DeviceKit()
    const header = '* Жарнама *\n--barcodeEAN13-7501031311309--\n--barcodeEAN8-12345670--\n--barcode128-TESTCODE123--'
    expect(kit.line(kit.post('/apicheck/', { printHeader: header }))).toBe('200 OK 0')
    kit.sell(5)
    expect(kit.device.state.paper.at(-1)).toContain('* Жарнама *')
    expect(kit.device.state.paper.at(-1)).toContain('128-TESTCODE123')
    kit.post('/apicheck/', { printHeader: 'clear' })
    kit.sell(5)
    expect(kit.device.state.paper.at(-1)).not.toContain('Жарнама')
  })

  it('take the header by POST only, and whole barcodes only', () => {
    const kit = new DeviceKit()
    expect(kit.get('/apicheck/', { printHeader: 'x' }).body).toBe('-8')
    for (const broken of ['EAN13-123', 'EAN8-123456789', '128-', '128-ё', 'QR-1'])
      expect(kit.post('/apicheck/', { printHeader: `--barcode${broken}--` }).reason).toBe('print-lines-parse-error')
    expect(kit.device.state.session.printHeader).toBeNull()
  })

  it('are gone after a start', () => {
    const kit = new DeviceKit()
    const fresh = { ...kit.device.state.session }
    kit.get('/apicheck/', { timersFast: 'true', ofdPacketMode: 'true', setPrintMode: 'usb-printer' })
    kit.post('/apicheck/', { printHeader: 'x', Lockhost: 'true' })
    expect(kit.device.state.session).not.toEqual(fresh)
    kit.device.reboot(kit.nowMs)
    expect(kit.device.state.session).toEqual(fresh)
  })
})

describe('system functions (10.2)', () => {
  it('reboot: answered first, then silent while it starts', () => {
    const kit = new DeviceKit()
    expect(kit.line(kit.get('/apimanage/', { doReboot: 'true' }))).toBe('200 reboot-started 0')
    expect(kit.device.isUp(kit.nowMs + 24_999)).toBe(false)
    expect(kit.device.isUp(kit.nowMs + 25_000)).toBe(true)
  })

  it('update: to the newer version if there is one', () => {
    const kit = new DeviceKit({ updateTo: 101_022 })
    expect(kit.get('/apimanage/', { doUpdate: 'true' }).reason).toBe('update-started')
    kit.wait(25_000)
    expect(kit.json('/apicheck/getInfo')).toMatchObject({ applicationVersion: 101_022 })
    expect(kit.get('/apimanage/', { doUpdate: 'true' }).reason).toBe('no-update')
    expect(kit.device.isUp(kit.nowMs)).toBe(true)
  })

  it('need a key and a known function', () => {
    const kit = new DeviceKit()
    expect(kit.get('/apimanage/', { key: '5', doReboot: 'true' }).body).toBe('-1')
    expect(kit.get('/apimanage/').body).toBe('-7')
  })
})
