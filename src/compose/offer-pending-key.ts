/**
 * A key that was typed in the setup while the queue's own key was bound to a request in doubt: putting it in the place of
 * that one would break the proof of the request. It answers the question for the key if that comes.
 */
import * as v from 'valibot'
import type { QueueService } from '../queue/runner/service.ts'

const PendingKey = v.object({ key: v.string(), over: v.string() })

/** `over`: the bound key of that moment. Once the device has another key, the typed one is older than that. */
export type PendingKey = v.InferOutput<typeof PendingKey>

type KeyQueue = Pick<QueueService, 'snapshot' | 'subscribe' | 'provideKey'>

/** Follows the queue until the typed key is taken or out of date. `stored` as it was read; anything else is ignored. */
export function offerPendingKey(stored: unknown, queue: KeyQueue, forget: () => Promise<void>): void {
  const parsed = v.safeParse(PendingKey, stored)
  const stop = parsed.success ? queue.subscribe(look) : () => undefined
  function look(): void {
    const device = queue.snapshot()?.device
    if (device === undefined || !parsed.success) return
    const { key, over } = parsed.output
    if (device.key === over && device.bound !== null) return
    if (device.key === null) {
      // Whatever hears it first: the other windows follow the same record.
      void queue.provideKey(key)
      return
    }
    stop()
    void forget()
  }
  look()
}
