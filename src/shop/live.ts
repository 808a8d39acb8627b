/** Asks again and again whether something changed: every 3 s while somebody looks, seldom while nobody answers. */

/** ms between two looks. */
export const LOOK_MS = 3_000
/** The longest pause, ms, after many looks without an answer. */
export const REST_MS = 60_000

export interface LiveOptions {
  /** One look; resolves to whether the server answered. Never rejects. */
  readonly look: () => Promise<boolean>
  /** Whether somebody can see the page. */
  readonly visible: () => boolean
  /** Runs `step` after so many ms; the result calls it off. */
  readonly after: (ms: number, step: () => void) => () => void
  /** 0 to 1: pages that lost the same server don't come back in one moment. */
  readonly chance: () => number
}

export interface Live {
  /** Looks now: the page came back into sight, or the network did. */
  wake(): void
  stop(): void
}

/** ms until the next look after `failures` looks in a row without an answer. */
export function pauseMs(failures: number, chance: number): number {
  if (failures === 0) return LOOK_MS
  return Math.round(Math.min(REST_MS, LOOK_MS * 2 ** Math.min(failures, 10)) * (0.75 + chance / 2))
}

/** Begins with a look. Out of sight nothing is asked until `wake`. */
export function startLive({ look, visible, after, chance }: LiveOptions): Live {
  let failures = 0
  let stopped = false
  let looking = false
  let cancel: () => void = () => undefined

  const isOver = (): boolean => stopped || looking || !visible()

  const step = async (): Promise<void> => {
    cancel()
    if (isOver()) return
    looking = true
    failures = (await look()) ? 0 : failures + 1
    looking = false
    // It may have been stopped, or gone out of sight, meanwhile.
    if (isOver()) return
    cancel = after(pauseMs(failures, chance()), () => void step())
  }
  void step()
  return {
    wake: () => void step(),
    stop() {
      stopped = true
      cancel()
    },
  }
}
