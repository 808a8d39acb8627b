/** A device with a clock in hand, for tests of the model and of what runs it. */
import type { DeviceReply } from '../../contract/device.ts'
import { IkkmDevice, newDeviceState, type LedgerEntry, type NewDeviceOptions } from '../device.ts'

type Parameters = Readonly<Record<string, string | number>>

/** 2026-01-18 20:41:06 on the device's clock. */
export const KIT_START_MS = Date.UTC(2026, 0, 18, 15, 41, 6)

export class DeviceKit {
  readonly device: IkkmDevice
  nowMs = KIT_START_MS

  /** The first key is 12345678; printing is on unless `paperLimit` says otherwise. */
  constructor(options: Partial<NewDeviceOptions> = {}) {
    this.device = new IkkmDevice(newDeviceState({ seed: 7, nowMs: this.nowMs, key: '12345678', ...options }))
  }

  /** GET with the current key, or the key given among the parameters (`''` sends none). */
  get(path: string, parameters: Parameters = {}, host?: string): DeviceReply {
    const query = this.encoded(parameters)
    return this.device.handle({ method: 'GET', path, query, body: null }, this.nowMs, host)
  }

  /** POST of a form, as `get`. */
  post(path: string, parameters: Parameters = {}, host?: string): DeviceReply {
    const body = this.encoded(parameters)
    return this.device.handle({ method: 'POST', path, query: '', body }, this.nowMs, host)
  }

  /** Status, reason and body in one line: `200 164 29852781`. */
  line(reply: DeviceReply): string {
    return `${reply.status} ${reply.reason} ${reply.body}`
  }

  /** Body of a GET as JSON. */
  json(path: string, parameters: Parameters = {}): unknown {
    return JSON.parse(this.get(path, parameters).body)
  }

  /** A sale in cash of so many ₸. */
  sell(total: number | string, parameters: Parameters = {}): DeviceReply {
    return this.post('/api/', { sale: total, cash: total, ...parameters })
  }

  wait(ms: number): void {
    this.nowMs += ms
    this.device.advance(this.nowMs)
  }

  /** The newest ledger entry. Throws when nothing was executed. */
  last(): LedgerEntry {
    const entry = this.device.state.ledger.at(-1)
    if (entry === undefined) throw new Error('the ledger is empty')
    return entry
  }

  private encoded(parameters: Parameters): string {
    const all: Parameters = { key: this.device.currentKey(), ...parameters }
    return Object.entries(all)
      .filter(([name, value]) => name !== 'key' || value !== '')
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&')
  }
}
