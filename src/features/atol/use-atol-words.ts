/** What an ATOL device says of itself, in words. */
import { ATOL_NETWORK_ERRORS, type AtolDevice } from '../../contract/atol.ts'
import { useText } from '../../i18n/use-text.ts'
import type { IconName } from '../../ui/icons.ts'
import { daysToExpiry, isoMs, unsentAgeMs, type HealthLevel } from './atol-health.ts'

export const LEVEL_LOOK: Readonly<Record<HealthLevel, { readonly tone: HealthLevel; readonly icon: IconName }>> = {
  ok: { tone: 'ok', icon: 'check' },
  warn: { tone: 'warn', icon: 'alert' },
  danger: { tone: 'danger', icon: 'alert' },
}

export function useAtolWords() {
  const { t, dateTime, duration } = useText()
  return {
    shiftState({ isShiftOpened, shiftNumber }: AtolDevice): string {
      if (isShiftOpened === null) return t('atol.shiftUnknown')
      if (shiftNumber === null) return t(isShiftOpened ? 'atol.shiftOpenBare' : 'atol.shiftClosedBare')
      return t(isShiftOpened ? 'atol.shiftOpen' : 'atol.shiftClosed', { number: shiftNumber })
    },
    expiry(device: AtolDevice, nowMs: number): string {
      const days = daysToExpiry(device, nowMs)
      if (days === null) return t('atol.expiryUnknown')
      if (days === 0) return t('atol.expiresToday')
      return days < 0 ? t('atol.expiredDays', { count: -days }) : t('atol.daysLeft', { count: days })
    },
    unsent(device: AtolDevice, nowMs: number): string {
      if (device.unsentDocs === 0) return t('atol.allSent')
      const age = unsentAgeMs(device, nowMs)
      const count = t('atol.unsent', { count: device.unsentDocs })
      return age === null ? count : `${count}, ${t('atol.unsentAge', { age: duration(age) })}`
    },
    network(code: number | null): string {
      if (code === null) return t('atol.networkNone')
      const known = ATOL_NETWORK_ERRORS.find((name) => name === code)
      return known === undefined ? t('atol.networkOther', { code }) : t(`atol.network.n${known}`)
    },
    /** A moment on this tablet's clock; what is no time stands as it came. */
    moment(text: string | null): string {
      const ms = isoMs(text)
      return ms === null ? (text ?? '—') : dateTime(ms)
    },
  }
}
