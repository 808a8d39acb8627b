/** Counts what a hand does: a tap, or a key of the keyboard. Waiting for a button is no tap. */
import type { Locator } from '@playwright/test'
import { expect } from '../fixtures.ts'
import type { Terminal } from './terminal.ts'

export interface TapCounter {
  /** Taps one thing that is in sight; `target`: a hook, or what was found already. */
  tap(target: string | Locator): Promise<void>
  /** Keys of the open keypad on the screen, a tap each. */
  keys(digits: string): Promise<void>
  /** Keys of a keyboard, counted like taps. */
  type(text: string): Promise<void>
  readonly count: () => number
}

export function countTaps(terminal: Terminal): TapCounter {
  let taps = 0
  const { page } = terminal
  async function tap(target: string | Locator): Promise<void> {
    const locator = typeof target === 'string' ? terminal.byId(target).first() : target
    // A button that just came takes no tap yet: a person looks at it first.
    await expect(locator).toBeEnabled()
    await locator.click()
    taps += 1
  }
  return {
    tap,
    async keys(digits) {
      for (const digit of digits) await tap(page.locator('.keypad').getByText(digit, { exact: true }))
    },
    async type(text) {
      for (const key of text) {
        await page.keyboard.press(key)
        taps += 1
      }
    },
    count: () => taps,
  }
}
