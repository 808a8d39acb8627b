/** iiko as its screens see it: shifts of a period, one shift with its postings, names, licence, sales. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ProxyConfigReply } from '../contract/config.ts'
import type { Failure } from '../contract/errors.ts'
import type { Period } from '../contract/iiko-period.ts'
import type { IikoLicence, IikoSalesDetail, IikoShiftFilters } from '../contract/iiko.ts'
import { calendarDay, dayOf } from '../domain/calendar-day.ts'
import { decodeShiftReport, type ShiftReport } from '../ikkm/reports.ts'
import { reportRequest } from '../ikkm/requests.ts'
import { createBackofficeView } from '../till/backoffice-view.ts'
import { services } from '../till/services.ts'

/** The last `days` days, today included: a week is what iiko asks its callers to prefer (source 000, limits). */
export function lastDays(days: number, nowMs: number): Period {
  return { from: calendarDay(dayOf(nowMs, days - 1).from), to: calendarDay(nowMs) }
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
  /** Rows by day, shift, dish and payment type, or every order with its times and guest (source 000, sample). */
  const salesDetail = ref<IikoSalesDetail>('days')
  const listProgress = shallowRef<PiecesRead | null>(null)
  const salesProgress = shallowRef<PiecesRead | null>(null)
  const diagnosis = shallowRef<IikoDiagnosis | null>(null)
  const diagnosing = ref(false)
  const deviceSide = shallowRef<DeviceSide | null>(null)
  /** Only the postings that nobody accepted yet are asked for (source 002, `hideAccepted`). */
  const hideAccepted = ref(false)
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
    await loadPayments(id)
    if (names.view.data === null || names.view.stored) await loadNames()
  }

  /** What `payments` answers for a shift: all postings and those not accepted yet are two questions. */
  const paymentsQuestion = (id: string): string => (hideAccepted.value ? `${id} hideAccepted` : id)

  async function loadPayments(id: string): Promise<void> {
    const hide = hideAccepted.value
    await payments.load(paymentsQuestion(id), () => services().backoffice.iikoPayments(id, hide))
  }

  /** Question of the sales report: the period, and for orders that they were asked for. */
  const salesQuestion = computed(() =>
    JSON.stringify(salesDetail.value === 'days' ? salesPeriod.value : { ...salesPeriod.value, detail: 'orders' }),
  )

  async function loadSales(): Promise<void> {
    const wanted = { ...salesPeriod.value }
    const detail = salesDetail.value
    const follow = (done: number, all: number) => (salesProgress.value = { done, all })
    await sales.load(salesQuestion.value, () => services().backoffice.iikoSales(wanted, detail, follow))
    salesProgress.value = null
  }

  /**
   * Where iiko's answers come from, free slots of a licence module (the server API's unless another is named), and
   * which names can't be read.
   */
  async function diagnose(moduleId?: string): Promise<void> {
    diagnosing.value = true
    const config = await services().backoffice.config()
    const licence = await services().backoffice.iikoLicence(moduleId)
    diagnosis.value = {
      config: config.ok ? config.value : null,
      licence: licence.ok ? licence.value.data : null,
      failure: licence.ok ? null : licence.failure,
    }
    await loadNames(true)
    diagnosing.value = false
  }

  /** Gives the proxy's licence slot back (source 000, logout); true when iiko confirmed it or nobody was logged in. */
  async function logout(): Promise<boolean> {
    const left = await services().backoffice.iikoLogout()
    return left.ok
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
    hideAccepted,
    paymentsQuestion,
    loadPayments,
    salesDetail,
    salesQuestion,
    logout,
    loadNames,
    loadList,
    openShift,
    loadSales,
    diagnose,
    readDeviceShift,
  }
})
