/** The page's side of reading one file of goods in a worker. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import type { Tax } from '../../domain/catalog.ts'
import type { CsvMapping } from '../../domain/csv-import-columns.ts'
import type { TodayItem } from '../../domain/csv-import-diff.ts'
import type { CsvItem, CsvReading } from '../../domain/csv-import.ts'
import type { TextEncoding } from '../../domain/text-encoding.ts'
import { CSV_BLOCK, type CsvAsk, type CsvFileProblem, type CsvTell } from './csv-messages.ts'

type Told<Kind extends CsvTell['kind']> = Extract<CsvTell, { readonly kind: Kind }>

/** Larger files are no lists of goods; a worker that reads one would take a tablet's memory. */
const LARGEST_FILE = 40_000_000

/** What a file is compared with and read by. */
interface Beside {
  /** Today's catalogue from this place on, at most so many items. */
  readonly today: (from: number, count: number) => readonly TodayItem[]
  readonly taxes: () => readonly Tax[]
}

/** One file from choosing to importing. Answers come in the order of the questions, one at a time. */
export function useCsvSession(beside: Beside) {
  const fileName = ref('')
  const busy = ref(false)
  const table = shallowRef<Told<'table'> | null>(null)
  const checked = shallowRef<Told<'checked'> | null>(null)
  const problem = shallowRef<CsvFileProblem | { readonly kind: 'unreadable' | 'tooLarge' } | null>(null)
  const mapping = shallowRef<CsvMapping>({})
  const reading = shallowRef<CsvReading>({})
  let worker: Worker | null = null
  let lastCheck = 0

  function ask(message: CsvAsk, transfer: Transferable[] = []): Promise<CsvTell> {
    worker ??= new Worker(new URL('./csv-worker.ts', import.meta.url), { type: 'module' })
    const { port1, port2 } = new MessageChannel()
    const target = worker
    return new Promise((resolve, reject) => {
      port1.onmessage = (event: MessageEvent<CsvTell | null>) => {
        port1.close()
        if (event.data === null) reject(new Error('the CSV worker could not answer'))
        else resolve(event.data)
      }
      target.onerror = () => {
        port1.close()
        reject(new Error('the CSV worker failed'))
      }
      target.postMessage(message, [...transfer, port2])
    })
  }

  /** Checks all rows with the columns as they are mapped and read now; an answer that is overtaken is left out. */
  async function check(next: CsvMapping, how: CsvReading): Promise<void> {
    mapping.value = next
    reading.value = how
    const turn = ++lastCheck
    busy.value = true
    const told = await ask({ kind: 'check', mapping: next, reading: how, taxes: beside.taxes() })
    if (turn !== lastCheck || told.kind !== 'checked') return
    checked.value = told
    busy.value = false
  }

  /** Hands today's catalogue over, a block at a time: the page answers taps between two of them. */
  async function compareWithToday(): Promise<void> {
    for (let from = 0; ; from += CSV_BLOCK) {
      const items = beside.today(from, CSV_BLOCK)
      if (items.length > 0 || from === 0) await ask({ kind: 'today', items, first: from === 0 })
      if (items.length < CSV_BLOCK) return
    }
  }

  async function take(told: CsvTell): Promise<void> {
    table.value = told.kind === 'table' ? told : null
    problem.value = told.kind === 'problem' ? told.problem : null
    if (told.kind === 'table') await check(told.mapping, {})
  }

  async function guarded(work: () => Promise<void>): Promise<void> {
    busy.value = true
    checked.value = null
    try {
      await work()
    } catch {
      // The file is gone from the disk, or the worker died: choosing it again is the way on.
      problem.value = { kind: 'unreadable' }
      table.value = null
    } finally {
      busy.value = false
    }
  }

  /** Reads a file that a person chose. */
  const open = (file: File) =>
    guarded(async () => {
      fileName.value = file.name
      if (file.size > LARGEST_FILE) {
        problem.value = { kind: 'tooLarge' }
        table.value = null
        return
      }
      const bytes = await file.arrayBuffer()
      await compareWithToday()
      await take(await ask({ kind: 'read', bytes }, [bytes]))
    })

  const readAs = (encoding: TextEncoding) => guarded(async () => take(await ask({ kind: 'encode', encoding })))
  const readSheet = (sheet: number) => guarded(async () => take(await ask({ kind: 'sheet', sheet })))

  /** Every item of the last check, fetched block by block. */
  async function allItems(): Promise<readonly CsvItem[]> {
    const items: CsvItem[] = []
    const wanted = checked.value?.items ?? 0
    while (items.length < wanted) {
      const told = await ask({ kind: 'take', from: items.length })
      if (told.kind !== 'block' || told.items.length === 0) break
      for (const item of told.items) items.push(item)
    }
    return items
  }

  onScopeDispose(() => worker?.terminate())

  return { fileName, busy, table, checked, problem, mapping, reading, open, readAs, readSheet, check, allItems }
}
