/** The fiscal device as the shell and the device page see it: state, last contact, shift, and what it said of itself. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch as watchChange } from 'vue'
import type { Outcome, FrozenRequest } from '../ikkm/codec.ts'
import { isCodeOf, isRelaysOwn } from '../ikkm/codes.ts'
import type { Right } from '../domain/cashier.ts'
import type { Tiyn } from '../domain/money.ts'
import { decodeInfo, decodePrintMode, type DeviceInfo } from '../ikkm/info.ts'
import { decodeShiftReport } from '../ikkm/reports.ts'
import { infoRequest, printModeRequest, reportRequest, type PrintMode } from '../ikkm/requests.ts'
import { registeredAt } from '../queue/types.ts'
import { useQueueStore } from './queue.ts'
import { useRegisterClockStore } from './register-clock.ts'
import { services, type NoKey, type Refusal } from '../till/services.ts'

/** How often an idle, visible terminal asks the device how it is, in ms. */
const STATUS_INTERVAL_MS = 15_000
/** A drawer figure older than this proves nothing, in ms. */
const DRAWER_FRESH_MS = 30_000
/** The first failed read may be a hiccup of the Wi-Fi; the second one in a row is told to the cashier. */
const FAILURES_UNTIL_OFFLINE = 2
/** A registration, a report or the bank is under way (source 004, chapter 11.1). */

/** What a cart has to know of the device before it answers; kept for a start without it. */
interface DeviceFacts {
  readonly wholeTenge: boolean
  readonly defaultTaxId: string | null
}

const NO_FACTS: DeviceFacts = { wholeTenge: false, defaultTaxId: null }

function factsKey(deviceId: string): string {
  return `device-facts:${deviceId}`
}

/** A stored record of an older or broken shape gives what it has right. */
function readFacts(stored: unknown): DeviceFacts {
  const record = typeof stored === 'object' && stored !== null ? (stored as Partial<DeviceFacts>) : {}
  return {
    wholeTenge: record.wholeTenge === true,
    defaultTaxId: typeof record.defaultTaxId === 'string' ? record.defaultTaxId : null,
  }
}

/** `card`: the bank's application is on the register's screen. */
export type DeviceState = 'unknown' | 'checking' | 'ready' | 'printing' | 'card' | 'offline' | 'attention'

export interface ShiftState {
  readonly number: number
  readonly open: boolean
  /** ms since the epoch; null while the report wasn't read or can't be (-16). */
  readonly openedAt: number | null
}

/** A read that didn't work, as the device page explains it. */
export type ContactTrouble = Exclude<Outcome, { readonly kind: 'key' | 'zero' }> | NoKey

export const useDeviceStore = defineStore('device', () => {
  const queue = useQueueStore()
  const registerClock = useRegisterClockStore()
  const info = shallowRef<DeviceInfo | null>(null)
  const facts = shallowRef<DeviceFacts>(NO_FACTS)
  const shift = shallowRef<ShiftState | null>(null)
  /** ms of the last whole answer, null before the first. */
  const lastContactAt = ref<number | null>(null)
  const offlineSince = ref<number | null>(null)
  const trouble = shallowRef<ContactTrouble | null>(null)
  const reading = ref(false)
  let failures = 0
  let fullReadAt = 0
  let fullReadWith = ''
  /** Asked for while a shorter report was being read. */
  let fullWanted = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const state = computed<DeviceState>(() => {
    if (services().device === null) return 'unknown'
    if (queue.question !== null) return 'attention'
    // A device that closes a shift answers -2 for up to 90 s: it works, and nobody has to do anything.
    if (queue.sending || isCodeOf('busy', trouble.value)) return queue.cardAtRegister ? 'card' : 'printing'
    if (offlineSince.value !== null || queue.waitingForDevice) return 'offline'
    // Something waits by the clock: the bar says what, and nothing is simply ready.
    if (queue.silentUntilMs !== null || queue.waitsFor !== null) return 'checking'
    if (trouble.value !== null && trouble.value.kind !== 'unknown') return 'attention'
    return lastContactAt.value === null ? 'checking' : 'ready'
  })

  // The register took something or a question was settled: what a read said before is no longer how it stands.
  watchChange(
    () => `${standing()} ${queue.question?.id ?? ''}`,
    () => {
      if (trouble.value === null || trouble.value.kind === 'unknown') return
      trouble.value = null
      void refresh()
    },
  )

  function contacted(): void {
    failures = 0
    lastContactAt.value = services().now()
    offlineSince.value = null
  }

  function failed(what: ContactTrouble): void {
    trouble.value = what
    if (what.kind !== 'unknown') {
      // Our own relay said so, not the register.
      if (what.kind === 'code' && !isRelaysOwn(what.code)) contacted()
      return
    }
    failures += 1
    if (failures >= FAILURES_UNTIL_OFFLINE || lastContactAt.value === null) offlineSince.value ??= services().now()
  }

  async function readShift(number: number, open: boolean): Promise<void> {
    const known = shift.value
    if (known?.number === number && known.open === open && known.openedAt !== null) return
    shift.value = { number, open, openedAt: known?.number === number ? known.openedAt : null }
    // Before its first shift a register has no report to give.
    if (number === 0) return
    const report = await services().device?.read(reportRequest(number), decodeShiftReport)
    if (report?.kind === 'ok') {
      const { openedAt, closedAt } = report.value
      shift.value = { number, open, openedAt }
      const latest = closedAt ?? openedAt
      if (latest !== null) registerClock.dated(latest)
    }
    if (open && isCodeOf('rights', report)) {
      shift.value = { number, open, openedAt: await firstReceiptAt(number) }
    }
  }

  /** Without the right to read reports the shift is at least as old as this terminal's first receipt in it. */
  async function firstReceiptAt(number: number): Promise<number | null> {
    const { ledger, queue: gateway } = services()
    if (ledger === null || gateway === null) return null
    const own = await ledger.inShift(gateway.deviceId, number)
    const times = own.flatMap((entry) => registeredAt(entry) ?? entry.doneAtMs ?? [])
    return times.length === 0 ? null : times.reduce((least, at) => Math.min(least, at))
  }

  /** Asks the device for its state; `full` for the device page. Resolves when the answer is shown. */
  async function refresh(show: 'full' | 'minimum' = 'minimum'): Promise<void> {
    const { device } = services()
    if (device === null) return
    if (reading.value) {
      fullWanted ||= show === 'full'
      return
    }
    if (show === 'full') fullWanted = false
    reading.value = true
    const asked = standing()
    try {
      const read = await device.read(infoRequest(show), decodeInfo)
      if (read.kind !== 'ok') {
        failed(read)
        return
      }
      contacted()
      trouble.value = null
      if (show === 'full') [fullReadAt, fullReadWith] = [services().now(), asked]
      info.value = show === 'full' || info.value === null ? read.value : { ...info.value, ...known(read.value) }
      keepFacts(info.value)
      if (read.value.shift !== null && read.value.shiftOpen !== null) {
        await readShift(read.value.shift, read.value.shiftOpen)
      }
    } finally {
      reading.value = false
      if (fullWanted) void refresh('full')
    }
  }

  /** Rounding and default tax as this device last said them: read once at the start, before it answers. */
  async function loadFacts(): Promise<void> {
    const { keyValues, queue: gateway } = services()
    if (gateway !== null) facts.value = readFacts(await keyValues.get(factsKey(gateway.deviceId)))
  }

  function keepFacts(said: DeviceInfo): void {
    const told = (known: DeviceFacts): DeviceFacts => ({
      wholeTenge: said.rounding === null ? known.wholeTenge : said.rounding !== 'no',
      defaultTaxId: said.defaultTaxId ?? known.defaultTaxId,
    })
    const next = told(facts.value)
    if (next.wholeTenge === facts.value.wholeTenge && next.defaultTaxId === facts.value.defaultTaxId) return
    facts.value = next
    const { keyValues, queue: gateway } = services()
    if (gateway !== null) void keyValues.update(factsKey(gateway.deviceId), (stored) => told(readFacts(stored)))
  }

  /** The short report leaves most fields out: what it doesn't say stays as it was. */
  function known(short: DeviceInfo): Partial<DeviceInfo> {
    return Object.fromEntries(Object.entries(short).filter(([, value]) => value !== null))
  }

  /** Changes with every document of this terminal: a figure that was read before it is of another drawer. */
  function standing(): string {
    return JSON.stringify([queue.device?.key, queue.device?.audited])
  }

  /** Cash in the device's drawer where it was read a moment ago, else null: an old figure must not stop a return. */
  function drawerNow(): Tiyn | null {
    // Read first, whatever its age: who shows it has to hear of the next figure.
    const cash = info.value?.cashWeHave ?? null
    return services().now() - fullReadAt < DRAWER_FRESH_MS && fullReadWith === standing() ? cash : null
  }

  /** Sends a command of chapter 10 and returns what the device said; never through the queue. `right`: what it needs. */
  async function command(request: FrozenRequest, right: Right = 'device'): Promise<Outcome | NoKey | Refusal> {
    const refusal = await services().refusal([right])
    if (refusal !== null) return refusal
    const outcome = (await services().device?.command(request)) ?? { kind: 'noKey' as const }
    if (outcome.kind === 'unknown' || outcome.kind === 'noKey') failed(outcome)
    else contacted()
    return outcome
  }

  /** Where the device prints (chapter 10.1), null where it doesn't say. */
  async function readPrintMode(): Promise<PrintMode | null> {
    const read = await services().device?.read(printModeRequest(), decodePrintMode)
    return read?.kind === 'ok' ? read.value : null
  }

  function schedule(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const idle = document.visibilityState === 'visible' && !queue.sending
      void (idle ? refresh() : Promise.resolve()).finally(schedule)
    }, STATUS_INTERVAL_MS)
  }

  /** Starts watching the device: now, on a timer, when the page becomes visible and when the network is back. */
  function watch(): void {
    void refresh('full')
    schedule()
    const look = () => {
      if (document.visibilityState === 'visible') void refresh()
    }
    document.addEventListener('visibilitychange', look)
    window.addEventListener('online', look)
  }

  return {
    info,
    shift,
    state,
    lastContactAt,
    offlineSince,
    trouble,
    reading,
    /** The device rounds amounts to whole tenge (`roudingRule` of getInfo isn't `no`). */
    wholeTenge: computed(() => facts.value.wholeTenge),
    /** The device's default tax (`defaultApiTaxID`), null before it was ever read. */
    defaultTaxId: computed(() => facts.value.defaultTaxId),
    loadFacts,
    refresh,
    command,
    readPrintMode,
    drawerNow,
    watch,
  }
})
