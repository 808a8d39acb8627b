import { describe, expect, it } from 'vitest'
import { nameOrShortId } from './iiko-names.ts'

describe('a name for an id', () => {
  const rows = [{ id: 'ad3cc1aa-a60e-c85c-e66d-3904490de4b9', name: 'Касса' }]

  it.each([
    ['ad3cc1aa-a60e-c85c-e66d-3904490de4b9', 'Касса'],
    ['bd3cc1aa-a60e-c85c-e66d-3904490de4b9', 'bd3cc1aa…'],
    ['short', 'short'],
    [null, null],
  ])('of %s is %s', (id, expected) => {
    expect(nameOrShortId(rows, id)).toBe(expected)
  })

  it('is the shortened id where the list was refused', () => {
    expect(nameOrShortId([], 'ad3cc1aa-a60e-c85c-e66d-3904490de4b9')).toBe('ad3cc1aa…')
  })
})
