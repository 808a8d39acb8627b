import { describe, expect, it } from 'vitest'
import { Random, type RandomState } from './random.ts'

describe('seeded chance', () => {
  it('gives the same stream for the same seed and another for another', () => {
    const draw = (seed: number): number[] => {
      const random = Random.seeded(seed)
      return Array.from({ length: 5 }, () => random.uint32())
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    expect(draw(1)).not.toEqual(draw(1 + 2 ** 32))
  })

  it('carries on from a stored state', () => {
    const random = Random.seeded(3)
    random.uint32()
    const restored = new Random(JSON.parse(JSON.stringify(random.state)) as RandomState)
    expect([restored.uint32(), restored.uint32()]).toEqual([random.uint32(), random.uint32()])
  })

  it('spreads evenly over a range and stays inside it', () => {
    const random = Random.seeded(4)
    const counts = new Array<number>(10).fill(0)
    for (let draw = 0; draw < 100_000; draw += 1) {
      const value = random.between(5, 14)
      counts[value - 5] = (counts[value - 5] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  it('gives neighbouring seeds unrelated first numbers', () => {
    const firsts = Array.from({ length: 10_000 }, (_, seed) => Random.seeded(seed).fraction())
    const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length
    expect(new Set(firsts).size).toBeGreaterThan(9_990)
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01)
  })

  it('never fires at probability 0, always at 1, and takes one number either way', () => {
    const left = Random.seeded(5)
    const right = Random.seeded(5)
    for (let draw = 0; draw < 100; draw += 1) {
      expect(left.chance(0)).toBe(false)
      expect(right.chance(1)).toBe(true)
    }
    expect(left.uint32()).toBe(right.uint32())
  })

  it('forks streams that do not follow their parent', () => {
    const parent = Random.seeded(6)
    const child = parent.fork()
    expect(child.uint32()).not.toBe(parent.uint32())
    expect(() => child.pick([])).toThrow(RangeError)
    expect(['a', 'b']).toContain(child.pick(['a', 'b']))
  })
})
