/** Whether the terminal is installed, can be, and how a person does it where the browser has no button for it. */
import { computed, ref } from 'vue'
import { services } from '../../till/services.ts'
import { installEvent } from './install-event.ts'

/** `ready`: one tap installs. `ios`: the steps have to be said. `elsewhere`: perhaps in the browser's menu. */
export type InstallState = 'installed' | 'ready' | 'ios' | 'elsewhere'

const DISMISSED = 'install-hint'
/** Newest entries that are looked at for a registered receipt. */
const LOOK_AT = 20

const done = ref(false)
window.addEventListener('appinstalled', () => {
  done.value = true
  installEvent.value = null
})

function runsInstalled(): boolean {
  const modes = ['standalone', 'fullscreen', 'minimal-ui', 'window-controls-overlay']
  return modes.some((mode) => matchMedia(`(display-mode: ${mode})`).matches) || iosStandalone() === true
}

/** Only Safari on iPhone and iPad has this property; it is false in a tab. */
function iosStandalone(): boolean | undefined {
  return 'standalone' in navigator ? navigator.standalone === true : undefined
}

export const installState = computed<InstallState>(() => {
  if (done.value || runsInstalled()) return 'installed'
  if (installEvent.value !== null) return 'ready'
  return iosStandalone() === undefined ? 'elsewhere' : 'ios'
})

/** Opens the browser's own question. True when the person said yes; an offer can be used once. */
export async function install(): Promise<boolean> {
  const event = installEvent.value
  if (event === null) return false
  installEvent.value = null
  const { outcome } = await event.prompt()
  return outcome === 'accepted'
}

/** The hint has its moment after the first registered receipt, unless a person sent it away for good. */
export async function hintDue(): Promise<boolean> {
  const { keyValues, ledger } = services()
  if (ledger === null || (await keyValues.get(DISMISSED)) === 'never') return false
  const { entries } = await ledger.page({ limit: LOOK_AT })
  return entries.some((entry) => entry.kind === 'registration' && entry.state === 'done')
}

export async function dismissHint(): Promise<void> {
  await services().keyValues.set(DISMISSED, 'never')
}
