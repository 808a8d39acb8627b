/**
 * Seeded chance. Everything random in the device model, the emulators' faults and the simulation comes from
 * here, so that a seed replays a run exactly. Not for secrets.
 */

/** Four 32-bit words; plain data, so that a generator can be stored and carried on later. */
export interface RandomState {
  a: number
  b: number
  c: number
  counter: number
}

/** State of a fresh generator. Any number is a seed; seeds that differ give unrelated streams. */
export function randomState(seed: number): RandomState {
  // Split mix: neighbouring seeds (1, 2, 3 …) must not give neighbouring streams.
  let word = (Math.floor(seed) ^ (Math.floor(seed / 4_294_967_296) * 0x9e3779b1)) | 0
  const next = (): number => {
    word = (word + 0x9e3779b9) | 0
    let mixed = word ^ (word >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) | 0
  }
  const state = { a: next(), b: next(), c: next(), counter: 1 }
  const random = new Random(state)
  for (let round = 0; round < 8; round += 1) random.uint32()
  return state
}

/**
 * A small fast generator (sfc32) over a state that it changes in place.
 * Chosen for its period of at least 2^32 from any state and because its state is four plain numbers.
 */
export class Random {
  constructor(readonly state: RandomState) {}

  static seeded(seed: number): Random {
    return new Random(randomState(seed))
  }

  /** Next 32 bits as an unsigned integer. */
  uint32(): number {
    const state = this.state
    const sum = (((state.a + state.b) | 0) + state.counter) | 0
    state.counter = (state.counter + 1) | 0
    state.a = state.b ^ (state.b >>> 9)
    state.b = (state.c + (state.c << 3)) | 0
    state.c = (((state.c << 21) | (state.c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** Integer from 0 to `bound` - 1. `bound` from 1 to 2^32; the bias is below 2^-20 for bounds up to 4096. */
  below(bound: number): number {
    return Math.floor((this.uint32() / 4_294_967_296) * bound)
  }

  /** Integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** Number from 0 (included) to 1 (excluded). */
  fraction(): number {
    return this.uint32() / 4_294_967_296
  }

  /** True with the given probability: 0 never, 1 always. Always takes one number, so that streams stay aligned. */
  chance(probability: number): boolean {
    return this.uint32() / 4_294_967_296 < probability
  }

  /** One of a list that must not be empty. Throws RangeError for an empty list: a defect of the caller. */
  pick<Value>(values: readonly Value[]): Value {
    if (values.length === 0) throw new RangeError('nothing to pick from')
    return values[this.below(values.length)] as Value
  }

  /** An independent stream, so that one kind of chance can change without shifting the others. */
  fork(): Random {
    return Random.seeded(this.uint32())
  }
}
