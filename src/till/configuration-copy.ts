/**
 * Keeps a copy of how this till is set up at the shop server, for a tablet that takes its place or is to be like it. Only
 * what changed since the last time is sent. Nothing waits for it, and a copy that can't be sent is tried again later.
 */
import * as v from 'valibot'
import { parseJson } from '../contract/json.ts'
import { CONFIGURATION_PATH, configurationReplySchema, UPLOAD_BATCH } from '../contract/shop.ts'
import { fingerprint, type ConfigurationRecord } from '../storage/configuration.ts'

/** Letters in one request, far below what the server takes in any alphabet. */
const MOST_LETTERS = 600_000
/** Between two looks, ms: nobody waits for it. */
const LOOK_MS = 20_000

const keptSchema = v.object({
  server: v.string(),
  goods: v.string(),
  /** Fingerprints of the rows that the server has, by name. */
  rows: v.record(v.string(), v.string()),
})
type Kept = v.InferOutput<typeof keptSchema>

export interface CopyParts {
  readonly records: () => Promise<readonly ConfigurationRecord[]>
  /** Which catalogue is stored, and its rows. */
  readonly goodsVersion: () => Promise<string>
  readonly goods: () => AsyncIterable<{ readonly name: string; readonly value: string }>
  readonly till: () => Promise<{ readonly till: string; readonly tenure: number }>
  readonly exchange: (path: string, body: object) => Promise<{ readonly status: number; readonly text: string } | null>
  /** What the server has, as it was kept here. */
  readonly load: () => Promise<unknown>
  readonly save: (kept: unknown) => Promise<void>
  readonly now: () => number
}

const isGoods = (name: string) => name.startsWith('goods/')

/** Gives the look for what changed: call it whenever the server was just reached; it rests between two of them. */
export function createConfigurationCopy(parts: CopyParts): () => Promise<void> {
  let lookedAt = -Infinity

  /** What the server has then, kept on the disk; null when it didn't take them. */
  async function send(rows: readonly ConfigurationRecord[], kept: Kept, prints: Kept['rows']): Promise<Kept | null> {
    const { till, tenure } = await parts.till()
    const answer = await parts.exchange(CONFIGURATION_PATH, { till, tenure, rows })
    if (answer === null || answer.status !== 200) return null
    const reply = v.safeParse(configurationReplySchema, parseJson(answer.text))
    if (!reply.success) return null
    // Another database: nothing of before is there.
    const there = reply.output.server === kept.server ? kept.rows : {}
    const gone = new Set(rows.filter(({ value }) => value === null).map(({ name }) => name))
    const next: Kept = {
      server: reply.output.server,
      goods: reply.output.server === kept.server ? kept.goods : '',
      rows: Object.fromEntries(Object.entries({ ...there, ...prints }).filter(([name]) => !gone.has(name))),
    }
    await parts.save(next)
    return next
  }

  /** Null when the server didn't take everything. */
  async function sendAll(rows: AsyncIterable<ConfigurationRecord>, before: Kept): Promise<Kept | null> {
    let kept = before
    let batch: ConfigurationRecord[] = []
    let prints: Record<string, string> = {}
    let letters = 0
    const flush = async (): Promise<boolean> => {
      if (batch.length === 0) return true
      const next = await send(batch, kept, prints)
      if (next === null) return false
      kept = next
      batch = []
      prints = {}
      letters = 0
      return true
    }
    for await (const row of rows) {
      const size = row.value?.length ?? 0
      if ((batch.length === UPLOAD_BATCH || letters + size > MOST_LETTERS) && !(await flush())) return null
      if (row.value !== null) {
        const print = await fingerprint(row.value)
        if (kept.rows[row.name] === print) continue
        prints[row.name] = print
      }
      batch.push(row)
      letters += size
    }
    return (await flush()) ? kept : null
  }

  async function* changedRecords(kept: Kept): AsyncGenerator<ConfigurationRecord> {
    const records = await parts.records()
    yield* records
    const there = new Set(records.map(({ name }) => name))
    for (const name of Object.keys(kept.rows)) if (!there.has(name) && !isGoods(name)) yield { name, value: null }
  }

  async function* changedGoods(kept: Kept): AsyncGenerator<ConfigurationRecord> {
    const there = new Set<string>()
    for await (const row of parts.goods()) {
      there.add(row.name)
      yield row
    }
    for (const name of Object.keys(kept.rows)) if (!there.has(name) && isGoods(name)) yield { name, value: null }
  }

  return async () => {
    if (parts.now() - lookedAt < LOOK_MS) return
    lookedAt = parts.now()
    const stored = v.safeParse(keptSchema, await parts.load())
    const before: Kept = stored.success ? stored.output : { server: '', goods: '', rows: {} }
    const kept = await sendAll(changedRecords(before), before)
    if (kept === null) return
    const version = await parts.goodsVersion()
    if (version === kept.goods) return
    const whole = await sendAll(changedGoods(kept), kept)
    if (whole !== null) await parts.save({ ...whole, goods: version })
  }
}
