/** A keyboard-wedge scanner: keys at a machine's pace, on the clock of the browser and not of this busy machine. */
import type { Page } from '@playwright/test'
import type { IkkmEmulator } from '../emulators/ikkm.ts'

/** Pause between two keys of a usual scanner, in ms. */
const SCANNER_GAP_MS = 4
/** Pause between two keys of a quick typist, in ms. */
const PERSON_GAP_MS = 90

interface Typing {
  readonly gapMs: number
  readonly enter: boolean
}

function virtualKey(key: string): number {
  if (key === 'Enter') return 13
  return /^[0-9a-z]$/i.test(key) ? key.toUpperCase().charCodeAt(0) : 0
}

/** Where the clock of a page's keyboard stands, in s: keys carry their times, so that nobody has to wait for them. */
const clocks = new WeakMap<Page, number>()
/** Pause in s between two bursts of keys. */
const REST_S = 0.5

async function typeKeys(page: Page, text: string, { gapMs, enter }: Typing): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const start = Math.max(Date.now() / 1000, (clocks.get(page) ?? 0) + REST_S)
  const keys = enter ? [...text, 'Enter'] : [...text]
  clocks.set(page, start + (keys.length * gapMs) / 1000)
  const sent = keys.flatMap((key, index) => {
    const timestamp = start + (index * gapMs) / 1000
    const common = { key, windowsVirtualKeyCode: virtualKey(key), timestamp }
    const typed = key === 'Enter' ? '\r' : key
    return [
      session.send('Input.dispatchKeyEvent', { ...common, type: 'keyDown', text: typed }),
      session.send('Input.dispatchKeyEvent', { ...common, type: 'keyUp', timestamp: timestamp + 0.001 }),
    ]
  })
  await Promise.all(sent)
  await session.detach()
}

/** Scans a code wherever the focus is. */
export function scan(page: Page, code: string, options: { readonly enter?: boolean } = {}): Promise<void> {
  return typeKeys(page, code, { gapMs: SCANNER_GAP_MS, enter: options.enter ?? true })
}

/** Types at a person's pace. */
export function typeAsPerson(page: Page, text: string): Promise<void> {
  return typeKeys(page, text, { gapMs: PERSON_GAP_MS, enter: false })
}

/** What a scanner reads off the paper of the receipt with this number: its own barcode, under the mark. */
export function barcodeOf(device: IkkmEmulator, number: number): string {
  const paper = device.device.ledger().find((entry) => entry.number === number)
  const code = /^--barcode128-(.+)--$/m.exec(paper?.footer ?? '')?.[1]
  if (code === undefined) throw new Error(`receipt ${number} has no barcode`)
  return code
}
