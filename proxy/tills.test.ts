/** Tokens with roles, their list, and taking one back while the proxy runs. */
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAccess, loadPairingSecret, signToken } from './access.ts'
import { rawRequest, startTestProxy } from './testing/proxy-kit.ts'
import { createTills, listTills, revokeTill } from './till-registry.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'ikkm-tills-'))
const secret = Buffer.alloc(32, 7)

function tokenOf(result: ReturnType<ReturnType<typeof createAccess>['pair']>): string {
  if (result.kind !== 'paired') throw new Error(result.kind)
  return result.token
}

describe('a token', () => {
  it('names its role, and nobody changes it', () => {
    const access = createAccess({ code: '24681357', secret })
    const till = tokenOf(access.pair('24681357', 'a'))
    expect(till).toMatch(/^till\./)
    expect(access.check(till, 'a')).toBe('till')
    expect(access.check(signToken(secret, 'monitor', 'x'), 'a')).toBe('monitor')
    for (const forged of [till.replace(/^till/, 'monitor'), till.replace(/^till/, 'owner'), `${till}.`, `x.${till}`])
      expect(access.check(forged, 'a')).toBe('refused')
  })

  it('of an earlier version, without a role, stays a till', () => {
    const signature = createHmac('sha256', secret).update('token:abc').digest('base64url')
    expect(createAccess({ code: '24681357', secret }).check(`abc.${signature}`, 'a')).toBe('till')
  })

  it('is listed with its last use, and taken back for good', () => {
    const stateDir = folder()
    let now = Date.UTC(2026, 0, 1)
    const tills = createTills(stateDir, () => now)
    const access = createAccess({ code: '24681357', secret, tills })
    const first = tokenOf(access.pair('24681357', '192.168.1.5', 'Chrome on Android'))
    now += 3_600_000
    const second = tokenOf(access.pair('24681357', '192.168.1.6', 'Safari on iPad'))
    const [latest, earlier] = listTills(stateDir)
    expect([latest?.agent, earlier?.agent]).toEqual(['Safari on iPad', 'Chrome on Android'])
    expect(earlier).toMatchObject({ role: 'till', firstUse: '2026-01-01T00:00:00.000Z', address: '192.168.1.5' })
    expect(readFileSync(join(stateDir, 'tills.json'), 'utf8')).not.toContain(first.split('.')[2])
    expect(statSync(join(stateDir, 'tills.json')).mode & 0o077).toBe(0)
    revokeTill(stateDir, earlier?.id ?? '')
    now += 1_000
    expect(access.check(first, '192.168.1.5')).toBe('refused')
    expect(access.check(second, '192.168.1.6')).toBe('till')
    const restarted = createAccess({ code: '24681357', secret, tills: createTills(stateDir) })
    expect(restarted.check(first, '192.168.1.5')).toBe('refused')
    expect(restarted.check(second, '192.168.1.6')).toBe('till')
  })
})

describe('the command for tills', () => {
  const run = (stateDir: string, ...args: string[]) =>
    execFileSync(process.execPath, ['--import', 'tsx', 'proxy/tills.ts', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, STATE_DIR: stateDir },
    })

  it('lists, takes back while the proxy runs, and makes a token that reads the health alone', async () => {
    const stateDir = folder()
    const proxy = await startTestProxy({ STATE_DIR: stateDir, TRUSTED_PROXY: '127.0.0.1', PAIRING_CODE: '24681357' })
    const ask = (path: string, token: string) =>
      rawRequest(proxy.base, path, { headers: { authorization: `Bearer ${token}`, 'user-agent': 'Tablet 1' } })
    const paired = await rawRequest(proxy.base, '/api/pair', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"code":"24681357"}',
    })
    const { token } = JSON.parse(paired.body) as { token: string }
    expect((await ask('/api/atol/devices', token)).status).toBe(200)
    expect(JSON.parse((await ask('/api/config', token)).body)).toHaveProperty('serverName')
    const listed = run(stateDir, 'list')
    expect(listed).toContain('till  first')
    const monitor = run(stateDir, 'monitor').trim().replace('Authorization: Bearer ', '')
    expect((await ask('/api/health', monitor)).status).toBe(200)
    expect((await ask('/api/atol/devices', monitor)).status).toBe(401)
    expect(loadPairingSecret(stateDir).kept).toBe(true)
    run(stateDir, 'revoke', token.split('.')[1] ?? '')
    await expect.poll(async () => (await ask('/api/atol/devices', token)).status, { timeout: 5_000 }).toBe(401)
    expect(run(stateDir, 'list')).toContain('revoked')
    await proxy.close()
  })
})
