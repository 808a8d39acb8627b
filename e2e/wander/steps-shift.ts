/** On the shift's page: cash in and out, reports. */
import { goTo } from './moves.ts'
import type { Random } from '../../src/device-model/random.ts'
import { inWindow, type Step } from './step.ts'
import type { TillWindow } from './tablet.ts'
import { hookOf, READING_MS, shows, type Walk } from './walk.ts'

type Tap = (hook: string) => Promise<boolean>

/** Cash in or out; `tap`: how the last button is pressed. */
export async function moveCash(
  walk: Walk,
  window: TillWindow,
  random: Random,
  kind: 'deposit' | 'withdrawal',
  tap: Tap = (hook) => window.tap(hook),
): Promise<string | null> {
  if (!(await goTo(walk, window, '/shift'))) return null
  if (!(await window.tap(kind === 'deposit' ? 'cash-in' : 'cash-out', 800))) return null
  const tenge = random.between(1, 20) * 100
  if (!(await window.fill('number', String(tenge)))) return null
  await walk.clock.pass(READING_MS)
  const look = await walk.until(window, (now) => shows(now, 'cash-save'), 400)
  if (look === null) return null
  const till = walk.till(window).model
  const operation = walk.model.operate({
    till: till.name,
    kind,
    amountTiyn: tenge * 100,
    isDemo: look.isDemo,
    forbidden: walk.lacks(window, look, 'cashInOut'),
  })
  await tap('cash-save')
  operation.accepted = (await walk.until(window, (now) => now.dialogs === 0, 800)) !== null
  return `${kind === 'deposit' ? 'puts in' : 'takes out'} ${tenge}`
}

/** A Z report; `tap`: how the last button is pressed. */
export async function closeShift(
  walk: Walk,
  window: TillWindow,
  tap: Tap = (hook) => window.tap(hook),
): Promise<string | null> {
  if (!(await goTo(walk, window, '/shift')) || !(await window.tap('shift-z', 800))) return null
  const open = await walk.until(
    window,
    (look) => hookOf(look, 'z-confirm') !== undefined || hookOf(look, 'z-blocked') !== undefined,
    800,
  )
  if (open === null || hookOf(open, 'z-blocked') !== undefined) return null
  await walk.clock.pass(READING_MS)
  const look = await walk.until(window, (now) => shows(now, 'z-confirm'), 1_500)
  if (look === null) return null
  const till = walk.till(window).model
  const operation = walk.model.operate({
    till: till.name,
    kind: 'z',
    amountTiyn: 0,
    isDemo: look.isDemo,
    forbidden: walk.lacks(window, look, 'closeShift'),
  })
  await tap('z-confirm')
  const result = await walk.until(window, (now) => hookOf(now, 'z-result') !== undefined, 1_000)
  operation.accepted = result !== null
  await window.tap('z-done')
  return 'closes the shift'
}

export const shiftSteps = {
  cashIn: inWindow(2, 'shift', (walk, window, random) => moveCash(walk, window, random, 'deposit')),
  cashOut: inWindow(1, 'shift', (walk, window, random) => moveCash(walk, window, random, 'withdrawal')),

  reportX: inWindow(1, 'shift', async (walk, window) => {
    if (!(await goTo(walk, window, '/shift')) || !(await window.tap('shift-x', 800))) return null
    return 'prints an X report'
  }),

  reportZ: inWindow(1, 'shift', (walk, window) => closeShift(walk, window)),
} satisfies Record<string, Step>
