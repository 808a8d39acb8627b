import { describe, expect, it } from 'vitest'
import type { DeviceAnswer, DeviceTransport } from '../contract/device.ts'
import {
  diagnose,
  nextSteps,
  runDiagnosis,
  type BrowserFindings,
  type Diagnosis,
  type Findings,
  type Probe,
} from './diagnosis.ts'
import { json, reply, silence } from './testing/device-replies.ts'

const BROWSER: BrowserFindings = {
  online: true,
  pageProtocol: 'https:',
  pageHost: 'till.example.kz',
  knowsAddressSpaces: true,
  permission: 'granted',
  cspViolation: false,
}

const INFO = json({ lastClosedChequeId: 164, currentShiftID: 3, factorySerialNumber: '0117' })
const rejected = (ms: number): Probe => ({ answer: silence('network'), ms })
const timedOut: Probe = { answer: silence('timeout'), ms: 8_000 }
/** An opaque reply: something is there. */
const opaque: Probe = { answer: reply(0, '', ''), ms: 20 }
const said = (answer: DeviceAnswer): Probe => ({ answer, ms: 20 })

type Parts = Partial<Omit<Findings, 'browser'>> & { browser?: Partial<BrowserFindings> }

function found(parts: Parts): Diagnosis {
  const { browser, ...rest } = parts
  return diagnose({
    via: 'direct',
    origin: 'http://192.168.1.50:8080',
    status: said(reply(200, '164', '0')),
    noCors: null,
    info: null,
    expectedSerial: null,
    ...rest,
    browser: { ...BROWSER, ...browser },
  })
}

const silent = { status: rejected(5), noCors: rejected(5) }
const localhost = { pageProtocol: 'http:', pageHost: 'localhost', permission: 'prompt' } as const

describe('why the terminal cannot talk to the device', () => {
  it.each<[string, Parts, Diagnosis['kind']]>([
    ['the tablet has no network', { ...silent, browser: { online: false } }, 'noNetwork'],
    [
      'HTTPS page in a browser without address spaces',
      { ...silent, browser: { knowsAddressSpaces: false } },
      'mixedContent',
    ],
    ['HTTPS page and a public address', { ...silent, origin: 'http://8.8.8.8:8080' }, 'mixedContent'],
    ['our own content security policy', { ...silent, browser: { cspViolation: true } }, 'csp'],
    ['permission denied', { ...silent, browser: { permission: 'denied' } }, 'permissionDenied'],
    [
      'the question is open',
      { status: timedOut, noCors: timedOut, browser: { permission: 'prompt' } },
      'permissionPending',
    ],
    ['the question was dismissed', { ...silent, browser: { permission: 'prompt' } }, 'permissionDismissed'],
    ['alive, but replies may not be read', { status: rejected(20), noCors: opaque }, 'noCors'],
    ['nothing listens', silent, 'refused'],
    ['no such host', { status: rejected(3_050), noCors: rejected(3_060) }, 'noSuchHost'],
    ['a black hole', { status: timedOut, noCors: timedOut }, 'timeout'],
    ['a black hole only for the second', { status: rejected(20), noCors: timedOut }, 'timeout'],
    ['the reply broke off', { status: said(silence('cut')), noCors: opaque }, 'cut'],
    ['a page of this computer needs no permission', { ...silent, browser: localhost }, 'refused'],
    [
      'a page of the local network needs none either',
      { ...silent, browser: { pageHost: '192.168.1.2', permission: 'denied' } },
      'refused',
    ],
    [
      'a page of the local network needs it for this computer',
      { ...silent, origin: 'http://127.0.0.1:8080', browser: { pageHost: '192.168.1.2', permission: 'denied' } },
      'permissionDenied',
    ],
    ['no network hides everything else', { ...silent, browser: { online: false, permission: 'denied' } }, 'noNetwork'],
    ['denied hides a second fault', { status: timedOut, browser: { permission: 'denied' } }, 'permissionDenied'],
    ['a web page', { status: said(reply(200, 'OK', '<html>router</html>')) }, 'wrongHost'],
    ['some other server', { status: said(reply(404, 'Not Found', 'nope')) }, 'wrongHost'],
    ['a status like ours, details like nobody', { info: json({ hello: 'world' }) }, 'wrongHost'],
    ['wrong key', { status: said(reply(400, 'incorrect-web-api-key', '-1')) }, 'wrongKey'],
    ['wrong key at the second look', { info: reply(400, 'incorrect-web-api-key', '-1') }, 'wrongKey'],
    ['locked to another host', { status: said(reply(400, '', '-18')) }, 'lockedToAnotherHost'],
    ['busy', { status: said(reply(400, '', '-2')) }, 'deviceCode'],
    ['blocked', { status: said(reply(400, 'ikkm-is-blocked', '-137')) }, 'deviceCode'],
    ['another device', { info: INFO, expectedSerial: '9999' }, 'otherDevice'],
    ['all is well', { info: INFO, expectedSerial: '0117' }, 'readable'],
    ['a reply proves the network', { info: INFO, browser: { online: false, permission: 'prompt' } }, 'readable'],
    [
      'relay: not paired',
      { via: 'relay', status: said({ ...silence('relay', 'never'), detail: '401' }) },
      'relayRefused',
    ],
    ['relay: away', { via: 'relay', status: said(silence('relay')) }, 'relayAway'],
    ['relay: nothing listens', { via: 'relay', status: said(silence('network', 'never')) }, 'refused'],
    ['relay: black hole', { via: 'relay', status: said(silence('timeout')) }, 'timeout'],
    ['relay: broke off', { via: 'relay', status: said(silence('cut')) }, 'cut'],
  ])('%s', (_, parts, kind) => {
    const diagnosis = found(parts)
    expect(diagnosis.kind).toBe(kind)
    expect(nextSteps(diagnosis).length).toBeGreaterThan(0)
  })

  it.each([
    ['401 {"ok":false,"failure":{"kind":"not-paired"', 'notPaired', 'not-paired', 'pairAgain'],
    [
      '404 {"ok":false,"failure":{"kind":"device-unknown","upstream":"ikkm"',
      'unknownRegister',
      'device-unknown',
      'chooseRegister',
    ],
    ['429 {"ok":false,"failure":{"kind":"rate-limited"}}', null, 'rate-limited', 'tryAgain'],
    ['503 {"message":"no"}', null, '503', 'tryAgain'],
  ])('the server refused with %s: never shown as it came', (detail, why, word, step) => {
    const diagnosis = found({ via: 'relay', status: said({ ...silence('relay', 'never'), detail }) })
    expect(diagnosis).toEqual({ kind: 'relayRefused', why, detail: word })
    expect(nextSteps(diagnosis)[0]).toBe(step)
  })

  it('says what it read, and whether the path loses the reason phrase', () => {
    expect(found({ info: INFO })).toMatchObject({ lastNumber: 164, reasonLost: false, info: { serial: '0117' } })
    for (const reason of ['', 'OK']) {
      expect(found({ status: said(reply(200, reason, '0')), info: INFO })).toMatchObject({
        kind: 'readable',
        lastNumber: 164,
        reasonLost: true,
      })
    }
    expect(found({ info: reply(400, 'only-master-cashier', '-16') })).toMatchObject({ kind: 'readable', info: null })
  })
})

describe('probing', () => {
  function transport(answers: DeviceAnswer[], paths: string[]): DeviceTransport {
    return {
      kind: 'direct',
      send: (request, { timeoutMs }) => {
        paths.push(`${request.method} ${request.path} ${timeoutMs}`)
        return Promise.resolve(answers.shift() ?? silence('network'))
      },
    }
  }

  const options = (answers: DeviceAnswer[], opaqueAnswers: DeviceAnswer[]) => {
    const paths: string[] = []
    let turns = 0
    return {
      paths,
      turns: () => turns,
      via: 'direct' as const,
      origin: 'http://192.168.1.50:8080',
      key: '12345678',
      expectedSerial: null,
      transport: transport(answers, paths),
      noCors: transport(opaqueAnswers, paths),
      inTurn: <T>(work: () => Promise<T>): Promise<T | null> => {
        turns += 1
        return work()
      },
      browser: () => Promise.resolve(BROWSER),
      now: () => 0,
    }
  }

  it('reads the status, then the details, each in its turn', async () => {
    const probe = options([reply(200, '164', '0'), INFO], [])
    await expect(runDiagnosis(probe)).resolves.toMatchObject({ kind: 'readable', lastNumber: 164 })
    expect(probe.paths).toEqual(['GET /apicheck 8000', 'GET /apicheck/getInfo 8000'])
    expect(probe.turns()).toBe(2)
  })

  it('tries without CORS only after a failure, and never anything but reads', async () => {
    const probe = options([silence('network')], [reply(0, '', '')])
    await expect(runDiagnosis(probe)).resolves.toEqual({ kind: 'noCors' })
    expect(probe.paths).toEqual(['GET /apicheck 8000', 'GET /apicheck 8000'])
  })

  it('stops when it is told to', async () => {
    const probe = { ...options([], []), inTurn: () => Promise.resolve(null) }
    await expect(runDiagnosis(probe)).resolves.toBeNull()
    expect(probe.paths).toEqual([])
  })
})
