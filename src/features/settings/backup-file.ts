/**
 * The backup: one JSON document, one record a line, so that neither writing nor reading it ever holds the whole of
 * 400 000 receipts in memory. Keys of the device are left out: a file may lie anywhere.
 */
import * as v from 'valibot'
import type { Entry } from '../../queue/types.ts'
import { readEntry } from '../../storage/entry-schema.ts'
import type { KeptError } from '../common/error-ring.ts'
import { readSettings, type Settings } from '../../stores/settings.ts'

const BACKUP_FORMAT = 'ikkm-terminal-backup'
/** Raised when an older terminal would misread the file. */
const BACKUP_VERSION = 1

const Header = v.object({
  format: v.literal(BACKUP_FORMAT),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  exportedAtMs: v.number(),
  app: v.string(),
  /** Receipts of the practice device are no receipts. */
  demo: v.boolean(),
  settings: v.unknown(),
})

export interface BackupHeader {
  /** What went wrong in the program; only for who reads the file. */
  readonly errors?: readonly KeptError[]
  readonly exportedAtMs: number
  readonly app: string
  readonly demo: boolean
  readonly settings: Settings
}

/** A record without the device's keys. */
function withoutKeys(entry: Entry): Entry {
  return { ...entry, key: null, newKey: null }
}

/** Writes the file; `batches` in the order in which they shall stand. `tell` hears how many records are in it. */
export async function writeBackup(
  header: BackupHeader,
  batches: AsyncIterable<readonly Entry[]>,
  tell: (records: number) => void = () => undefined,
): Promise<Blob> {
  const head = JSON.stringify({ format: BACKUP_FORMAT, version: BACKUP_VERSION, ...header })
  const parts: Blob[] = [new Blob([`${head.slice(0, -1)},"entries":[`])]
  let records = 0
  for await (const batch of batches) {
    const lines = batch.map((entry, place) => {
      const comma = records === 0 && place === 0 ? '' : ','
      return `${comma}\n${JSON.stringify(withoutKeys(entry))}`
    })
    // A blob of its own lets the browser put what is ready on the disk.
    parts.push(new Blob(lines))
    records += batch.length
    tell(records)
  }
  parts.push(new Blob(['\n]}\n']))
  return new Blob(parts, { type: 'application/json' })
}

export type BackupItem =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'entry'; readonly entry: Entry }
  /** A record that this version can't read: it stays in the file. */
  | { readonly kind: 'broken'; readonly problem: string }

/** Why a file is no backup: another kind of file, or one of a newer terminal. */
export class BackupError extends Error {
  readonly reason: 'notBackup' | 'newer'
  constructor(reason: 'notBackup' | 'newer') {
    super(reason)
    this.reason = reason
  }
}

async function* linesOf(file: Blob): AsyncGenerator<string> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) break
      const lines = (rest + value).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    if (rest !== '') yield rest
  } finally {
    await reader.cancel()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readHeader(line: string): BackupHeader | null {
  const value = parse(`${line}]}`)
  const parsed = v.safeParse(Header, value)
  if (parsed.success) {
    if (parsed.output.version > BACKUP_VERSION) throw new BackupError('newer')
    const { exportedAtMs, app, demo, settings } = parsed.output
    return { exportedAtMs, app, demo, settings: readSettings(settings) }
  }
  return null
}

function readRecord(line: string): BackupItem {
  const read = readEntry(parse(line))
  if (read.kind === 'broken') return { kind: 'broken', problem: read.problem }
  return { kind: 'entry', entry: withoutKeys(read.entry) }
}

/**
 * Reads the file record by record: the header first (absent in the journal's own export, whose lines are records).
 * Throws BackupError for a file that is none.
 */
export async function* readBackup(file: Blob): AsyncGenerator<BackupItem> {
  let first = true
  for await (const raw of linesOf(file)) {
    const line = raw.trim().replace(/^,|,$/g, '')
    if (line === '' || (!first && line === ']}')) continue
    if (first) {
      first = false
      const header = readHeader(line)
      if (header !== null) {
        yield { kind: 'header', header }
        continue
      }
      if (readRecord(line).kind === 'broken') throw new BackupError('notBackup')
    }
    yield readRecord(line)
  }
  if (first) throw new BackupError('notBackup')
}
