/** The invariants of queue.md, checked against the device's ledger and the stored records. */
import type { MemoryCore } from '../../src/queue/memory-store.ts'
import type { DeviceRecord, Entry, Question } from '../../src/queue/types.ts'
import { charged } from './person.ts'
import type { Execution, World } from './world.ts'

export type Violation = 'lost' | 'duplicated' | 'misattributed' | 'stuck' | 'unsafe'

export interface Finding {
  readonly kind: Violation
  readonly text: string
}

/** From the shift's report to the send on it: at most one more read, at one request a second. */
const LONGEST_LOOK_MS = 3_500

const FISCAL: ReadonlySet<string> = new Set(['registration', 'deposit', 'withdrawal'])

export class Checks {
  readonly findings: Finding[] = []
  /** Sends on the wire by entry and key. */
  private readonly sends = new Map<string, number>()
  /** Shift that each Z on the wire was meant for, by the entry that it serves. */
  private readonly meant = new Map<string, number>()
  private readonly states = new Map<string, string>()
  private readonly world: World
  private readonly core: MemoryCore

  constructor(world: World, core: MemoryCore) {
    this.world = world
    this.core = core
    world.onDocument = (execution) => {
      this.afterDocument(execution)
    }
  }

  find(kind: Violation, text: string): void {
    this.findings.push({ kind, text })
    this.world.note(`**** ${kind}: ${text}`)
  }

  private device(): DeviceRecord | undefined {
    return this.core.data.devices.get('d')
  }

  /** I6, S1, S4, IZ: before anything of an entry goes on the wire. */
  beforeSend(entryId: string, body: string | null, path: string): void {
    const entry = this.core.data.entries.get(entryId)
    const device = this.device()
    if (!entry || !device) return this.find('unsafe', `I6 no record of what is sent: ${entryId}`)
    if (path === '/apizreport/') return this.beforeShiftClose(entry, device)
    if (path === '/apibank/') {
      const attempt = entry.bank?.attempts.at(-1)
      if (attempt?.state !== 'started' || !body?.includes(`trackdocument=${attempt.track}`)) {
        this.find('unsafe', `I6 ${entry.mark} bank start without its durable track`)
      }
      return
    }
    if (entry.state !== 'sending') this.find('unsafe', `I6 ${entry.mark} is sent as ${entry.state}`)
    if (body !== (entry.request?.body === '' ? `key=${entry.key}` : `key=${entry.key}&${entry.request?.body}`)) {
      this.find('unsafe', `I6 ${entry.mark} is sent with other bytes or another key`)
    }
    if (!FISCAL.has(entry.kind)) return
    if (device.bound !== entry.id || device.key !== entry.key) this.find('unsafe', `S1 ${entry.mark} isn't bound`)
    if (entry.attempts === 1 && device.foreign && !device.foreign.accepted && device.hostLockHeldSinceMs === null) {
      this.find('unsafe', `W1 ${entry.mark} is sent without the lock beside another till`)
    }
    const unlocked = entry.attempts === 1 && device.hostLockHeldSinceMs === null
    if (unlocked && this.world.nowMs - this.world.lookedMs > LONGEST_LOOK_MS) {
      this.find('unsafe', `W2 ${entry.mark} is sent without the lock on an old look`)
    }
    const name = `${entryId} ${entry.key}`
    const sends = (this.sends.get(name) ?? 0) + 1
    this.sends.set(name, sends)
    if (entry.kind === 'registration' && entry.attempts < sends) {
      this.find('unsafe', `S4 ${entry.mark}: ${sends} sends, ${entry.attempts} stored`)
    }
    if (device.openShiftClose && device.openShiftClose.sends > 0) {
      this.find('unsafe', `IZ ${entry.mark} is sent while a Z is unaccounted for`)
    }
    // Where somebody else closed the shift in the same second, ours closes the empty one after it: that can't be seen.
    if (this.world.foreignCount === 0 && this.intentless) {
      this.find('unsafe', `IZ ${entry.mark} is sent while a shift closes`)
    }
  }

  /** A Z of ours is closing and nothing durable says so any more. */
  private get intentless(): boolean {
    return this.device()?.openShiftClose === null && this.world.device.state.closing?.foreign === false
  }

  private beforeShiftClose(entry: Entry, device: DeviceRecord): void {
    const intent = device.openShiftClose
    if (intent?.entryId !== entry.id || intent.sends < 1) this.find('unsafe', `IZ ${entry.mark}: Z without its intent`)
    this.meant.set(entry.id, intent?.shift ?? entry.shift ?? 0)
  }

  /** S1, S2 on the durable state after a commit. */
  afterCommit(entries: readonly Entry[]): void {
    const device = this.device()
    if (!device) return
    for (const entry of entries) {
      if (!FISCAL.has(entry.kind)) continue
      const bound = device.bound === entry.id
      // Proven not registered: a new count, also where the same key is typed in again.
      if (entry.state === 'queued')
        for (const name of this.sends.keys()) if (name.startsWith(`${entry.id} `)) this.sends.delete(name)
      if (entry.state === 'sending' && (!bound || device.key !== entry.key)) {
        this.find('unsafe', `S1 ${entry.mark} sending, bound ${String(bound)}`)
      }
      if (entry.state === 'acked' && bound) this.find('unsafe', `S2 ${entry.mark} acked and bound`)
      if (entry.state === 'done' && this.states.get(entry.id) === 'acked') this.afterAudit(entry, device)
      this.states.set(entry.id, entry.state)
    }
  }

  /** A Z is done when its shift is closed, not before. */
  afterShiftCloseDone(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.kind !== 'zReport' || entry.state !== 'done') continue
      const shift = this.world.device.state.shifts.find((one) => one.id === entry.shift)
      if (shift?.closedMs === 0) this.find('unsafe', `IZ ${entry.mark} is done, shift ${shift.id} is open`)
    }
  }

  /** An audit passes only while nothing but ours moved, cash included. */
  private afterAudit(entry: Entry, device: DeviceRecord): void {
    const before = entry.before?.counters
    const { audited } = device
    if (entry.kind !== 'registration' || !before?.open || !audited) return
    if (!this.world.lastPath.endsWith('/report')) return
    const moved = before.cashIn.count !== audited.cashIn.count || before.cashOut.count !== audited.cashOut.count
    if (moved && before.shift === audited.shift) {
      this.find('unsafe', `S5 the audit of ${entry.mark} overlooked a cash document`)
    }
  }

  private afterDocument({ entryId, document }: Execution): void {
    if (document.kind === 'z') return this.afterShiftClosed(entryId, document.shift)
    if (entryId === null) return
    const entry = this.core.data.entries.get(entryId)
    // With `zWithdrawsCash` the device books the withdrawal itself.
    if (!entry || entry.kind === 'zReport' || document.kind === 'bank') return
    if (entry.kind === 'registration' && document.kind === 'withdrawal') return
    if (entry.kind === 'print' || entry.kind === 'xReport') return
    const count = this.world.executions.filter((one) => one.entryId === entryId && one.document.number > 0).length
    if (count > 1) this.find('duplicated', `I2 ${entry.mark} (${entry.kind}) executed ${count} times`)
  }

  private afterShiftClosed(entryId: string | null, shift: number): void {
    const meant = entryId === null ? undefined : this.meant.get(entryId)
    if (meant === undefined || meant === shift) return
    // A foreign Z and a foreign sale between our look and our Z can't be prevented; our own sale can.
    const opener = this.world.device.state.ledger.find((one) => one.shift === shift && one.number > 0)
    if (opener?.foreign === false) this.find('misattributed', `IZ the Z meant for shift ${meant} closed ${shift}`)
  }

  /** B1: nobody is asked what the device could have told. */
  asked(question: Question): void {
    if (!NEEDLESS.has(question.kind)) return
    if (question.kind === 'shiftMismatch') {
      return this.find('misattributed', `the shift lacks receipts ${question.missing.join(', ')}`)
    }
    if (!this.excuseToAsk(question.kind)) this.find('unsafe', `B1 asked without need: ${question.kind}`)
  }

  private excuseToAsk(kind: string): boolean {
    const { world } = this
    const { readings, rates, weakRights, entries } = world.plan
    const on = (name: keyof typeof rates): boolean => rates[name] !== undefined
    if (world.foreignCount > 0 || world.keyChanges > 0 || weakRights || on('cashier') || world.codeCut) return true
    // What an evicted record left at the device is foreign to its successor; keys that come twice prove nothing.
    if (world.evictions > 0 || world.plan.fewKeys) return true
    // Whose a receipt is that was opened long after the send, or by a clock that was set, only its mark tells.
    if (on('executedLate') || on('doubledLate') || on('networkError') || on('clockJump')) return true
    // A window that was frozen doesn't know how long: the dates of what it sent before prove nothing to its successor.
    if (world.frozeAtWork) return true
    const cash = entries.some((one) => one.kind === 'deposit' || one.kind === 'withdrawal')
    const closes = entries.some((one) => one.kind === 'zReport') || on('overdue')
    if (kind === 'depositDone') return false
    return (
      on('overdue') ||
      on('wrongDevice') ||
      (on('reboot') && (readings.keyAtStart === 'new' || !readings.previousKeySurvivesReboot)) ||
      (closes && (readings.zKey !== 'same' || !readings.previousKeySurvivesZ)) ||
      (cash && readings.cashKey !== 'same') ||
      // The drawer is looked at before the key: a return that went through can't be replayed any more.
      (world.plan.poorDrawer && readings.checks === 'before-key') ||
      (on('internalError') && readings.internalError !== 'nothing') ||
      readings.replayKey === 'new'
    )
  }

  /** I1 to I5 and the bank, when everything has come to rest. */
  atRest(enqueued: readonly string[]): void {
    let lastSeq = 0
    for (const id of enqueued) {
      const entry = this.core.data.entries.get(id)
      if (!entry) {
        this.find('lost', `I1 entry ${id} is not stored any more`)
        continue
      }
      lastSeq = this.entryAtRest(entry, lastSeq)
    }
  }

  private entryAtRest(entry: Entry, lastSeq: number): number {
    const mine = this.world.executions.filter((one) => one.entryId === entry.id)
    const documents = mine.filter((one) => one.document.number > 0 && one.document.kind === kindOf(entry))
    if (entry.bank) this.bankAtRest(entry)
    if (!FISCAL.has(entry.kind)) return lastSeq
    const [first] = documents
    if (entry.state === 'done') {
      if (!first) {
        if (!this.world.undecidable.has(entry.id)) this.find('lost', `I1 ${entry.mark} is done without a document`)
        return lastSeq
      }
      if (entry.kind === 'registration' && entry.number !== first.document.number) {
        this.find('misattributed', `I3 ${entry.mark}: ${String(entry.number)} for ${first.document.number}`)
      }
    } else if (entry.state === 'refused') {
      if (first) this.find('lost', `I1 ${entry.mark} is refused but registered`)
      if (!refusable(entry) && !this.world.codeCut) {
        this.find('lost', `I1 ${entry.mark} is refused with ${String(entry.code)}, which passes`)
      }
    } else this.find('stuck', `I7 ${entry.mark} came to rest as ${entry.state}`)
    if (!first) return lastSeq
    if (first.document.seq < lastSeq && !this.world.foreignUnderLock) {
      this.find('misattributed', `I4 ${entry.mark} was executed out of order`)
    }
    return Math.max(lastSeq, first.document.seq)
  }

  private bankAtRest(entry: Entry): void {
    const tracks = entry.bank?.attempts.map((attempt) => attempt.track) ?? []
    const paid = tracks.filter((track) => charged(this.world, track)).length
    const known = entry.bank?.attempts.filter((attempt) => attempt.state === 'success').length ?? 0
    if (paid > 1 && known < paid) this.find('duplicated', `bank ${entry.mark} charged ${paid} times, ${known} known`)
    if (entry.bank?.state === 'failed' && paid > 0) this.find('lost', `bank ${entry.mark} charged and given up`)
    if (entry.bank?.state === 'paid' && paid === 0) this.find('lost', `bank ${entry.mark} taken for charged`)
    // Where an evicted record's start left no trace, its successor may take the track; two charges under it are two too many.
    const starts = this.world.executions.filter(
      ({ document, entryId }) => document.kind === 'bank' && !(entryId !== null && this.world.forgotten.has(entryId)),
    )
    const charges = this.world.device.state.bank.transactions.filter(({ success }) => success)
    for (const track of tracks) {
      const twice = charges.filter((one) => one.track === track).length > 1
      if (twice || starts.filter((one) => one.document.track === track).length > 1) {
        this.find('duplicated', `bank track ${track} was started twice`)
      }
    }
  }
}

/** -14 and -15 are the only lasting refusals here; a card sale may be given up. */
function refusable(entry: Entry): boolean {
  return entry.code === -14 || entry.code === -15 || entry.bank?.state === 'failed'
}

const NEEDLESS: ReadonlySet<string> = new Set(['key', 'isReceiptOurs', 'depositDone', 'shiftMismatch'])

function kindOf(entry: Entry): string {
  return entry.kind === 'registration' ? (entry.receipt?.kind ?? '') : entry.kind
}
