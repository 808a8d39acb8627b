/**
 * Serves the built app. Only files that a walk of the folder found are ever opened, so no path that a client
 * sends reaches the file system.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Context } from 'hono'

const MIME: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
}

/** Kinds that get much smaller; pictures are compressed already. */
const PACKED = /^text\/|javascript|json|svg|wasm/
/** Smaller files fit into one packet anyway. */
const PACKED_FROM = 1_024

/** A file is named after its content only under `assets/`; everything else is asked about every time. */
const YEAR_S = 31_536_000

interface StoredFile {
  readonly path: string
  readonly type: string
  readonly cache: string
  readonly etag: string
  readonly body: Uint8Array<ArrayBuffer>
  /** The body in gzip; undefined until a browser asked for it, null where it isn't worth it. */
  packed: Uint8Array<ArrayBuffer> | null | undefined
}

/** Whether the client takes gzip: named, or everything, and not with a weight of nothing. */
export function acceptsGzip(header: string | undefined): boolean {
  const offers = (header ?? '').split(',').map((offer) =>
    offer
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  )
  const named = offers.find(([name]) => name === 'gzip') ?? offers.find(([name]) => name === '*')
  return named !== undefined && !named.some((part) => /^q=0(?:\.0*)?$/.test(part))
}

function packedBody(file: StoredFile): Uint8Array<ArrayBuffer> | null {
  if (file.packed === undefined) {
    const worth = PACKED.test(file.type) && file.body.length >= PACKED_FROM
    file.packed = worth ? Uint8Array.from(gzipSync(file.body, { level: 9 })) : null
  }
  return file.packed
}

function walk(folder: string, prefix: string, files: Map<string, string>): Map<string, string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) walk(path, `${prefix}${entry.name}/`, files)
    else if (entry.isFile()) files.set(prefix + entry.name, path)
  }
  return files
}

function load(urlPath: string, path: string): StoredFile {
  const stats = statSync(path)
  return {
    path,
    type: MIME[extname(path).toLowerCase()] ?? 'application/octet-stream',
    cache: urlPath.startsWith('/assets/') ? `public, max-age=${YEAR_S}, immutable` : 'no-cache',
    etag: `"${stats.size.toString(36)}-${Math.floor(stats.mtimeMs).toString(36)}"`,
    body: Uint8Array.from(readFileSync(path)),
    packed: undefined,
  }
}

export interface StaticFiles {
  /** False when the app isn't built: there is no `index.html`. */
  readonly available: boolean
  /** Answers a GET or HEAD for a file or an app route; null when there is nothing of that name. */
  respond(context: Context): Response | null
}

/** Holds the folder in memory (the app is small) and reads it anew when `index.html` was built again. */
export function createStaticFiles(distDir: string): StaticFiles {
  const indexPath = join(distDir, 'index.html')
  let files = new Map<string, StoredFile>()
  let builtAt = -1

  const refresh = (): boolean => {
    let modified: number
    try {
      modified = statSync(indexPath).mtimeMs
    } catch {
      return files.size > 0
    }
    if (modified !== builtAt) {
      const found = walk(distDir, '/', new Map())
      files = new Map([...found].map(([urlPath, path]) => [urlPath, load(urlPath, path)]))
      builtAt = modified
    }
    return true
  }

  return {
    get available() {
      return refresh()
    },
    respond(context) {
      refresh()
      const urlPath = new URL(context.req.url).pathname
      const isRoute = !urlPath.startsWith('/assets/') && extname(urlPath) === ''
      const file = files.get(urlPath) ?? (isRoute ? files.get('/index.html') : undefined)
      if (file === undefined) return null
      const packed = acceptsGzip(context.req.header('accept-encoding')) ? packedBody(file) : null
      const chosen = packed ?? file.body
      const headers = {
        'content-type': file.type,
        'cache-control': file.cache,
        vary: 'Accept-Encoding',
        // Two forms of one file are two things to a cache.
        etag: packed === null ? file.etag : file.etag.replace(/"$/, '-gz"'),
        ...(packed === null ? {} : { 'content-encoding': 'gzip' }),
      }
      if (context.req.header('if-none-match') === headers.etag) return new Response(null, { status: 304, headers })
      const body = context.req.method === 'HEAD' ? null : chosen
      return new Response(body, { status: 200, headers: { ...headers, 'content-length': String(chosen.length) } })
    },
  }
}
