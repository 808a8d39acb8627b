import { describe, expect, it } from 'vitest'
import { DeviceKit } from './testing/device-kit.ts'

const PAY = { message: 'purchase', amount: 1500, trackdocument: 345 }

function result(kit: DeviceKit, track = 345): Record<string, unknown> {
  return kit.json(`/dump/bank/${track}/trackdocument`) as Record<string, unknown>
}

describe('bank operations (6)', () => {
  it('open, are busy, and leave a result under their track number', () => {
    const kit = new DeviceKit()
    expect(kit.line(kit.get('/apibank/', PAY))).toBe('200 bank-is-opened 0')
    expect(kit.device.currentKey()).toBe('12345678')
    kit.wait(5_999)
    for (const path of ['/api/', '/apicheck/', '/dump/bank/345/trackdocument', '/apibank/'])
      expect(kit.get(path, PAY).body).toBe('-2')
    kit.wait(1)
    expect(result(kit)).toMatchObject({
      foundTransactions: '1',
      totalAmount: '1500.00',
      transactionResult: 'success',
      details: [
        {
          amount: '1500.00',
          operationType: 'purchase',
          responce: '00',
          result: 'success',
          currency: '398',
          dateTime: '18-01-2026 20:41:12',
        },
      ],
    })
    expect(kit.last()).toMatchObject({ kind: 'bank', track: 345, totalTiyn: 150_000, bankMessage: 'purchase' })
  })

  it('keep declined attempts beside the successful one', () => {
    const kit = new DeviceKit()
    kit.device.scriptBank({ result: 'approve', durationMs: 1_000, failedBefore: 2 })
    kit.get('/apibank/', PAY)
    kit.wait(1_000)
    const { details, ...rest } = result(kit)
    expect(rest).toEqual({ foundTransactions: '3', totalAmount: '1500.00', transactionResult: 'success' })
    expect((details as { result: string }[]).map((one) => one.result)).toEqual(['fail', 'fail', 'success'])
  })

  it('may be declined, leave nothing, or hang until a person cancels', () => {
    const kit = new DeviceKit()
    kit.device.scriptBank(
      { result: 'decline', durationMs: 10, responseCode: '51' },
      { result: 'not-found', durationMs: 10 },
      { result: 'hang', durationMs: 10 },
    )
    kit.get('/apibank/', { ...PAY, trackdocument: 1 })
    kit.wait(10)
    expect(result(kit, 1)).toMatchObject({
      foundTransactions: '1',
      totalAmount: '0.00',
      transactionResult: 'fail',
      details: [{ responce: '51', result: 'fail' }],
    })
    kit.get('/apibank/', { ...PAY, trackdocument: 2 })
    kit.wait(10)
    expect(result(kit, 2)).toEqual({
      foundTransactions: '0',
      totalAmount: '0.00',
      transactionResult: 'fail',
      details: [],
    })
    kit.get('/apibank/', { ...PAY, trackdocument: 3 })
    kit.wait(3_600_000)
    expect(kit.get('/apicheck/').body).toBe('-2')
    kit.device.cancelBank(kit.nowMs)
    expect(result(kit, 3)).toMatchObject({ transactionResult: 'fail' })
  })

  it('do not check that a track number is new: everything under it is added up', () => {
    const kit = new DeviceKit()
    for (let time = 0; time < 2; time += 1) {
      kit.get('/apibank/', PAY)
      kit.wait(6_000)
    }
    expect(result(kit)).toMatchObject({ foundTransactions: '2', totalAmount: '3000.00' })
  })

  it('know refund, reversal and reconciliation, and need no track number', () => {
    const kit = new DeviceKit()
    for (const message of ['refund', 'reversal']) {
      kit.get('/apibank/', { ...PAY, message, trackdocument: message.length })
      kit.wait(6_000)
      expect(result(kit, message.length)).toMatchObject({ details: [{ operationType: message }] })
    }
    expect(kit.get('/apibank/', { message: 'reconciliation' }).status).toBe(200)
    kit.wait(6_000)
    expect(kit.get('/apicheck/').status).toBe(200)
  })

  it.each<[string, Record<string, string | number>, string]>([
    ['no message', { amount: 5 }, 'check-all-params -7'],
    ['an unknown message', { message: 'steal', amount: 5 }, 'check-all-params -7'],
    ['no amount', { message: 'purchase' }, 'payment-params-missed -7'],
    ['an amount that is no number', { message: 'purchase', amount: 'x' }, 'bank-param-error -7'],
    ['no money', { message: 'purchase', amount: 0 }, 'bank-not-in-range -7'],
    ['too much money', { message: 'refund', amount: 20_000_001 }, 'bank-not-in-range -7'],
    ['track 0', { ...PAY, trackdocument: 0 }, 'check-all-params -7'],
    ['a track of ten digits', { ...PAY, trackdocument: 1_000_000_000 }, 'check-all-params -7'],
    ['a wrong key', { ...PAY, key: '1' }, 'incorrect-web-api-key -1'],
  ])('refuse %s', (_case, parameters, expected) => {
    const kit = new DeviceKit()
    expect(kit.line(kit.get('/apibank/', parameters))).toBe(`400 ${expected}`)
    expect(kit.device.isBusy(kit.nowMs)).toBe(false)
  })

  it('answer a result without a senior cashier', () => {
    const kit = new DeviceKit({ cashierId: 100 })
    expect(result(kit)).toMatchObject({ foundTransactions: '0' })
    expect(kit.get('/dump/bank/x/trackdocument').body).toBe('-7')
  })
})
