import { describe, expect, it } from 'vitest'
import { newDeviceState, type DeviceState } from '../../device-model/device.ts'
import { decodeRegistrationReply, encodeRegistration, withKey } from '../codec.ts'
import { decodeInfo } from '../info.ts'
import { infoRequest, rebootRequest } from '../requests.ts'
import { receipt } from '../testing/receipts.ts'
import { createDemoTransport, type DemoMemory } from './demo.ts'

const PATIENT = { timeoutMs: 30_000 }
const SALE = encodeRegistration(receipt(), { mark: 'A-0001' })
const NOW = Date.UTC(2026, 0, 18)

/** Memory that keeps JSON, as a database would, and may break. */
class JsonMemory implements DemoMemory {
  json: string | null = null
  full = false
  saves = 0

  load(): Promise<DeviceState | null> {
    return Promise.resolve(this.json === null ? null : (JSON.parse(this.json) as DeviceState))
  }

  save(state: DeviceState): Promise<void> {
    if (this.full) return Promise.reject(new Error('QuotaExceededError'))
    this.saves += 1
    this.json = JSON.stringify(state)
    return Promise.resolve()
  }
}

function page(memory: DemoMemory, printMsPerLine = 0) {
  const slept: number[] = []
  let now = NOW
  const transport = createDemoTransport({
    memory,
    newState: (nowMs) => newDeviceState({ seed: 1, nowMs, key: '01234567', printMsPerLine }),
    now: () => (now += 1_000),
    sleep: (ms) => {
      slept.push(ms)
      now += ms
      return Promise.resolve()
    },
  })
  return { transport, slept }
}

const keyOf = (memory: DemoMemory): Promise<string> => page(memory).transport.atDevice((device) => device.currentKey())

describe('the demo device in the page', () => {
  it('starts as a new device and remembers what it did, page after page', async () => {
    const memory = new JsonMemory()
    const answer = await page(memory).transport.send(withKey(SALE, '01234567'), PATIENT)
    const key = await keyOf(memory)
    expect(decodeRegistrationReply(answer)).toEqual({ kind: 'key', key, number: 1 })
    const info = await page(memory).transport.send(withKey(infoRequest('full'), key), PATIENT)
    expect(decodeInfo(info)).toMatchObject({ value: { lastNumber: 1 } })
  })

  it('has saved before it answers: the same request again after a crash is a replay', async () => {
    const memory = new JsonMemory()
    await page(memory).transport.send(withKey(SALE, '01234567'), PATIENT)
    await page(memory).transport.send(withKey(SALE, '01234567'), PATIENT)
    await page(memory).transport.atDevice((device) => expect(device.ledger()).toHaveLength(1))
  })

  it('says nothing, and has done nothing, where its memory is full', async () => {
    const memory = new JsonMemory()
    memory.full = true
    const answer = await page(memory).transport.send(withKey(SALE, '01234567'), PATIENT)
    expect(answer).toMatchObject({ kind: 'silence', sent: 'perhaps' })
    memory.full = false
    await page(memory).transport.atDevice((device) => expect(device.ledger()).toEqual([]))
  })

  it('takes requests of one page in turn', async () => {
    const memory = new JsonMemory()
    const { transport } = page(memory)
    const [first, second] = await Promise.all([
      transport.send(withKey(SALE, '01234567'), PATIENT),
      transport.send(withKey(SALE, '01234567'), PATIENT),
    ])
    expect(second).toEqual(first)
    expect(memory.saves).toBe(2)
  })

  it('holds its answer while it prints, and leaves a terminal without patience in the dark', async () => {
    const { transport, slept } = page(new JsonMemory(), 100)
    await expect(transport.send(withKey(SALE, '01234567'), PATIENT)).resolves.toMatchObject({ kind: 'reply' })
    expect(slept[0]).toBeGreaterThanOrEqual(100)
    await expect(transport.send(withKey(SALE, '01234567'), { timeoutMs: 50 })).resolves.toMatchObject({
      kind: 'silence',
      cause: 'timeout',
      sent: 'perhaps',
    })
  })

  it('is silent while it starts', async () => {
    const memory = new JsonMemory()
    const { transport } = page(memory)
    await transport.send(withKey(rebootRequest(), '01234567'), PATIENT)
    await expect(transport.send(withKey(SALE, '01234567'), PATIENT)).resolves.toMatchObject({
      kind: 'silence',
      cause: 'network',
    })
  })

  it('sends nothing when it is already aborted', async () => {
    const memory = new JsonMemory()
    const signal = AbortSignal.abort()
    const answer = await page(memory).transport.send(withKey(SALE, '01234567'), { ...PATIENT, signal })
    expect(answer).toEqual({ kind: 'silence', cause: 'aborted', sent: 'never' })
    expect(memory.json).toBeNull()
  })
})
