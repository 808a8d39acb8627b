/** The app's relay transport, through a running proxy, to the device emulator: nothing in between is made up. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startIkkmEmulator, type IkkmEmulator } from '../e2e/emulators/ikkm.ts'
import { createRelayTransport } from '../src/ikkm/transports/relay.ts'
import type { DeviceRequest } from '../src/contract/device.ts'
import { startTestProxy, type TestProxy } from './testing/proxy-kit.ts'

let device: IkkmEmulator
let proxy: TestProxy

beforeEach(async () => {
  device = await startIkkmEmulator({ cors: false, options: { key: '12345678', bootMs: 60_000 } })
  proxy = await startTestProxy({ IKKM_DEVICES: `main=${device.origin}` })
})
afterEach(async () => {
  await Promise.all([proxy.close(), device.close()])
})

function send(request: DeviceRequest, deviceId = 'main') {
  const transport = createRelayTransport({ base: proxy.base, deviceId, token: () => null })
  return transport.send(request, { timeoutMs: 3_000 })
}

function sale(key = device.device.currentKey()): DeviceRequest {
  const body = new URLSearchParams({ key, sale: '800', cash: '1000', footer: 'Құрт & <b>' }).toString()
  return { method: 'POST', path: '/api/', query: '', body }
}

describe('a sale over the relay', () => {
  it('is registered once and its number comes back, though the device sends no CORS headers', async () => {
    const before = device.device.currentKey()
    const answer = await send(sale())
    expect(answer).toMatchObject({ kind: 'reply', status: 200, reason: expect.stringMatching(/^\d+$/) as string })
    if (answer.kind === 'reply') expect(answer.body.trim()).toBe(device.device.currentKey())
    expect(device.device.currentKey()).not.toBe(before)
    const [logged] = device.log()
    expect(device.log()).toHaveLength(1)
    expect(new URLSearchParams(logged?.body).get('footer')).toBe('Құрт & <b>')
  })

  it('whose answer is lost perhaps happened; the identical request then brings the same number', async () => {
    const request = sale()
    await device.faults.add({ kind: 'drop-after' })
    expect(await send(request)).toMatchObject({ kind: 'silence', sent: 'perhaps' })
    expect(device.log()).toHaveLength(1)
    const again = await send(request)
    expect(again).toMatchObject({ kind: 'reply', status: 200 })
    if (again.kind === 'reply') expect(again.body.trim()).toBe(device.device.currentKey())
  })

  it('to a device that is not configured was never sent', async () => {
    expect(await send(sale(), 'other')).toMatchObject({ kind: 'silence', sent: 'never' })
    expect(device.log()).toHaveLength(0)
  })

  it('to a device that is away was never sent', async () => {
    await device.close()
    expect(await send(sale())).toMatchObject({ kind: 'silence', sent: 'never' })
  })
})
