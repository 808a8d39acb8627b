import { expect, test } from 'vitest'
import {
  anything,
  flag,
  integer,
  listOf,
  matching,
  number,
  objectOf,
  oneOf,
  orElse,
  orNull,
  read,
  recordOf,
  someOf,
  text,
  Wrong,
  type Shape,
} from './shape.ts'

const takes = (shape: Shape<unknown>, ...values: readonly unknown[]) => {
  for (const value of values) expect(shape(value)).toEqual(value)
}
const refuses = (shape: Shape<unknown>, ...values: readonly unknown[]) => {
  for (const value of values) expect(shape(value)).toBeInstanceOf(Wrong)
}

test('plain values', () => {
  takes(text, '', 'coffee')
  refuses(text, undefined, null, 1, ['a'])
  takes(flag, true, false)
  refuses(flag, 'true', 0, null)
  takes(number, 0, -1.5, Infinity)
  refuses(number, NaN, '1', null)
  takes(integer(), -7, 0, Number.MAX_SAFE_INTEGER)
  refuses(integer(), 1.5, Number.MAX_SAFE_INTEGER + 1, NaN, '1')
  takes(integer(1), 1, 2)
  refuses(integer(1), 0, -1)
  takes(matching(/^\d{2}$/), '20')
  refuses(matching(/^\d{2}$/), '2', '200', 20, null)
  takes(oneOf('ru', 'kk'), 'ru', 'kk')
  refuses(oneOf('ru', 'kk'), 'en', undefined)
  takes(oneOf(24, 32), 24)
  refuses(oneOf(24, 32), '24')
  takes(anything, {}, { a: 1 }, [])
  refuses(anything, null, undefined, 'a')
})

test('null and a missing value', () => {
  takes(orNull(text), null, 'a')
  refuses(orNull(text), undefined, 1)
  expect(orElse(text, '')(undefined)).toBe('')
  refuses(orElse(text, ''), null, 1)
})

test('an object keeps its fields and leaves out others', () => {
  const item = objectOf({ id: text, price: orNull(integer()), note: orElse(text, undefined) })
  expect(item({ id: 'a', price: null, more: 1 })).toEqual({ id: 'a', price: null })
  expect(Object.keys(item({ id: 'a', price: 1 }) as object)).toEqual(['id', 'price'])
  refuses(item, { id: 'a' }, { id: 'a', price: '1' }, null, 'a', undefined)
})

test('some of the fields', () => {
  const change = someOf({ name: text, taxId: orNull(text) })
  takes(change, {}, { name: 'a' }, { taxId: null })
  expect(change({ name: undefined, other: 1 })).toEqual({})
  refuses(change, { name: null }, { taxId: 1 }, null)
})

test('lists and records', () => {
  takes(listOf(text), [], ['a', 'b'])
  refuses(listOf(text), {}, 'a', ['a', 1], null)
  takes(recordOf(integer()), {}, { a: 1, b: 2 })
  refuses(recordOf(integer()), { a: 1, b: 'x' }, null, 'a')
})

test('what is wrong is named by its place', () => {
  const shape = objectOf({ request: orNull(objectOf({ rows: listOf(objectOf({ sum: integer() })) })) })
  expect(shape({ request: { rows: [{ sum: 1 }, { sum: 'x' }] } })).toMatchObject({
    path: 'request.rows.1.sum',
    value: 'x',
  })
  expect(shape(null)).toMatchObject({ path: '', value: null })
  expect(read(shape, { request: 1 })).toBeNull()
  expect(read(shape, { request: null })).toEqual({ request: null })
})
