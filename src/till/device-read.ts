/** Reads of the device's reports for screens: what came, or why nothing did; patient while the device is busy. */
import type { DeviceAnswer } from '../contract/device.ts'
import type { CodeOutcome, Decoded, ReadRequest, UnknownOutcome } from '../ikkm/codec.ts'
import { isCodeOf } from '../ikkm/codes.ts'
import { services, type NoKey } from './services.ts'

/** Why a report can't be shown. `busy`: the device prints or closes a shift and answered -2 all the time. */
export type ReadTrouble = CodeOutcome | UnknownOutcome | NoKey | { readonly kind: 'noDevice' }

/** `ready` keeps what was read last while it is read again. */
export type Loaded<T> =
  | { readonly kind: 'idle' | 'loading' }
  | { readonly kind: 'ready'; readonly value: T; readonly atMs: number }
  | { readonly kind: 'failed'; readonly trouble: ReadTrouble }

export const IDLE = { kind: 'idle' } as const
export const LOADING = { kind: 'loading' } as const

const BUSY_PAUSE_MS = 1_500
const BUSY_ROUNDS = 6

/** Asks until the device isn't busy any more, at most some seconds. */
export async function readDevice<T>(
  request: ReadRequest,
  decode: (answer: DeviceAnswer) => Decoded<T>,
): Promise<Decoded<T> | NoKey | { readonly kind: 'noDevice' }> {
  const { device } = services()
  if (device === null) return { kind: 'noDevice' }
  for (let round = 0; ; round += 1) {
    const read = await device.read(request, decode)
    if (!isCodeOf('busy', read) || round === BUSY_ROUNDS) return read
    await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS))
  }
}

/** The same as a state for a screen. */
export async function loadDevice<T>(
  request: ReadRequest,
  decode: (answer: DeviceAnswer) => Decoded<T>,
): Promise<Loaded<T>> {
  const read = await readDevice(request, decode)
  return read.kind === 'ok'
    ? { kind: 'ready', value: read.value, atMs: services().now() }
    : { kind: 'failed', trouble: read }
}
