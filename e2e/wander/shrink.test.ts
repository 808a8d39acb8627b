import { describe, expect, it } from 'vitest'
import { makePlan, PROFILES } from './plan.ts'
import { fewestSteps } from './shrink.ts'

describe('shrinking a walk', () => {
  const steps = Array.from({ length: 40 }, (_, place) => place)

  it('keeps exactly the steps that matter', async () => {
    const matter = [3, 17, 31]
    const breaks = (kept: readonly number[]) => Promise.resolve(matter.every((place) => kept.includes(place)))
    expect(await fewestSteps(steps, breaks, 200)).toEqual(matter)
  })

  it('stops after so many tries and keeps what still breaks', async () => {
    let tries = 0
    const kept = await fewestSteps(
      steps,
      (left) => {
        tries += 1
        return Promise.resolve(left.includes(39))
      },
      5,
    )
    expect(tries).toBe(5)
    expect(kept).toContain(39)
  })
})

describe('the plan of a walk', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(makePlan(5)).toEqual(makePlan(5))
    expect(makePlan(5)).not.toEqual(makePlan(6))
    expect(makePlan(5).steps).toHaveLength(40)
  })

  it('meets every profile within two hundred seeds', () => {
    const met = new Set(Array.from({ length: 200 }, (_, seed) => makePlan(seed).profile))
    expect(met.size).toBe(PROFILES.length)
  })
})
