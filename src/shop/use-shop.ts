/** The state of the owner's page: who may look, what is shown, how old it is. One for the page. */
import { computed, inject, ref, shallowRef, type InjectionKey } from 'vue'
import type { ShopSummary } from '../contract/shop.ts'
import { calendarDay } from '../domain/calendar-day.ts'
import type { ShopApi, ShopFailure } from './api.ts'
import type { Kept } from './kept.ts'
import { startLive, type Live } from './live.ts'
import { daysBefore, periodOf, type ChosenPeriod, type DayPeriod } from './period.ts'
import { wallMs } from './shop-time.ts'

/** `code`: the page asks for the owner's code. */
export type Access = 'unknown' | 'open' | 'code'

export interface ShopOptions {
  readonly api: ShopApi
  readonly kept: Kept
  readonly period: ChosenPeriod
  readonly now: () => number
  readonly visible: () => boolean
  readonly after: (ms: number, step: () => void) => () => void
}

export type Shop = ReturnType<typeof createShop>

const sameDays = (a: DayPeriod, b: DayPeriod): boolean => a.from === b.from && a.to === b.to

export function createShop({ api, kept, period, now, visible, after }: ShopOptions) {
  const stored = kept.summary()
  const access = ref<Access>('unknown')
  /** Why the code is asked for (again); null where nobody tried. */
  const codeTrouble = shallowRef<ShopFailure | 'revoked' | 'tillCode' | null>(null)
  const chosen = shallowRef<ChosenPeriod>(period)
  const summary = shallowRef<ShopSummary | null>(stored?.summary ?? null)
  /** The same over the days before; null until it is there. */
  const before = shallowRef<ShopSummary | null>(null)
  /** When the server last said that these figures are the newest, ms; 0 never. */
  const atMs = ref(stored?.atMs ?? 0)
  /** What went wrong with the last request; null while all is well. */
  const failure = shallowRef<ShopFailure | null>(null)
  const reading = ref(false)
  /** The present moment for ages, ms: moves with every look. */
  const clock = ref(now())
  /** Rises when something changed: lists read themselves again. */
  const changes = ref(0)

  let version: number | null = null
  let turn = 0
  let lastDay = ''
  let live: Live | null = null

  const timeZone = computed(() => summary.value?.timeZone ?? '')
  /** This device's clock showing the shop's time at `ms`: see `wallMs`. */
  const wall = (ms: number): number => (timeZone.value === '' ? ms : wallMs(ms, timeZone.value))
  const dayNow = (): string => calendarDay(wall(now()))
  /** Days that are on the screen: until the server answered they may be others than those that were chosen. */
  const shown = computed<DayPeriod>(() => summary.value?.totals ?? periodOf(chosen.value, dayNow()))
  /** Days that were asked for. */
  const wanted = computed<DayPeriod>(() => periodOf(chosen.value, summary.value?.today ?? dayNow()))
  const names = computed(() => new Map((summary.value?.tills ?? []).map((till) => [till.till, till])))

  function refused(trouble: ShopFailure): void {
    failure.value = trouble
    if (trouble !== 'code') return
    codeTrouble.value = kept.token() === null ? null : 'revoked'
    forget()
  }

  function forget(): void {
    live?.stop()
    live = null
    turn += 1
    version = null
    kept.keepToken(null)
    kept.keepSummary(null)
    summary.value = null
    before.value = null
    atMs.value = 0
    reading.value = false
    access.value = 'code'
  }

  /** Reads the figures of the chosen days; true when the server answered. */
  async function read(): Promise<boolean> {
    const mine = ++turn
    reading.value = true
    const asked = chosen.value === 'today' ? null : wanted.value
    const answer = await api.summary(asked)
    if (mine !== turn) return answer.ok
    reading.value = false
    if (!answer.ok) {
      refused(answer.failure)
      return answer.failure !== 'away'
    }
    access.value = 'open'
    failure.value = null
    summary.value = answer.value
    atMs.value = now()
    kept.keepSummary({ summary: answer.value, atMs: atMs.value })
    // It is another day in the shop than this device thought: "yesterday" was read for the wrong one.
    if (asked !== null && !sameDays(asked, wanted.value)) return read()
    void readBefore(mine)
    return true
  }

  async function readBefore(mine: number): Promise<void> {
    const days = daysBefore(shown.value)
    // What a till uploads late changes days that are over: then these totals aren't the ones that were read.
    const known = before.value?.totals
    if (JSON.stringify(known) === JSON.stringify(summary.value?.previous)) return
    if (known !== undefined && !sameDays(known, days)) before.value = null
    const answer = await api.summary(days)
    if (mine === turn && answer.ok) before.value = answer.value
  }

  async function look(): Promise<boolean> {
    const answer = await api.version()
    clock.value = now()
    if (live === null) return true
    if (!answer.ok) {
      refused(answer.failure)
      return false
    }
    const day = dayNow()
    const isNews = version !== answer.value || (day !== lastDay && lastDay !== '')
    const recovered = failure.value !== null
    lastDay = day
    if (!isNews && !recovered && summary.value !== null && sameDays(wanted.value, shown.value)) {
      atMs.value = now()
      return true
    }
    const done = await read()
    // Only what was read is known: a failed reading is tried again at the next look.
    if (failure.value !== null) return done
    if (isNews && version !== null) changes.value += 1
    version = answer.value
    return true
  }

  function start(): void {
    live?.stop()
    live = startLive({ look, visible, after, chance: Math.random })
  }

  /** Trades the owner's code for a token; what went wrong stands in `codeTrouble`. */
  async function pair(code: string): Promise<boolean> {
    const answer = await api.pair(code.trim())
    if (!answer.ok) codeTrouble.value = answer.failure
    else if (answer.value.role !== 'owner') codeTrouble.value = 'tillCode'
    else {
      kept.keepToken(answer.value.token)
      codeTrouble.value = null
      failure.value = null
      access.value = 'unknown'
      start()
      return true
    }
    return false
  }

  return {
    api,
    access,
    codeTrouble,
    chosen,
    summary,
    before,
    atMs,
    failure,
    reading,
    clock,
    changes,
    shown,
    wanted,
    names,
    wall,
    dayNow,
    start,
    /** The page is seen again, or the network is back. */
    wake: () => live?.wake(),
    choose(next: ChosenPeriod): void {
      chosen.value = next
      void read()
    },
    read,
    pair,
    /** A code that came in the address; where it doesn't fit, an earlier token may. */
    async pairOrStart(code: string): Promise<void> {
      if (!(await pair(code)) && kept.token() !== null) start()
      else if (access.value === 'unknown' && live === null) access.value = 'code'
    },
    /** Forgets the token and every figure. */
    leave(): void {
      codeTrouble.value = null
      forget()
    },
    /** Whoever looks at the demo shop without a code changes nothing in it. */
    mayChange: () => kept.token() !== null,
    /** False where the server didn't take it. */
    async nameTill(till: string, name: string): Promise<boolean> {
      const answer = await api.nameTill(till, name)
      if (answer.ok) await read()
      return answer.ok
    },
  }
}

export const SHOP_KEY: InjectionKey<Shop> = Symbol('shop')

/** The page's state, inside a component. */
export function useShop(): Shop {
  const shop = inject(SHOP_KEY)
  if (shop === undefined) throw new Error('no shop above this component')
  return shop
}
