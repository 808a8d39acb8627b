/** How a status of iiko looks; one that isn't documented stays neutral and is shown raw. */
import { IIKO_STATUS_FILTERS, type IikoStatusFilter } from '../../contract/iiko.ts'
import { text } from '../../i18n/use-text.ts'
import type { IconName } from '../../ui/icons.ts'

export type Tone = 'neutral' | 'ok' | 'info' | 'warn' | 'danger'

const LOOKS: Readonly<Record<IikoStatusFilter, { readonly tone: Tone; readonly icon: IconName }>> = {
  ANY: { tone: 'neutral', icon: 'unknown' },
  OPEN: { tone: 'info', icon: 'clock' },
  CLOSED: { tone: 'neutral', icon: 'lock' },
  ACCEPTED: { tone: 'ok', icon: 'check' },
  UNACCEPTED: { tone: 'warn', icon: 'edit' },
  HASWARNINGS: { tone: 'danger', icon: 'alert' },
}

const known = (status: string): IikoStatusFilter | null => IIKO_STATUS_FILTERS.find((name) => name === status) ?? null

export function statusLook(status: string): { readonly tone: Tone; readonly icon: IconName } {
  return LOOKS[known(status) ?? 'ANY']
}

export function statusWord(status: string): string {
  const name = known(status)
  return name === null ? status : text(`iiko.statuses.${name}`)
}
