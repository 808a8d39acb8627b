import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rawRequest, startTestProxy, type TestProxy } from './testing/proxy-kit.ts'
import { createMarks } from './marks.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'ikkm-tills-'))
const asks = (till: string, prefix: string, avoid: string[] = []) => ({ till: `till-${till}`, prefix, avoid })

describe('the terminals of a server', () => {
  it('get the prefix that they ask for once, and the same answer again, also after a restart', () => {
    const stateDir = folder()
    const tills = createMarks({ stateDir })
    expect([tills.count(), tills.claim(asks('a', 'DF')), tills.claim(asks('a', 'DF')), tills.count()]).toEqual([
      0,
      'DF',
      'DF',
      1,
    ])
    const again = createMarks({ stateDir })
    expect([again.count(), again.claim(asks('a', 'DF'))]).toEqual([1, 'DF'])
  })

  it('never share a prefix: the later one gets another, which isn’t one of its own old ones', () => {
    const tills = createMarks({ stateDir: folder(), chance: () => 0 })
    tills.claim(asks('a', 'A'))
    expect(tills.claim(asks('b', 'A', ['DD']))).toBe('DF')
    expect(tills.claim(asks('b', 'DF'))).toBe('DF')
  })

  it('keep their own when they ask for another one’s, and may change to a free one', () => {
    const tills = createMarks({ stateDir: folder() })
    tills.claim(asks('a', 'DF'))
    tills.claim(asks('b', 'GJ'))
    expect([tills.claim(asks('b', 'DF')), tills.claim(asks('b', 'K2'))]).toEqual(['GJ', 'K2'])
    expect(tills.claim(asks('c', 'GJ'))).toBe('GJ')
  })

  it('are never more than a shop has; the one seen longest ago makes room', () => {
    let nowMs = 0
    const tills = createMarks({ stateDir: folder(), now: () => (nowMs += 1) })
    for (let index = 0; index < 300; index += 1) expect(tills.claim(asks(`${index}`, 'DF')).length).toBeLessThan(3)
    expect(tills.count()).toBe(120)
  })

  it('begin anew where the file is damaged', () => {
    const stateDir = folder()
    writeFileSync(join(stateDir, 'marks.json'), '{"tills":[{')
    expect(createMarks({ stateDir }).count()).toBe(0)
  })
})

describe('POST /api/till', () => {
  let proxy: TestProxy
  beforeAll(async () => {
    proxy = await startTestProxy()
  })
  afterAll(() => proxy.close())
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    rawRequest(proxy.base, '/api/till', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  it('tells the prefix, and the configuration counts the terminal', async () => {
    const before = JSON.parse((await rawRequest(proxy.base, '/api/config')).body) as { tills: number }
    expect(before.tills).toBe(0)
    expect((await post(asks('one', 'DF'))).body).toBe('{"prefix":"DF"}')
    expect(JSON.parse((await rawRequest(proxy.base, '/api/config')).body)).toMatchObject({ tills: 1 })
  })

  it('sets the page’s own cookie again, which a browser then keeps longer, and no other one', async () => {
    const { headers } = await post(asks('one', 'DF'), { cookie: 'x=1; till-8787=%7B%22till%22%3A1%7D; y=2' })
    expect(headers['set-cookie']).toEqual(['till-8787=%7B%22till%22%3A1%7D; Max-Age=34560000; Path=/; SameSite=Strict'])
    expect((await post(asks('one', 'DF'), { cookie: 'x=1' })).headers['set-cookie']).toBeUndefined()
  })

  it.each([{}, asks('one', 'd'), { ...asks('one', 'DF'), till: '../x' }, { ...asks('one', 'DF'), more: 1 }])(
    'refuses %j',
    async (body) => {
      expect((await post(body)).status).toBe(400)
    },
  )
})
