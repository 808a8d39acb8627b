/** What has to be looked at on an ATOL device, worst first. The clock is handed in. */
import type { AtolDevice } from '../../contract/atol.ts'

export type HealthLevel = 'ok' | 'warn' | 'danger'
export type HealthKind = 'expired' | 'expires' | 'full' | 'unsentOld' | 'unsent' | 'network' | 'stale'

export interface HealthWarning {
  readonly kind: HealthKind
  readonly level: Exclude<HealthLevel, 'ok'>
}

const DAY_MS = 86_400_000
/** A storage is ordered and changed within weeks. */
const EXPIRES_SOON_DAYS = 30
/** Hundredths of a percent. */
const NEARLY_FULL = 9_000
const FULL = 9_800
/** After 30 days without sending a fiscal storage locks itself; a week leaves time to act. */
const UNSENT_OLD_MS = 7 * DAY_MS
const STALE_MS = DAY_MS

/** Moment of an ISO text in ms; null for none or for what is no time. */
export function isoMs(text: string | null): number | null {
  const ms = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}

/** Whole days until the storage expires, negative after it; null where the service doesn't say. */
export function daysToExpiry(device: AtolDevice, nowMs: number): number | null {
  const expiry = isoMs(device.fiscalStorageExpiration)
  return expiry === null ? null : Math.floor((expiry - nowMs) / DAY_MS)
}

/** Age of the oldest unsent document in ms; null where there is none or no date. */
export function unsentAgeMs(device: AtolDevice, nowMs: number): number | null {
  const first = device.unsentDocs > 0 ? isoMs(device.firstUnsentDocTimestamp) : null
  return first === null ? null : Math.max(0, nowMs - first)
}

export function deviceWarnings(device: AtolDevice, nowMs: number): readonly HealthWarning[] {
  const warnings: HealthWarning[] = []
  const add = (kind: HealthKind, level: HealthWarning['level']) => warnings.push({ kind, level })
  const days = daysToExpiry(device, nowMs)
  if (days !== null && days < 0) add('expired', 'danger')
  else if (days !== null && days <= EXPIRES_SOON_DAYS) add('expires', 'warn')
  if (device.fiscalStorageUse !== null && device.fiscalStorageUse >= NEARLY_FULL) {
    add('full', device.fiscalStorageUse >= FULL ? 'danger' : 'warn')
  }
  if (device.unsentDocs > 0) {
    const old = (unsentAgeMs(device, nowMs) ?? 0) >= UNSENT_OLD_MS
    add(old ? 'unsentOld' : 'unsent', old ? 'danger' : 'warn')
  }
  if (device.networkErrorCode !== null && device.networkErrorCode !== 0) add('network', 'warn')
  const made = isoMs(device.timestamp)
  if (made !== null && nowMs - made > STALE_MS) add('stale', 'warn')
  return warnings.sort((a, b) => (a.level === b.level ? 0 : a.level === 'danger' ? -1 : 1))
}

export function levelOf(warnings: readonly HealthWarning[]): HealthLevel {
  if (warnings.some((warning) => warning.level === 'danger')) return 'danger'
  return warnings.length > 0 ? 'warn' : 'ok'
}

export interface DeviceHealth {
  readonly device: AtolDevice
  readonly warnings: readonly HealthWarning[]
  readonly level: HealthLevel
}

const RANK: Readonly<Record<HealthLevel, number>> = { danger: 0, warn: 1, ok: 2 }

/** Devices with what is wrong with them: the worst first, then those with more to do, else in the service's order. */
export function byWarnings(devices: readonly AtolDevice[], nowMs: number): readonly DeviceHealth[] {
  return devices
    .map((device) => {
      const warnings = deviceWarnings(device, nowMs)
      return { device, warnings, level: levelOf(warnings) }
    })
    .sort((a, b) => RANK[a.level] - RANK[b.level] || b.warnings.length - a.warnings.length)
}
