/**
 * iiko's token on the disk, for its owner only: it holds a licence slot, and a proxy that was killed couldn't give it
 * back. The next start uses it on or logs it out.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import * as v from 'valibot'
import { parseJson } from '../src/contract/json.ts'

export interface KeptToken {
  /** The token of this server and login; null when there is none. */
  read(): string | null
  /** Returns false where it can't be written: the token then lives in memory only. */
  write(token: string): boolean
  clear(): void
}

const storedSchema = v.object({ url: v.string(), login: v.string(), token: v.pipe(v.string(), v.minLength(8)) })

/** Writes a file that only its owner reads, whole or not at all. Throws when it can't. */
export function writePrivateFile(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const beside = `${path}.${process.pid}.new`
  const file = openSync(beside, 'w', 0o600)
  try {
    writeSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(beside, path)
}

/** `path` is in the state folder. A token of another server or login is never sent to this one. */
export function createKeptToken(path: string, owner: { readonly url: string; readonly login: string }): KeptToken {
  return {
    read() {
      try {
        const stored = v.parse(storedSchema, parseJson(readFileSync(path, 'utf8')))
        return stored.url === owner.url && stored.login === owner.login ? stored.token : null
      } catch {
        return null
      }
    },
    write(token) {
      try {
        writePrivateFile(path, `${JSON.stringify({ ...owner, token })}\n`)
        return true
      } catch {
        return false
      }
    },
    clear() {
      try {
        rmSync(path, { force: true })
      } catch {
        // A folder that can't be written held none.
      }
    },
  }
}
