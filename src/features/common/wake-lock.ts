/**
 * Keeps the screen lit while the terminal is in sight: a dark tablet costs a customer's time. The browser takes the lock
 * back whenever the page is hidden, so it is asked for again each time the page comes back.
 */
import { onScopeDispose, ref, watch } from 'vue'

/** `unsupported`: this browser can't; `refused`: it doesn't want to now (battery saver). */
export type WakeState = 'off' | 'held' | 'refused' | 'unsupported'

interface Sentinel {
  readonly released: boolean
  release(): Promise<void>
  addEventListener(type: 'release', listener: () => void): void
}

/** What is used of the browser. */
export interface WakeParts {
  readonly request: (() => Promise<Sentinel>) | null
  readonly visible: () => boolean
}

/** Asks for the lock and gives it back; one at a time, whatever order the answers come in. */
export function createWakeLock(parts: WakeParts, report: (state: WakeState) => void) {
  let wanted = false
  let held: Sentinel | null = null
  let asking = false

  async function take(request: NonNullable<WakeParts['request']>): Promise<void> {
    asking = true
    try {
      const sentinel = await request()
      held = sentinel
      sentinel.addEventListener('release', () => {
        // Asked for again when the page comes back, not at once: the browser has its reasons (an empty battery).
        if (held !== sentinel) return
        held = null
        report('off')
      })
      report('held')
    } catch {
      report('refused')
    } finally {
      asking = false
    }
    if (!wanted) follow()
  }

  function follow(): void {
    if (parts.request === null) {
      report('unsupported')
      return
    }
    if (wanted && parts.visible()) {
      if (!asking && (held === null || held.released)) void take(parts.request)
      return
    }
    const sentinel = held
    held = null
    if (sentinel !== null) void sentinel.release().catch(() => undefined)
    if (!asking) report('off')
  }

  return {
    /** Whether the screen shall stay lit from now on. */
    want(on: boolean): void {
      wanted = on
      follow()
    },
    /** The page was hidden or came back. */
    look: follow,
  }
}

const state = ref<WakeState>('off')

/** How it stands, for the settings page. */
export const wakeState = state

/** Keeps the screen lit while `on()` says so and the component is there. */
export function useWakeLock(on: () => boolean): void {
  const lock = createWakeLock(
    {
      request: 'wakeLock' in navigator ? () => navigator.wakeLock.request('screen') : null,
      visible: () => document.visibilityState === 'visible',
    },
    (next) => {
      state.value = next
    },
  )
  watch(on, lock.want, { immediate: true })
  document.addEventListener('visibilitychange', lock.look)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', lock.look)
    lock.want(false)
  })
}
