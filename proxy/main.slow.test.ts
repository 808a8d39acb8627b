import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { IIKO_ACCOUNT, startIikoEmulator } from '../e2e/emulators/iiko.ts'

const NODE = [process.execPath, '--import', 'tsx', 'proxy/main.ts'] as const

function start(env: Record<string, string>, [command, ...args]: readonly [string, ...string[]] = NODE) {
  const dist = mkdtempSync(join(tmpdir(), 'ikkm-main-'))
  writeFileSync(join(dist, 'index.html'), '<title>app</title>')
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, HOME: dist, DIST_DIR: dist, STATE_DIR: join(dist, 'state'), PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (output.err += chunk.toString('utf8')))
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  return { child, output, exited }
}

const BOOT = { timeout: 20_000 }

describe('npm start', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'prints its address, serves, and stops on %s with the licence slot given back',
    async (signal) => {
      const iiko = await startIikoEmulator({ shifts: 10 })
      const { child, output, exited } = start({
        IIKO_URL: iiko.origin,
        IIKO_LOGIN: IIKO_ACCOUNT.login,
        IIKO_PASSWORD: IIKO_ACCOUNT.password,
      })
      await expect.poll(() => output.out, BOOT).toMatch(/^Terminal: http:\/\/localhost:\d+$/m)
      const port = /localhost:(\d+)/.exec(output.out)?.[1] ?? ''
      const health = await fetch(`http://127.0.0.1:${port}/healthz`)
      expect([health.status, health.headers.get('cache-control')]).toEqual([200, 'no-store'])
      expect(await health.json()).toEqual({ status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string })
      expect((await fetch(`http://127.0.0.1:${port}/api/iiko/names`)).status).toBe(200)
      expect(iiko.model.activeTokens()).toBe(1)
      child.kill(signal)
      expect(await exited).toBe(0)
      expect(iiko.model.activeTokens()).toBe(0)
      expect(output.out + output.err).not.toContain(IIKO_ACCOUNT.password)
      await iiko.close()
    },
  )

  it.each([
    ['', false],
    ['https://kassa.local', true],
  ])('with the allowed origins %j shows the pairing code: %s', async (origins, shown) => {
    const { child, output, exited } = start({
      ALLOWED_ORIGINS: origins,
      PAIRING_CODE: '13572468',
      OWNER_CODE: '86427531',
    })
    await expect.poll(() => output.out, BOOT).toContain('devices for the relay')
    expect(output.out.includes('Pairing code: 13572468')).toBe(shown)
    expect(output.out).toMatch(/^The shop’s figures: http:\/\/localhost:\d+\/shop, owner’s code: 86427531$/m)
    expect(output.err).not.toMatch(/13572468|86427531/)
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })

  it('stops with the shell that npm started it in, which passes no signal on', async () => {
    const script = `"${process.execPath}" --import tsx proxy/main.ts; true`
    const { child, output } = start({ npm_lifecycle_event: 'start' }, ['/bin/sh', '-c', script])
    await expect.poll(() => output.out, BOOT).toContain('devices for the relay')
    const port = /localhost:(\d+)/.exec(output.out)?.[1] ?? ''
    child.kill('SIGTERM')
    const answers = () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => 'running',
        () => 'gone',
      )
    await expect.poll(answers, BOOT).toBe('gone')
    expect(output.err).toContain('"event":"stopped"')
  })

  it('explains a port in use, and a wrong setting', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const busy = start({ PORT: String(port) })
    expect(await busy.exited).toBe(1)
    expect(busy.output.err).toContain(`PORT: ${port} is in use`)
    const wrong = start({ IIKO_URL: 'nowhere' })
    expect(await wrong.exited).toBe(1)
    expect(wrong.output.err).toContain('IIKO_URL: must look like')
    taken.close()
  })
})
