import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DeviceAnswer, DeviceRequest, DeviceTransport } from '../contract/device.ts'
import { withKey } from './codec.ts'
import { createPacedClient, replyTimeoutMs, type Priority, type PacedClient } from './paced-client.ts'
import { statusRequest, zReportRequest } from './requests.ts'
import { pageSlot, type Slot } from './slot.ts'
import { reply } from './testing/device-replies.ts'

/** A device that answers after `workMs` and notes when each request came and went. */
function slowDevice(workMs: number) {
  const log: { path: string; startedAt: number; endedAt: number; timeoutMs: number }[] = []
  const transport: DeviceTransport = {
    kind: 'direct',
    async send(request, { timeoutMs }): Promise<DeviceAnswer> {
      const startedAt = Date.now()
      await new Promise((resolve) => setTimeout(resolve, workMs))
      log.push({ path: request.path, startedAt, endedAt: Date.now(), timeoutMs })
      return reply(200, '1', '0')
    },
  }
  return { log, transport }
}

const request = (path: string): DeviceRequest => ({ method: 'GET', path, query: '', body: null })

function send(
  client: PacedClient,
  path: string,
  priority: Priority = 'queue',
  signal?: AbortSignal,
): Promise<DeviceAnswer> {
  return client.send(request(path), signal ? { priority, signal } : { priority })
}

describe('the paced client', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_800_000_000_000 })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('sends the first request of an idle terminal at once', async () => {
    const { log, transport } = slowDevice(5)
    const client = createPacedClient({ transport, slot: pageSlot() })
    void send(client, '/first')
    await vi.advanceTimersByTimeAsync(5)
    expect(log).toMatchObject([{ path: '/first', startedAt: 1_800_000_000_000 }])
    await vi.advanceTimersByTimeAsync(10_000)
    void send(client, '/second')
    await vi.advanceTimersByTimeAsync(5)
    expect(log[1]).toMatchObject({ path: '/second', startedAt: 1_800_000_010_005 })
  })

  it('starts at most one request a second, however many callers there are', async () => {
    const { log, transport } = slowDevice(10)
    const client = createPacedClient({ transport, slot: pageSlot() })
    const answers = Array.from({ length: 20 }, (_, index) => send(client, `/${index}`))
    await vi.runAllTimersAsync()
    await Promise.all(answers)
    const gaps = log.slice(1).map((entry, index) => entry.startedAt - (log[index]?.startedAt ?? 0))
    expect(gaps).toHaveLength(19)
    // The exchange took 10 ms, so the request may have arrived up to 10 ms after its start.
    expect(gaps.every((gap) => gap === 1_010)).toBe(true)
    expect(log.map(({ path }) => path)).toEqual(Array.from({ length: 20 }, (_, index) => `/${index}`))
  })

  it('never starts a request before the one before has ended', async () => {
    const { log, transport } = slowDevice(4_000)
    const client = createPacedClient({ transport, slot: pageSlot() })
    void send(client, '/1')
    void send(client, '/2')
    await vi.runAllTimersAsync()
    expect((log[1]?.startedAt ?? 0) - (log[0]?.endedAt ?? 0)).toBe(0)
  })

  it('counts over all pages that share the slot', async () => {
    const { log, transport } = slowDevice(0)
    const slot = pageSlot()
    const [first, second] = [createPacedClient({ transport, slot }), createPacedClient({ transport, slot })]
    for (let index = 0; index < 5; index += 1) {
      void send(first, '/a')
      void send(second, '/b')
    }
    await vi.runAllTimersAsync()
    expect(log).toHaveLength(10)
    log.slice(1).forEach((entry, index) => {
      expect(entry.startedAt - (log[index]?.startedAt ?? 0)).toBeGreaterThanOrEqual(1_000)
    })
  })

  it('lets receipts pass looks at the state, and these pass directories', async () => {
    const { log, transport } = slowDevice(0)
    const client = createPacedClient({ transport, slot: pageSlot() })
    void send(client, '/running', 'directory')
    await vi.advanceTimersByTimeAsync(0)
    void send(client, '/directory', 'directory')
    void send(client, '/status', 'status')
    await vi.advanceTimersByTimeAsync(999)
    // Comes last, while the others wait for the second to pass, and still goes first.
    void send(client, '/receipt', 'queue')
    await vi.runAllTimersAsync()
    expect(log.map(({ path }) => path)).toEqual(['/running', '/receipt', '/status', '/directory'])
  })

  it('gives a Z report 90 s and everything else 30 s, unless told otherwise', async () => {
    const { log, transport } = slowDevice(0)
    const client = createPacedClient({ transport, slot: pageSlot() })
    void client.send(withKey(zReportRequest(), '12345678'), { priority: 'queue' })
    void client.send(withKey(statusRequest(), '12345678'), { priority: 'queue' })
    void client.send(request('/x'), { priority: 'queue', timeoutMs: 7 })
    await vi.runAllTimersAsync()
    expect(log.map(({ timeoutMs }) => timeoutMs)).toEqual([90_000, 30_000, 7])
    expect(replyTimeoutMs(request('/apixreport/'))).toBe(30_000)
  })

  it('sends nothing for a caller that gave up before its turn, and says so', async () => {
    const { log, transport } = slowDevice(0)
    const client = createPacedClient({ transport, slot: pageSlot() })
    const gaveUp = new AbortController()
    void send(client, '/1')
    const second = send(client, '/2', 'queue', gaveUp.signal)
    const third = send(client, '/3')
    gaveUp.abort()
    await expect(second).resolves.toEqual({ kind: 'silence', cause: 'aborted', sent: 'never' })
    await expect(send(client, '/4', 'queue', gaveUp.signal)).resolves.toMatchObject({ sent: 'never' })
    await vi.runAllTimersAsync()
    await third
    expect(log.map(({ path }) => path)).toEqual(['/1', '/3'])
  })

  it('takes a transport that breaks for silence that may have reached the device, and goes on', async () => {
    const broken: DeviceTransport = {
      kind: 'direct',
      send: () => {
        throw new Error('defect')
      },
    }
    const client = createPacedClient({ transport: broken, slot: pageSlot() })
    const first = send(client, '/1')
    const second = send(client, '/2')
    await vi.runAllTimersAsync()
    await expect(first).resolves.toMatchObject({ kind: 'silence', sent: 'perhaps', detail: 'Error: defect' })
    await expect(second).resolves.toMatchObject({ kind: 'silence', sent: 'perhaps' })
  })

  it('knows that nothing was sent where the slot itself is broken', async () => {
    const { log, transport } = slowDevice(0)
    const slot: Slot = { hold: () => Promise.reject(new Error('no locks')) }
    const client = createPacedClient({ transport, slot })
    await expect(send(client, '/1')).resolves.toMatchObject({ kind: 'silence', sent: 'never' })
    expect(log).toEqual([])
  })

  it('never waits longer than a second where the clock was set back', async () => {
    const { log, transport } = slowDevice(0)
    const client = createPacedClient({ transport, slot: pageSlot() })
    void send(client, '/1')
    await vi.advanceTimersByTimeAsync(10)
    vi.setSystemTime(1_700_000_000_000)
    void send(client, '/2')
    await vi.advanceTimersByTimeAsync(1_060)
    void send(client, '/3')
    await vi.advanceTimersByTimeAsync(500)
    vi.setSystemTime(1_600_000_000_000)
    await vi.advanceTimersByTimeAsync(600)
    expect(log.map(({ path }) => path)).toEqual(['/1', '/2', '/3'])
  })

  it('survives timers that fire too early', async () => {
    let now = 0
    const starts: number[] = []
    const transport: DeviceTransport = {
      kind: 'direct',
      send: () => {
        starts.push(now)
        return Promise.resolve(reply(200, '1', '0'))
      },
    }
    const clock = { now: () => now, sleep: (ms: number) => Promise.resolve(void (now += Math.max(0.5, ms - 3))) }
    const client = createPacedClient({ transport, slot: pageSlot(), clock })
    await send(client, '/1')
    await send(client, '/2')
    expect(starts[1]).toBeGreaterThanOrEqual(1_000)
  })
})
