/** How steps are written: a weight, a theme and what is done in a window. */
import type { Random } from '../../src/device-model/random.ts'
import type { TillWindow } from './tablet.ts'
import type { Walk } from './walk.ts'

export interface Step {
  /** How likely it is beside the others. */
  readonly weight: number
  /** Profiles make themes more or less likely. */
  readonly theme: string
  /** Resolves to what was done, null where nothing could be. */
  run(walk: Walk, random: Random): Promise<string | null>
}

type Doing = (walk: Walk, window: TillWindow, random: Random) => Promise<string | null>

/** In a window of the first till. */
export function inWindow(weight: number, theme: string, doing: Doing): Step {
  return {
    weight,
    theme,
    async run(walk, random) {
      const window = await walk.anyWindow(random)
      const done = await doing(walk, window, random)
      return done === null ? null : `${window.name} ${done}`
    },
  }
}

/** Outside of the tills: at a register, in the network. */
export function outside(weight: number, theme: string, run: Step['run']): Step {
  return { weight, theme, run }
}
