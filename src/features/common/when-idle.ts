import { idle } from '../../till/time-slices.ts'

/** ms after which a busy page gets what it lacks all the same. */
const LATEST_MS = 400

/** Resolves when the first taps were answered: what the first screen doesn't need is fetched then. */
export const whenIdle = (): Promise<void> => idle(LATEST_MS)
