/** What `node server.mjs` of the archive runs: the built terminal lies beside this file, wherever it was unpacked. */
import { join } from 'node:path'

process.env.DIST_DIR ??= join(import.meta.dirname, 'dist')
await import('../main.ts')
