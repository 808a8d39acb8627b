import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'

const SCRIPT = new URL('main.ts', import.meta.url).pathname

interface Run {
  /** Resolves when this many lines have come. */
  readonly lines: (count: number) => Promise<string[]>
  readonly stop: (signal: NodeJS.Signals) => void
  readonly ended: Promise<{ code: number | null; errors: string }>
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  let wake: () => void = () => undefined
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    wake()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
    child.on('close', (code) => {
      wake()
      resolve({ code, errors })
    })
  })
  const lines = async (count: number): Promise<string[]> => {
    while (output.split('\n').length <= count && child.exitCode === null)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    return output.split('\n').slice(0, count)
  }
  return { lines, ended, stop: (signal) => child.kill(signal) }
}

describe('npm run emulators', () => {
  it('prints a line per emulator with a setup link that works, and stops when it is told to', async () => {
    const emulators = run('--seed', '7', '--no-cors')
    try {
      const [device = '', ...others] = await emulators.lines(3)
      const match = /^iKKM {2}(\S+) {2}control (\S+) {2}key (\d{8}) {2}(\/setup\?\S+)$/.exec(device)
      const [, origin = '', controlOrigin = '', key = '', link = ''] = match ?? []
      expect(link).toBe(`/setup?device=${encodeURIComponent(origin)}&transport=direct#key=${key}`)
      const answer = await fetch(`${origin}/apicheck/?key=${key}`)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(await answer.text()).toBe('0')
      expect(await (await fetch(`${controlOrigin}/key`)).json()).toEqual({ key })
      expect(others.map((line) => line.slice(0, 4))).toEqual(['iiko', 'ATOL'])
    } finally {
      emulators.stop('SIGTERM')
    }
    expect((await emulators.ended).code).toBe(0)
  })

  it('listens where it is told to, and says what is wrong with its flags', async () => {
    const device = run('--device-only', '--port', '0', '--control-port', '0')
    expect((await device.lines(1))[0]).toMatch(/^iKKM/)
    device.stop('SIGINT')
    expect((await device.ended).code).toBe(0)
    const wrong = run('--port', '99999')
    expect(await wrong.ended).toMatchObject({ code: 1, errors: expect.stringContaining('--port') as string })
  })
})
