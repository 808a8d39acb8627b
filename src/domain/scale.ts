/**
 * What a scale at the counter says over a serial line, byte by byte as it comes: split frames, noise and broken ones are the
 * ordinary case. Three dialects (decision 022): Massa-K's "Protocol 100", CAS polled by ENQ and DC1, CAS sent on and on.
 */

export type ScaleReading =
  /** Whole grams, below zero too. `stable`: the scale itself says that the weight has come to rest. */
  | { readonly kind: 'weight'; readonly grams: number; readonly stable: boolean }
  | { readonly kind: 'overload' }
  /** The scale can't weigh: its own error code, or a unit that isn't kilograms or grams (`code` null). */
  | { readonly kind: 'fault'; readonly code: number | null }

export const SCALE_PROTOCOLS = ['massaK', 'cas', 'casStream'] as const
export type ScaleProtocol = (typeof SCALE_PROTOCOLS)[number]

export interface ScaleDecoder {
  /** Asks for the weight; null for a scale that sends by itself. */
  readonly request: Uint8Array<ArrayBuffer> | null
  /** Takes the next bytes of the line and gives what they completed; `send` is what the scale wants to hear in between. */
  push(bytes: Uint8Array, send: (bytes: Uint8Array<ArrayBuffer>) => void): readonly ScaleReading[]
}

export function scaleDecoder(protocol: ScaleProtocol): ScaleDecoder {
  return { massaK: massaKDecoder, cas: casDecoder, casStream: casStreamDecoder }[protocol]()
}

/** Longer than any frame here: more than that of a line that makes no sense is forgotten. */
const LONGEST_REST = 256

/** `2.450` and `kg` as whole grams; null for another unit or no number. */
function gramsOf(digits: string, unit: string): number | null {
  const [, whole = '', fraction = ''] = /^(\d*)\.?(\d*)$/.exec(digits) ?? []
  if (whole + fraction === '') return null
  const places = { kg: 3, g: 0 }[unit.trim().toLowerCase()]
  if (places === undefined) return null
  const thousandths = Number(whole || '0') * 1_000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
  return places === 3 ? thousandths : Math.round(thousandths / 1_000)
}

/** CRC-16 of Protocol 100: polynomial 0x1021 from 0, the next byte added below and not above. */
export function massaKCrc(bytes: Iterable<number>): number {
  let crc = 0
  for (const byte of bytes) {
    let high = crc & 0xff00
    for (let bit = 0; bit < 8; bit += 1) high = high & 0x8000 ? ((high << 1) ^ 0x1021) & 0xffff : (high << 1) & 0xffff
    crc = high ^ ((crc << 8) & 0xffff) ^ byte
  }
  return crc
}

const HEAD = [0xf8, 0x55, 0xce] as const
const [GET_MASSA, ACK_MASSA, ERROR, OVERLOADED] = [0x23, 0x24, 0x28, 0x08]
/** Grams of one step of the weight field, by the field that names the step: 100 mg to 1 kg. */
const STEPS = [0.1, 1, 10, 100, 1_000] as const
const LONGEST_BODY = 64

/** `F8 55 CE`, length of the body (16 bits, low byte first), body, its CRC. */
function massaKDecoder(): ScaleDecoder {
  let rest: readonly number[] = []
  return {
    request: new Uint8Array([...HEAD, 1, 0, GET_MASSA, GET_MASSA, 0]),
    push(bytes) {
      rest = [...rest, ...bytes]
      const readings: ScaleReading[] = []
      for (;;) {
        const start = rest.findIndex((_, place) => HEAD.every((byte, at) => (rest[place + at] ?? byte) === byte))
        rest = start < 0 ? [] : rest.slice(start)
        const length = (rest[3] ?? 0) + 256 * (rest[4] ?? 0)
        if (rest.length >= 5 && (length === 0 || length > LONGEST_BODY)) {
          rest = rest.slice(1)
          continue
        }
        if (rest.length < 5 || rest.length < length + 7) return readings
        const body = rest.slice(5, 5 + length)
        const sound = massaKCrc(body) === (rest[5 + length] ?? 0) + 256 * (rest[6 + length] ?? 0)
        // After a broken frame the next one may begin inside of it.
        rest = rest.slice(sound ? length + 7 : 1)
        const reading = sound ? readMassaK(body) : null
        if (reading !== null) readings.push(reading)
      }
    },
  }
}

function readMassaK(body: readonly number[]): ScaleReading | null {
  const [command, first = 0, second = 0, third = 0, fourth = 0, division = 0, stable] = body
  if (command === ERROR) return first === OVERLOADED ? { kind: 'overload' } : { kind: 'fault', code: first }
  if (command !== ACK_MASSA || body.length < 9) return null
  const step = STEPS[division]
  if (step === undefined) return { kind: 'fault', code: null }
  const raw = first | (second << 8) | (third << 16) | (fourth << 24)
  return { kind: 'weight', grams: Math.round(raw * step), stable: stable === 1 }
}

const [STX, ETX, ENQ, ACK, DC1] = [0x02, 0x03, 0x05, 0x06, 0x11]
/** State, sign, six or seven characters of weight, two of its unit. */
const CAS_LENGTHS = [10, 11] as const

/** ENQ, ACK, DC1, then `SOH STX`, the text, its parity, `ETX EOT`. */
function casDecoder(): ScaleDecoder {
  let rest: readonly number[] = []
  return {
    request: new Uint8Array([ENQ]),
    push(bytes, send) {
      rest = [...rest, ...bytes].slice(-LONGEST_REST)
      const readings: ScaleReading[] = []
      for (;;) {
        const start = rest.indexOf(STX)
        const before = start < 0 ? rest : rest.slice(0, start)
        // The parity is a byte of a frame too: an ACK counts only outside of one.
        if (before.includes(ACK)) send(new Uint8Array([DC1]))
        rest = start < 0 ? [] : rest.slice(start)
        const length = CAS_LENGTHS.find((long) => rest[long + 2] === ETX && parity(rest.slice(1, long + 2)) === 0)
        if (length !== undefined) {
          readings.push(readCas(String.fromCharCode(...rest.slice(1, length + 1))))
          rest = rest.slice(length + 3)
        } else if (rest.length > Math.max(...CAS_LENGTHS) + 2) rest = rest.slice(1)
        else return readings
      }
    },
  }
}

const parity = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => sum ^ byte, 0)

function readCas(text: string): ScaleReading {
  const sign = text.charAt(1)
  if (sign === 'F') return { kind: 'overload' }
  const grams = gramsOf(text.slice(2, -2).trim(), text.slice(-2))
  if (grams === null) return { kind: 'fault', code: null }
  return { kind: 'weight', grams: sign === '-' ? -grams : grams, stable: text.startsWith('S') }
}

/** 22 characters with the scale's number and lamps, or 18 without; each with its CR and LF. */
const STREAM_LINE = /^(ST|US|OL),(?:GS|NT),(?:[^]{2},)?([-+ ])? *([\d. ]{7,8}) ?(kg| g|g )$/i
const STREAM_LENGTHS: readonly number[] = [16, 20]

/**
 * The lines have no checksum: one counts only with the length that it should have, and a weight is stable only once two lines in a
 * row say the same.
 */
function casStreamDecoder(): ScaleDecoder {
  let rest = ''
  let last = ''
  return {
    request: null,
    push(bytes) {
      rest = (rest + String.fromCharCode(...bytes)).slice(-LONGEST_REST)
      const lines = rest.split(/[\r\n]/)
      rest = lines.pop() ?? ''
      // Between CR and LF there is none.
      return lines.filter(Boolean).flatMap((line) => {
        const reading = readStreamLine(line, line === last)
        last = line
        return reading === null ? [] : [reading]
      })
    },
  }
}

function readStreamLine(line: string, again: boolean): ScaleReading | null {
  if (!STREAM_LENGTHS.includes(line.length)) return null
  if (/^OL,/i.test(line)) return { kind: 'overload' }
  const [, state = '', sign, digits = '', unit = ''] = STREAM_LINE.exec(line) ?? []
  const grams = gramsOf(digits.trim(), unit)
  if (grams === null) return null
  return { kind: 'weight', grams: sign === '-' ? -grams : grams, stable: again && state.toUpperCase() === 'ST' }
}
