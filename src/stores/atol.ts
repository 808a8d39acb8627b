/** ATOL Online's devices: a page at a time, or all of them read page by page so that warnings come first over all. */
import { defineStore } from 'pinia'
import { ref, shallowReactive } from 'vue'
import { ATOL_MAX_LIMIT, type AtolDevice } from '../contract/atol.ts'
import type { Failure } from '../contract/errors.ts'
import { createBackofficeView } from '../till/backoffice-view.ts'
import { services } from '../till/services.ts'

export const ATOL_PAGE_SIZES = [10, 25, 50, 100] as const
export type AtolPageSize = (typeof ATOL_PAGE_SIZES)[number]

/** More pages than any customer has: a server that never ends its list is left then. */
const MAX_PAGES = 500

export interface AtolScan {
  devices: readonly AtolDevice[]
  unreadable: readonly string[]
  /** Devices that there are as the service says; null where it doesn't. */
  total: number | null
  running: boolean
  /** Every page was read. */
  complete: boolean
  failure: Failure | null
}

export const useAtolStore = defineStore('atol', () => {
  const page = createBackofficeView('atolPage', true)
  const device = createBackofficeView('atolDevice')
  const limit = ref<AtolPageSize>(50)
  const offset = ref(0)
  const mode = ref<'page' | 'all'>('page')
  const scan = shallowReactive<AtolScan>({
    devices: [],
    unreadable: [],
    total: null,
    running: false,
    complete: false,
    failure: null,
  })
  let scanTurn = 0

  async function loadPage(): Promise<void> {
    const wanted = { limit: limit.value, offset: offset.value }
    await page.load(JSON.stringify(wanted), () => services().backoffice.atolDevices(wanted))
  }

  async function goTo(nextOffset: number, nextLimit: AtolPageSize = limit.value): Promise<void> {
    limit.value = nextLimit
    offset.value = Math.max(0, nextOffset)
    await loadPage()
  }

  function stopScan(): void {
    scanTurn += 1
    scan.running = false
  }

  /** Reads every page, largest pages first to last. What was read stays when a page fails or a person stops it. */
  async function scanAll(): Promise<void> {
    const mine = ++scanTurn
    mode.value = 'all'
    const found = new Map<string, AtolDevice>()
    Object.assign(scan, { devices: [], unreadable: [], total: null, running: true, complete: false, failure: null })
    let next: number | null = 0
    for (let pages = 0; next !== null && pages < MAX_PAGES; pages++) {
      const outcome = await services().backoffice.atolDevices({ limit: ATOL_MAX_LIMIT, offset: next })
      if (mine !== scanTurn) return
      if (!outcome.ok) {
        Object.assign(scan, { failure: outcome.failure, running: false })
        return
      }
      const { devices, unreadable, total, next: link } = outcome.value.data
      for (const read of devices) found.set(read.serialNumber, read)
      Object.assign(scan, { devices: [...found.values()], unreadable: [...scan.unreadable, ...unreadable], total })
      // A link that doesn't lead on would ask the same page for ever.
      next = link !== null && link.offset > next ? link.offset : null
    }
    Object.assign(scan, { running: false, complete: next === null })
  }

  function backToPages(): void {
    stopScan()
    mode.value = 'page'
  }

  async function openDevice(serial: string): Promise<void> {
    const known =
      page.view.data?.devices.find((candidate) => candidate.serialNumber === serial) ??
      scan.devices.find((candidate) => candidate.serialNumber === serial)
    if (known !== undefined) {
      device.seed(serial, { device: known, serialDiffers: false }, page.view.demo, page.view.readAtMs)
    }
    await device.load(serial, () => services().backoffice.atolDevice(serial))
  }

  return {
    page: page.view,
    device: device.view,
    limit,
    offset,
    mode,
    scan,
    loadPage,
    goTo,
    scanAll,
    stopScan,
    backToPages,
    openDevice,
  }
})
