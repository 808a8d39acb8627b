/** How a till gets another register: by a link that is opened, by the assistant, by a key that is typed. */
import type { Random } from '../../src/device-model/random.ts'
import { goTo, unlock } from './moves.ts'
import type { Way } from './model.ts'
import type { Look } from './page-side.ts'
import { inWindow, type Step } from './step.ts'
import type { TillWindow } from './tablet.ts'
import { hookOf, READING_MS, shows, type Walk } from './walk.ts'

interface StoredDevice {
  readonly transport: string
  readonly origin: string
}

interface StoredRow {
  readonly key: string
  readonly value: unknown
}

/** The till's settings as they lie on its disk. */
export async function storedSettings(window: TillWindow): Promise<Readonly<Record<string, unknown>>> {
  const rows = await window.rows<StoredRow>('terminal', 'settings')
  return (rows.find(({ key }) => key === 'settings')?.value ?? {}) as Record<string, unknown>
}

/** Which register the till's settings name; null for none. */
export async function storedWay(walk: Walk, window: TillWindow): Promise<Way | null> {
  const device = (await storedSettings(window))['device'] as StoredDevice | null | undefined
  if (device === null || device === undefined) return null
  if (device.transport === 'demo') return 'demo'
  const { port } = new URL(device.origin)
  if (port === String(walk.registers.A.port)) return 'A'
  return port === String(walk.registers.B.port) ? 'B' : null
}

/** The second name of the same address: a register that got another address is the same register. */
const aliasOf = (origin: string): string => origin.replace('127.0.0.1', 'localhost')

function linkTo(walk: Walk, way: Way, alias: boolean): string {
  if (way === 'demo') return '/setup?transport=demo'
  const register = walk.registers[way]
  const query = new URLSearchParams({
    device: alias ? aliasOf(register.origin) : register.origin,
    transport: 'direct',
  })
  return `/setup?${query.toString()}#key=${register.device.currentKey()}`
}

/** The assistant said something: what it found, or a question between two registers. */
const answered = (look: Look): boolean =>
  shows(look, 'setup-insist') || hookOf(look, 'diagnosis') !== undefined || hookOf(look, 'setup-exchange') !== undefined

/** A person says yes to what the assistant asks, if it asks; the till then works with this register. */
async function agree(walk: Walk, window: TillWindow, way: Way): Promise<boolean> {
  const before = await walk.see(window)
  if (before.path !== '/setup') return false
  const button = ['setup-switch', 'step-confirmOtherDevice', 'step-continue'].find((id) => shows(before, id))
  if (button === undefined) return false
  await walk.clock.pass(READING_MS)
  const { model } = walk.till(window)
  const was = model.way
  model.imported = null
  model.way = way
  if (!(await window.tap(button))) {
    model.way = was
    return false
  }
  walk.forget(window)
  if ((await walk.until(window, (look) => look.path !== '/setup', 2_500)) === null) {
    model.way = (await storedWay(walk, window)) === way ? way : was
  }
  return true
}

/** Opens a link. Alone it may set up a till that has no register, nothing else. */
async function openLink(walk: Walk, window: TillWindow, random: Random, way: Way, alias = false): Promise<string> {
  const { model } = walk.till(window)
  await walk.see(window)
  const before = await storedWay(walk, window)
  walk.forget(window)
  model.imported = null
  await window.goto(linkTo(walk, way, alias))
  const name = `opens a link to ${way === 'demo' ? 'the demo' : `register ${way}${alias ? ' at its second address' : ''}`}`
  await walk.see(window)
  // With cashiers the lock comes first, and what waits behind it must not run by itself.
  await unlock(walk, window, random)
  await walk.until(window, (look) => look.path !== '/setup' || answered(look), 2_500)
  await walk.clock.pass(READING_MS)
  const after = await storedWay(walk, window)
  if (model.way === null) {
    model.way = after
    return name
  }
  if (after !== before && after !== model.way) {
    walk.model.blame(
      'relinked',
      `${name}: the till works with ${after ?? 'nothing'} instead of ${model.way}, and nobody was asked`,
    )
    model.way = after
    return name
  }
  if (random.chance(0.6) && (await agree(walk, window, way))) return `${name} and agrees`
  model.maybeWay = way
  await goTo(walk, window, '/').catch(() => false)
  return `${name} and leaves it`
}

/** Types an address and a key into the assistant. */
export async function typeSetup(
  walk: Walk,
  window: TillWindow,
  way: 'A' | 'B',
  alias: boolean,
  insists: boolean,
): Promise<string | null> {
  if (!(await goTo(walk, window, '/setup'))) return null
  const { model } = walk.till(window)
  const register = walk.registers[way]
  const ready = await walk.until(
    window,
    (look) => shows(look, 'way-direct') || look.hooks.some(({ id }) => id.startsWith('language-')),
    800,
  )
  if (ready === null) return null
  if (!shows(ready, 'way-direct')) await window.tap('language-ru', 300)
  if (!(await window.tap('way-direct', 500))) return null
  const key = register.device.currentKey()
  if (!(await window.fill('device-address', alias ? aliasOf(register.origin) : register.origin))) return null
  if (!(await window.fill('key-input', key))) return null
  await walk.clock.pass(READING_MS)
  if (!(await window.tap('key-save'))) return null
  const name = `sets up register ${way}${alias ? ' at its second address' : ''}`
  walk.forget(window)
  model.imported = null
  const took = async (): Promise<boolean> => {
    const look = await walk.until(window, (now) => now.path !== '/setup', 2_500)
    if (look === null) return false
    model.way = way
    // Only a register that answered took the key.
    model.keyGiven = { way, key }
    return true
  }
  const look = await walk.until(window, (now) => now.path !== '/setup' || answered(now), 4_000)
  if (look === null) return null
  if (look.path !== '/setup') return (await took()) ? name : null
  if (await agree(walk, window, way)) return `${name} and agrees`
  // A register that answered well is taken a moment after its answer stood there.
  if ((await walk.see(window)).path !== '/setup') return (await took()) ? name : null
  if (insists && (await window.tap('setup-insist'))) {
    const left = await walk.until(window, (now) => now.path !== '/setup', 2_500)
    if (left !== null || (await agree(walk, window, way))) {
      model.way = way
      return `${name}, untested`
    }
  }
  model.maybeWay = way
  await goTo(walk, window, '/')
  return `${name} in vain`
}

export const setupSteps = {
  demoLink: inWindow(0.6, 'links', (walk, window, random) => openLink(walk, window, random, 'demo')),
  otherLink: inWindow(0.6, 'links', (walk, window, random) => openLink(walk, window, random, 'B')),
  ownLink: inWindow(0.6, 'links', (walk, window, random) => openLink(walk, window, random, 'A')),

  backToA: inWindow(1, 'links', async (walk, window) => {
    if (walk.till(window).model.way === 'A') return null
    return typeSetup(walk, window, 'A', false, false)
  }),

  secondAddress: inWindow(0.4, 'identity', (walk, window) => typeSetup(walk, window, 'A', true, true)),
  firstAddress: inWindow(0.4, 'identity', (walk, window) => typeSetup(walk, window, 'A', false, true)),
  typeAgain: inWindow(0.3, 'identity', (walk, window) => typeSetup(walk, window, 'A', false, false)),

  /** As a technician does after the register was started anew: its key is read off and typed into the assistant. */
  changeKeyAndSetUp: inWindow(0.4, 'identity', async (walk, window) => {
    const { model } = walk.till(window)
    if (model.way !== 'A' || (await walk.entries(window)).some((entry) => entry.open === 1)) return null
    walk.registers.A.device.changeKey()
    const sentence = await typeSetup(walk, window, 'A', false, false)
    return `sees the key changed at register A; ${sentence ?? 'does nothing'}`
  }),

  typeKey: inWindow(1, 'identity', async (walk, window, random) => {
    const { model } = walk.till(window)
    const register = walk.register(model.way)
    if (register === null || !(await goTo(walk, window, '/device'))) return null
    const right = random.chance(0.7)
    const key = right ? register.device.currentKey() : String(random.between(10_000_000, 99_999_999))
    if (!(await window.fill('key-input', key)) || !(await window.tap('key-save', 300))) return null
    // A wrong one takes the place of the right one that was typed before.
    if (!right) model.keyGiven = null
    await walk.clock.pass(READING_MS)
    return `types ${right ? 'the' : 'a wrong'} key`
  }),
} satisfies Record<string, Step>
