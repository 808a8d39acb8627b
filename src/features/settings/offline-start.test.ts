import { describe, expect, it } from 'vitest'
import { startsOffline, type Workers } from './offline-start.ts'

const never = new Promise<ServiceWorkerRegistration>(() => undefined)
const registration = {} as ServiceWorkerRegistration

describe('a start without a network', () => {
  it.each<[string, Workers, boolean]>([
    ['is sure with a worker', { ready: Promise.resolve(registration), getRegistration: () => never }, true],
    [
      'is on its way with one that installs',
      { ready: never, getRegistration: () => Promise.resolve(registration) },
      true,
    ],
    [
      'fails where a certificate warning was clicked away',
      { ready: never, getRegistration: () => Promise.resolve(undefined) },
      false,
    ],
    [
      'fails where the browser refuses to look',
      { ready: never, getRegistration: () => Promise.reject(new Error('SecurityError')) },
      false,
    ],
    ['fails at an address that is not secure', undefined, false],
  ])('%s', async (_name, workers, expected) => {
    expect(await startsOffline(workers, 1)).toBe(expected)
  })
})
