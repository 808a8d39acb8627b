/** JSON with its names in order: two records with the same content have the same text. */
import { isRecord } from '../../src/contract/json.ts'

/** A record of the queue is four or five deep; deeper ones would only cost stack. */
const DEEPEST = 64

/** Throws RangeError for a value that is nested too deep. */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > DEEPEST) throw new RangeError('nested too deep')
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null'
  const parts = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name], depth + 1)}`)
  return `{${parts.join(',')}}`
}
