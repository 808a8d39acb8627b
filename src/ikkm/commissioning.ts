/**
 * What this device, with this firmware and this cashier, can do (docs/protocol.md, "What the document leaves open"). Found out
 * once with reads and, if wanted, the host lock; nothing here can cost a fiscal document.
 */
import type { DeviceAnswer, DeviceRequest } from '../contract/device.ts'
import { decodeCommandReply, readReasonNumber, withKey, type CodeOutcome, type UnknownOutcome } from './codec.ts'
import { isCodeOf } from './codes.ts'
import { decodeInfo, decodeStatus } from './info.ts'
import { decodeShiftReport, decodeShifts } from './reports.ts'
import { infoRequest, reportRequest, sessionRequest, shiftsRequest, statusRequest } from './requests.ts'

export interface DeviceAbilities {
  readonly serial: string | null
  readonly firmware: string | null
  /** The path brings the reason phrase, and with it receipt numbers. Null where the device had none to show yet. */
  readonly reasonPhrase: boolean | null
  /** `getInfo` refuses a wrong key: an answer then proves the key. Null where it couldn't be told. */
  readonly infoChecksKey: boolean | null
  /** `/dump` refuses a wrong key. Null where it couldn't be told. */
  readonly dumpChecksKey: boolean | null
  /** May the device's cashier read reports? Without them checks are weaker (-16). */
  readonly reports: 'allowed' | 'denied' | 'unknown'
  readonly hostLock: 'held' | 'refused' | 'notAsked'
}

export type Commissioning = { readonly kind: 'ok'; readonly abilities: DeviceAbilities } | CodeOutcome | UnknownOutcome

/** Sends one request in its turn (`PacedClient.send` with priority and time-out filled in). */
type Send = (request: DeviceRequest) => Promise<DeviceAnswer>

/** Looks at the device in five or six requests. Stops at the first answer that shows that it can't be used now. */
export async function commissionDevice(send: Send, key: string, lockHost: boolean): Promise<Commissioning> {
  const statusAnswer = await send(withKey(statusRequest(), key))
  const status = decodeStatus(statusAnswer)
  if (status.kind !== 'ok') return status
  const info = decodeInfo(await send(withKey(infoRequest('full'), key)))
  if (info.kind !== 'ok') return info
  const { serial, firmware, shift } = info.value
  const wrong = wrongKey(key)
  const refusal = await send(withKey(infoRequest('minimum'), wrong))
  const abilities: DeviceAbilities = {
    serial,
    firmware,
    reasonPhrase: bringsReason(statusAnswer, refusal, info.value.lastNumber),
    infoChecksKey: checksKey(refusal),
    ...(await lookAtReports(send, shift, key, wrong)),
    hostLock: lockHost ? await lock(send, key) : 'notAsked',
  }
  return { kind: 'ok', abilities }
}

async function lookAtReports(
  send: Send,
  shift: number | null,
  key: string,
  wrong: string,
): Promise<Pick<DeviceAbilities, 'dumpChecksKey' | 'reports'>> {
  if (shift === null) return { dumpChecksKey: null, reports: 'unknown' }
  // Before its first shift a register has no report to give; its list of shifts asks for the same rights.
  const request = shift === 0 ? shiftsRequest() : reportRequest(shift)
  const answer = await send(withKey(request, key))
  const report = shift === 0 ? decodeShifts(answer) : decodeShiftReport(answer)
  const dumpChecksKey = checksKey(await send(withKey(request, wrong)))
  const denied = isCodeOf('rights', report)
  return { dumpChecksKey, reports: report.kind === 'ok' ? 'allowed' : denied ? 'denied' : 'unknown' }
}

async function lock(send: Send, key: string): Promise<'held' | 'refused'> {
  const outcome = decodeCommandReply(await send(withKey(sessionRequest('Lockhost'), key)))
  return outcome.kind === 'zero' || outcome.kind === 'key' ? 'held' : 'refused'
}

/** The status shows the last document's number as its reason, and a refusal its own word; a lost one is empty or `OK`. */
function bringsReason(status: DeviceAnswer, refusal: DeviceAnswer, lastNumber: number | null): boolean | null {
  if (status.kind === 'reply' && typeof readReasonNumber(status.reason) === 'number') return true
  if (refusal.kind === 'reply' && /^[a-z]+(-[a-z]+)+$/.test(refusal.reason.trim())) return true
  return lastNumber === null || lastNumber === 0 ? null : false
}

/** Whether a reply to a wrong key refused it; null where another cause spoke first. */
function checksKey(answer: DeviceAnswer): boolean | null {
  if (answer.kind === 'silence') return null
  const outcome = decodeCommandReply(answer)
  if (outcome.kind === 'code') return isCodeOf('key', outcome) ? true : isCodeOf('rights', outcome) ? false : null
  return answer.status === 200 ? false : null
}

/** A key that is certainly another one: every digit differs. */
function wrongKey(key: string): string {
  return key.replace(/\d/g, (digit) => String((Number(digit) + 5) % 10))
}
