/** A tablet of the shop: one browser profile, its windows of the till, and a finger and a keyboard on each. */
import type { BrowserContext, CDPSession, Page } from 'playwright'
import { PAGE_SIDE, type Look, type Place } from './page-side.ts'
import { clearState, rowsOf, writeState, type Loss } from './stored-state.ts'
import type { WalkClock } from './walk-clock.ts'

/** A page answers within so many real ms, or it hangs. */
const PATIENCE_MS = 6_000
const POLL_MS = 40

/** What a finger goes for. */
export interface Wanted {
  readonly id?: string
  readonly selector?: string
  /** Counted from 0; -1 is the last. */
  readonly nth?: number
  readonly data?: Readonly<Record<string, string>>
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** One window. Its page may be closed or killed at any moment: then everything here rejects. */
export class TillWindow {
  constructor(
    readonly name: string,
    readonly tablet: Tablet,
    readonly page: Page,
    readonly session: CDPSession,
  ) {}

  /** Runs code in the page as it is now; its value travels as one text. Rejects between two documents. */
  async evaluate<T>(code: string): Promise<T> {
    const { result, exceptionDetails } = await this.session.send('Runtime.evaluate', {
      expression: `Promise.resolve(${code}).then((value) => JSON.stringify(value ?? null))`,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return JSON.parse(String(result.value)) as T
  }

  async look(): Promise<Look> {
    const end = Date.now() + PATIENCE_MS
    for (;;) {
      try {
        const look = await this.evaluate<Look | null>(
          'globalThis.__walk && document.body ? globalThis.__walk.look() : null',
        )
        if (look !== null && (look.canGoOn || Date.now() > end)) return look
      } catch (error) {
        // Between two documents.
        if (this.page.isClosed() || Date.now() > end) throw error
      }
      if (Date.now() > end) throw new Error(`${this.name} shows nothing`)
      await pause(POLL_MS)
    }
  }

  /** Looks until it is as wanted; null when it isn't within `limitMs` real ms. */
  async until(wanted: (look: Look) => boolean, limitMs = 1_500): Promise<Look | null> {
    const end = Date.now() + limitMs
    for (;;) {
      const look = await this.look()
      if (wanted(look)) return look
      if (Date.now() > end) return null
      await pause(POLL_MS)
    }
  }

  /** A person works in the window that they see; one in the background draws nothing. */
  private async front(): Promise<void> {
    if (this.tablet.front === this) return
    this.tablet.front = this
    await this.session.send('Page.bringToFront')
  }

  async place(wanted: Wanted): Promise<Place> {
    await this.front()
    return this.evaluate<Place>(`globalThis.__walk?.place(${JSON.stringify(wanted)}) ?? { problem: 'is not there' }`)
  }

  /** Presses at a place, whatever stands there. `atMs`: when on the real clock, for a page that hears of it late. */
  async press(at: { readonly x: number; readonly y: number }, atMs = Date.now()): Promise<void> {
    const common = { ...at, button: 'left', clickCount: 1, timestamp: atMs / 1000 } as const
    await Promise.all([
      this.session.send('Input.dispatchMouseEvent', { ...common, type: 'mousePressed' }),
      this.session.send('Input.dispatchMouseEvent', { ...common, type: 'mouseReleased' }),
    ])
  }

  /** Taps what is wanted; false where a person couldn't. */
  async tap(wanted: Wanted | string, limitMs = 0): Promise<boolean> {
    const end = Date.now() + limitMs
    for (;;) {
      const place = await this.place(typeof wanted === 'string' ? { id: wanted } : wanted)
      if ('x' in place) {
        await this.press(place)
        return true
      }
      if (Date.now() >= end) return false
      await pause(POLL_MS)
    }
  }

  /** Fills a field as a person who wiped it first. */
  async fill(wanted: Wanted | string, text: string): Promise<boolean> {
    if (!(await this.tap(wanted, 600))) return false
    await this.evaluate(
      `(() => { const field = document.activeElement; if (field && 'select' in field) field.select() })()`,
    )
    await this.session.send('Input.insertText', { text })
    return true
  }

  /** Whether the field that has the focus shows this text: who typed past it sees that and has changed nothing. */
  shows(text: string): Promise<boolean> {
    return this.evaluate<boolean>(`document.activeElement?.value === ${JSON.stringify(text)}`)
  }

  /** A key; `repeats`: how often it comes again while it is held. */
  async key(key: string, { repeats = 0, modifiers = 0 } = {}): Promise<void> {
    await this.front()
    const code = { Enter: 13, Escape: 27, F9: 120, Tab: 9 }[key] ?? key.toUpperCase().charCodeAt(0)
    const common = { key, windowsVirtualKeyCode: code, modifiers, ...(key === 'Enter' && { text: '\r' }) }
    const sent = [this.session.send('Input.dispatchKeyEvent', { ...common, type: 'keyDown' })]
    for (let nth = 0; nth < repeats; nth += 1) {
      await this.tablet.clock.pass(60)
      sent.push(this.session.send('Input.dispatchKeyEvent', { ...common, type: 'keyDown', autoRepeat: true }))
    }
    sent.push(this.session.send('Input.dispatchKeyEvent', { ...common, type: 'keyUp' }))
    await Promise.all(sent)
  }

  rows<Row>(database: string, store: string): Promise<readonly Row[]> {
    return this.evaluate<readonly Row[]>(rowsOf(database, store))
  }

  /** Loads an address of the app and waits until something stands there. */
  async goto(path: string): Promise<void> {
    await this.page.goto(this.tablet.origin + path, { waitUntil: 'commit', timeout: PATIENCE_MS })
  }
}

export class Tablet {
  windows: TillWindow[] = []
  /** The window that lies over the others. */
  front: TillWindow | null = null
  wrongMs = 0
  private opened = 0

  constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly origin: string,
    readonly clock: WalkClock,
  ) {}

  /** Forgets the walk before and stands where `state` was read. */
  async restore(state: string): Promise<void> {
    const page = await this.context.newPage()
    for (const other of this.context.pages()) if (other !== page) await other.close()
    await page.goto(`${this.origin}/healthz`)
    await writeState(page, state)
    await page.close()
    this.windows = []
  }

  /** A further window of this till. */
  async open(path = '/'): Promise<TillWindow> {
    const page = await this.context.newPage()
    const session = await this.context.newCDPSession(page)
    this.opened += 1
    const window = new TillWindow(`${this.name}${this.opened}`, this, page, session)
    await this.clock.follow(page, session, this.wrongMs)
    this.windows.push(window)
    this.front = window
    // A killed page takes those with it that live in its process.
    const gone = () => {
      this.windows = this.windows.filter((other) => other !== window)
      this.clock.leave(page)
    }
    page.once('close', gone)
    page.once('crash', gone)
    await window.goto(path)
    return window
  }

  /** The window is gone, by its own button or by a crash. */
  async drop(window: TillWindow, how: 'close' | 'kill'): Promise<void> {
    this.windows = this.windows.filter((other) => other !== window)
    this.clock.leave(window.page)
    if (how === 'kill') {
      // A killed page runs no code of its own any more: nothing is said to anybody, and the command gets no answer.
      const crashed = window.page.waitForEvent('crash', { timeout: PATIENCE_MS }).catch(() => undefined)
      window.session.send('Page.crash').catch(() => undefined)
      await crashed
    }
    await window.page.close({ runBeforeUnload: false }).catch(() => undefined)
  }

  /** The browser throws away what the pages stored, as it does when the disk is full. No window may be open. */
  async evict(loss: Loss): Promise<void> {
    const page = await this.context.newPage()
    await page.goto(`${this.origin}/healthz`)
    await clearState(page, loss)
    await page.close()
  }

  async setWrong(wrongMs: number): Promise<void> {
    this.wrongMs = wrongMs
    for (const window of this.windows) await this.clock.setWrong(window.page, wrongMs)
  }
}

/** Every page of the context shows what is on it. */
export function watchPages(context: BrowserContext): Promise<void> {
  return context.addInitScript(PAGE_SIDE).then(() => undefined)
}
