import { describe, expect, it } from 'vitest'
import { startCause } from './start-cause.ts'

const FINE = { secure: true, hasStorage: true }

describe('why the terminal could not start', () => {
  it.each([
    ['insecure', new TypeError('crypto.randomUUID is not a function'), { secure: false, hasStorage: true }],
    ['denied', new TypeError('indexedDB is null'), { secure: true, hasStorage: false }],
    ['denied', new DOMException('The operation is insecure.', 'SecurityError'), FINE],
    ['denied', new DOMException('A mutation operation was attempted', 'InvalidStateError'), FINE],
    ['full', new DOMException('', 'QuotaExceededError'), FINE],
    ['newer', new DOMException('The requested version (1) is less than', 'VersionError'), FINE],
    ['closed', new DOMException('The database connection is closing.', 'InvalidStateError'), FINE],
    ['closed', new DOMException('Connection to Indexed Database server lost.', 'UnknownError'), FINE],
    ['notLoaded', new TypeError('Failed to fetch dynamically imported module: /assets/x.js'), FINE],
    ['defect', new TypeError('x is undefined'), FINE],
    ['defect', 'thrown text', FINE],
  ] as const)('is %s: %s', (cause, error, environment) => {
    expect(startCause(error, environment)).toBe(cause)
  })
})
