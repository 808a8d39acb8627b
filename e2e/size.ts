/**
 * `npm run size`: gzipped bytes of the built app. The selling path is everything that a browser must have before
 * the first receipt can be paid: the entry, what it imports, the sale and payment screens, and one language.
 * `--check` fails above the budget, and where pieces import each other in a circle.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const DIST = 'dist'
/** Budget of the selling path's JavaScript in gzipped bytes. */
const SELLING_BUDGET = 105_000
/** Lazy parts without which no receipt can be paid; editors and menus over the sale are none. */
const SELLING_SOURCES = /^src\/(features\/payment\/|features\/sale\/SalePage|i18n\/ru\/selling)/

interface ManifestChunk {
  readonly file: string
  readonly src?: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
}

const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8')) as Record<string, ManifestChunk>

function gzipped(file: string): number {
  return gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length
}

/** Files that come with a chunk: itself, its static imports, and lazy parts of the selling path. */
function collect(key: string, files: Set<string>): void {
  const chunk = manifest[key]
  if (chunk === undefined || files.has(chunk.file)) return
  files.add(chunk.file)
  for (const imported of chunk.imports ?? []) collect(imported, files)
  for (const lazy of chunk.dynamicImports ?? []) {
    if (SELLING_SOURCES.test(manifest[lazy]?.src ?? '')) collect(lazy, files)
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(DIST, folder)).flatMap((name) => {
    const path = join(folder, name)
    return statSync(join(DIST, path)).isDirectory() ? filesBelow(path) : [path]
  })
}

/**
 * Pieces that import each other in a circle, as `[a, b, a]`; null for none. One of them runs before what it needs, and
 * the app doesn't start: neither the types nor the bundler say so.
 */
function circle(): readonly string[] | null {
  const done = new Set<string>()
  const walk = (key: string, way: readonly string[]): readonly string[] | null => {
    if (way.includes(key)) return [...way.slice(way.indexOf(key)), key]
    if (done.has(key)) return null
    for (const imported of manifest[key]?.imports ?? []) {
      const found = walk(imported, [...way, key])
      if (found !== null) return found
    }
    done.add(key)
    return null
  }
  for (const key of Object.keys(manifest)) {
    const found = walk(key, [])
    if (found !== null) return found
  }
  return null
}

const selling = new Set<string>()
for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry === true) collect(key, selling)
const sellingPath = [...selling].filter((file) => file.endsWith('.js')).reduce((sum, file) => sum + gzipped(file), 0)
const everything: Record<string, number> = {}
for (const file of filesBelow('.').filter((path) => !path.startsWith('.vite'))) {
  const kind = extname(file).slice(1)
  everything[kind] = (everything[kind] ?? 0) + gzipped(file)
}
const total = Object.values(everything).reduce((sum, bytes) => sum + bytes, 0)

console.log(
  JSON.stringify({
    sellingPath,
    sellingBudget: SELLING_BUDGET,
    sellingFiles: selling.size,
    everything: total,
    byKind: everything,
  }),
)
if (process.argv.includes('--check')) {
  const pieces = circle()
  if (pieces !== null) console.error(`pieces import each other: ${pieces.join(' -> ')}`)
  if (pieces !== null || sellingPath > SELLING_BUDGET) process.exit(1)
}
