/** A machine over a memory store and the device model, one exchange a second, for tests that say what happens when. */
import type { DeviceAnswer, DeviceReply, DeviceRequest } from '../../src/contract/device.ts'
import { IkkmDevice, newDeviceState } from '../../src/device-model/device.ts'
import type { LedgerEntry, NewDeviceOptions } from '../../src/device-model/device.ts'
import { encodeRegistration } from '../../src/ikkm/codec.ts'
import type { Receipt } from '../../src/domain/receipt.ts'
import { bankStartRequest, depositRequest, MAX_TRACK, xReportRequest } from '../../src/ikkm/requests.ts'
import type { Effect, QueueEvent, Resume } from '../../src/queue/effects.ts'
import { run } from '../../src/queue/machine.ts'
import * as rareSteps from '../../src/queue/rare-steps.ts'
import { Memory } from '../../src/queue/memory.ts'
import { MemoryCore, newMemoryData } from '../../src/queue/memory-store.ts'
import { newDeviceRecord } from '../../src/queue/types.ts'
import type { Answer, BankLeg, DeviceRecord, Entry, EntryKind, Question } from '../../src/queue/types.ts'
import { DEPOSIT, TEMPLATES } from './goods.ts'

const START_MS = 1_760_000_000_000

/** What happens to one request on its way; null leaves it alone. */
export type Intercept = (request: DeviceRequest, deliver: () => DeviceReply) => DeviceAnswer | null

export const TIMEOUT: DeviceAnswer = { kind: 'silence', cause: 'timeout', sent: 'perhaps' }

export class Lab {
  nowMs = 0
  /** How far the tablet's clock was set, in ms. */
  clockOffsetMs = 0
  readonly core = new MemoryCore(newMemoryData())
  readonly device: IkkmDevice
  /** Paths of everything that was sent, in order. */
  readonly sent: string[] = []
  /** What the device carried out, with the entry whose bytes caused it. */
  readonly executions: { readonly entryId: string | null; readonly document: LedgerEntry }[]
  /** By which address the register knows this tablet. */
  private readonly host: string
  /** Commits and sends in order: `commit`, `send /api/`. */
  readonly log: string[] = []
  intercept: Intercept = () => null
  memory: Memory
  private machine: Generator<Effect, never, Resume>
  private effect: Effect
  /** When the sleep ends that it is in. */
  private wakeMs: number | null = null

  constructor(
    options: {
      readonly device?: Partial<NewDeviceOptions>
      readonly record?: Partial<DeviceRecord>
      /** Another tablet at the same register, which has been used so far. */
      readonly beside?: Lab
      readonly host?: string
    } = {},
  ) {
    const { beside, host = 'tablet' } = options
    this.host = host
    this.executions = beside?.executions ?? []
    this.nowMs = beside?.nowMs ?? 0
    this.device =
      beside?.device ??
      new IkkmDevice(
        newDeviceState({ seed: 5, nowMs: START_MS, cashTiyn: 10_000_000, paperLimit: 0, ...options.device }),
      )
    const record = newDeviceRecord({
      id: 'd',
      key: this.device.currentKey(),
      trackPrefix: 7,
      hostLockWanted: false,
    })
    this.core.createDevice({ ...record, ...options.record })
    const started = this.boot()
    this.memory = started.memory
    this.machine = started.machine
    this.effect = started.effect
  }

  private boot(): { memory: Memory; machine: Generator<Effect, never, Resume>; effect: Effect } {
    const claim = this.core.claim('d', 'tab', 0)
    if (!claim) throw new Error('the device was created')
    const clock = { wall: () => this.wallMs(), mono: () => this.nowMs }
    const memory = new Memory(claim, { clock, chance: () => 0.5 })
    const machine = run(memory)
    return { memory, machine, effect: machine.next().value }
  }

  wallMs(): number {
    return START_MS + this.nowMs + this.clockOffsetMs
  }

  /** The app dies, and starts over what is stored. */
  restart(): void {
    this.wakeMs = null
    const started = this.boot()
    this.memory = started.memory
    this.machine = started.machine
    this.effect = started.effect
  }

  enqueue(
    kind: EntryKind = 'registration',
    receipt: Receipt | null = TEMPLATES[0] ?? null,
    bank: BankLeg | null = null,
  ): string {
    const id = `e${this.core.data.nextSequence}`
    const { entry } = this.core.enqueue(id, ({ mark }) => ({
      id,
      deviceId: 'd',
      kind,
      request:
        kind === 'registration' && receipt
          ? encodeRegistration(receipt, { mark })
          : kind === 'deposit'
            ? depositRequest(DEPOSIT)
            : kind === 'xReport'
              ? xReportRequest()
              : kind === 'bankClose'
                ? bankStartRequest('reconciliation', null, MAX_TRACK)
                : null,
      receipt: kind === 'registration' ? receipt : null,
      amount: kind === 'registration' && receipt ? receipt.total : DEPOSIT,
      cashier: 'Aliya',
      createdAtMs: START_MS,
      shift: null,
      bank,
    }))
    this.offer({ kind: 'enqueued', entry })
    return id
  }

  offer(event: QueueEvent): void {
    this.memory.inbox.push(event)
  }

  /** Answers whatever is asked now. */
  answer(answer: Answer): void {
    const asked =
      this.core.data.devices.get('d')?.question ?? this.core.load('d')?.open.find((one) => one.question)?.question
    if (!asked) throw new Error('nobody is asked anything')
    this.offer({ kind: 'answer', questionId: asked.id, answer })
  }

  entry(id: string): Entry {
    const entry = this.core.data.entries.get(id)
    if (!entry) throw new Error(`no entry ${id}`)
    return entry
  }

  record(): DeviceRecord {
    const record = this.core.data.devices.get('d')
    if (!record) throw new Error('no device')
    return record
  }

  asked(): Question | null {
    const device = this.record().question
    return (device ?? this.core.load('d')?.open.find((one) => one.question)?.question)?.question ?? null
  }

  /** Runs until nothing happens without an event, or for so many virtual ms. */
  run(forMs = 3_600_000): void {
    const untilMs = this.nowMs + forMs
    for (let effects = 0; this.nowMs < untilMs; effects += 1) {
      if (effects > 5_000) throw new Error('never comes to rest')
      const { effect } = this
      if (effect.kind === 'sleep' && this.memory.inbox.length === 0) {
        if (effect.ms === null) return
        // A sleep that the end of an earlier run cut short goes on where it was.
        this.wakeMs ??= this.nowMs + effect.ms
        if (this.wakeMs >= untilMs) {
          this.nowMs = untilMs
          return
        }
        this.nowMs = Math.max(this.nowMs, this.wakeMs)
      }
      this.wakeMs = null
      this.effect = this.machine.next(this.perform(effect)).value
    }
  }

  private perform(effect: Effect): Resume {
    switch (effect.kind) {
      case 'transaction':
        this.log.push('commit')
        this.core.commit('d', effect.change, this.core.data.leases.get('d')?.epoch ?? 0)
        return { kind: 'go' }
      case 'request':
        return { kind: 'answer', answer: this.exchange(effect) }
      case 'readNumbers':
        return { kind: 'numbers', entries: this.core.registeredAs('d', effect.numbers) }
      case 'readShift':
        return { kind: 'shift', entries: this.core.registeredInShift('d', effect.shift) }
      case 'load':
        return { kind: 'loaded', steps: rareSteps }
      case 'sleep':
      case 'turn':
        return { kind: 'go' }
    }
  }

  private exchange({ request, timeoutMs, entryId }: Extract<Effect, { kind: 'request' }>): DeviceAnswer {
    this.nowMs += 1_000
    this.sent.push(request.path)
    this.log.push(`send ${request.path}`)
    const deliver = (): DeviceReply => {
      const { ledger } = this.device.state
      const before = ledger.length
      const reply = this.device.handle(request, START_MS + this.nowMs, this.host)
      this.executions.push(...ledger.slice(before).map((document) => ({ entryId, document })))
      return reply
    }
    const answer = this.intercept(request, deliver) ?? deliver()
    // What our own relay refuses it refuses at once.
    const refused = answer.kind === 'silence' && ['refused', 'held', 'handedOn'].includes(answer.cause)
    if (answer.kind === 'silence' && !refused) this.nowMs += timeoutMs
    return answer
  }

  /** Receipts and cash documents that the device made. */
  documents(): number {
    return this.device.state.ledger.filter((one) => one.number > 0).length
  }
}
