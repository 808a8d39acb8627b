/** The durable queue on the screen: what isn't settled, what a person is asked, and the commands that answer. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { ElsewhereEntry } from '../queue/store.ts'
import type { Answer, AskedQuestion, DeviceRecord, Entry } from '../queue/types.ts'
import { services } from './services.ts'

export const useQueueStore = defineStore('queue', () => {
  const device = shallowRef<DeviceRecord | null>(null)
  /** Unsettled entries, oldest first. */
  const open = shallowRef<readonly Entry[]>([])
  /** Unsettled operations of another device record: the cash register was exchanged before they were settled. */
  const elsewhere = shallowRef<readonly ElsewhereEntry[]>([])
  const sending = ref(false)
  const loaded = ref(false)

  /** Entry that the question is about, null for one about the device itself. */
  const asked = computed<{ readonly question: AskedQuestion; readonly entry: Entry | null } | null>(() => {
    if (device.value?.question) return { question: device.value.question, entry: null }
    const entry = open.value.find((candidate) => candidate.question !== null)
    return entry?.question ? { question: entry.question, entry } : null
  })

  /** The oldest entry was sent and nothing is known of it, or waits although nothing else is on the way. */
  const waitingForDevice = computed(() => {
    const head = open.value[0]
    return head?.state === 'sending' && head.attempts > head.answered && !sending.value
  })

  function refresh(): void {
    const { queue } = services()
    const snapshot = queue?.snapshot() ?? null
    device.value = snapshot?.device ?? null
    open.value = snapshot?.open ?? []
    sending.value = queue?.sending() ?? false
    loaded.value = snapshot !== null
  }

  async function lookElsewhere(): Promise<void> {
    elsewhere.value = (await services().queue?.openElsewhere()) ?? []
  }

  /** Follows the queue from now on. */
  function watch(): void {
    refresh()
    services().queue?.subscribe(refresh)
    // A broken storage is told by the queue itself.
    void lookElsewhere().catch(() => undefined)
  }

  function answer(questionId: string, value: Answer): void {
    services().queue?.answer(questionId, value)
  }

  async function writeOff(entryId: string, reason: string): Promise<void> {
    await services().queue?.resolve(entryId, { kind: 'writtenOff', reason, atMs: services().now() })
  }

  return {
    device,
    open,
    sending,
    loaded,
    asked,
    question: computed(() => asked.value?.question ?? null),
    waitingForDevice,
    /** Operations that aren't settled: the number in the bar. */
    count: computed(() => open.value.length + elsewhere.value.length),
    elsewhere,
    lookElsewhere,
    watch,
    refresh,
    answer,
    writeOff,
    provideKey: (key: string) => services().queue?.provideKey(key) ?? ('malformed' as const),
    setHostLock: (wanted: boolean) => services().queue?.setHostLock(wanted),
    retryNow: () => services().queue?.retryNow(),
    prepare: () => services().queue?.prepare(),
  }
})
