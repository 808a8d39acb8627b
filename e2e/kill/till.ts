/** The terminal in a browser that will be killed: taps by the hooks of screens.md, and a look into its ledger. */
import type { Page } from 'playwright'
import type { Entry } from '../../src/queue/types.ts'

const START_LIMIT_MS = 30_000
const TAP_LIMIT_MS = 10_000
const ACCEPTED = 'kill test: the result is on the screen'

const hook = (id: string) => `[data-testid="${id}"]`

export interface LedgerLook {
  readonly entries: readonly Entry[]
  /** Question about the device itself. */
  readonly deviceQuestion: string | null
}

/** In the page. A text, because the page knows nothing of the helpers that a compiler puts into functions. */
const READ_LEDGER = `(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const opening = indexedDB.open('ledger')
  // A ledger that isn't there must not come into being by a look at it.
  opening.onupgradeneeded = () => opening.transaction.abort()
  const database = await done(opening).catch((error) => {
    throw new Error('no ledger behind ' + location.href + ': ' + error.message + '; ' + document.body.innerText)
  })
  try {
    const transaction = database.transaction(['entries', 'devices'])
    const [entries, devices] = await Promise.all([
      done(transaction.objectStore('entries').getAll()),
      done(transaction.objectStore('devices').getAll()),
    ])
    const asked = devices.find((one) => one.question)
    return { entries, deviceQuestion: asked ? asked.question.question.kind : null }
  } finally {
    database.close()
  }
})()`

/** Reads the app's own database beside it. Only after the app has opened it. */
export function readLedger(page: Page): Promise<LedgerLook> {
  return page.evaluate<LedgerLook>(READ_LEDGER)
}

/** One life of the page. */
export class Till {
  /** How often a result came onto the screen: each is a sale that the terminal has promised to keep. */
  accepted = 0

  constructor(
    readonly page: Page,
    private readonly origin: string,
  ) {}

  /** Loads the app; `path` with the setup link at the first start. */
  async open(path: string): Promise<void> {
    this.page.on('console', (message) => {
      if (message.text() === ACCEPTED) this.accepted += 1
    })
    await this.page.addInitScript(
      ({ selector, text }) => {
        let shown = false
        new MutationObserver(() => {
          const now = document.querySelector(selector) !== null
          if (now && !shown) console.debug(text)
          shown = now
        }).observe(document, { childList: true, subtree: true })
      },
      { selector: hook('payment-result'), text: ACCEPTED },
    )
    await this.page.goto(this.origin + path)
    await this.page.locator(hook('product')).first().waitFor({ timeout: START_LIMIT_MS })
  }

  lines(): Promise<number> {
    return this.page.locator(hook('cart-line')).count()
  }

  async addProduct(place: number): Promise<void> {
    await this.page.locator(hook('product')).nth(place).click({ timeout: TAP_LIMIT_MS })
    await this.page.locator(hook('cart-line')).first().waitFor({ timeout: TAP_LIMIT_MS })
  }

  /** Opens the payment screen and returns what taps Exact without any further look. */
  async readyToPay(): Promise<() => Promise<void>> {
    await this.page.locator(hook('pay')).click({ timeout: TAP_LIMIT_MS })
    // What just came takes no tap yet, and the mouse asks nobody.
    const exact = this.page.locator(`${hook('tender-cash-exact')}:not([aria-disabled="true"], [disabled])`)
    await exact.waitFor({ timeout: TAP_LIMIT_MS })
    const box = await exact.boundingBox()
    if (box === null) throw new Error('the Exact button has no place on the screen')
    return () => this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  }

  async sell(): Promise<void> {
    const seen = this.accepted
    const tap = await this.readyToPay()
    await tap()
    await waitFor('the result of a sale', TAP_LIMIT_MS, () => Promise.resolve(this.accepted > seen))
  }

  /** Waits until nothing is open. The states of what is still open, where that takes too long. */
  async drained(limitMs: number): Promise<string | null> {
    try {
      await waitFor('drained', limitMs, async () => {
        const look = await readLedger(this.page)
        return look.deviceQuestion === null && look.entries.every((entry) => entry.open === undefined)
      })
      return null
    } catch {
      const look = await readLedger(this.page)
      const open = look.entries.filter((entry) => entry.open === 1)
      const states = open.map((entry) => `${entry.mark} ${entry.state} ${entry.question?.question.kind ?? ''}`.trim())
      return `not drained in ${limitMs} ms: ${[...states, look.deviceQuestion ?? ''].join(', ')}`
    }
  }
}

/** Looks again and again; throws an Error when `limitMs` have passed. */
export async function waitFor(
  what: string,
  limitMs: number,
  done: () => Promise<boolean>,
  everyMs = 20,
): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
