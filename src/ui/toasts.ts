/** Short notes over the screen, each with at most one action. The newest replaces an older one of the same key. */
import { ref, type Ref } from 'vue'
import type { IconName } from './icons.ts'

export interface Toast {
  readonly id: number
  readonly key: string
  readonly text: string
  readonly icon: IconName
  readonly action: { readonly label: string; run(): void } | null
  /** ms until it leaves by itself. */
  readonly stayMs: number
}

const STAY_MS = 6_000
let lastId = 0

export const toasts: Ref<Toast[]> = ref([])

/** Shows a note. An action stays at hand long enough for a slow hand: `stayMs` in ms, 6 000 by default. */
export function showToast(
  text: string,
  options: Partial<Pick<Toast, 'key' | 'icon' | 'action' | 'stayMs'>> = {},
): void {
  const id = ++lastId
  const key = options.key ?? String(id)
  const toast: Toast = {
    id,
    key,
    text,
    icon: options.icon ?? 'info',
    action: options.action ?? null,
    stayMs: options.stayMs ?? STAY_MS,
  }
  toasts.value = [...toasts.value.filter((other) => other.key !== key), toast].slice(-3)
}

/** Takes away the note of a kind, because what it offers no longer fits. */
export function dismissToastKey(key: string): void {
  toasts.value = toasts.value.filter((toast) => toast.key !== key)
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}
