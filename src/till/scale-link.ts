/**
 * A scale on a serial line of this computer (Web Serial): opens the port, asks the way its protocol wants it, tells every
 * reading, and says when it went silent or was unplugged. Which frames mean what stands in `domain/scale.ts`.
 */
import { scaleDecoder, type ScaleProtocol, type ScaleReading } from '../domain/scale.ts'

/** What is used of the browser's `SerialPort`. */
export interface ScalePort {
  readonly readable: ReadableStream<Uint8Array> | null
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>> | null
  open(options: { readonly baudRate: number; readonly parity: 'none' | 'even' }): Promise<void>
  close(): Promise<void>
  forget?(): Promise<void>
  getInfo(): { readonly usbVendorId?: number; readonly usbProductId?: number }
}

/** What is used of the browser's `Serial`. */
export interface SerialPorts {
  /** Asks the person for a port; only in answer to a tap. Rejects where none is chosen. */
  requestPort(): Promise<ScalePort>
  /** Ports that a person allowed before. */
  getPorts(): Promise<readonly ScalePort[]>
}

/** How a scale is spoken to. */
export interface ScaleWay {
  readonly protocol: ScaleProtocol
  readonly baudRate: number
  readonly parity: 'none' | 'even'
}

/** In the order in which they are tried: a scale that is asked comes before one that must be listened to. */
const SCALE_WAYS: readonly ScaleWay[] = [
  { protocol: 'massaK', baudRate: 57_600, parity: 'none' },
  { protocol: 'massaK', baudRate: 4_800, parity: 'even' },
  { protocol: 'cas', baudRate: 9_600, parity: 'none' },
  { protocol: 'casStream', baudRate: 9_600, parity: 'none' },
  { protocol: 'massaK', baudRate: 9_600, parity: 'none' },
  { protocol: 'massaK', baudRate: 19_200, parity: 'none' },
  { protocol: 'casStream', baudRate: 4_800, parity: 'none' },
]

export type ScaleState =
  | { readonly kind: 'starting' }
  | ScaleReading
  /** The port is open and nothing that can be read has come for `SILENCE_MS`. */
  | { readonly kind: 'silent' }
  /** `busy`: another window or program has the port. `unplugged`: it was open and is gone. */
  | { readonly kind: 'lost'; readonly why: 'busy' | 'unplugged' }

/** Between two questions, in ms. */
const ASK_EVERY_MS = 200
/** A weight that is older than this, in ms, is none. */
const SILENCE_MS = 1_500
/** So long one way of speaking is tried, in ms: four questions. */
const TRY_MS = 900

export interface ScaleLink {
  /** Gives the port back; resolves when another one may open it. */
  stop(): Promise<void>
}

/** Speaks to the scale at this port until it is stopped or lost; `tell` hears every change of what is known. */
export function watchScale(port: ScalePort, way: ScaleWay, tell: (state: ScaleState) => void): ScaleLink {
  const decoder = scaleDecoder(way.protocol)
  let stopped = false
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  let silence: ReturnType<typeof setTimeout> | undefined
  let writing = Promise.resolve()

  const say = (state: ScaleState): void => {
    if (!stopped) tell(state)
  }
  const send = (bytes: Uint8Array<ArrayBuffer>): void => {
    writing = writing.then(async () => {
      const writer = port.writable?.getWriter()
      try {
        await writer?.write(bytes)
      } catch {
        // The reader hears of it too: a line that is gone gives no more bytes.
      } finally {
        writer?.releaseLock()
      }
    })
  }
  const listenOn = (): void => {
    clearTimeout(silence)
    silence = setTimeout(() => {
      say({ kind: 'silent' })
    }, SILENCE_MS)
  }

  async function read(): Promise<void> {
    // A line with a fault (a byte with a wrong parity) ends the stream and gives a new one; a port that is gone gives none.
    while (!stopped && port.readable !== null) {
      reader = port.readable.getReader()
      try {
        for (;;) {
          const { value, done } = await reader.read()
          if (done) break
          for (const reading of decoder.push(value, send)) {
            listenOn()
            say(reading)
          }
        }
      } catch {
        // As above: whether there is another stream says what it was.
      } finally {
        reader.releaseLock()
        reader = null
      }
    }
  }

  async function run(): Promise<void> {
    say({ kind: 'starting' })
    try {
      await port.open({ baudRate: way.baudRate, parity: way.parity })
    } catch {
      say({ kind: 'lost', why: 'busy' })
      return
    }
    listenOn()
    const { request } = decoder
    const asking = request && setInterval(() => send(request), ASK_EVERY_MS)
    if (request) send(request)
    await read()
    if (asking !== null) clearInterval(asking)
    clearTimeout(silence)
    await writing
    await port.close().catch(() => undefined)
    say({ kind: 'lost', why: 'unplugged' })
  }

  const running = run()
  return {
    async stop() {
      stopped = true
      await reader?.cancel().catch(() => undefined)
      await running
    },
  }
}

/** Whether anything that can be read comes in this way. */
async function hears(port: ScalePort, way: ScaleWay): Promise<'heard' | 'busy' | 'nothing'> {
  let tell: (result: 'heard' | 'busy') => void = () => undefined
  const link = watchScale(port, way, ({ kind }) => {
    if (kind === 'lost') tell('busy')
    else if (kind !== 'starting' && kind !== 'silent') tell('heard')
  })
  const result = await new Promise<'heard' | 'busy' | 'nothing'>((resolve) => {
    tell = resolve
    setTimeout(() => {
      resolve('nothing')
    }, TRY_MS)
  })
  await link.stop()
  return result
}

/** The way in which the scale at this port can be read; null where none of them brings anything. */
export async function findScaleWay(port: ScalePort): Promise<ScaleWay | 'busy' | null> {
  for (const way of SCALE_WAYS) {
    const result = await hears(port, way)
    if (result !== 'nothing') return result === 'heard' ? way : 'busy'
  }
  return null
}
