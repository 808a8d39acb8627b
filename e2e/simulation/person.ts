/** The person at the till: slow, sometimes mistyping a key, always truthful (A5). */
import type { MemoryCore } from '../../src/queue/memory-store.ts'
import type { Answer, AskedQuestion, Entry } from '../../src/queue/types.ts'
import type { World } from './world.ts'

/** What the person does about a question; null: nothing to answer (it goes away by itself, or later). */
export function answerOf(world: World, core: MemoryCore, asked: AskedQuestion, entry: Entry | null): Answer | null {
  const { question } = asked
  switch (question.kind) {
    case 'key':
      if (world.faults.hits('wrongKeyTyped')) return { kind: 'key', key: String(10_000_000 + world.faults.detail(9e7)) }
      return { kind: 'key', key: world.device.currentKey() }
    case 'wrongDevice':
      return null
    case 'closeShift':
    case 'shiftMismatch':
      return { kind: 'goOn' }
    case 'fix':
    case 'readDeviceLog':
      world.repair(question.code)
      // Some people press the button, others only put the paper in.
      return question.kind === 'fix' && world.faults.chance.chance(0.5) ? null : { kind: 'goOn' }
    case 'isReceiptOurs': {
      const found = world.executions.find((one) => one.entryId === entry?.id && one.document.number > 0)
      if (!found) return { kind: 'no' }
      if (question.number === null) return { kind: 'yes', number: found.document.number }
      return { kind: found.document.number === question.number ? 'yes' : 'no' }
    }
    case 'depositDone':
      // Not any slip since: a Z that was sent for it is none of its own.
      return {
        kind: world.executions.some((one) => one.entryId === entry?.id && one.document.kind === entry?.kind)
          ? 'yes'
          : 'no',
      }
    case 'printed':
      return { kind: world.executions.some((one) => one.entryId === entry?.id) ? 'yes' : 'no' }
    case 'cardCharged':
      world.settle()
      if (world.device.isBusy(world.deviceMs())) return null
      return { kind: charged(world, question.track) ? 'yes' : 'no' }
    case 'cardDeclined':
      return (entry?.bank?.attempts.length ?? 0) < 3 && world.faults.chance.chance(0.6)
        ? { kind: 'again' }
        : { kind: 'giveUp' }
    case 'cardChargedTwice':
      return { kind: 'refunded' }
    case 'decide':
      if (entry) core.resolve(entry.id, { kind: 'writtenOff', reason: 'simulated', atMs: world.nowMs })
      return null
  }
}

export function charged(world: World, track: number): boolean {
  return world.device.state.bank.transactions.some((one) => one.track === track && one.success)
}
