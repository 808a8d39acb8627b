/** The browser's offer to install the terminal. It comes once and early, so it is kept until a person asks for it. */
import { shallowRef } from 'vue'

/** `beforeinstallprompt` of Chromium; other browsers never send one. */
export interface InstallEvent extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>
}

export const installEvent = shallowRef<InstallEvent | null>(null)

/** Listens from now on; the browser's own banner stays away. */
export function keepInstallEvent(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    installEvent.value = event as InstallEvent
  })
}
