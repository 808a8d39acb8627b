import { afterEach, describe, expect, it, vi } from 'vitest'
import type { KeyValueStore } from '../storage/key-value.ts'
import type { DeviceSettings } from '../stores/settings.ts'
import { openDeviceLink } from './device-link.ts'

const KEY_VALUES = {} as KeyValueStore
const PROXY = { token: () => null, letters: () => '', use: 'work' } as const

afterEach(() => vi.unstubAllGlobals())

describe('the direct way', () => {
  it('is one for the queue, for lists and for commands: a look there is a contact like any other', async () => {
    vi.stubGlobal('navigator', {})
    vi.stubGlobal('location', { protocol: 'http:' })
    const settings = { transport: 'direct', origin: 'http://192.168.1.50:8080', relayId: '' } as DeviceSettings
    const link = await openDeviceLink(settings, KEY_VALUES, PROXY)
    expect(link.lookTransport).toBe(link.client.transport)
    expect(link.queueTransport).toBe(link.client.transport)
    expect(link.lease).toBeNull()
  })
})
