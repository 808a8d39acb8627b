/** Pieces of the app that come after the first screen. */
import { defineAsyncComponent, type Component } from 'vue'

/** ms until a piece that couldn't be fetched is asked for again. */
const RETRY_MS = 2_000

/**
 * Asks for a piece of the app until it is there. Just when an update takes over, or without a network before the worker
 * has stored everything, a file can't be fetched for a moment: nothing that is needed later may be lost by that.
 */
export async function fetched<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load()
    } catch (error) {
      console.warn('not fetched yet:', error)
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}

/** A component that is fetched when it is first shown, and appears as soon as it is there. */
export function fetchedComponent<T extends Component>(load: () => Promise<T | { readonly default: T }>): T {
  return defineAsyncComponent<T>(() => fetched(load))
}
