/** iiko as its screens see it: shifts of a period, one shift with its postings, names, licence, sales. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ProxyConfigReply } from '../contract/config.ts'
import type { Failure } from '../contract/errors.ts'
import type { Period } from '../contract/iiko-period.ts'
import type { IikoLicence, IikoShiftFilters } from '../contract/iiko.ts'
import { decodeShiftReport, type ShiftReport } from '../ikkm/reports.ts'
import { reportRequest } from '../ikkm/requests.ts'
import { createBackofficeView } from './backoffice-view.ts'
import { services } from './services.ts'

const DAY_MS = 86_400_000
const two = (value: number): string => String(value).padStart(2, '0')

/** Calendar day of a moment on the tablet's clock, `YYYY-MM-DD`. */
export function calendarDay(ms: number): string {
  const date = new Date(ms)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The last `days` days, today included: a week is what iiko asks its callers to prefer (source 000, limits). */
export function lastDays(days: number, nowMs: number): Period {
  return { from: calendarDay(nowMs - (days - 1) * DAY_MS), to: calendarDay(nowMs) }
}

export interface PiecesRead {
  readonly done: number
  readonly all: number
}

/** What the fiscal device says of the same shift. */
export type DeviceSide =
  | { readonly kind: 'reading' }
  | { readonly kind: 'unread' }
  | { readonly kind: 'archived' }
  | { readonly kind: 'report'; readonly number: number; readonly report: ShiftReport }

export interface IikoDiagnosis {
  readonly config: ProxyConfigReply | null
  readonly licence: IikoLicence | null
  readonly failure: Failure | null
}

export const useIikoStore = defineStore('iiko', () => {
  const list = createBackofficeView('iikoShifts', true)
  const names = createBackofficeView('iikoNames', true)
  const shift = createBackofficeView('iikoShift')
  const payments = createBackofficeView('iikoPayments')
  const sales = createBackofficeView('iikoSales', true)
  const filters = ref<IikoShiftFilters>({ ...lastDays(7, services().now()), status: 'ANY' })
  const salesPeriod = ref<Period>(lastDays(7, services().now()))
  const listProgress = shallowRef<PiecesRead | null>(null)
  const salesProgress = shallowRef<PiecesRead | null>(null)
  const diagnosis = shallowRef<IikoDiagnosis | null>(null)
  const diagnosing = ref(false)
  const deviceSide = shallowRef<DeviceSide | null>(null)
  let deviceTurn = 0

  async function loadNames(fresh = false): Promise<void> {
    await names.load('names', () => services().backoffice.iikoNames(fresh))
  }

  /** The shifts of the filters, then the names: iiko answers one question after another, the list is wanted first. */
  async function loadList(): Promise<void> {
    const wanted = { ...filters.value }
    const follow = (done: number, all: number) => (listProgress.value = { done, all })
    await list.load(JSON.stringify(wanted), () => services().backoffice.iikoShifts(wanted, follow))
    listProgress.value = null
    if (names.view.data === null || names.view.stored) await loadNames()
  }

  /** One shift and its postings. Reads only: the acceptance document is made nowhere but in its own store. */
  async function openShift(id: string): Promise<void> {
    const known = list.view.data?.shifts.find((candidate) => candidate.id === id)
    if (known !== undefined) shift.seed(id, known, list.view.demo, list.view.readAtMs)
    if (shift.view.question !== id) {
      deviceTurn += 1
      deviceSide.value = null
    }
    await shift.load(id, () => services().backoffice.iikoShift(id))
    await payments.load(id, () => services().backoffice.iikoPayments(id))
    if (names.view.data === null || names.view.stored) await loadNames()
  }

  async function loadSales(): Promise<void> {
    const wanted = { ...salesPeriod.value }
    const follow = (done: number, all: number) => (salesProgress.value = { done, all })
    await sales.load(JSON.stringify(wanted), () => services().backoffice.iikoSales(wanted, 'days', follow))
    salesProgress.value = null
  }

  /** Where iiko's answers come from, free licence slots, and which names can't be read. */
  async function diagnose(): Promise<void> {
    diagnosing.value = true
    const config = await services().backoffice.config()
    const licence = await services().backoffice.iikoLicence()
    diagnosis.value = {
      config: config.ok ? config.value : null,
      licence: licence.ok ? licence.value.data : null,
      failure: licence.ok ? null : licence.failure,
    }
    await loadNames(true)
    diagnosing.value = false
  }

  /** Asks the fiscal device for the counters of its shift `number`, to stand beside iiko's. */
  async function readDeviceShift(number: number): Promise<void> {
    const mine = ++deviceTurn
    deviceSide.value = { kind: 'reading' }
    const read = await services().device?.read(reportRequest(number), decodeShiftReport)
    // Another shift was opened meanwhile: these figures would stand beside the wrong one.
    if (mine !== deviceTurn) return
    if (read?.kind !== 'ok') deviceSide.value = { kind: 'unread' }
    else if (read.value.archived) deviceSide.value = { kind: 'archived' }
    else deviceSide.value = { kind: 'report', number, report: read.value }
  }

  return {
    list: list.view,
    names: names.view,
    shift: shift.view,
    payments: payments.view,
    sales: sales.view,
    filters,
    salesPeriod,
    listProgress,
    salesProgress,
    diagnosis,
    diagnosing,
    deviceSide,
    loadNames,
    loadList,
    openShift,
    loadSales,
    diagnose,
    readDeviceShift,
  }
})
