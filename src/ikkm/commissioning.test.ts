import { describe, expect, it } from 'vitest'
import type { DeviceAnswer } from '../contract/device.ts'
import { DEFAULT_READINGS, IkkmDevice, newDeviceState, type NewDeviceOptions } from '../device-model/device.ts'
import { commissionDevice } from './commissioning.ts'
import { silence } from './testing/device-replies.ts'

function shop(options: Partial<NewDeviceOptions> = {}, change = (answer: DeviceAnswer): DeviceAnswer => answer) {
  let now = Date.UTC(2026, 0, 18)
  const device = new IkkmDevice(newDeviceState({ seed: 7, nowMs: now, key: '01234567', ...options }))
  device.foreignOperation({ kind: 'sale', totalTiyn: 100_000 }, now)
  const commission = (lockHost: boolean, key = device.currentKey()) =>
    commissionDevice((request) => Promise.resolve(change(device.handle(request, (now += 60_000)))), key, lockHost)
  return { device, commission }
}

describe('commissioning a device', () => {
  it('finds out what an ordinary device can do, without a document', async () => {
    const { device, commission } = shop()
    await expect(commission(true)).resolves.toEqual({
      kind: 'ok',
      abilities: {
        serial: '011700029000',
        firmware: '101021',
        reasonPhrase: true,
        infoChecksKey: true,
        dumpChecksKey: true,
        reports: 'allowed',
        hostLock: 'held',
      },
    })
    expect(device.ledger()).toHaveLength(1)
    expect(device.state.session.lockedTo).toBe('client')
  })

  it('does not lock unless it is told to', async () => {
    const { device, commission } = shop()
    await expect(commission(false)).resolves.toMatchObject({ abilities: { hostLock: 'notAsked' } })
    expect(device.state.session.lockedTo).toBeNull()
  })

  it('notices a device that answers to any key', async () => {
    const { commission } = shop({ readings: { ...DEFAULT_READINGS, statusChecksKey: false, dumpChecksKey: false } })
    await expect(commission(false)).resolves.toMatchObject({
      abilities: { infoChecksKey: false, dumpChecksKey: false, reports: 'allowed' },
    })
  })

  it('notices a cashier who may not read reports', async () => {
    const { commission } = shop({ cashierId: 100 })
    await expect(commission(false)).resolves.toMatchObject({ abilities: { reports: 'denied', dumpChecksKey: true } })
  })

  it('notices a path that loses the reason phrase', async () => {
    for (const reason of ['', 'OK']) {
      const { commission } = shop({}, (answer) => (answer.kind === 'reply' ? { ...answer, reason } : answer))
      await expect(commission(false)).resolves.toMatchObject({ abilities: { reasonPhrase: false, reports: 'allowed' } })
    }
  })

  it('takes the word of a refusal for the reason phrase where the device has no receipt yet', async () => {
    const device = new IkkmDevice(newDeviceState({ seed: 7, nowMs: 0, key: '01234567', lastNumber: 0 }))
    let now = 60_000
    const commission = (change: (answer: DeviceAnswer) => DeviceAnswer) =>
      commissionDevice(
        (request) => Promise.resolve(change(device.handle(request, (now += 60_000)))),
        device.currentKey(),
        false,
      )
    await expect(commission((answer) => answer)).resolves.toMatchObject({ abilities: { reasonPhrase: true } })
    const silent = (answer: DeviceAnswer): DeviceAnswer =>
      answer.kind === 'reply' ? { ...answer, reason: '' } : answer
    await expect(commission(silent)).resolves.toMatchObject({ abilities: { reasonPhrase: null } })
  })

  it('stops at a wrong key and at silence', async () => {
    await expect(shop().commission(true, '99999999')).resolves.toMatchObject({ kind: 'code', code: -1 })
    await expect(shop({}, () => silence('timeout')).commission(true)).resolves.toMatchObject({ kind: 'unknown' })
  })
})
