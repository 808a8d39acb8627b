import { describe, expect, it } from 'vitest'
import { DeviceKit } from './testing/device-kit.ts'

describe('the previous key on a registration (chapter 4)', () => {
  it('repeats the answer, prints a duplicate and registers nothing', () => {
    const kit = new DeviceKit()
    const first = kit.sell(800)
    const again = kit.sell(800, { key: '12345678' })
    expect(again).toEqual(first)
    expect(kit.device.ledger()).toHaveLength(1)
    expect(kit.last().duplicates).toBe(1)
    expect(kit.device.state.paper.at(-1)).toContain('ДУБЛИКАТ')
    expect(kit.sell(800, { key: '12345678' })).toEqual(first)
    expect(kit.last().duplicates).toBe(2)
  })

  it('swallows a different registration: the old number, nothing registered', () => {
    const kit = new DeviceKit()
    const first = kit.sell(800)
    expect(kit.post('/api/', { key: '12345678', saleReturn: 5, bank: 5 })).toEqual(first)
    expect(kit.sell('not even a number', { key: '12345678' })).toEqual(first)
    expect(kit.device.ledger()).toHaveLength(1)
  })

  it('remembers one key only', () => {
    const kit = new DeviceKit()
    kit.sell(1)
    kit.sell(2)
    expect(kit.sell(1, { key: '12345678' }).body).toBe('-1')
  })

  it('works for registrations only', () => {
    const kit = new DeviceKit()
    kit.sell(1)
    for (const path of [
      '/apideposit/',
      '/apiwithdraw/',
      '/apixreport/',
      '/apizreport/',
      '/apicheck/',
      '/dump/table/taxes',
    ])
      expect(kit.post(path, { key: '12345678', cash: 5 }).body).toBe('-1')
  })

  it('needs a printer that can print the duplicate', () => {
    const kit = new DeviceKit()
    kit.sell(1)
    kit.device.state.printer = 'no-paper'
    expect(kit.sell(1, { key: '12345678' }).body).toBe('-6')
    expect(kit.last().duplicates).toBe(0)
  })

  it('is answered even when the shift became too old meanwhile', () => {
    const kit = new DeviceKit()
    const first = kit.sell(1)
    kit.wait(25 * 3_600_000)
    expect(kit.sell(1, { key: '12345678' })).toEqual(first)
  })

  it('is forgotten when a person sets another key', () => {
    const kit = new DeviceKit()
    kit.sell(1)
    const key = kit.device.changeKey()
    expect(kit.sell(1, { key: '12345678' }).body).toBe('-1')
    expect(kit.sell(1, { key }).status).toBe(200)
  })

  it('keys may begin with 0 and never repeat the one before', () => {
    const kit = new DeviceKit({ keySpace: 4 })
    let key = kit.device.currentKey()
    for (let sale = 0; sale < 50; sale += 1) {
      const reply = kit.sell(1)
      expect(reply.body).toMatch(/^0000000[123]$/)
      expect(reply.body).not.toBe(key)
      key = reply.body
    }
  })
})
