/** Deliberate defects of the runner, as patches of its source: each has to be noticed by some day of the shop. */
import type { Patch } from '../patched.ts'

export interface TabDefect {
  readonly name: string
  readonly patches: readonly Patch[]
}

const SERVICE = 'runner/service.ts'
const DRIVER = 'runner/driver.ts'

const one = (name: string, file: string, find: string, put: string): TabDefect => ({
  name,
  patches: [{ file, find, put }],
})

export const TAB_DEFECTS: readonly TabDefect[] = [
  one('a claim does not raise the epoch', 'memory-store.ts', '(ended?.epoch ?? 0) + 1', '(ended?.epoch ?? 1)'),
  one('a superseded tenure goes on', DRIVER, "if (result === 'superseded') return false", ''),
  one(
    'a failed transaction is taken for stored',
    DRIVER,
    'stored(store.commit(deviceId, { ...change, leaseUntilMs: until }, claim.epoch))',
    "store.commit(deviceId, { ...change, leaseUntilMs: until }, claim.epoch).catch(() => 'committed')",
  ),
  one(
    'nothing is checked before the first byte leaves',
    DRIVER,
    'const may = !stopped && !late && leaseLeftMs() >= effect.timeoutMs',
    'const may = true',
  ),
  one(
    'a request leaves long after its record',
    DRIVER,
    'effect.entryId !== null && recordAgeMs() > DEPARTS_WITHIN_MS',
    'false',
  ),
  one('an entry is taken again that was known', DRIVER, 'if (known.has(event.entry.id)) return', ''),
  one(
    'a resolved entry stays on the screen',
    DRIVER,
    'if (changed || left) parts.onChange()',
    'if (changed) parts.onChange()',
  ),
  {
    name: 'a sale is taken as it was when it was stored, however long ago',
    patches: [
      { file: SERVICE, find: 'if (tenure !== null && tenure === by)', put: 'if (tenure !== null)' },
      {
        file: SERVICE,
        find: `    else if (tenure !== null) lookForMissed(tenure)
    say({ kind: 'ask' })`,
        put: "    for (const entry of entries) say({ kind: 'event', event: { kind: 'enqueued', entry } })",
      },
    ],
  },
  one(
    'what another tab stores is looked for by nobody',
    SERVICE,
    'void offerMissed(by).catch(() => undefined)',
    'void by',
  ),
  one('events are given to no other tab', SERVICE, "    say({ kind: 'event', event })\n", ''),
  one('a frozen sender is never replaced', SERVICE, 'if (queued) stopWaiting.abort()', 'if (queued) return'),
  {
    name: 'a frozen sender is robbed before its lease is over',
    patches: [
      { file: SERVICE, find: 'if (leaves && untilMs > parts.clock.wall())', put: 'if (false)' },
      { file: SERVICE, find: 'if (waitMs > 0) await pause(waitMs)', put: '' },
    ],
  },
  one('a tenure begins after the lock was taken away', SERVICE, "if (!mine.held || stopped) return 'stopped'", ''),
  one('without locks nobody lets the other one go first', SERVICE, 'if (!stopped) await outlastOtherLease()', ''),
  one(
    'a typed key is called accepted before anybody took it',
    SERVICE,
    'if (result !== null) return result',
    "return result ?? 'accepted'",
  ),
  one(
    'a typed key is compared with what an old screen shows',
    SERVICE,
    'if (tenure !== null && view?.device.key !== key)',
    'if (tenure !== null)',
  ),
  one(
    'a sender that was replaced while idle shows old records',
    SERVICE,
    'if (tenure !== null) return void doubt(tenure).catch(() => undefined)',
    'if (tenure !== null) return',
  ),
  one('a storage failure is told for ever', SERVICE, 'if (!right.held) storageWorks()', ''),
]
