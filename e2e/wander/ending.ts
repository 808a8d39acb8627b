/** The end of a walk: everything is put right, questions are answered by the paper, and what waits may go out. */
import type { AskedQuestion, DeviceRecord, Entry } from '../../src/queue/types.ts'
import { DEFAULT_SETTINGS } from '../../src/stores/settings.ts'
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { judge, judgeFields, judgePeople, papersOf, type LedgerLook } from './checks.ts'
import { goTo, isLocked, signIn, unlock } from './moves.ts'
import { storedSettings, storedWay } from './steps-setup.ts'
import { checkCounter } from './steps-settings.ts'
import type { Look } from './page-side.ts'
import type { TillWindow } from './tablet.ts'
import { hookOf, shows, type Till, type Walk } from './walk.ts'

/** Real ms and looks in which something must change at a till whose register is well: a busy machine is no fault. */
const DRAIN_LIMIT_MS = 12_000
const DRAIN_LOOKS = 60
/** Nobody waits for more than this on the walk's clock when nothing is under way. */
const LEAP_MS = 4_000
const BREATH_MS = 40

/** What the paper says to a question. */
type Truth = { readonly answer: string; readonly number?: number }

function truthOf({ question }: AskedQuestion, entry: Entry | null, register: IkkmEmulator): Truth {
  const { device } = register
  const marked = device.ledger().find((one) => !one.foreign && (one.footer ?? '').split('\n')[0] === markIn(question))
  switch (question.kind) {
    case 'isReceiptOurs': {
      const ours = question.number === null ? marked : marked?.number === question.number ? marked : undefined
      if (ours === undefined) return { answer: 'no' }
      return question.number === null ? { answer: 'yes', number: ours.number } : { answer: 'yes' }
    }
    case 'depositDone': {
      const sent = register
        .log()
        .filter(({ body, executed }) => executed > 0 && body.includes(`key=${entry?.key ?? '-'}`))
      return { answer: sent.some(({ reply }) => reply?.status === 200) ? 'yes' : 'no' }
    }
    case 'cardCharged': {
      const charged = device.state.bank.transactions.some(({ track, success }) => track === question.track && success)
      return { answer: charged ? 'yes' : 'no' }
    }
    case 'cardDeclined':
    case 'shiftMismatch':
      return { answer: 'giveUp' }
    case 'cardChargedTwice':
      return { answer: 'refunded' }
    case 'printed':
      return { answer: 'yes' }
    default:
      return { answer: 'goOn' }
  }
}

const markIn = (question: AskedQuestion['question']): string => ('mark' in question ? question.mark : '')

interface Asked {
  readonly asked: AskedQuestion
  readonly entry: Entry | null
}

/** What a till's ledger holds, from one look into it. */
interface LedgerNow {
  readonly devices: readonly DeviceRecord[]
  readonly entries: readonly Entry[]
  /** The record that the settings name. */
  readonly deviceId: string | null
}

async function ledgerOf(walk: Walk, window: TillWindow): Promise<LedgerNow> {
  const [devices, entries, settings] = await Promise.all([
    walk.devices(window),
    walk.entries(window),
    storedSettings(window),
  ])
  const device = settings['device'] as { readonly deviceId?: string } | null | undefined
  return { devices, entries, deviceId: device?.deviceId ?? null }
}

/** The one question that a till asks now; what another register is asked about waits until that one is in use again. */
function askedBy({ devices, entries, deviceId }: LedgerNow): Asked | null {
  const device = devices.find(({ id }) => id === deviceId)
  if (device?.question) return { asked: device.question, entry: null }
  const entry = entries.find(
    (one) => one.deviceId === deviceId && one.question !== null && one.question.question.kind !== 'decide',
  )
  return entry?.question ? { asked: entry.question, entry } : null
}

async function typeKey(walk: Walk, window: TillWindow, register: IkkmEmulator): Promise<void> {
  if (!(await goTo(walk, window, '/device'))) return
  await window.fill('key-input', register.device.currentKey())
  await window.tap('key-save', 300)
  await walk.clock.pass(500)
}

/** Some questions are for those who may settle them. */
async function asAdministrator(walk: Walk, window: TillWindow): Promise<void> {
  const admin = walk.till(window).model.people.find(({ active, role }) => active && role === 'admin')
  const look = await walk.see(window)
  if (admin === undefined || look.cashier === admin.name || look.cashier === '') return
  await goTo(walk, window, '/')
  if (!(await window.tap({ selector: '.cashier-link' }))) return
  if ((await walk.until(window, isLocked, 800)) !== null) await signIn(walk, window, admin)
}

/** Answers through the page. The bar's button is the way to the question. */
async function answer(walk: Walk, window: TillWindow, { asked, entry }: Asked, register: IkkmEmulator): Promise<void> {
  const { model } = walk.till(window)
  if (asked.question.kind === 'key') {
    const given = model.keyGiven
    if (given !== null && given.way === model.way && given.key === register.device.currentKey()) {
      walk.model.blame(
        'keyAskedAgain',
        `${window.name} asks for the key ${given.key} that was typed in the assistant and found right`,
      )
    }
    return typeKey(walk, window, register)
  }
  await asAdministrator(walk, window)
  const truth = truthOf(asked, entry, register)
  if (!(await goTo(walk, window, '/'))) return
  const look = await walk.until(
    window,
    (now) => shows(now, 'attention-action') || shows(now, `card-${truth.answer}`),
    600,
  )
  if (look === null) return
  await walk.clock.pass(600)
  if (shows(look, `card-${truth.answer}`)) {
    await window.tap(`card-${truth.answer}`)
    return
  }
  await window.tap('attention-action')
  if ((await walk.until(window, (now) => now.dialogs > 0, 300)) === null) return
  await walk.clock.pass(600)
  if (truth.number !== undefined) await window.fill('question-number', String(truth.number))
  if (asked.question.kind === 'closeShift')
    walk.model.operate({ till: model.name, kind: 'z', amountTiyn: 0, isDemo: false, forbidden: null })
  if (!(await window.tap(`answer-${truth.answer}`, 200))) await window.key('Escape')
  await walk.until(window, (now) => now.dialogs === 0, 300)
}

/** What stands on a screen where nothing goes on. */
function saysOf({ path, hooks, dialogs }: Look): string {
  const bar = hooks.find(({ id }) => id === 'attention')?.text ?? ''
  const buttons = hooks
    .filter(({ disabled, id }) => !disabled && !/^(?:product|category)$/.test(id))
    .map(({ id }) => id)
  return `${path} shows "${bar}", ${dialogs} dialogs, ${[...new Set(buttons)].join(' ')}`
}

/** What the register would take and last answered: a till that asks in vain is told from one that nobody answered. */
function registerOf(register: IkkmEmulator): string {
  const last = register
    .log()
    .slice(-3)
    .map(({ path, reply }) => `${path} ${String(reply?.status ?? 'no answer')}`)
  return `the register's key is ${register.device.currentKey()}, its last requests ${last.join(', ')}`
}

/** Waits until the till has nothing more to send; says what it still holds where that takes too long. */
async function drain(walk: Walk, till: Till): Promise<void> {
  const register = walk.register(till.model.way)
  if (register === null) return
  const window = till.tablet.windows[0] ?? (await till.tablet.open())
  if (!(await unlock(walk, window))) return
  const progress = { what: '', sinceMs: Date.now(), looks: 0 }
  const serial = register.device.state.options.factorySerialNumber
  const own = ({ devices, entries, deviceId }: LedgerNow): readonly Entry[] => {
    const ids = devices.filter((device) => device.serial === serial || device.serial === null).map(({ id }) => id)
    return entries.filter(
      (entry) =>
        entry.open === 1 && entry.state !== 'refused' && ids.includes(entry.deviceId) && entry.deviceId === deviceId,
    )
  }
  for (;;) {
    const ledger = await ledgerOf(walk, window)
    const [asked, waiting] = [askedBy(ledger), own(ledger)]
    if (waiting.length === 0 && (asked === null || asked.entry !== null)) return
    const what = waiting.map((entry) => `${entry.mark} ${entry.state} ${entry.question?.question.kind ?? ''}`.trim())
    const now = `${what.join(', ')}${asked === null ? '' : `, asking ${asked.asked.question.kind}`}`
    progress.looks += 1
    if (now !== progress.what) Object.assign(progress, { what: now, sinceMs: Date.now(), looks: 0 })
    if (progress.looks > DRAIN_LOOKS && Date.now() - progress.sinceMs > DRAIN_LIMIT_MS) {
      walk.model.blame(
        'stuck',
        `till ${till.model.name} still holds ${now}; ${saysOf(await walk.see(window))}; ${registerOf(register)}`,
      )
      return
    }
    if (asked !== null) await answer(walk, window, asked, register)
    await new Promise((resolve) => setTimeout(resolve, BREATH_MS))
    const busy = register.log().at(-1)
    if (busy === undefined || busy.answeredMs !== null || Date.now() - busy.atMs > 300) await walk.clock.jump(LEAP_MS)
  }
}

interface StoredRow {
  readonly key: string
  readonly value: unknown
}

/** Whether an item of this code stands somewhere in a stored list at this price, in tiyn. */
function costs(stored: unknown, code: string, price: number): boolean {
  if (typeof stored !== 'object' || stored === null) return false
  if ('code' in stored && stored.code === code && 'price' in stored) return stored.price === price
  return Object.values(stored).some((part) => costs(part, code, price))
}

/** Looks into the databases of a till: what its last people wrote must stand there. */
async function judgeTill(walk: Walk, till: Till): Promise<LedgerLook> {
  const window = till.tablet.windows[0] ?? (await till.tablet.open())
  await walk.see(window)
  const { model } = till
  const rows = await window.rows<StoredRow>('terminal', 'settings')
  const found = [
    // What nobody changed from its default needn't be written.
    ...judgeFields(model, { ...DEFAULT_SETTINGS, ...(await storedSettings(window)) }),
    ...judgePeople(
      model,
      (rows.find(({ key }) => key === 'cashiers')?.value ?? []) as Parameters<typeof judgePeople>[1],
    ),
  ]
  for (const { kind, text } of found) walk.model.blame(kind, text)
  const way = await storedWay(walk, window)
  if (way !== model.way && way !== model.maybeWay && model.way !== null) {
    walk.model.blame('field', `till ${model.name} works with ${way ?? 'nothing'}, the last person chose ${model.way}`)
  }
  const edits = rows.filter(({ key }) => key.startsWith('catalog-edit:') || key.startsWith('catalog-own:'))
  const goods = await window.rows<unknown>('terminal', 'catalog')
  for (const [code, price] of model.prices) {
    const own = edits.map(({ value }) => JSON.stringify(value)).filter((text) => text.includes(`"${code}"`))
    // A price that is the list's own needs no edit.
    const right =
      own.length > 0 ? own.some((text) => text.includes(`"price":${String(price)}`)) : costs(goods, code, price)
    if (!right) walk.model.blame('field', `the price of ${code} isn't ${price / 100}, as the last person wrote`)
  }
  if (model.imported !== null) {
    const stored = JSON.stringify(await window.rows('terminal', 'catalog'))
    const gone = [...model.imported].filter(
      ([code, price]) => !stored.includes(`"code":"${code}"`) || !stored.includes(`"price":${String(price)}`),
    )
    if (gone.length > 0)
      walk.model.blame('field', `goods ${gone.map(([code]) => code).join(', ')} of the last import aren't there`)
  }
  const entries = await walk.entries(window)
  if (entries.some((entry) => entry.open === 1) && (await unlock(walk, window))) await checkCounter(walk, window)
  return { till: model.name, entries }
}

/** Puts the world right, lets the tills finish, and judges. */
export async function endWalk(walk: Walk): Promise<void> {
  for (const till of walk.tills) {
    for (const window of till.tablet.windows) {
      const look = await walk.see(window)
      if (!look.canGoOn) walk.model.blame('deadEnd', `${window.name} at ${look.path} has no way on: ${look.words}`)
    }
    const [window] = till.tablet.windows
    if (
      window !== undefined &&
      hookOf(await walk.see(window), 'setup-demo') === undefined &&
      (await unlock(walk, window))
    ) {
      await checkCounter(walk, window)
    }
    await till.tablet.setWrong(0)
  }
  for (const register of Object.values(walk.registers)) {
    await register.faults.clear()
    register.device.setOfdReachable(true, walk.clock.now())
  }
  for (const till of walk.tills) await drain(walk, till)
  // What was told meanwhile counts.
  for (const till of walk.tills) for (const window of till.tablet.windows) await walk.see(window)
  const ledgers: LedgerLook[] = []
  for (const till of walk.tills) ledgers.push(await judgeTill(walk, till))
  const papers = (['A', 'B'] as const).flatMap((way) => papersOf(way, walk.registers[way].device.ledger()))
  const { intents, operations } = walk.model
  for (const { kind, text } of judge({ intents, operations, papers, ledgers })) walk.model.blame(kind, text)
}
