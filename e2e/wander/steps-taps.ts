/** Hands that are quicker than eyes: the same place twice, a key that is held. What comes of it, nobody meant. */
import { pay, toReceipt } from './moves.ts'
import { inWindow, type Step } from './step.ts'
import { returnSold } from './steps-selling.ts'
import { closeShift, moveCash } from './steps-shift.ts'
import type { TillWindow } from './tablet.ts'
import { hookOf, PACE, READING_MS, TAPPING_PACE, type Walk } from './walk.ts'

/** Taps a button and its place once more so many ms later, whatever stands there by then. */
async function tapTwice(walk: Walk, window: TillWindow, hook: string, gapMs: number): Promise<boolean> {
  await walk.clock.setRate(TAPPING_PACE)
  try {
    const place = await window.place({ id: hook })
    if (!('x' in place)) return false
    // The hand doesn't wait for the page, however busy this machine is: each tap carries its own moment.
    const firstMs = Date.now()
    const first = window.press(place, firstMs)
    await walk.clock.pass(gapMs)
    await Promise.all([first, window.press(place, firstMs + gapMs / walk.clock.rate)])
    await walk.clock.pass(250)
    return true
  } finally {
    await walk.clock.setRate(PACE)
  }
}

/** The result came and went before anybody could read it. */
async function blameUnread(walk: Walk, window: TillWindow, how: string): Promise<void> {
  const last = (await walk.see(window)).results.at(-1)
  if (last === undefined || last.leftMs === null || last.leftMs - last.sinceMs > 500) return
  const seen = Math.round(last.leftMs - last.sinceMs)
  walk.model.blame(
    'vanished',
    `the result of a sale (change ${(last.changeTiyn ?? 0) / 100}) left after ${seen} ms: ${how}`,
  )
}

export const tapSteps = {
  payTwice: inWindow(2, 'taps', async (walk, window, random) => {
    if (!(await toReceipt(walk, window, random))) return null
    const gapMs = random.between(80, 400)
    return (await tapTwice(walk, window, 'pay', gapMs)) ? `taps Pay twice, ${gapMs} ms apart` : null
  }),

  holdEnterOnPay: inWindow(1, 'taps', async (walk, window, random) => {
    if (!(await toReceipt(walk, window, random))) return null
    await walk.clock.setRate(TAPPING_PACE)
    await window.evaluate(`globalThis.__walk.find({ id: 'pay' })?.focus()`)
    await window.key('Enter', { repeats: random.between(4, 14) })
    await walk.clock.pass(200)
    await walk.clock.setRate(PACE)
    return 'holds Enter on Pay'
  }),

  confirmTwice: inWindow(2, 'taps', async (walk, window, random) => {
    if (!(await toReceipt(walk, window, random))) return null
    const before = (await walk.see(window)).results.length
    const gapMs = random.between(50, 400)
    const sentence = await pay(walk, window, random, 'typed', (hook) => tapTwice(walk, window, hook, gapMs))
    if (sentence === null) return null
    const how = `taps the confirmation twice, ${gapMs} ms apart`
    if ((await walk.see(window)).results.length > before) await blameUnread(walk, window, how)
    return `${sentence}; ${how}`
  }),

  cashTwice: inWindow(1, 'taps', async (walk, window, random) => {
    if (!(await toReceipt(walk, window, random))) return null
    const gapMs = random.between(50, 400)
    const sentence = await pay(walk, window, random, 'exact', (hook) => tapTwice(walk, window, hook, gapMs))
    if (sentence === null) return null
    const how = `taps Exact twice, ${gapMs} ms apart`
    await blameUnread(walk, window, how)
    return `${sentence}; ${how}`
  }),

  /** Enter held on the confirmation: its repeats mean nothing, not even for what comes next. */
  holdEnterOnConfirm: inWindow(1, 'taps', async (walk, window, random) => {
    if (!(await toReceipt(walk, window, random))) return null
    const repeats = random.between(4, 14)
    const sentence = await pay(walk, window, random, 'typed', async (hook) => {
      await walk.clock.setRate(TAPPING_PACE)
      try {
        await window.evaluate(`globalThis.__walk.find({ id: '${hook}' })?.focus()`)
        await window.key('Enter', { repeats })
        await walk.clock.pass(200)
        return true
      } finally {
        await walk.clock.setRate(PACE)
      }
    })
    if (sentence === null) return null
    await blameUnread(walk, window, 'holds Enter on the confirmation')
    return `${sentence}; holds Enter on the confirmation`
  }),

  cashInTwice: inWindow(0.5, 'taps', (walk, window, random) =>
    moveCash(walk, window, random, 'deposit', (hook) => tapTwice(walk, window, hook, random.between(50, 400))),
  ),

  zTwice: inWindow(0.3, 'taps', (walk, window, random) =>
    closeShift(walk, window, (hook) => tapTwice(walk, window, hook, random.between(50, 400))),
  ),

  returnTwice: inWindow(0.7, 'taps', (walk, window, random) =>
    returnSold(walk, window, random, (hook) => tapTwice(walk, window, hook, random.between(50, 400))),
  ),

  /** Whatever is the main button here, twice. */
  anyTwice: inWindow(1, 'taps', async (walk, window, random) => {
    const look = await walk.see(window)
    // What a person would mean by these is counted elsewhere.
    const meant = new Set([
      'pay',
      'pay-confirm',
      'tender-cash-exact',
      'return-confirm',
      'cash-save',
      'z-confirm',
      'shift-x',
    ])
    const quiet = look.hooks.filter(
      ({ id, disabled }) =>
        /^(?:park|next-sale|menu|cart-more|product|category|parked)$/.test(id) && !disabled && !meant.has(id),
    )
    if (quiet.length === 0) return null
    const { id } = random.pick(quiet)
    const gapMs = random.between(50, 400)
    if (!(await tapTwice(walk, window, id, gapMs))) return null
    await walk.clock.pass(READING_MS)
    return hookOf(look, id) === undefined ? null : `taps ${id} twice, ${gapMs} ms apart`
  }),
} satisfies Record<string, Step>
