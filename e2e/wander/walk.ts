/** One walk while it goes on: its tills and registers, and what each window said so far. */
import type { CashierRole, Right } from '../../src/domain/cashier.ts'
import { mayDo } from '../../src/domain/cashier.ts'
import type { Random } from '../../src/device-model/random.ts'
import type { ReceiptKind } from '../../src/domain/receipt.ts'
import type { DeviceRecord, Entry } from '../../src/queue/types.ts'
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import type { Intent, Model, TillModel, Way } from './model.ts'
import type { Hook, Look } from './page-side.ts'
import type { Tablet, TillWindow } from './tablet.ts'
import type { WalkClock } from './walk-clock.ts'

export interface Till {
  readonly model: TillModel
  readonly tablet: Tablet
}

interface Watched {
  readonly intent: Intent
  /** The result that came after so many others on this page is the intent's. */
  readonly after: number
}

/** The rate at which most of a walk runs. */
export const PACE = 12
/** While somebody taps twice: what a page draws in a frame then takes no longer than for a person. */
export const TAPPING_PACE = 2.5
/** A person reads what just came, in ms of the walk. */
export const READING_MS = 700

export class Walk {
  private readonly watched = new WeakMap<TillWindow, Watched>()

  constructor(
    readonly model: Model,
    readonly clock: WalkClock,
    readonly tills: readonly Till[],
    readonly registers: Readonly<Record<'A' | 'B', IkkmEmulator>>,
    /** Where the app's files are served from. */
    readonly folder: string,
  ) {}

  register(way: Way | null): IkkmEmulator | null {
    return way === 'A' || way === 'B' ? this.registers[way] : null
  }

  till(window: TillWindow): Till {
    const till = this.tills.find((one) => one.tablet === window.tablet)
    if (till === undefined) throw new Error('a window without a till')
    return till
  }

  /** A window of the first till; one is opened where all are gone. */
  async anyWindow(random: Random, till: Till | undefined = this.tills[0]): Promise<TillWindow> {
    if (till === undefined) throw new Error('a walk without a till')
    const { tablet } = till
    return tablet.windows.length === 0 ? tablet.open() : random.pick(tablet.windows)
  }

  /** Looks at a window and takes down what it says of the sale that was paid there. */
  async see(window: TillWindow): Promise<Look> {
    return this.note(window, await window.look())
  }

  /** As `until` of the window, noting what it says meanwhile. */
  async until(window: TillWindow, wanted: (look: Look) => boolean, limitMs?: number): Promise<Look | null> {
    const found = await window.until((look) => wanted(this.note(window, look)), limitMs)
    return found
  }

  private note(window: TillWindow, look: Look): Look {
    const watched = this.watched.get(window)
    const shown = watched && look.results.find((one) => one.nth === watched.after + 1)
    if (watched !== undefined && shown !== undefined && shown.state !== '') {
      const { state, numbers, marks, changeTiyn } = shown
      watched.intent.told = { state, numbers, marks, changeTiyn }
    }
    return look
  }

  /** From now on the next result of this window is this sale's. */
  watch(window: TillWindow, intent: Intent, look: Look): void {
    this.watched.set(window, { intent, after: look.results.at(-1)?.nth ?? 0 })
  }

  /** The page is another one: its results are counted anew, and the last one was seen before. */
  forget(window: TillWindow): void {
    this.watched.delete(window)
  }

  /** The right that whoever stands at this window lacks, or null. */
  lacks(window: TillWindow, look: Look, right: Right): Right | null {
    const role = this.roleAt(window, look)
    return role === null || mayDo({ role, active: true }, right) ? null : right
  }

  /** Role of who is signed in; null where the till has no cashiers or shows nobody. */
  roleAt(window: TillWindow, look: Look): CashierRole | null {
    const { people } = this.till(window).model
    if (!people.some((person) => person.active)) return null
    return people.find((person) => person.name === look.cashier)?.role ?? null
  }

  /** The right that a receipt of this kind needs. */
  rightFor(kind: ReceiptKind, withBasis: boolean): Right {
    if (kind === 'sale') return 'sell'
    if (kind === 'buy') return 'purchase'
    return withBasis ? 'return' : 'returnWithoutReceipt'
  }

  entries(window: TillWindow): Promise<readonly Entry[]> {
    return window.rows<Entry>('ledger', 'entries')
  }

  devices(window: TillWindow): Promise<readonly DeviceRecord[]> {
    return window.rows<DeviceRecord>('ledger', 'devices')
  }
}

export const hooksOf = (look: Look, id: string): readonly Hook[] => look.hooks.filter((hook) => hook.id === id)
export const hookOf = (look: Look, id: string): Hook | undefined => look.hooks.find((hook) => hook.id === id)
export const shows = (look: Look, id: string): boolean => look.hooks.some((hook) => hook.id === id && !hook.disabled)
