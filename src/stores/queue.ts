/** The durable queue on the screen: what isn't settled, what a person is asked, and the commands that answer. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { codeRow } from '../ikkm/codes.ts'
import type { OtherRegisterEntry } from '../queue/store.ts'
import { attention, fenced } from '../queue/projection.ts'
import type { Answer, DeviceRecord, Entry } from '../queue/types.ts'
import { useRegisterClockStore } from './register-clock.ts'
import { services } from '../till/services.ts'
import { useSettingsStore } from './settings.ts'

/** An unsettled operation that the register in use knows nothing of. */
export interface WaitingAtOtherRegister extends OtherRegisterEntry {
  /** `inUse`: the one in use, for another register. `shop`, `practice`: the other one. */
  readonly ledger: 'inUse' | 'shop' | 'practice'
}

/**
 * As long as a receipt usually takes from Pay to the paper, in ms: so long nothing is said to wait. After it the cashier is
 * told that the receipt is saved and goes out by itself.
 */
export const CALM_MS = 3_000

const isReadingCard = ({ bank, state, question }: Entry): boolean =>
  bank?.state === 'open' && state !== 'refused' && question === null

export const useQueueStore = defineStore('queue', () => {
  const registerClock = useRegisterClockStore()
  const device = shallowRef<DeviceRecord | null>(null)
  /** Unsettled entries, oldest first. */
  const open = shallowRef<readonly Entry[]>([])
  /** Unsettled operations of another register, real or practice: it was exchanged before they were settled. */
  const atOtherRegisters = shallowRef<readonly WaitingAtOtherRegister[]>([])
  /** All ledgers were read: that nothing waits is known, not only not found yet. */
  const complete = ref(false)
  const sending = ref(false)
  const loaded = ref(false)
  /** Another window holds the queue without a word: when this one takes it over. */
  const silentUntilMs = ref<number | null>(null)

  /** What a person is asked first. */
  const asked = computed(() => attention(device.value, open.value))
  /** What the queue waits for by the clock alone. */
  const waitsFor = computed(() => fenced(open.value))

  /** Another host or till holds the register: whoever sells is there, and nothing is registered from here. */
  const heldByAnother = computed(() => {
    const question = asked.value?.question.question
    return question?.kind === 'fix' && ['host', 'till'].includes(codeRow(question.code).class)
  })
  /** The server lets another till write to the register; a person may take it over. */
  const heldByTill = computed(() => {
    const question = asked.value?.question.question
    return question?.kind === 'fix' && codeRow(question.code).class === 'till'
  })

  /** The oldest entry was sent and nothing is known of it, or waits although nothing else is on the way. */
  const waitingForDevice = computed(() => {
    const head = open.value[0]
    return head?.state === 'sending' && head.attempts > head.answered && !sending.value && waitsFor.value === null
  })

  /** The customer's card is being read: nothing is printed, and nobody waits for the register. */
  const cardAtRegister = computed(() => open.value.some(isReadingCard))

  /** Operations that really wait at `nowMs`: asked about, or without an answer for longer than a receipt takes. */
  const waitingAt = (nowMs: number): boolean =>
    atOtherRegisters.value.length > 0 ||
    open.value.some(
      (entry) =>
        entry.question !== null ||
        (entry.state !== 'acked' && !isReadingCard(entry) && nowMs - entry.createdAtMs >= CALM_MS),
    )

  function refresh(): void {
    const { queue } = services()
    const snapshot = queue?.snapshot() ?? null
    device.value = snapshot?.device ?? null
    if (device.value !== null) registerClock.follow(device.value)
    open.value = snapshot?.open ?? []
    sending.value = queue?.sending() ?? false
    loaded.value = snapshot !== null
    silentUntilMs.value = queue?.silentUntilMs() ?? null
  }

  async function readOtherRegisters(): Promise<void> {
    const other = useSettingsStore().isDemo ? 'shop' : 'practice'
    const { queue } = services()
    const [here, there] = await Promise.allSettled([
      queue?.openAtOtherRegisters() ?? Promise.resolve([]),
      queue === null ? Promise.resolve([]) : services().waitingInOtherLedger(),
    ])
    const found = (read: typeof here, where: WaitingAtOtherRegister['ledger']) =>
      read.status === 'fulfilled'
        ? read.value.map((waiting) => ({ ...waiting, ledger: where }))
        : atOtherRegisters.value.filter((waiting) => waiting.ledger === where)
    atOtherRegisters.value = [...found(here, 'inUse'), ...found(there, other)]
    complete.value = here.status === 'fulfilled' && there.status === 'fulfilled'
  }

  /** Follows the queue from now on. */
  function watch(): void {
    refresh()
    services().queue?.subscribe(refresh)
    // A broken storage is told by the queue itself.
    void readOtherRegisters().catch(() => undefined)
  }

  async function answer(questionId: string, value: Answer): Promise<void> {
    await services().queue?.answer(questionId, value)
  }

  /** Settles a refused entry with a reason; false when whoever is at the till may not, or it was settled before. */
  async function writeOff(entryId: string, reason: string): Promise<boolean> {
    const result = await services().queue?.resolve(entryId, { kind: 'writtenOff', reason, atMs: services().now() })
    return result === 'resolved'
  }

  return {
    device,
    open,
    sending,
    loaded,
    asked,
    waitsFor,
    silentUntilMs,
    question: computed(() => asked.value?.question ?? null),
    heldByAnother,
    heldByTill,
    waitingForDevice,
    cardAtRegister,
    waitingAt,
    /** Operations that aren't settled: the number in the bar. */
    count: computed(() => open.value.length + atOtherRegisters.value.length),
    atOtherRegisters,
    complete,
    readOtherRegisters,
    watch,
    refresh,
    answer,
    writeOff,
    provideKey: (key: string) => services().queue?.provideKey(key) ?? ('malformed' as const),
    setHostLock: async (wanted: boolean, reason?: string) =>
      (await services().queue?.setHostLock(wanted, reason)) ?? null,
    retryNow: () => services().queue?.retryNow(),
    prepare: () => services().queue?.prepare(),
  }
})
