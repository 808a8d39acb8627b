import { describe, expect, it } from 'vitest'
import { pageSlot, storedNextStart, webSlot, type NextStart, type Slot } from './slot.ts'

/** The part of Web Locks that the slot uses: one holder a name, `signal` ends the wait, `steal` breaks the lock. */
class FakeLocks {
  private holder: { reject: (error: Error) => void } | null = null
  private readonly waiting: (() => void)[] = []

  readonly request = (async (
    _name: string,
    options: LockOptions,
    callback: () => Promise<unknown>,
  ): Promise<unknown> => {
    if (options.steal === true) this.holder?.reject(new DOMException('stolen', 'AbortError'))
    else if (this.holder) await this.wait(options.signal)
    return new Promise((resolve, reject) => {
      const me = { reject }
      this.holder = me
      void callback()
        .then(resolve, reject)
        .finally(() => {
          if (this.holder !== me) return
          this.holder = null
          this.waiting.shift()?.()
        })
    })
  }) as unknown as LockManager['request']

  private wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push(resolve)
      signal?.addEventListener('abort', () => {
        this.waiting.splice(this.waiting.indexOf(resolve), 1)
        reject(signal.reason as Error)
      })
    })
  }
}

class FakeStorage {
  readonly values = new Map<string, string>()
  broken = false
  getItem(name: string): string | null {
    if (this.broken) throw new Error('SecurityError')
    return this.values.get(name) ?? null
  }
  setItem(name: string, value: string): void {
    if (this.broken) throw new Error('QuotaExceededError')
    this.values.set(name, value)
  }
}

function twoTabs(): [Slot, Slot] {
  const storage = new FakeStorage()
  const locks = new FakeLocks()
  const tab = (): Slot => webSlot({ locks, name: 'device', nextStart: storedNextStart(storage, 'device.next') })
  return [tab(), tab()]
}

describe.each<[string, () => [Slot, Slot]]>([
  ['web locks over two tabs', twoTabs],
  [
    'one page',
    () => {
      const slot = pageSlot()
      return [slot, slot]
    },
  ],
])('the slot: %s', (_, create) => {
  it('lets one work at a time', async () => {
    const [first, second] = create()
    let working = 0
    let most = 0
    const work = async (): Promise<void> => {
      working += 1
      most = Math.max(most, working)
      await Promise.resolve()
      working -= 1
    }
    await Promise.all([first.hold(work), second.hold(work), first.hold(work), second.hold(work)])
    expect(most).toBe(1)
  })

  it('tells the next holder when it may start', async () => {
    const [first, second] = create()
    await first.hold((next) => {
      next.write(5_000)
      return Promise.resolve()
    })
    await expect(second.hold((next) => Promise.resolve(next.read()))).resolves.toBe(5_000)
  })

  it('passes on a failure of the work and stays usable', async () => {
    const [first, second] = create()
    await expect(first.hold(() => Promise.reject(new Error('defect')))).rejects.toThrow('defect')
    await expect(second.hold(() => Promise.resolve('next'))).resolves.toBe('next')
  })
})

describe('a frozen tab', () => {
  it('loses the slot after the patience of the next, and still gets the answer of its own request', async () => {
    const locks = new FakeLocks()
    const nextStart: NextStart = { read: () => null, write: () => undefined }
    const slot = webSlot({ locks, name: 'device', nextStart, patienceMs: 20 })
    let thaw: (answer: string) => void = () => undefined
    const frozen = slot.hold(() => new Promise<string>((resolve) => (thaw = resolve)))
    await expect(slot.hold(() => Promise.resolve('taken over'))).resolves.toBe('taken over')
    thaw('late answer')
    await expect(frozen).resolves.toBe('late answer')
  })
})

describe('the shared next start', () => {
  it('falls back to this page where the storage is forbidden or full', () => {
    const storage = new FakeStorage()
    const next = storedNextStart(storage, 'n')
    expect(next.read()).toBeNull()
    storage.broken = true
    next.write(7)
    expect(next.read()).toBe(7)
  })

  it('ignores what is no time', () => {
    const storage = new FakeStorage()
    storage.values.set('n', 'soon')
    expect(storedNextStart(storage, 'n').read()).toBeNull()
  })
})
