import { describe, expect, it } from 'vitest'
import { makeTabPlan, TAB_FAULTS } from './plan.ts'
import { runTabs } from './schedule.ts'

/** 10 s of one core; `npm run simulate -- --layer runner` runs more. */
const SCHEDULES = 2_000

describe('the queue over several tabs, by chance', () => {
  it('registers every sale once, sends one request at a time, and comes to rest when the faults are over', async () => {
    const broken: string[] = []
    let faults = 0
    let requests = 0
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const result = await runTabs(seed)
      for (const { kind, text } of result.findings) broken.push(`${seed}: ${kind}: ${text}`)
      faults += result.faults
      requests += result.requests
    }
    expect(broken).toEqual([])
    // Such a day is none without what goes wrong in it.
    expect(faults).toBeGreaterThan(SCHEDULES * 4)
    expect(requests).toBeGreaterThan(SCHEDULES * 15)
  }, 240_000)

  it('does the same again for the same seed, step by step', async () => {
    for (const seed of [3, 58, 1716]) {
      const first = await runTabs(seed, { trace: true })
      const second = await runTabs(seed, { trace: true })
      expect(first.trace.length).toBeGreaterThan(20)
      expect(second).toEqual(first)
    }
  })

  it('has days with and without locks, with and without readings of the register, and every kind of fault', () => {
    const plans = Array.from({ length: 300 }, (_, index) => makeTabPlan(index + 1))
    expect(new Set(plans.map(({ locks }) => locks)).size).toBe(2)
    expect(new Set(plans.map(({ tabs }) => tabs))).toEqual(new Set([2, 3, 4]))
    for (const fault of TAB_FAULTS) expect(plans.some(({ rates }) => rates[fault] !== undefined)).toBe(true)
  })
})
