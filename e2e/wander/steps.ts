/** What people do in a walk. A step looks at what is there, does what a person could, and says it in a sentence. */
import type { Step } from './step.ts'
import { cashierSteps } from './steps-cashiers.ts'
import { registerSteps } from './steps-register.ts'
import { sellingSteps } from './steps-selling.ts'
import { settingsSteps } from './steps-settings.ts'
import { setupSteps } from './steps-setup.ts'
import { shiftSteps } from './steps-shift.ts'
import { tapSteps } from './steps-taps.ts'
import { windowSteps } from './steps-windows.ts'

const all = {
  ...sellingSteps,
  ...tapSteps,
  ...windowSteps,
  ...shiftSteps,
  ...settingsSteps,
  ...cashierSteps,
  ...setupSteps,
  ...registerSteps,
} satisfies Record<string, Step>

export type StepKind = keyof typeof all
export const STEPS: Readonly<Record<StepKind, Step>> = all
