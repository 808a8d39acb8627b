import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { massaKCrc, scaleDecoder, type ScaleProtocol, type ScaleReading } from './scale.ts'

const hex = (text: string): number[] => text.split(' ').map((byte) => Number.parseInt(byte, 16))
const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0))

/** Frames that others captured from Massa-K scales: an empty platform, and 15 g at rest. */
const EMPTY = hex('F8 55 CE 0D 00 24 00 00 00 00 01 01 00 01 00 00 00 00 FC 23')
const FIFTEEN = hex('F8 55 CE 0D 00 24 0F 00 00 00 01 01 00 00 00 00 00 00 7D 42')

function massaK(...body: readonly number[]): number[] {
  const crc = massaKCrc(body)
  return [0xf8, 0x55, 0xce, body.length, 0, ...body, crc & 255, crc >> 8]
}
const massaKWeight = (raw: number, division: number, stable: number): number[] =>
  massaK(0x24, raw & 255, (raw >> 8) & 255, (raw >> 16) & 255, (raw >> 24) & 255, division, stable, 0, 0)

function cas(text: string): number[] {
  const parity = ascii(text).reduce((sum, byte) => sum ^ byte, 0)
  return [0x01, 0x02, ...ascii(text), parity, 0x03, 0x04]
}
const line = (text: string): number[] => ascii(`${text}\r\n`)

interface Heard {
  readonly readings: ScaleReading[]
  readonly sent: number[]
}

/** Feeds a line in these pieces. */
function listen(protocol: ScaleProtocol, ...pieces: readonly (readonly number[])[]): Heard {
  const decoder = scaleDecoder(protocol)
  const sent: number[] = []
  const readings = pieces.flatMap((piece) => decoder.push(new Uint8Array(piece), (bytes) => void sent.push(...bytes)))
  return { readings, sent }
}
const weight = (grams: number, stable: boolean): ScaleReading => ({ kind: 'weight', grams, stable })

describe('Massa-K, Protocol 100', () => {
  it('asks with the frame of its manual', () => {
    expect([...(scaleDecoder('massaK').request ?? [])]).toEqual(hex('F8 55 CE 01 00 23 23 00'))
  })
  it('is read from captured frames', () => {
    expect(listen('massaK', EMPTY, FIFTEEN).readings).toEqual([weight(0, true), weight(15, true)])
  })
  it.each([
    ['at rest', massaKWeight(435, 1, 1), weight(435, true)],
    ['moving', massaKWeight(435, 1, 0), weight(435, false)],
    ['below zero', massaKWeight(-120, 1, 1), weight(-120, true)],
    ['in tenths of a gram', massaKWeight(4_356, 0, 1), weight(436, true)],
    ['in tens of grams', massaKWeight(12, 2, 1), weight(120, true)],
    ['in kilograms', massaKWeight(15, 4, 1), weight(15_000, true)],
    ['with too much on it', massaK(0x28, 0x08), { kind: 'overload' }],
    ['without its module', massaK(0x28, 0x17), { kind: 'fault', code: 0x17 }],
    ['with a step that nobody knows', massaKWeight(1, 9, 1), { kind: 'fault', code: null }],
  ] as const)('%s', (_, frame, reading) => {
    expect(listen('massaK', frame).readings).toEqual([reading])
  })
  it('with a wrong checksum says nothing, and the next frame is read', () => {
    const broken = FIFTEEN.with(6, 0x0e)
    expect(listen('massaK', broken).readings).toEqual([])
    expect(listen('massaK', [...broken, ...FIFTEEN]).readings).toEqual([weight(15, true)])
    expect(listen('massaK', FIFTEEN.slice(0, 9), FIFTEEN, FIFTEEN).readings).toContainEqual(weight(15, true))
  })
  it('says nothing to answers of other commands', () => {
    expect(listen('massaK', massaK(0xf0), massaK(0x76, 1, 2), FIFTEEN).readings).toEqual([weight(15, true)])
  })
})

describe('CAS, polled', () => {
  it('is asked whether it is ready, and for the weight once it is', () => {
    expect([...(scaleDecoder('cas').request ?? [])]).toEqual([0x05])
    expect(listen('cas', [0x06]).sent).toEqual([0x11])
    expect(listen('cas', [0x15]).sent).toEqual([])
  })
  it.each([
    ['at rest', 'S  0.435kg', weight(435, true)],
    ['moving', 'U  0.435kg', weight(435, false)],
    ['below zero', 'S- 0.120kg', weight(-120, true)],
    ['with too much on it', 'SF 0.000kg', { kind: 'overload' }],
    ['with seven characters of weight', 'S  12.345kg', weight(12_345, true)],
    ['in grams', 'S    435 g', weight(435, true)],
    ['in pounds', 'S  0.435lb', { kind: 'fault', code: null }],
    ['without digits', 'S       kg', { kind: 'fault', code: null }],
  ] as const)('%s', (_, text, reading) => {
    expect(listen('cas', cas(text))).toEqual({ readings: [reading], sent: [] })
  })
  it('with a wrong parity says nothing, and the next frame is read', () => {
    const broken = cas('S  0.435kg').with(6, 0x39)
    expect(listen('cas', broken).readings).toEqual([])
    expect(listen('cas', [...broken, ...cas('S  0.435kg')]).readings).toEqual([weight(435, true)])
  })
  it('whose parity is an ACK isn’t asked again in the middle of its answer', () => {
    const texts = Array.from(
      { length: 1_000 },
      (_, grams) =>
        `S ${String(grams / 1000 + 10.001)
          .slice(0, 6)
          .padEnd(6, '0')}kg`,
    )
    const tricky = texts
      .map(cas)
      .filter((frame) => frame.at(-3) === 0x06 || frame.at(-3) === 0x02 || frame.at(-3) === 0x03)
    for (const frame of tricky) {
      const { readings, sent } = listen('cas', frame, [0x06])
      expect(readings).toHaveLength(1)
      expect(sent).toEqual([0x11])
    }
  })
})

describe('CAS, sent on and on', () => {
  const REST = `ST,GS,1\u00c0,00000.435 kg`.replace('00000.435', '0000.435')
  it('is stable only once two lines in a row say the same', () => {
    expect(listen('casStream', line(REST), line(REST)).readings).toEqual([weight(435, false), weight(435, true)])
    const other = REST.replace('435', '436')
    expect(
      listen('casStream', line(REST), line(other), line(REST)).readings.map(
        (one) => one.kind === 'weight' && one.stable,
      ),
    ).toEqual([false, false, false])
  })
  it.each([
    ['moving', REST.replace('ST', 'US'), weight(435, false)],
    ['of the form with 18 characters', 'ST,GS,+00.435 kg', weight(435, true)],
    ['below zero', 'ST,NT,-00.120 kg', weight(-120, true)],
    ['with too much on it', REST.replace('ST', 'OL'), { kind: 'overload' }],
  ] as const)('%s', (_, text, reading) => {
    expect(listen('casStream', line(text), line(text)).readings.at(-1)).toEqual(reading)
  })
  it.each([
    '',
    'garbage',
    REST.slice(1),
    REST.replace('.', ''),
    REST.replace('0.4', '.4'),
    `${REST} `,
    REST.replace('kg', 'lb'),
    REST.replace('0.435', 'x.435'),
  ])('isn’t %j', (text) => {
    expect(listen('casStream', line(text), line(text)).readings).toEqual([])
  })
})

describe('whatever the pieces', () => {
  const streams = {
    massaK: [EMPTY, FIFTEEN, massaKWeight(7, 1, 0), massaK(0x28, 0x08)].flat(),
    cas: [cas('S  0.435kg'), cas('U  1.200kg'), cas('SF 0.000kg')].flat(),
    casStream: ['ST,GS,+00.435 kg', 'ST,GS,+00.435 kg', 'US,GS,+01.200 kg'].flatMap(line),
  }
  const whole = (protocol: ScaleProtocol): ScaleReading[] => listen(protocol, streams[protocol]).readings

  it.each(['massaK', 'cas', 'casStream'] as const)('%s is read the same', (protocol) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 80 }), (lengths) => {
        const bytes = streams[protocol]
        const pieces: number[][] = []
        for (let at = 0, index = 0; at < bytes.length; index += 1) {
          const next = at + (lengths[index % lengths.length] ?? 1)
          pieces.push(bytes.slice(at, next))
          at = next
        }
        expect(listen(protocol, ...pieces).readings).toEqual(whole(protocol))
      }),
    )
  })

  it.each(['massaK', 'cas', 'casStream'] as const)('%s says nothing to noise, and is read after it', (protocol) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const { readings } = listen(protocol, [...noise], protocol === 'casStream' ? [13, 10] : [], streams[protocol])
        const readable = whole(protocol).at(-1)
        expect(readings.at(-1)).toEqual(readable)
      }),
    )
  })
})
