/** The person at the till: slow, sometimes mistyping a key, always truthful (A5). */
import type { LedgerEntry } from '../../src/device-model/device.ts'
import type { Answer, AskedQuestion, Entry } from '../../src/queue/types.ts'
import type { World } from './world.ts'

/** What a person in front of the till sees and does. */
export interface Surroundings {
  /** Read from the register's screen. */
  currentKey(): string
  /** Another key that is typed by mistake; null for none. */
  typesWrongKey(): string | null
  repair(code: number | null): void
  /** Whether the button is left alone after a repair. */
  putsRight(): boolean
  /** What was executed at the register, with the entry whose bytes caused it. */
  executions(): readonly { readonly entryId: string | null; readonly document: LedgerEntry }[]
  rivalLeaves(): void
  triesCardAgain(): boolean
  /** Whether a track was charged; null: the card terminal is busy. */
  bank(track: number): boolean | null
}

/** What the person does about a question; null: nothing to answer (it goes away by itself, or later; `decide`: no answer). */
export function answerOf(around: Surroundings, asked: AskedQuestion, entry: Entry | null): Answer | null {
  const { question } = asked
  switch (question.kind) {
    case 'key':
      return { kind: 'key', key: around.typesWrongKey() ?? around.currentKey() }
    case 'wrongDevice':
    case 'decide':
      return null
    case 'otherTill':
      around.rivalLeaves()
      return { kind: 'goOn' }
    case 'closeShift':
    case 'shiftMismatch':
      return { kind: 'goOn' }
    case 'fix':
    case 'readDeviceLog':
      around.repair(question.code)
      // Some people press the button, others only put the paper in.
      return question.kind === 'fix' && around.putsRight() ? null : { kind: 'goOn' }
    case 'isReceiptOurs': {
      const found = around.executions().find((one) => one.entryId === entry?.id && one.document.number > 0)
      if (!found) return { kind: 'no' }
      if (question.number === null) return { kind: 'yes', number: found.document.number }
      return { kind: found.document.number === question.number ? 'yes' : 'no' }
    }
    case 'depositDone': {
      // Not any slip since: a Z that was sent for it is none of its own.
      const done = around.executions().some((one) => one.entryId === entry?.id && one.document.kind === entry?.kind)
      return { kind: done ? 'yes' : 'no' }
    }
    case 'printed':
      return { kind: around.executions().some((one) => one.entryId === entry?.id) ? 'yes' : 'no' }
    case 'cardCharged': {
      const charged = around.bank(question.track)
      return charged === null ? null : { kind: charged ? 'yes' : 'no' }
    }
    case 'cardDeclined':
      return (entry?.bank?.attempts.length ?? 0) < 3 && around.triesCardAgain() ? { kind: 'again' } : { kind: 'giveUp' }
    case 'cardChargedTwice':
      return { kind: 'refunded' }
  }
}

/** A person in the world of the machine's simulation. */
export function inWorld(world: World): Surroundings {
  const { faults } = world
  return {
    currentKey: () => world.device.currentKey(),
    typesWrongKey: () => (faults.hits('wrongKeyTyped') ? String(10_000_000 + faults.detail(9e7)) : null),
    repair: (code) => world.repair(code),
    putsRight: () => faults.chance.chance(0.5),
    executions: () => world.executions,
    rivalLeaves: () => {
      world.rivalGone = true
    },
    triesCardAgain: () => faults.chance.chance(0.6),
    bank: (track) => {
      world.settle()
      return world.device.isBusy(world.deviceMs()) ? null : charged(world, track)
    },
  }
}

export function charged(world: World, track: number): boolean {
  return world.device.state.bank.transactions.some((one) => one.track === track && one.success)
}
