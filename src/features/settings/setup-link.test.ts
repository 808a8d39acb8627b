import { describe, expect, it } from 'vitest'
import { readLanguage, readSetupLink } from '../../stores/setup.ts'
import { modulePath, setupLink } from './setup-link.ts'

function read(link: string) {
  const url = new URL(link)
  return { link: readSetupLink(url.searchParams, url.hash), language: readLanguage(url.searchParams), url }
}

describe('the link for the next tablet', () => {
  it.each([
    { transport: 'direct', origin: 'http://192.168.1.50:8080', relayId: '' } as const,
    { transport: 'relay', origin: '', relayId: 'hall-1' } as const,
    { transport: 'demo', origin: '', relayId: '' } as const,
  ])('is understood by the setup: $transport', (device) => {
    const { link, language } = read(setupLink('https://till.shop:8787', device, 'kk'))
    expect(link?.input).toMatchObject({
      transport: device.transport,
      key: '',
      ...(device.transport === 'direct' ? { address: device.origin } : {}),
      ...(device.transport === 'relay' ? { relayId: device.relayId } : {}),
    })
    expect(language).toBe('kk')
  })

  it('has no key, not even where a browser would hide it', () => {
    const device = { transport: 'direct', origin: 'http://10.0.0.5:8080', relayId: '' } as const
    const { url } = read(setupLink('https://till.shop', device, 'ru'))
    expect(url.hash).toBe('')
    expect([...url.searchParams.keys()].sort()).toEqual(['device', 'lang', 'transport'])
  })

  it('is drawn as runs of dark modules', () => {
    expect(
      modulePath([
        [true, true, false, true],
        [false, false, true, false],
      ]),
    ).toBe('M0 0h2v1h-2zM3 0h1v1h-1zM2 1h1v1h-1z')
  })
})
