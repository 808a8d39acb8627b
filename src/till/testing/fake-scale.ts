/** A scale on a serial line for tests: it answers in its protocol at its own speed, can be moved, unplugged and taken. */
import { massaKCrc, type ScaleProtocol } from '../../domain/scale.ts'
import type { ScalePort, SerialPorts } from '../scale-link.ts'

export interface FakeScale {
  readonly port: ScalePort
  readonly serial: SerialPorts
  /** What lies on it, in grams, and whether it has come to rest. */
  put(grams: number, stable?: boolean): void
  /** Bytes that nobody asked for. */
  say(bytes: Iterable<number>): void
  /** The line breaks off once (a byte with a wrong parity); the port stays. */
  stumble(): void
  unplug(): void
  plugIn(): void
  /** It is on the table and says nothing. */
  mute: boolean
  /** Another program has the port. */
  taken: boolean
  readonly opened: readonly string[]
  readonly isOpen: boolean
}

const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0))

/** `0.435` */
function kilograms(grams: number): string {
  const whole = Math.abs(grams)
  return `${Math.floor(whole / 1000)}.${String(whole % 1000).padStart(3, '0')}`
}

function massaKFrame(grams: number, stable: boolean): number[] {
  const body = [
    0x24,
    grams & 255,
    (grams >> 8) & 255,
    (grams >> 16) & 255,
    (grams >> 24) & 255,
    1,
    stable ? 1 : 0,
    0,
    0,
  ]
  const crc = massaKCrc(body)
  return [0xf8, 0x55, 0xce, body.length, 0, ...body, crc & 255, crc >> 8]
}

function casFrame(grams: number, stable: boolean): number[] {
  const weight = `${stable ? 'S' : 'U'}${grams < 0 ? '-' : ' '}${kilograms(grams).padStart(6)}kg`
  return [1, 2, ...ascii(weight), ascii(weight).reduce((sum, byte) => sum ^ byte, 0), 3, 4]
}

/** It is heard only at this speed; `usb` as in a port's `getInfo`. */
export function fakeScale(
  protocol: ScaleProtocol,
  baudRate: number,
  usb = { vendor: 0x1a86, product: 0x7523 },
): FakeScale {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null
  let readable: ReadableStream<Uint8Array> | null = null
  let writable: WritableStream<Uint8Array<ArrayBuffer>> | null = null
  let plugged = true
  let speed = 0
  let weight: readonly [grams: number, stable: boolean] = [0, true]
  let sending: ReturnType<typeof setInterval> | undefined
  const opened: string[] = []

  const say = (bytes: Iterable<number>): void => {
    if (speed === baudRate && !scale.mute) controller?.enqueue(new Uint8Array(bytes))
  }
  function answer(byte: number): void {
    if (protocol === 'massaK' && byte === 0x23) say(massaKFrame(...weight))
    if (protocol === 'cas' && byte === 0x05) say([0x06])
    if (protocol === 'cas' && byte === 0x11) say(casFrame(...weight))
  }
  function newStream(): void {
    readable = new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given
      },
      cancel: () => {
        controller = null
        newStream()
      },
    })
  }
  const port: ScalePort = {
    get readable() {
      return readable
    },
    get writable() {
      return writable
    },
    open({ baudRate: wanted, parity }) {
      if (scale.taken || !plugged || readable !== null) return Promise.reject(new DOMException('taken', 'NetworkError'))
      opened.push(`${wanted} ${parity}`)
      speed = wanted
      newStream()
      // Two bytes of a question may be the same as an answer's: only the command itself is heard.
      writable = new WritableStream({ write: (bytes) => answer(bytes[bytes.length > 5 ? 5 : 0] ?? 0) })
      if (protocol === 'casStream')
        sending = setInterval(() => {
          const [grams, stable] = weight
          const digits = kilograms(grams).padStart(6, '0')
          say(ascii(`${stable ? 'ST' : 'US'},GS,${grams < 0 ? '-' : '+'}${digits} kg\r\n`))
        }, 100)
      return Promise.resolve()
    },
    close() {
      clearInterval(sending)
      controller = null
      readable = null
      writable = null
      return Promise.resolve()
    },
    getInfo: () => ({ usbVendorId: usb.vendor, usbProductId: usb.product }),
  }
  const scale: FakeScale = {
    port,
    serial: { requestPort: () => Promise.resolve(port), getPorts: () => Promise.resolve(plugged ? [port] : []) },
    put: (grams, stable = true) => (weight = [grams, stable]),
    say,
    stumble() {
      const old = controller
      newStream()
      old?.error(new DOMException('parity', 'ParityError'))
    },
    unplug() {
      plugged = false
      const old = controller
      readable = null
      old?.error(new DOMException('gone', 'NetworkError'))
    },
    plugIn: () => (plugged = true),
    mute: false,
    taken: false,
    opened,
    get isOpen() {
      return readable !== null
    },
  }
  return scale
}
