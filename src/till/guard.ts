/**
 * The one place that decides who may do what: before an operation is enqueued, a question answered or a setting written,
 * whoever is at the till is looked up as stored now, not as this window remembers.
 */
import { mayDo, type Right } from '../domain/cashier.ts'
import { rightsFor, rightToAnswer } from '../queue/rights.ts'
import type { QueueService } from '../queue/runner/service.ts'
import type { NewEntry, QueueSnapshot } from '../queue/store.ts'
import { useCashiersStore } from '../stores/cashiers.ts'
import type { Guarded, QueueGateway, Refusal } from './services.ts'
import { useSettingsStore } from '../stores/settings.ts'

/** Why this may not be done now; null when it may. What is refused is also told on the screen. */
export async function refusalFor(rights: readonly Right[]): Promise<Refusal | null> {
  const [cashiers, settings] = [useCashiersStore(), useSettingsStore()]
  await Promise.all([cashiers.load(), settings.load()])
  const right = rights.find((wanted) => !cashiers.may(wanted))
  if (right === undefined && !settings.moved) return null
  const refusal: Refusal =
    right === undefined
      ? { kind: 'moved' }
      : {
          kind: 'noRight',
          right,
          name: cashiers.current?.name ?? '',
          who: cashiers.active.filter((cashier) => mayDo(cashier, right)).map(({ name }) => name),
        }
  cashiers.refused = refusal
  return refusal
}

/** Everything that the draft needs; its place decides nothing about that. */
const rightsOf = ({ build }: NewEntry, corrects?: string): readonly Right[] =>
  rightsFor(build({ sequence: 0, mark: '' }), corrects !== undefined)

function questionKind(snapshot: QueueSnapshot | null, questionId: string) {
  const asked = [snapshot?.device.question, ...(snapshot?.open ?? []).map(({ question }) => question)]
  return asked.find((question) => question?.id === questionId)?.question.kind
}

/** The queue as the screens have it: nothing gets past who may do it. */
export function guardQueue(queue: Omit<QueueGateway, Guarded> & Pick<QueueService, Guarded>): QueueGateway {
  return {
    ...queue,
    enqueue: async (id, build, options) =>
      (await refusalFor(rightsOf({ id, build }, options?.corrects))) ?? queue.enqueue(id, build, options),
    enqueueAll: async (entries, options) =>
      (await refusalFor(entries.flatMap((entry) => rightsOf(entry, options?.corrects)))) ??
      queue.enqueueAll(entries, options),
    async answer(questionId, answer) {
      const kind = questionKind(queue.snapshot(), questionId)
      const right = kind === undefined ? null : rightToAnswer(kind)
      const refusal = right && (await refusalFor([right]))
      if (!refusal) queue.answer(questionId, answer)
      return refusal
    },
    resolve: async (entryId, resolution) => (await refusalFor(['settleQueue'])) ?? queue.resolve(entryId, resolution),
    settleAtOtherRegister: async (entryId, how) =>
      (await refusalFor(['settleQueue'])) ?? queue.settleAtOtherRegister(entryId, how),
    async setHostLock(wanted, reason) {
      const refusal = await refusalFor(['device'])
      if (refusal === null) queue.setHostLock(wanted, reason)
      return refusal
    },
  }
}
