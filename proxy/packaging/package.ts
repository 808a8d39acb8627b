/**
 * `npm run package [-- --out FOLDER]`: one archive with the built terminal and its server in one bundle, which starts
 * with `node server.mjs` on a computer that has Node and nothing else. The last line is the archive's path.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import packageJson from '../../package.json' with { type: 'json' }

/** What a technician runs beside the server. */
const COMMANDS = ['tills', 'server-backup', 'server-check']
/**
 * SQLite holds machine code: its library lies in the archive as npm installed it here. On a computer of another kind the
 * terminal works without a shop server.
 */
const NATIVE = ['libsql']
const NATIVE_PARTS = ['@libsql', '@neon-rs/load']

const here = import.meta.dirname
const root = resolve(here, '../..')
const name = `${packageJson.name}-${packageJson.version}`
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'package') },
    /** A terminal that is built already. */
    dist: { type: 'string' },
  },
})

const parent = mkdtempSync(join(tmpdir(), 'ikkm-package-'))
try {
  const folder = join(parent, name)
  const dist = join(folder, 'dist')
  if (values.dist === undefined) await build({ root, logLevel: 'warn', build: { outDir: dist } })
  else cpSync(values.dist, dist, { recursive: true })
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    // Nothing is left to install: every library goes into the bundle, and SQLite beside it.
    ssr: { noExternal: true, external: NATIVE },
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: {
          server: join(here, 'server.ts'),
          ...Object.fromEntries(COMMANDS.map((command) => [command, resolve(here, `../${command}.ts`)])),
        },
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'lib/[name]-[hash].mjs' },
      },
    },
  })
  for (const file of ['INSTALL.md', 'ikkm-terminal.service', 'start.cmd'])
    copyFileSync(join(here, file), join(folder, file))
  for (const file of ['LICENSE', 'CHANGELOG.md']) copyFileSync(join(root, file), join(folder, file))
  for (const library of [...NATIVE, ...NATIVE_PARTS])
    cpSync(join(root, 'node_modules', library), join(folder, 'node_modules', library), {
      recursive: true,
      dereference: true,
    })
  mkdirSync(values.out, { recursive: true })
  const archive = join(resolve(values.out), `${name}.tar.gz`)
  execFileSync('tar', ['-czf', archive, '-C', parent, name])
  console.log(archive)
} finally {
  rmSync(parent, { recursive: true, force: true })
}
