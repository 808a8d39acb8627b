/** What a terminal without settings does: it says that its storage was lost, or opens on the practice register, or asks. */
import * as v from 'valibot'
import { CONFIG_PATH, proxyConfigSchema, type ProxyConfigReply } from '../contract/config.ts'
import type { LedgerDatabase } from '../storage/ledger-db.ts'
import type { LostTill, SetupGateway } from '../till/services.ts'
import type { DeviceSettings, KeptDevice, useSettingsStore } from '../stores/settings.ts'
import { recallTill, wayOf } from './till-memory.ts'

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

export interface FirstStart {
  /** The practice register, where the terminal opens on it. */
  readonly device: KeptDevice | null
  readonly lost: LostTill | null
  /** Other terminals work with a real register at this server: this tablet may have been one of them. */
  readonly otherTills: number
}

export interface FirstStartParts {
  readonly settings: ReturnType<typeof useSettingsStore>
  readonly setup: SetupGateway
  readonly token: string | null
  /** The ledger of real receipts where the browser still has one; null else, without making one. */
  readonly shopLedger: () => Promise<LedgerDatabase | null>
}

/** The settings are gone and the receipts are not: the way stands in the id of the register's record. */
async function leftInLedger(database: LedgerDatabase | null): Promise<LostTill | null> {
  const [record] = database === null ? [] : await database.getAll('devices')
  if (record === undefined) return null
  const [, transport = '', place = ''] = /^(direct|relay):([^#]*)/.exec(record.id) ?? []
  const way: DeviceSettings =
    transport === 'relay'
      ? { transport, origin: '', relayId: place }
      : { transport: 'direct', origin: place, relayId: '' }
  return { way, serial: record.serial, journal: true }
}

async function lostTill(shopLedger: FirstStartParts['shopLedger']): Promise<LostTill | null> {
  const [memory, left] = await Promise.all([recallTill(), shopLedger().then(leftInLedger)])
  if (memory === null) return left
  return { way: wayOf(memory), serial: memory.serial, journal: left !== null }
}

/**
 * A server with nothing configured is somebody's first look: the terminal sells on the practice register at once, clearly
 * marked. Only where nothing on this tablet, and on a tablet that has to pair nothing at the server, says that it may
 * have been a till: one that lost its storage and registers nothing must not look ready.
 */
export async function firstStart({ settings, setup, token, shopLedger }: FirstStartParts): Promise<FirstStart> {
  const lost = await lostTill(shopLedger)
  const nothing = { device: null, lost, otherTills: 0 }
  if (lost !== null || location.pathname.startsWith('/setup')) return nothing
  // What a demo needs comes while the proxy answers: a first look shouldn't wait for one thing after another.
  const parts = Promise.all([import('./setup-gateway.ts'), import('./demo-device.ts'), import('./identity.ts')])
  parts.catch(() => undefined)
  const config = await readProxyConfig(token)
  if (config === null) return nothing
  const otherTills = config.tills
  if (!config.demo || (config.pairingRequired && otherTills > 0)) return { ...nothing, otherTills }
  const demo: DeviceSettings = { transport: 'demo', origin: '', relayId: '' }
  const device = { ...demo, deviceId: await setup.keep(demo, '', null) }
  await settings.change({ device })
  return { device, lost: null, otherTills }
}
