/**
 * Which tills are paired, since when and when last used, and which of them were taken back. Two files in the state
 * folder with one writer each: the proxy writes `tills.json`, a technician's command `revoked.json`.
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { parseJson } from '../src/contract/json.ts'
import { writePrivateFile } from './kept-token.ts'

/** The last use is written at most this often. */
const WRITE_EVERY_MS = 60_000
const LOOK_EVERY_MS = 1_000
const MAX_AGENT = 200

const tillSchema = v.object({
  id: v.string(),
  role: v.string(),
  /** ISO 8601. */
  firstUse: v.string(),
  lastUse: v.string(),
  address: v.string(),
  agent: v.string(),
})
export type Till = v.InferOutput<typeof tillSchema>

export interface Tills {
  isRevoked(id: string): boolean
  /** A token was shown. */
  used(owner: { readonly id: string; readonly role: string }, address: string, agent: string): void
}

const tillsPath = (stateDir: string) => join(stateDir, 'tills.json')
const revokedPath = (stateDir: string) => join(stateDir, 'revoked.json')

function readList<T extends v.GenericSchema>(path: string, item: T): v.InferOutput<T>[] {
  try {
    const parsed = v.safeParse(v.array(item), parseJson(readFileSync(path, 'utf8')))
    return parsed.success ? parsed.output : []
  } catch {
    return []
  }
}

/** All tills that were ever used, the latest first. */
export function listTills(stateDir: string): Till[] {
  return readList(tillsPath(stateDir), tillSchema).sort((a, b) => (a.lastUse < b.lastUse ? 1 : -1))
}

export function listRevoked(stateDir: string): string[] {
  return readList(revokedPath(stateDir), v.string())
}

/** Takes a till's token back, for good. A running proxy notices within a second. Throws when it can't be written. */
export function revokeTill(stateDir: string, id: string): void {
  const ids = new Set([...listRevoked(stateDir), id])
  writePrivateFile(revokedPath(stateDir), `${JSON.stringify([...ids])}\n`)
}

/** `now` in ms since 1970. A folder that can't be written forgets the list with the process, and revokes all the same. */
export function createTills(stateDir: string, now: () => number = Date.now): Tills {
  const tills = new Map(listTills(stateDir).map((till) => [till.id, till]))
  let revoked: ReadonlySet<string> = new Set()
  let lookedAt = -Infinity
  let version = ''
  let writtenAt = -Infinity

  const look = () => {
    if (now() - lookedAt < LOOK_EVERY_MS) return
    lookedAt = now()
    let seen = ''
    try {
      const { mtimeMs, size, ino } = statSync(revokedPath(stateDir))
      seen = `${mtimeMs} ${size} ${ino}`
    } catch {
      // Nobody was revoked yet.
    }
    if (seen === version) return
    version = seen
    revoked = new Set(listRevoked(stateDir))
  }

  return {
    isRevoked(id) {
      look()
      return revoked.has(id)
    },
    used({ id, role }, address, agent) {
      const known = tills.get(id)
      const lastUse = new Date(now()).toISOString()
      tills.set(id, {
        id,
        role,
        firstUse: known?.firstUse ?? lastUse,
        lastUse,
        address,
        agent: agent.slice(0, MAX_AGENT),
      })
      if (known !== undefined && now() - writtenAt < WRITE_EVERY_MS) return
      writtenAt = now()
      try {
        writePrivateFile(tillsPath(stateDir), `${JSON.stringify([...tills.values()], null, 1)}\n`)
      } catch {
        // The list is a help for people; nobody is kept out for its sake.
      }
    },
  }
}
