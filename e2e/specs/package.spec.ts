/** The archive of `npm run package`, unpacked into an empty folder, starts with Node alone and sells. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from '../fixtures.ts'
import { Terminal } from '../pages/terminal.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** Runs the unpacked server as a person would, without anything of this project in reach. */
function startUnpacked(folder: string, stateDir: string) {
  const server = spawn(process.execPath, ['server.mjs'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: stateDir, STATE_DIR: stateDir, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const origin = new Promise<string>((done, fail) => {
    let said = ''
    server.once('exit', (code) => fail(new Error(`node server.mjs ended with ${String(code)}:\n${said}`)))
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /Terminal: (http:\S+)/.exec(said)?.[1]
      if (found !== undefined) done(found)
    })
  })
  return { server, origin }
}

test('the archive starts with node server.mjs in an empty folder, and sells', async ({ page, device, watch }) => {
  const folder = mkdtempSync(join(tmpdir(), 'ikkm-unpacked-'))
  const said = execFileSync(
    'npm',
    ['run', '--silent', 'package', '--', '--out', folder, '--dist', join(ROOT, 'dist')],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  )
  const archive = said.trim().split('\n').at(-1) ?? ''
  execFileSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'])
  for (const file of [
    'server.mjs',
    'tills.mjs',
    'server-backup.mjs',
    'server-check.mjs',
    'INSTALL.md',
    'ikkm-terminal.service',
    'start.cmd',
    'LICENSE',
  ])
    expect(existsSync(join(folder, file)), file).toBe(true)
  expect(readdirSync(join(folder, 'node_modules')).sort()).toEqual(['@libsql', '@neon-rs', 'libsql'])
  const stateDir = join(folder, 'state')
  const { server, origin } = startUnpacked(folder, stateDir)
  try {
    const address = await origin
    watch.allowOrigin(address)
    await page.goto(address)
    const terminal = new Terminal(page, address, device, watch)
    await terminal.tapProducts(0)
    await terminal.byId('pay').click()
    await terminal.byId('tender-cash-exact').click()
    await terminal.expectResult('registered')
    // The shop server's database came along.
    const shop = await page.request.get(`${address}/api/shop/summary`)
    expect(await shop.json()).toMatchObject({
      demo: true,
      tills: expect.arrayContaining([expect.anything()]),
    })
    const check = execFileSync(process.execPath, ['server-check.mjs'], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: stateDir, STATE_DIR: stateDir },
      encoding: 'utf8',
    })
    expect(check).toContain('0 differences')
    const tills = execFileSync(process.execPath, ['tills.mjs', 'list'], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: stateDir, STATE_DIR: stateDir },
      encoding: 'utf8',
    })
    expect(tills).toContain('No till has been paired yet')
  } finally {
    server.removeAllListeners('exit')
    server.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})
