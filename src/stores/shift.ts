/**
 * The open shift: what the device counts and what this terminal sold, cash in and out, X, and the closing with all
 * that belongs before it. Every operation goes through the queue; nothing here talks to the drawer directly.
 */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { errorText, isStorageError } from '../domain/error-text.ts'
import type { Tiyn } from '../domain/money.ts'
import { drawerDifference, shiftTotals } from '../domain/shift.ts'
import type { FrozenRequest } from '../ikkm/codec.ts'
import { decodeShiftReport, type ShiftReport } from '../ikkm/reports.ts'
import {
  depositRequest,
  reportWithTaxRequest,
  sessionRequest,
  withdrawalRequest,
  xReportRequest,
} from '../ikkm/requests.ts'
import { isSettled, type Entry } from '../queue/types.ts'
import { IDLE, LOADING, loadDevice, type Loaded } from '../till/device-read.ts'
import { useDeviceStore } from './device.ts'
import { keepDrawerCount, type DrawerCount } from '../till/drawer-count.ts'
import { useQueueStore } from './queue.ts'
import { isRefusal, services, type Refusal } from '../till/services.ts'
import { documentsOf, settledInShift, toShiftEntry } from '../till/shift-journal.ts'

/** Operations of the drawer and the shift, as the queue names them. */
export type ShiftOperation = 'deposit' | 'withdrawal' | 'xReport' | 'zReport'

const OPERATIONS: readonly string[] = ['deposit', 'withdrawal', 'xReport', 'zReport'] satisfies ShiftOperation[]
const isOperation = (entry: Entry): boolean => OPERATIONS.includes(entry.kind)

export type OperationResult =
  | { readonly kind: 'enqueued'; readonly entry: Entry }
  /** The disk or the browser refuses to keep the record. `detail` is technical. */
  | { readonly kind: 'storage'; readonly detail: string }
  | { readonly kind: 'noDevice' }
  | Refusal
  /** This dialog's operation was stored before with another content (`entry`); nothing was added. */
  | { readonly kind: 'conflict'; readonly entry: Entry }
  /** Entries that aren't settled: no Z before they are. */
  | { readonly kind: 'blocked'; readonly entries: readonly Entry[] }

/** What a person settled before the Z. */
export interface CloseOrder {
  /** The shift that the person saw: no other one is closed. */
  readonly shift: number
  /** Cash that should be and cash that is in the drawer, null when nobody counted. */
  readonly count: Omit<DrawerCount, 'difference' | 'kind' | 'cashier' | 'atMs'> | null
  /** Cash to take out before, null for none. */
  readonly withdraw: Tiyn | null
  /** The drawer holds nothing, so nothing has to be taken out any more. */
  readonly drawerEmpty: boolean
}

/** Where a closing stands. `stopped`: the shift is still open, and the person decides what is next. */
export interface Closing {
  readonly shift: number
  readonly step: 'withdrawing' | 'closing' | 'closed' | 'stopped'
  /** Quick timers of the device (chapter 10.1): allowed where the cash was taken out in an operation of its own. */
  readonly fast: boolean
  readonly withdrawalId: string | null
  readonly closeId: string | null
}

/** Settled operations of this session that stay in sight. */
const KEPT_OPERATIONS = 20

export const useShiftStore = defineStore('shift', () => {
  const queue = useQueueStore()
  const device = useDeviceStore()
  const report = shallowRef<Loaded<ShiftReport>>(IDLE)
  const reportShift = ref<number | null>(null)
  /** Entries of this terminal that took place in the shift. */
  const journal = shallowRef<readonly Entry[]>([])
  /** Operations begun on this screen, newest first, whatever became of them. */
  const begun = shallowRef<readonly Entry[]>([])
  const closing = shallowRef<Closing | null>(null)
  const loading = ref(false)
  let again = false

  const entries = computed(() => journal.value.flatMap((entry) => toShiftEntry(entry) ?? []))
  const totals = computed(() => shiftTotals(entries.value))
  /** Cash in the device's drawer; null while it wasn't said. */
  const drawer = computed<Tiyn | null>(() => {
    const read = report.value
    const counted = read.kind === 'ready' && read.value.open === true ? read.value.cashWeHave : null
    return counted ?? device.info?.cashWeHave ?? null
  })
  /** What a Z has to wait for, oldest first: every entry that isn't settled, a refused one too. */
  const blockers = computed<readonly Entry[]>(() => queue.open.filter((entry) => entry.kind !== 'zReport'))
  /** The Z that is under way, from this screen, another tab or before a reload. */
  const openClose = computed<Entry | null>(() => queue.open.find((entry) => entry.kind === 'zReport') ?? null)
  /** Cash operations, X and Z: those that aren't settled, those of this session, and cash of this shift; newest first. */
  const operations = computed<readonly Entry[]>(() => {
    const known = new Map<string, Entry>()
    for (const entry of [...queue.open, ...begun.value, ...journal.value]) {
      if (isOperation(entry) && !known.has(entry.id)) known.set(entry.id, entry)
    }
    return [...known.values()].sort((a, b) => b.sequence - a.sequence)
  })

  async function readOnce(): Promise<void> {
    await device.refresh('full')
    const current = device.shift
    const { queue: gateway } = services()
    if (current === null || gateway === null) {
      report.value = failedContact()
      return
    }
    if (!current.open) {
      report.value = IDLE
      reportShift.value = null
      journal.value = []
      return
    }
    const read = await loadDevice(reportWithTaxRequest(current.number), decodeShiftReport)
    // A busy or silent device doesn't take away what was read before of the same shift.
    if (read.kind === 'ready' || report.value.kind !== 'ready' || reportShift.value !== current.number) {
      report.value = read
    }
    const known = report.value.kind === 'ready' ? report.value.value : null
    const span = { openedAt: known?.openedAt ?? current.openedAt, closedAt: null }
    const documents = known === null ? null : documentsOf(known)
    journal.value = await settledInShift(gateway.deviceId, current.number, span, documents)
    reportShift.value = current.number
  }

  function failedContact(): Loaded<ShiftReport> {
    const { trouble } = device
    return {
      kind: 'failed',
      trouble: trouble ?? (services().device === null ? { kind: 'noDevice' } : { kind: 'noKey' }),
    }
  }

  /** Reads the shift anew; calls while one is under way become one more. Resolves when it is shown. */
  async function load(): Promise<void> {
    if (loading.value) {
      again = true
      return
    }
    loading.value = true
    if (report.value.kind !== 'ready') report.value = LOADING
    do {
      again = false
      await readOnce()
    } while (again)
    loading.value = false
  }

  async function enqueue(
    id: string,
    kind: ShiftOperation,
    given: { readonly request: FrozenRequest | null; readonly amount: Tiyn; readonly shift: number | null },
  ): Promise<OperationResult> {
    const { queue: gateway, storageProblem, now, cashier } = services()
    if (storageProblem !== null) return { kind: 'storage', detail: storageProblem }
    if (gateway === null) return { kind: 'noDevice' }
    try {
      const result = await gateway.enqueue(id, () => ({
        id,
        deviceId: gateway.deviceId,
        kind,
        request: given.request,
        receipt: null,
        amount: given.amount,
        cashier: cashier()?.name ?? '',
        createdAtMs: now(),
        shift: given.shift,
        bank: null,
      }))
      if (isRefusal(result)) return result
      if (result.kind === 'conflict') return { kind: 'conflict', entry: result.entry }
      const { entry } = result
      begun.value = [entry, ...begun.value.filter((other) => other.id !== id)].slice(0, KEPT_OPERATIONS)
      queue.refresh()
      return { kind: 'enqueued', entry }
    } catch (error) {
      if (!isStorageError(error)) throw error
      return { kind: 'storage', detail: errorText(error) }
    }
  }

  /** What became of an entry: from the queue while it is open, from the journal afterwards. */
  async function latest(id: string): Promise<Entry | null> {
    return queue.open.find((entry) => entry.id === id) ?? (await services().ledger?.entry(id)) ?? null
  }

  async function follow(): Promise<void> {
    const known = await Promise.all(begun.value.map(async (entry) => (await latest(entry.id)) ?? entry))
    const settled = known.some((entry, index) => isSettled(entry) && begun.value[index]?.state !== entry.state)
    begun.value = known
    if (settled) void load()
  }

  /** Resolves with the entry when nobody has to do anything about it any more. */
  function settledEntry(id: string): Promise<Entry | null> {
    return new Promise((resolve) => {
      const look = async () => {
        const entry = await latest(id)
        if (entry !== null && !isSettled(entry)) return
        stop()
        resolve(entry)
      }
      const stop = watch(
        () => queue.open,
        () => void look(),
      )
      void look()
    })
  }

  watch(
    () => queue.open,
    () => {
      if (begun.value.some((entry) => !isSettled(entry))) void follow()
      void adopt()
    },
  )

  /** A Z that was begun elsewhere is shown like one of ours. */
  async function adopt(): Promise<void> {
    const entry = openClose.value
    if (entry?.shift === undefined || entry.shift === null) return
    const current = closing.value
    if (current !== null && (current.closeId === entry.id || current.step === 'withdrawing')) return
    closing.value = { shift: entry.shift, step: 'closing', fast: false, withdrawalId: null, closeId: entry.id }
    await finishClosing(entry.id, false)
  }

  function advance(change: Partial<Closing>): void {
    if (closing.value !== null) closing.value = { ...closing.value, ...change }
  }

  async function finishClosing(id: string, fast: boolean): Promise<void> {
    const entry = await settledEntry(id)
    if (closing.value?.closeId !== id) return
    advance({ step: entry?.state === 'done' ? 'closed' : 'stopped' })
    if (fast) void device.command(sessionRequest('timersNormal'), 'closeShift')
    await load()
  }

  /**
   * Closes the shift that the person saw: keeps the count, takes the cash out, waits until that is proven, chooses the
   * device's timers, and only then enqueues the Z. Leaving the page doesn't stop it; a page that dies in between
   * leaves the shift open and whatever was enqueued in the queue.
   */
  async function closeShift(order: CloseOrder): Promise<OperationResult> {
    const { queue: gateway, newId } = services()
    if (blockers.value.length > 0) return { kind: 'blocked', entries: blockers.value }
    if (gateway === null) return { kind: 'noDevice' }
    // Before the cash is taken out: whoever may not close the shift would be left with half of it.
    const refusal = await services().refusal(['closeShift'])
    if (refusal !== null) return refusal
    if (order.count !== null) await keepCount(gateway.deviceId, order.shift, order.count)
    const start = { shift: order.shift, fast: order.withdraw !== null || order.drawerEmpty, closeId: null }
    if (order.withdraw !== null) {
      const withdrawalId = newId()
      closing.value = { ...start, step: 'withdrawing', withdrawalId }
      const taken = await withdraw(withdrawalId, order.withdraw)
      if (taken.kind !== 'enqueued') return stopped(taken)
      const settled = await settledEntry(withdrawalId)
      if (settled?.state !== 'done') return stopped({ kind: 'blocked', entries: blockers.value })
      // Something may have been sold meanwhile: it comes first.
      if (blockers.value.length > 0) return stopped({ kind: 'blocked', entries: blockers.value })
    } else closing.value = { ...start, step: 'closing', withdrawalId: null }
    // Timers are comfort: when the device doesn't take the command, the Z is merely slower.
    await device.command(sessionRequest(start.fast ? 'timersFast' : 'timersNormal'), 'closeShift')
    const closeId = newId()
    advance({ step: 'closing', closeId })
    const enqueued = await enqueue(closeId, 'zReport', { request: null, amount: 0 as Tiyn, shift: order.shift })
    if (enqueued.kind !== 'enqueued') return stopped(enqueued)
    void finishClosing(closeId, start.fast)
    return enqueued
  }

  function stopped(result: OperationResult): OperationResult {
    advance({ step: 'stopped' })
    return result
  }

  function keepCount(deviceId: string, shift: number, count: NonNullable<CloseOrder['count']>): Promise<void> {
    const { now, cashier } = services()
    return keepDrawerCount(deviceId, shift, {
      ...count,
      ...drawerDifference(count.expected, count.counted),
      cashier: cashier()?.name ?? '',
      atMs: now(),
    })
  }

  /** Puts cash into the drawer. `id` (uuid) stays the same while the person tries again, so that it can't become two. */
  function deposit(id: string, amount: Tiyn): Promise<OperationResult> {
    return enqueue(id, 'deposit', { request: depositRequest(amount), amount, shift: null })
  }

  /** Takes cash out of the drawer; `id` as for a deposit. */
  function withdraw(id: string, amount: Tiyn): Promise<OperationResult> {
    return enqueue(id, 'withdrawal', { request: withdrawalRequest(amount), amount, shift: null })
  }

  return {
    report,
    reportShift,
    entries,
    totals,
    drawer,
    blockers,
    openClose,
    operations,
    closing,
    loading,
    load,
    adopt,
    deposit,
    withdraw,
    printX: () => enqueue(services().newId(), 'xReport', { request: xReportRequest(), amount: 0 as Tiyn, shift: null }),
    closeShift,
    /** The person saw how the closing ended. */
    dismissClosing: () => (closing.value = null),
    newId: () => services().newId(),
  }
})
