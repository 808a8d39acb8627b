/** Saving everything in a file, and adding the history of a file to this terminal. */
import { printTextProblem } from '../../ikkm/print-text.ts'
import { isSettled, type Entry } from '../../queue/types.ts'
import type { ImportedRepository } from '../../storage/imported-repository.ts'
import type { JournalRepository } from '../../storage/journal-repository.ts'
import { services } from '../../till/services.ts'
import { useSettingsStore, type Settings } from '../../stores/settings.ts'
import { keptErrors } from '../common/error-report.ts'
import { readBackup, writeBackup, type BackupHeader } from './backup-file.ts'

/** Records that are read or written at a time. */
const BATCH = 500

type Journal = Pick<JournalRepository, 'batches'>

async function* everything(
  imported: ImportedRepository | null,
  journal: Journal | null,
): AsyncGenerator<readonly Entry[]> {
  if (imported !== null) yield* imported.batches(BATCH)
  yield* journal?.batches(BATCH) ?? []
}

/**
 * The whole journal, the queue included, with the settings. A till that sold for real saves its real receipts, whichever
 * register is in use at the moment: those of the practice register are worth nothing beside them, and don't mix.
 */
export async function exportBackup(tell: (records: number) => void): Promise<Blob> {
  const settings = useSettingsStore()
  const shop = await services().shopJournal()
  const header: BackupHeader = {
    exportedAtMs: services().now(),
    app: __APP_VERSION__,
    demo: settings.isDemo && shop === null,
    settings: settings.values,
    errors: await keptErrors().catch(() => []),
  }
  const entries = shop
    ? everything(shop.imported, shop.ledger)
    : everything(await services().imported(), services().ledger)
  return writeBackup(header, entries, tell)
}

/** What a file holds, compared with what is here. Nothing was changed. */
export interface BackupPreview {
  readonly header: BackupHeader | null
  readonly fresh: number
  readonly known: number
  readonly broken: number
  /** New records that the other terminal had not settled: they are history here, and nobody sends them. */
  readonly unsettled: number
  /** ms since the epoch of the oldest and the newest new record; null without any. */
  readonly from: number | null
  readonly to: number | null
}

async function* inBatches(file: Blob): AsyncGenerator<{ readonly entries: Entry[]; readonly broken: number }> {
  let entries: Entry[] = []
  let broken = 0
  for await (const item of readBackup(file)) {
    if (item.kind === 'broken') broken += 1
    if (item.kind === 'entry') entries.push(item.entry)
    if (entries.length < BATCH) continue
    yield { entries, broken }
    entries = []
    broken = 0
  }
  yield { entries, broken }
}

async function headerOf(file: Blob): Promise<BackupHeader | null> {
  for await (const item of readBackup(file)) return item.kind === 'header' ? item.header : null
  return null
}

/** Reads the whole file once. Throws BackupError for a file that is no backup. `tell` hears how many were read. */
export async function previewBackup(
  file: Blob,
  imported: ImportedRepository,
  tell: (records: number) => void,
): Promise<BackupPreview> {
  const header = await headerOf(file)
  const seen = new Set<string>()
  const sum = { fresh: 0, known: 0, broken: 0, unsettled: 0 }
  let from: number | null = null
  let to: number | null = null
  for await (const { entries, broken } of inBatches(file)) {
    const here = await imported.known(entries.map((entry) => entry.id))
    sum.broken += broken
    for (const entry of entries) {
      if (here.has(entry.id) || seen.has(entry.id)) {
        sum.known += 1
        continue
      }
      seen.add(entry.id)
      sum.fresh += 1
      if (!isSettled(entry)) sum.unsettled += 1
      from = Math.min(from ?? entry.createdAtMs, entry.createdAtMs)
      to = Math.max(to ?? entry.createdAtMs, entry.createdAtMs)
    }
    tell(sum.fresh + sum.known + sum.broken)
  }
  return { header, ...sum, from, to }
}

/** Adds what isn't here yet. Resolves to how many records are new. */
export async function importBackup(
  file: Blob,
  imported: ImportedRepository,
  tell: (records: number) => void,
): Promise<number> {
  let [added, read] = [0, 0]
  for await (const { entries } of inBatches(file)) {
    added += await imported.add(entries, services().now())
    read += entries.length
    tell(read)
  }
  return added
}

/**
 * What may be taken over from another terminal's settings. Not its device: its key is needed anyway; not its letter: two
 * terminals with one letter print marks that can't be told apart. Not a footer for which the register would refuse
 * every receipt.
 */
export function sharedSettings(settings: Settings): Partial<Settings> {
  const { shopName, paperWidth, weightPrefixes, pricePrefixes, idleLockMinutes, footerText, theme, keepAwake } =
    settings
  const { ways, blindCount, receiptBarcode, lowStock, categoryColours } = settings
  const footer = printTextProblem(footerText) === null ? { footerText } : {}
  return {
    shopName,
    paperWidth,
    weightPrefixes,
    pricePrefixes,
    idleLockMinutes,
    theme,
    keepAwake,
    ways,
    blindCount,
    receiptBarcode,
    lowStock,
    categoryColours,
    ...footer,
  }
}
