/** A CAS scale behind the browser's own Web Serial: the page finds it as it would find a real one. */
import type { Page } from '@playwright/test'

interface Held {
  weight: string
  plugged: boolean
  unplug(): void
}

/** Runs in the page before the app. The person has answered the browser's question with this port. */
function install(): void {
  const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0))
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null
  let readable: ReadableStream | null = null
  let writable: WritableStream | null = null
  const kept = sessionStorage.getItem('fake-scale')
  const held: Held = {
    weight: kept ?? 'S  0.000kg',
    plugged: true,
    unplug() {
      held.plugged = false
      readable = null
      controller?.error(new DOMException('gone', 'NetworkError'))
    },
  }
  const port = {
    get readable() {
      return readable
    },
    get writable() {
      return writable
    },
    open({ baudRate }: { readonly baudRate: number }) {
      if (readable !== null || !held.plugged) return Promise.reject(new DOMException('busy', 'NetworkError'))
      readable = new ReadableStream({
        start: (given: ReadableStreamDefaultController<Uint8Array>) => {
          controller = given
        },
      })
      writable = new WritableStream<Uint8Array>({
        write(bytes) {
          if (baudRate !== 9600) return
          if (bytes[0] === 5) controller?.enqueue(new Uint8Array([6]))
          if (bytes[0] !== 0x11) return
          const parity = ascii(held.weight).reduce((sum, byte) => sum ^ byte, 0)
          controller?.enqueue(new Uint8Array([1, 2, ...ascii(held.weight), parity, 3, 4]))
        },
      })
      return Promise.resolve()
    },
    close() {
      readable = null
      writable = null
      return Promise.resolve()
    },
    forget: () => Promise.resolve(),
    getInfo: () => ({ usbVendorId: 0x1a86, usbProductId: 0x7523 }),
  }
  const serial = {
    requestPort: () => Promise.resolve(port),
    getPorts: () => Promise.resolve(held.plugged ? [port] : []),
  }
  Object.defineProperty(navigator, 'serial', { value: serial, configurable: true })
  Object.assign(window, { fakeScale: held })
}

export async function plugInScale(page: Page): Promise<void> {
  await page.addInitScript(install)
}

/** A browser without serial lines. */
export async function withoutSerial(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'serial', { value: undefined, configurable: true })
  })
}

/** What the scale says from now on: `S  0.435kg`, `U  0.435kg`, `S- 0.010kg`, `SF 0.000kg`. */
export async function put(page: Page, text: string): Promise<void> {
  await page.evaluate((weight) => {
    sessionStorage.setItem('fake-scale', weight)
    ;(window as unknown as { fakeScale: { weight: string } }).fakeScale.weight = weight
  }, text)
}

export async function unplugScale(page: Page): Promise<void> {
  await page.evaluate(() => {
    ;(window as unknown as { fakeScale: { unplug(): void } }).fakeScale.unplug()
  })
}
