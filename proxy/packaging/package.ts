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
    // Nothing is left to install: every library goes into the bundle.
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      emptyOutDir: false,
      copyPublicDir: false,
      rolldownOptions: {
        input: { server: join(here, 'server.ts'), tills: resolve(here, '../tills.ts') },
        output: { entryFileNames: '[name].mjs', chunkFileNames: 'lib/[name]-[hash].mjs' },
      },
    },
  })
  for (const file of ['INSTALL.md', 'ikkm-terminal.service', 'start.cmd'])
    copyFileSync(join(here, file), join(folder, file))
  for (const file of ['LICENSE', 'CHANGELOG.md']) copyFileSync(join(root, file), join(folder, file))
  mkdirSync(values.out, { recursive: true })
  const archive = join(resolve(values.out), `${name}.tar.gz`)
  execFileSync('tar', ['-czf', archive, '-C', parent, name])
  console.log(archive)
} finally {
  rmSync(parent, { recursive: true, force: true })
}
