import { describe, expect, it } from 'vitest'
import { guardStorage, roomProblem } from './storage-guard.ts'

const state = (usage: number | null, quota: number | null) => () => Promise.resolve({ persisted: true, usage, quota })
const writes = (problem: string | null) => () => Promise.resolve(problem)

describe('room for the next record', () => {
  it('is there with at least 20 MB free', async () => {
    expect(await roomProblem({ persistence: state(80e6, 100e6), writeProblem: writes(null) })).toBeNull()
  })

  it('is missing below that, and the free megabytes are said', async () => {
    expect(await roomProblem({ persistence: state(98.5e6, 100e6), writeProblem: writes(null) })).toBe(
      'QuotaExceededError: 1 MB',
    )
    expect(await roomProblem({ persistence: state(200e6, 100e6), writeProblem: writes(null) })).toBe(
      'QuotaExceededError: 0 MB',
    )
  })

  it('is tried by writing, whatever quota the browser tells', async () => {
    expect(await roomProblem({ persistence: state(1e6, 10e9), writeProblem: writes('QuotaExceededError') })).toBe(
      'QuotaExceededError',
    )
    expect(await roomProblem({ persistence: state(null, null), writeProblem: writes(null) })).toBeNull()
    expect(await roomProblem({ persistence: state(5, null), writeProblem: writes('QuotaExceededError') })).toBe(
      'QuotaExceededError',
    )
  })

  it('is looked at again and again, so that made room is noticed', async () => {
    let quota = 10e6
    const looks: (() => void)[] = []
    const told: (string | null)[] = []
    guardStorage({
      persistence: () => Promise.resolve({ persisted: true, usage: 0, quota }),
      writeProblem: writes(null),
      onProblem: (problem) => told.push(problem),
      every: (run) => looks.push(run),
    })
    await expect.poll(() => told).toEqual(['QuotaExceededError: 10 MB'])
    quota = 100e6
    looks[0]?.()
    await expect.poll(() => told).toEqual(['QuotaExceededError: 10 MB', null])
  })
})
