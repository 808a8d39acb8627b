/**
 * The terminals that work with a real register at this server, and the letters in their marks: two tablets with one letter
 * print marks that can't be told apart. Kept in the state folder, so that a tablet that lost its storage is noticed.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { TillRequest } from '../src/contract/config.ts'
import { drawMarkPrefix } from '../src/domain/mark.ts'

const FILE = 'marks.json'
/** More than a shop has, and fewer than there are prefixes of two characters; the one seen longest ago makes room. */
const MOST_TILLS = 120

const Stored = v.object({
  tills: v.array(v.object({ till: v.string(), prefix: v.string(), seenAtMs: v.number() })),
})
type Till = v.InferOutput<typeof Stored>['tills'][number]

export interface Marks {
  count(): number
  /** The prefix for this terminal: the one it asks for unless another one has it. The same answer to the same question. */
  claim(request: TillRequest): string
}

function read(path: string): readonly Till[] {
  try {
    const parsed = v.safeParse(Stored, JSON.parse(readFileSync(path, 'utf8')))
    return parsed.success ? parsed.output.tills : []
  } catch {
    // Not there yet, or damaged: terminals make themselves known again.
    return []
  }
}

/** `now` in ms. A folder that can't be written makes a register of this run only. */
export function createMarks(options: { stateDir: string; now?: () => number; chance?: () => number }): Marks {
  const { stateDir, now = Date.now, chance = Math.random } = options
  const path = join(stateDir, FILE)
  const known = new Map(read(path).map((till) => [till.till, till]))

  function keep(till: Till): void {
    known.delete(till.till)
    known.set(till.till, till)
    const oldest = [...known.values()].sort((a, b) => a.seenAtMs - b.seenAtMs)
    for (const { till: id } of oldest.slice(0, Math.max(0, known.size - MOST_TILLS))) known.delete(id)
    try {
      mkdirSync(stateDir, { recursive: true, mode: 0o700 })
      // A power cut leaves the old file or the new one.
      writeFileSync(`${path}.new`, JSON.stringify({ tills: [...known.values()] }), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    } catch {
      // The letters are still told apart until the next start.
    }
  }

  return {
    count: () => known.size,
    claim({ till, prefix, avoid }) {
      const before = known.get(till)
      const others = new Set([...known.values()].filter((other) => other.till !== till).map((other) => other.prefix))
      const granted = others.has(prefix)
        ? (before?.prefix ?? drawMarkPrefix(new Set([...others, ...avoid]), chance))
        : prefix
      keep({ till, prefix: granted, seenAtMs: now() })
      return granted
    },
  }
}
