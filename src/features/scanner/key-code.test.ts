import { describe, expect, it } from 'vitest'
import { readKeyCode } from './key-code.ts'

describe('a code that is held up for the key', () => {
  it.each([
    ['04917623', '04917623'],
    [' 04917623\n', '04917623'],
    ['key=04917623', '04917623'],
    ['http://192.168.1.50:8080/?key=04917623', '04917623'],
    ['{"webKey":"04917623","again":"04917623"}', '04917623'],
  ])('%s holds the key', (text, key) => {
    expect(readKeyCode(text)).toEqual({ kind: 'key', key })
  })

  it.each(['', '4870204391234', '12345678 87654321', '1234567', 'https://kgd.gov.kz/check?i=123456789'])(
    '%s holds none',
    (text) => {
      expect(readKeyCode(text)).toEqual({ kind: 'other' })
    },
  )

  it('takes the link of another tablet for what it is', () => {
    const read = readKeyCode(
      'https://till.shop:8787/setup?transport=direct&device=http%3A%2F%2F10.0.0.5%3A8080&lang=kk',
    )
    expect(read.kind === 'link' ? read.url.searchParams.get('device') : null).toBe('http://10.0.0.5:8080')
    expect(readKeyCode('javascript:alert(1)//setup').kind).toBe('other')
  })
})
