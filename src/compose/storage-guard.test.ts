import { describe, expect, it } from 'vitest'
import { guardStorage, roomProblem } from './storage-guard.ts'

const state = (usage: number | null, quota: number | null) => () => Promise.resolve({ persisted: true, usage, quota })
const canWrite = (can: boolean) => () => Promise.resolve(can)

describe('room for the next record', () => {
  it('is there with at least 20 MB free', async () => {
    expect(await roomProblem({ persistence: state(80e6, 100e6), canWrite: canWrite(true) })).toBeNull()
  })

  it('is missing below that, and the free megabytes are said', async () => {
    expect(await roomProblem({ persistence: state(98.5e6, 100e6), canWrite: canWrite(true) })).toBe(
      'QuotaExceededError: 1 MB',
    )
    expect(await roomProblem({ persistence: state(200e6, 100e6), canWrite: canWrite(true) })).toBe(
      'QuotaExceededError: 0 MB',
    )
  })

  it('is tried by writing where the browser tells no quota', async () => {
    expect(await roomProblem({ persistence: state(null, null), canWrite: canWrite(true) })).toBeNull()
    expect(await roomProblem({ persistence: state(5, null), canWrite: canWrite(false) })).toBe('QuotaExceededError')
  })

  it('is looked at again and again, so that made room is noticed', async () => {
    let quota = 10e6
    const looks: (() => void)[] = []
    const told: (string | null)[] = []
    guardStorage({
      persistence: () => Promise.resolve({ persisted: true, usage: 0, quota }),
      canWrite: canWrite(true),
      onProblem: (problem) => told.push(problem),
      every: (run) => looks.push(run),
    })
    await expect.poll(() => told).toEqual(['QuotaExceededError: 10 MB'])
    quota = 100e6
    looks[0]?.()
    await expect.poll(() => told).toEqual(['QuotaExceededError: 10 MB', null])
  })
})
