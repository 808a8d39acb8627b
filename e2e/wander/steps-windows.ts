/** Windows of one till, and the second till: opened, loaded anew, left, closed, killed. */
import { goTo, pay, toReceipt, unlock } from './moves.ts'
import { inWindow, outside, type Step } from './step.ts'
import type { TillWindow } from './tablet.ts'
import { deploy } from './stage.ts'
import { READING_MS, shows, type Walk } from './walk.ts'

const MOST_WINDOWS = 3

/** The browser's own buttons, as long as they stay in the till. */
async function through(walk: Walk, window: TillWindow, way: 'back' | 'forward'): Promise<string | null> {
  await walk.see(window)
  const can = way === 'back' ? 'navigation.canGoBack' : 'navigation.canGoForward'
  if (!(await window.evaluate<boolean>(`${can} && (history.${way}(), true)`).catch(() => true))) return null
  await walk.see(window)
  return `goes ${way}`
}

/** Takes a new version where one is offered. */
async function takeUpdate(walk: Walk, window: TillWindow): Promise<string | null> {
  if (!shows(await walk.see(window), 'update-apply')) return null
  await walk.clock.pass(READING_MS)
  walk.forget(window)
  await window.evaluate('globalThis.__old = true')
  if (!(await window.tap('update-apply'))) return null
  const end = Date.now() + 3_000
  while (Date.now() < end && (await window.evaluate<boolean>('globalThis.__old === true').catch(() => true))) {
    await walk.clock.pass(READING_MS)
  }
  await walk.see(window)
  return 'takes the new version'
}

export const windowSteps = {
  newWindow: outside(4, 'windows', async (walk) => {
    const tablet = walk.tills[0]?.tablet
    if (tablet === undefined || tablet.windows.length >= MOST_WINDOWS) return null
    const window = await tablet.open()
    await walk.see(window)
    return `${window.name} is opened beside the others`
  }),

  reload: inWindow(3, 'windows', async (walk, window) => {
    await walk.see(window)
    walk.forget(window)
    await window.page.reload({ waitUntil: 'commit' })
    await walk.see(window)
    return 'is loaded anew'
  }),

  close: inWindow(1, 'windows', async (walk, window) => {
    await walk.see(window)
    walk.forget(window)
    await window.tablet.drop(window, 'close')
    return 'is closed'
  }),

  kill: inWindow(1, 'windows', async (walk, window) => {
    await walk.see(window)
    walk.forget(window)
    await window.tablet.drop(window, 'kill')
    return 'is killed'
  }),

  /** At once after the tap: nothing was read. */
  sellAndKill: inWindow(1, 'windows', async (walk, window, random) => {
    if (!(await toReceipt(walk, window, random))) return null
    const sentence = await pay(walk, window, random, 'exact', async (hook) => {
      const tapped = await window.tap(hook)
      if (tapped) {
        await walk.clock.pass(random.between(0, 1_500))
        walk.forget(window)
        await window.tablet.drop(window, 'kill')
      }
      return tapped
    }).catch(() => 'sells')
    return sentence === null ? null : `${sentence} and is killed`
  }),

  /** A new version of the app lies on the server, and a window hears of it. */
  newVersion: inWindow(0.7, 'windows', async (walk, window, random) => {
    deploy(walk.folder)
    await walk.see(window)
    const found = await window.evaluate<boolean>(
      `navigator.serviceWorker.getRegistration().then((one) => one?.active ? one.update().then(() => true) : false).catch(() => false)`,
    )
    if (!found) return null
    // An open receipt goes first: then nothing is offered, and a later step may take it.
    const offered = await walk.until(window, (look) => shows(look, 'update-apply'), 2_000)
    const taken = offered !== null && random.chance(0.7) ? await takeUpdate(walk, window) : null
    return `hears of a new version${taken === null ? '' : ` and ${taken}`}`
  }),

  takeUpdate: inWindow(1, 'windows', takeUpdate),

  back: inWindow(1, 'windows', (walk, window) => through(walk, window, 'back')),
  forward: inWindow(1, 'windows', async (walk, window) => {
    const sentence = await through(walk, window, 'forward')
    if (sentence !== null || (await through(walk, window, 'back')) === null) return sentence
    await walk.clock.pass(READING_MS)
    return `goes back${(await through(walk, window, 'forward')) === null ? '' : ' and forward'}`
  }),

  /** The same goods in two windows, as two cashiers would. */
  sellInTwo: outside(2, 'windows', async (walk, random) => {
    const tablet = walk.tills[0]?.tablet
    if (tablet === undefined) return null
    while (tablet.windows.length < 2) await tablet.open()
    const [first, second] = tablet.windows
    if (first === undefined || second === undefined) return null
    for (const window of [first, second]) {
      if (!(await toReceipt(walk, window, random))) return null
    }
    const one = await pay(walk, first, random, 'exact')
    const other = await pay(walk, second, random, 'exact')
    return one === null && other === null
      ? null
      : `${first.name} ${one ?? 'waits'}, then ${second.name} ${other ?? 'waits'}`
  }),

  secondSells: outside(2, 'second', async (walk, random) => {
    const till = walk.tills[1]
    if (till === undefined) return null
    const window = await walk.anyWindow(random, till)
    if (!(await toReceipt(walk, window, random))) return null
    const sentence = await pay(walk, window, random, 'exact')
    return sentence === null ? null : `${window.name} ${sentence}`
  }),

  wander: inWindow(2, 'windows', async (walk, window, random) => {
    if (!(await unlock(walk, window))) return null
    const path = random.pick(['/journal', '/queue', '/shift', '/device', '/settings', '/catalog', '/bank'])
    return (await goTo(walk, window, path)) ? `goes to ${path}` : null
  }),
} satisfies Record<string, Step>
