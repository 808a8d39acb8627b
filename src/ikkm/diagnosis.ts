/**
 * Why the terminal can't talk to the device, told apart in the order in which they would hide each other. The decision is pure; the
 * probing only collects what it needs, never with a request that could cost a fiscal document.
 */
import type { DeviceAnswer, DeviceSilence, DeviceTransport } from '../contract/device.ts'
import { addressSpace } from './address.ts'
import { withKey, type CodeOutcome, type Decoded, type UnknownWhy } from './codec.ts'
import { isCodeOf } from './codes.ts'
import { decodeInfo, decodeStatus, type DeviceInfo, type DeviceStatus } from './info.ts'
import { infoRequest, statusRequest } from './requests.ts'

/** One probe: what came, and after how many ms. */
export interface Probe {
  readonly answer: DeviceAnswer
  readonly ms: number
}

/** State of the browser's permission for the local network; `unknown` where it has none. */
export type LocalNetworkPermission = 'granted' | 'denied' | 'prompt' | 'unknown'

/** What the browser says about itself, read after the probes. */
export interface BrowserFindings {
  readonly online: boolean
  /** `https:` or `http:`. */
  readonly pageProtocol: string
  readonly pageHost: string
  readonly knowsAddressSpaces: boolean
  readonly permission: LocalNetworkPermission
  /** A `securitypolicyviolation` event fired while probing. */
  readonly cspViolation: boolean
}

export interface Findings {
  readonly via: DeviceTransport['kind']
  /** Origin of the device. */
  readonly origin: string
  readonly browser: BrowserFindings
  /** Status read whose reply the page may see. */
  readonly status: Probe
  /** The same with `no-cors`; null where it wasn't tried. */
  readonly noCors: Probe | null
  /** `getInfo`; null where the status read already failed. */
  readonly info: DeviceAnswer | null
  /** Factory number that this terminal was set up with; null at the first start. */
  readonly expectedSerial: string | null
}

export type Diagnosis =
  | {
      readonly kind: 'readable'
      readonly lastNumber: number | null
      readonly reasonLost: boolean
      readonly info: DeviceInfo | null
    }
  | { readonly kind: 'otherDevice'; readonly serial: string; readonly expected: string }
  | { readonly kind: 'wrongKey' }
  | { readonly kind: 'lockedToAnotherHost' }
  | { readonly kind: 'deviceCode'; readonly outcome: CodeOutcome }
  | { readonly kind: 'wrongHost'; readonly why: UnknownWhy; readonly detail: string }
  | { readonly kind: 'noNetwork' }
  | { readonly kind: 'mixedContent' }
  | { readonly kind: 'csp' }
  | { readonly kind: 'permissionDenied' }
  | { readonly kind: 'permissionPending' }
  | { readonly kind: 'permissionDismissed' }
  | { readonly kind: 'noCors' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'noSuchHost' }
  | { readonly kind: 'timeout' }
  /** The reply began and broke off. */
  | { readonly kind: 'cut' }
  /** `why`: what the server said of this tablet or of the name; else `detail` holds its own word. */
  | { readonly kind: 'relayRefused'; readonly why: 'notPaired' | 'unknownRegister' | null; readonly detail: string }
  | { readonly kind: 'relayAway'; readonly detail: string }
export type DiagnosisKind = Diagnosis['kind']

export type NextStep =
  | 'chooseRegister'
  | 'continue'
  | 'checkNetwork'
  | 'checkPower'
  | 'enableWebApi'
  | 'checkAddress'
  | 'useRelay'
  | 'openOverHttps'
  | 'allowLocalNetwork'
  | 'answerPrompt'
  | 'askAdministrator'
  | 'enterKey'
  | 'scanKey'
  | 'restartDevice'
  | 'confirmOtherDevice'
  | 'pairAgain'
  | 'startRelay'
  | 'readDeviceCode'
  | 'tryAgain'

/** What the assistant offers for each cause, the best first. Texts are in `src/i18n`. */
const NEXT_STEPS: Readonly<Record<DiagnosisKind, readonly NextStep[]>> = {
  readable: ['continue'],
  otherDevice: ['checkAddress', 'confirmOtherDevice'],
  wrongKey: ['enterKey', 'scanKey'],
  lockedToAnotherHost: ['restartDevice', 'tryAgain'],
  deviceCode: ['readDeviceCode', 'tryAgain'],
  wrongHost: ['checkAddress'],
  noNetwork: ['checkNetwork', 'tryAgain'],
  mixedContent: ['useRelay', 'checkAddress'],
  csp: ['askAdministrator', 'useRelay'],
  permissionDenied: ['allowLocalNetwork', 'useRelay', 'askAdministrator'],
  permissionPending: ['answerPrompt', 'tryAgain'],
  permissionDismissed: ['tryAgain', 'allowLocalNetwork', 'useRelay'],
  noCors: ['useRelay'],
  refused: ['enableWebApi', 'checkAddress', 'tryAgain'],
  noSuchHost: ['checkAddress', 'checkPower', 'checkNetwork'],
  timeout: ['checkPower', 'checkNetwork', 'checkAddress', 'tryAgain'],
  cut: ['tryAgain', 'checkNetwork'],
  relayRefused: ['tryAgain', 'askAdministrator'],
  relayAway: ['startRelay', 'checkNetwork', 'tryAgain'],
}

const REFUSED_STEPS: Readonly<Record<'notPaired' | 'unknownRegister', readonly NextStep[]>> = {
  notPaired: ['pairAgain', 'askAdministrator'],
  // Pairing again would change nothing.
  unknownRegister: ['chooseRegister', 'askAdministrator'],
}

/** What helps against this cause, the best first. */
export function nextSteps(diagnosis: Diagnosis): readonly NextStep[] {
  const why = diagnosis.kind === 'relayRefused' ? diagnosis.why : null
  return why === null ? NEXT_STEPS[diagnosis.kind] : REFUSED_STEPS[why]
}

/** Two rejections faster than this mean that the host is there and nothing listens; slower, that no host answers. */
const REFUSAL_MS = 1_000

/** The cause, from what was found. A reply that could be read proves that nothing stands in its way. */
export function diagnose(findings: Findings): Diagnosis {
  const { answer } = findings.status
  if (answer.kind === 'reply') return diagnoseReply(findings, decodeStatus(answer), answer.reason)
  if (findings.via === 'relay') return diagnoseRelay(answer)
  return diagnoseSilence(findings, answer)
}

function diagnoseReply(findings: Findings, status: Decoded<DeviceStatus>, reason: string): Diagnosis {
  if (status.kind === 'code') {
    if (isCodeOf('key', status)) return { kind: 'wrongKey' }
    if (isCodeOf('host', status)) return { kind: 'lockedToAnotherHost' }
    return { kind: 'deviceCode', outcome: status }
  }
  if (status.kind === 'unknown') return { kind: 'wrongHost', why: status.why, detail: status.detail }
  const decoded = findings.info === null ? null : decodeInfo(findings.info)
  const info = decoded?.kind === 'ok' ? decoded.value : null
  if (isCodeOf('key', decoded)) return { kind: 'wrongKey' }
  if (decoded?.kind === 'unknown' && (decoded.why === 'html' || decoded.why === 'garbage')) {
    return { kind: 'wrongHost', why: decoded.why, detail: decoded.detail }
  }
  const serial = info?.serial ?? null
  if (serial !== null && findings.expectedSerial !== null && serial !== findings.expectedSerial) {
    return { kind: 'otherDevice', serial, expected: findings.expectedSerial }
  }
  const { lastNumber } = status.value
  return {
    kind: 'readable',
    lastNumber: lastNumber ?? info?.lastNumber ?? null,
    reasonLost: lastNumber === null && (reason === '' || reason.toUpperCase() === 'OK'),
    info,
  }
}

const RELAY_WHY: Readonly<Record<string, 'notPaired' | 'unknownRegister'>> = {
  'not-paired': 'notPaired',
  'device-unknown': 'unknownRegister',
}

/** The relay sits beside the device and can tell a refusal from a lost answer. */
function diagnoseRelay(silence: DeviceSilence): Diagnosis {
  const detail = silence.detail ?? ''
  if (silence.cause === 'relay') {
    if (silence.sent !== 'never') return { kind: 'relayAway', detail }
    // The status, then the server's answer: its failure kinds are words of src/contract/errors.ts.
    const said = /"kind":"([a-z-]+)"/.exec(detail)?.[1] ?? /^\d+/.exec(detail)?.[0] ?? ''
    return { kind: 'relayRefused', why: RELAY_WHY[said] ?? null, detail: said }
  }
  if (silence.cause === 'cut') return { kind: 'cut' }
  if (silence.cause === 'network' && silence.sent === 'never') return { kind: 'refused' }
  return { kind: 'timeout' }
}

function diagnoseSilence(findings: Findings, silence: DeviceSilence): Diagnosis {
  const { browser, origin, noCors } = findings
  if (!browser.online) return { kind: 'noNetwork' }
  const device = new URL(origin)
  const deviceSpace = addressSpace(device.hostname)
  if (browser.pageProtocol === 'https:' && device.protocol === 'http:' && deviceSpace !== 'loopback') {
    if (!browser.knowsAddressSpaces || deviceSpace === 'public') return { kind: 'mixedContent' }
  }
  if (browser.cspViolation) return { kind: 'csp' }
  if (permissionNeeded(browser, deviceSpace)) {
    if (browser.permission === 'denied') return { kind: 'permissionDenied' }
    if (browser.permission === 'prompt') {
      return silence.cause === 'timeout' ? { kind: 'permissionPending' } : { kind: 'permissionDismissed' }
    }
  }
  if (noCors?.answer.kind === 'reply') return silence.cause === 'cut' ? { kind: 'cut' } : { kind: 'noCors' }
  if (silence.cause === 'timeout' || (noCors?.answer.kind === 'silence' && noCors.answer.cause === 'timeout')) {
    return { kind: 'timeout' }
  }
  if (silence.cause === 'cut') return { kind: 'cut' }
  const slowest = Math.max(findings.status.ms, noCors?.ms ?? 0)
  return slowest < REFUSAL_MS ? { kind: 'refused' } : { kind: 'noSuchHost' }
}

/** A page that itself comes from the local network or this computer may reach its neighbours without asking. */
function permissionNeeded(browser: BrowserFindings, deviceSpace: ReturnType<typeof addressSpace>): boolean {
  if (!browser.knowsAddressSpaces) return false
  const pageSpace = addressSpace(browser.pageHost)
  if (pageSpace === 'loopback') return false
  return pageSpace === 'local' ? deviceSpace === 'loopback' : true
}

export interface ProbeOptions {
  readonly via: DeviceTransport['kind']
  readonly origin: string
  readonly key: string
  readonly expectedSerial: string | null
  readonly transport: DeviceTransport
  /** The direct transport in `no-cors` mode; null on other ways. */
  readonly noCors: DeviceTransport | null
  /** Runs one exchange in its turn (`PacedClient.inTurn`); null when aborted before. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T | null>
  readonly browser: () => Promise<BrowserFindings>
  /** Monotonic ms. */
  readonly now: () => number
  readonly timeoutMs?: number
}

/** Longer than a browser needs to find out that there is no such host, shorter than a person's patience. */
const PROBE_TIMEOUT_MS = 8_000

/** Reads the state of the device in up to three requests and decides. Null when it was aborted. */
export async function runDiagnosis(options: ProbeOptions): Promise<Diagnosis | null> {
  const timeoutMs = options.timeoutMs ?? PROBE_TIMEOUT_MS
  const probe = (transport: DeviceTransport, request: Parameters<typeof withKey>[0]): Promise<Probe | null> =>
    options.inTurn(async () => {
      const startedAt = options.now()
      const answer = await transport.send(withKey(request, options.key), { timeoutMs })
      return { answer, ms: options.now() - startedAt }
    })
  const status = await probe(options.transport, statusRequest())
  if (status === null) return null
  const read = status.answer.kind === 'reply'
  const noCors = read || options.noCors === null ? null : await probe(options.noCors, statusRequest())
  const accepted = read && decodeStatus(status.answer).kind === 'ok'
  const info = accepted ? await probe(options.transport, infoRequest('full')) : null
  const { via, origin, expectedSerial } = options
  const browser = await options.browser()
  return diagnose({ via, origin, browser, status, noCors, info: info?.answer ?? null, expectedSerial })
}
