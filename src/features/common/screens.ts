/**
 * Which screen is open. The sale stands from the start; the router, which knows all the others, is fetched behind it or
 * by the first who wants another screen.
 */
import { computed, shallowRef } from 'vue'
import type { Router } from 'vue-router'

const router = shallowRef<Router | null>(null)
let start: (() => Promise<Router>) | null = null
let starting: Promise<Router> | null = null

/** `start` makes the router, installs it and waits until it shows the screen of the present address. */
export function provideRouter(given: () => Promise<Router>): void {
  start = given
}

/** The router, fetched once; rejects where it can't be fetched now, and the next call tries again. */
export function openRouter(): Promise<Router> {
  if (start === null) throw new Error('provideRouter comes first')
  starting ??= start().then(
    (made) => (router.value = made),
    (error: unknown) => {
      starting = null
      throw error
    },
  )
  return starting
}

/** Goes to the screen at this path. Rejects where the router can't be fetched: the present screen stays. */
export async function openScreen(path: string): Promise<void> {
  await (await openRouter()).push(path)
}

/** Path of the open screen. */
export const openPath = computed(() => router.value?.currentRoute.value.path ?? '/')

/** The sale screen is shown, which is no page of the router's. */
export const atSale = computed(() => router.value === null || router.value.currentRoute.value.name === 'sale')
