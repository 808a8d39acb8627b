/** What an unconfigured terminal does at its first start behind an unconfigured proxy. */
import * as v from 'valibot'
import { CONFIG_PATH, proxyConfigSchema, type ProxyConfigReply } from '../contract/config.ts'
import type { SetupGateway } from '../stores/services.ts'
import type { DeviceSettings, KeptDevice, useSettingsStore } from '../stores/settings.ts'

/** The proxy answers from this machine or the shop's network; longer means that it is away. */
const CONFIG_TIMEOUT_MS = 1_500

/** What the proxy says of itself; null when it is away or isn't there at all. */
async function readProxyConfig(token: string | null): Promise<ProxyConfigReply | null> {
  try {
    const response = await fetch(CONFIG_PATH, {
      cache: 'no-store',
      signal: AbortSignal.timeout(CONFIG_TIMEOUT_MS),
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    })
    const parsed = v.safeParse(proxyConfigSchema, await response.json())
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}

/** A proxy with nothing configured is somebody's first look: it sells on the demo device at once, clearly marked. */
export async function demoWay(
  settings: ReturnType<typeof useSettingsStore>,
  setup: SetupGateway,
  token: string | null,
): Promise<KeptDevice | null> {
  if (location.pathname.startsWith('/setup')) return null
  // What a demo needs comes while the proxy answers: a first look shouldn't wait for one thing after another.
  const parts = Promise.all([import('./setup-gateway.ts'), import('./demo-device.ts')])
  parts.catch(() => undefined)
  const config = await readProxyConfig(token)
  if (config?.demo !== true) return null
  const demo: DeviceSettings = { transport: 'demo', origin: '', relayId: '' }
  const device = { ...demo, deviceId: await setup.keep(demo, '', null) }
  await settings.change({ device })
  return device
}
