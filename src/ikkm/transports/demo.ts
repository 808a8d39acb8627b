/** The device model in the page: demo mode. What it remembers is saved before an answer leaves, as in a real device. */
import type { DeviceAnswer, DeviceTransport } from '../../contract/device.ts'
import { IkkmDevice, type DeviceState } from '../../device-model/device.ts'

/** Where the demo device keeps its memory; one for all tabs. */
export interface DemoMemory {
  load(): Promise<DeviceState | null>
  save(state: DeviceState): Promise<void>
}

export interface DemoTransportOptions {
  readonly memory: DemoMemory
  /** A new device, for the first request ever. */
  readonly newState: (nowMs: number) => DeviceState
  /** One at a time over all tabs, from reading the memory to saving it; only this page where it is absent. */
  readonly inTurn?: <T>(work: () => Promise<T>) => Promise<T>
  readonly now?: () => number
  readonly sleep?: (ms: number) => Promise<void>
}

export interface DemoTransport extends DeviceTransport {
  /** Looks at the device or does something at it (its screen, paper, a reboot) and saves it. */
  atDevice<T>(action: (device: IkkmDevice, nowMs: number) => T): Promise<T>
}

export function createDemoTransport(options: DemoTransportOptions): DemoTransport {
  const now = options.now ?? ((): number => Date.now())
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)))
  let last: Promise<unknown> = Promise.resolve()

  function atDevice<T>(action: (device: IkkmDevice, nowMs: number) => T): Promise<T> {
    const work = async () => {
      const device = new IkkmDevice((await options.memory.load()) ?? options.newState(now()))
      const result = action(device, now())
      await options.memory.save(device.state)
      return result
    }
    const turn = last.then(() => (options.inTurn === undefined ? work() : options.inTurn(work)))
    last = turn.catch(() => undefined)
    return turn
  }

  return {
    kind: 'demo',
    atDevice,
    async send(request, { timeoutMs, signal }): Promise<DeviceAnswer> {
      if (isAborted(signal)) return { kind: 'silence', cause: 'aborted', sent: 'never' }
      try {
        const { reply, workMs } = await atDevice((device, nowMs) => ({
          reply: device.isUp(nowMs) ? device.handle(request, nowMs) : null,
          workMs: device.workMs,
        }))
        if (reply === null)
          return { kind: 'silence', cause: 'network', sent: 'perhaps', detail: 'the demo device starts' }
        if (workMs > 0) await sleep(Math.min(workMs, timeoutMs))
        if (workMs > timeoutMs) return { kind: 'silence', cause: 'timeout', sent: 'perhaps' }
        return isAborted(signal) ? { kind: 'silence', cause: 'aborted', sent: 'perhaps' } : reply
      } catch (error) {
        return { kind: 'silence', cause: 'network', sent: 'perhaps', detail: String(error).slice(0, 200) }
      }
    },
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
