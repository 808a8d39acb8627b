/** Answers of a device as tests write them. */
import type { DeviceReply, DeviceSilence } from '../../contract/device.ts'

export function reply(status: number, reason: string, body: string): DeviceReply {
  return { kind: 'reply', status, reason, body }
}

export function json(value: unknown): DeviceReply {
  return reply(200, 'OK', typeof value === 'string' ? value : JSON.stringify(value))
}

export function silence(cause: DeviceSilence['cause'], sent: DeviceSilence['sent'] = 'perhaps'): DeviceSilence {
  return { kind: 'silence', cause, sent }
}
