/** The device's state in the bar: a word, a colour and a drawing for each. */
import type { DeviceState } from '../../stores/device.ts'
import type { IconName } from '../../ui/icons.ts'

export interface DeviceStateLook {
  readonly tone: 'ok' | 'info' | 'warn' | 'danger' | 'neutral'
  readonly icon: IconName
  readonly busy: boolean
}

export const DEVICE_STATE_LOOK: Readonly<Record<DeviceState, DeviceStateLook>> = {
  ready: { tone: 'ok', icon: 'check', busy: false },
  printing: { tone: 'ok', icon: 'printer', busy: true },
  card: { tone: 'ok', icon: 'card', busy: true },
  offline: { tone: 'warn', icon: 'offline', busy: false },
  attention: { tone: 'danger', icon: 'alert', busy: false },
  unknown: { tone: 'neutral', icon: 'unknown', busy: false },
  checking: { tone: 'neutral', icon: 'refresh', busy: true },
}
