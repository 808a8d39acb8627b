/** What happens around the tills: at the registers, in the network, to the tablet itself. */
import { outside, type Step } from './step.ts'
import { typeSetup } from './steps-setup.ts'
import { hookOf, READING_MS } from './walk.ts'

const SENDS = '/api/'

export const registerSteps = {
  registerOff: outside(1.5, 'register', async ({ registers }) => {
    await registers.A.faults.add({ kind: 'down' })
    return 'register A goes off'
  }),

  registerOn: outside(3, 'register', async ({ registers }) => {
    if (registers.A.isListening()) return null
    await registers.A.faults.add({ kind: 'up' })
    return 'register A is back'
  }),

  lostAnswer: outside(2, 'register', async ({ registers }) => {
    await registers.A.faults.add({ kind: 'drop-after', match: SENDS })
    return 'the next answer of register A will be lost'
  }),

  lostRequest: outside(1, 'register', async ({ registers }) => {
    await registers.A.faults.add({ kind: 'drop-before', match: SENDS })
    return 'the next request to register A will be lost'
  }),

  slow: outside(1, 'register', async ({ registers }, random) => {
    await registers.A.faults.add({ kind: 'delay', ms: random.between(500, 4_000) })
    return 'register A answers late once'
  }),

  noPaper: outside(1.2, 'register', async ({ registers }) => {
    await registers.A.faults.add({ kind: 'no-paper' })
    return 'register A has no paper'
  }),

  paper: outside(2, 'register', async ({ registers }) => {
    if (registers.A.device.state.printer === 'ready') return null
    await registers.A.faults.add({ kind: 'paper' })
    return 'register A has paper again'
  }),

  reboot: outside(0.3, 'register', async ({ registers }) => {
    await registers.A.faults.add({ kind: 'reboot' })
    return 'register A starts anew'
  }),

  keyChanged: outside(0.3, 'foreign', async ({ registers }) => {
    await registers.A.faults.add({ kind: 'wrong-key' })
    return 'the key is changed at register A'
  }),

  foreignReceipt: outside(0.4, 'foreign', ({ registers, clock }, random) => {
    registers.A.device.foreignOperation({ kind: 'sale', totalTiyn: random.between(1, 30) * 5_000 }, clock.now())
    return Promise.resolve('somebody sells at register A itself')
  }),

  clockMoved: outside(0.6, 'rare', async ({ tills: [till] }, random) => {
    if (till === undefined) return null
    const minutes = random.pick([0, 0, -3, 5, -60, 1_440, -4_320])
    await till.tablet.setWrong(minutes * 60_000)
    return `the tablet's clock is wrong by ${minutes} minutes`
  }),

  storageLost: outside(0.4, 'storage', async (walk, random) => {
    const loss = random.pick(['fullDisk', 'sevenDays'] as const)
    const [till] = walk.tills
    if (till === undefined) return null
    for (const window of [...till.tablet.windows]) {
      await walk.see(window)
      walk.forget(window)
      await till.tablet.drop(window, 'close')
    }
    await till.tablet.evict(loss)
    walk.model.loseStorage(till.model)
    const window = await till.tablet.open()
    const look = await walk.until(window, (now) => now.canGoOn, 3_000)
    await walk.clock.pass(READING_MS * 3)
    const seen = await walk.see(window)
    // A till that sold for a shop doesn't become a toy by itself.
    const isDemo = await window.evaluate<boolean>(`document.querySelector('.demo-mark') !== null`)
    if (isDemo) {
      walk.model.blame('relinked', 'the till that lost its storage opens in the demo, and nobody chose it')
      till.model.way = 'demo'
    }
    // Most people set the till up again, as it asks.
    const again = random.chance(0.7) && !isDemo ? await typeSetup(walk, window, 'A', false, false) : null
    return `the tablet's browser throws its storage away (${loss === 'fullDisk' ? 'a full disk' : 'seven days without use'}); ${window.name} opens ${hookOf(seen, 'product') === undefined ? (look?.path ?? 'nothing') : 'with goods'}${again === null ? '' : `; ${window.name} ${again}`}`
  }),
} satisfies Record<string, Step>
