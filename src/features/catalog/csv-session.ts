/** The page's side of reading one CSV file in a worker. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import type { CatalogItem } from '../../domain/catalog.ts'
import type { CsvMapping } from '../../domain/csv-import.ts'
import type { TextEncoding } from '../../domain/text-encoding.ts'
import type { CsvAsk, CsvFileProblem, CsvTell } from './csv-messages.ts'

type Told<Kind extends CsvTell['kind']> = Extract<CsvTell, { readonly kind: Kind }>

/** One file from choosing to importing. Answers come in the order of the questions, one at a time. */
export function useCsvSession() {
  const fileName = ref('')
  const busy = ref(false)
  const table = shallowRef<Told<'table'> | null>(null)
  const checked = shallowRef<Told<'checked'> | null>(null)
  const problem = shallowRef<CsvFileProblem | { readonly kind: 'unreadable' } | null>(null)
  const mapping = shallowRef<CsvMapping>({})
  let worker: Worker | null = null
  let lastCheck = 0

  function ask(message: CsvAsk, transfer: Transferable[] = []): Promise<CsvTell> {
    worker ??= new Worker(new URL('./csv-worker.ts', import.meta.url), { type: 'module' })
    const { port1, port2 } = new MessageChannel()
    const target = worker
    return new Promise((resolve, reject) => {
      port1.onmessage = (event: MessageEvent<CsvTell>) => {
        port1.close()
        resolve(event.data)
      }
      target.onerror = () => {
        port1.close()
        reject(new Error('the CSV worker failed'))
      }
      target.postMessage(message, [...transfer, port2])
    })
  }

  /** Checks all rows with the columns as they are mapped now; an answer that is overtaken is left out. */
  async function check(next: CsvMapping): Promise<void> {
    mapping.value = next
    const turn = ++lastCheck
    busy.value = true
    const told = await ask({ kind: 'check', mapping: next })
    if (turn !== lastCheck || told.kind !== 'checked') return
    checked.value = told
    busy.value = false
  }

  async function take(told: CsvTell): Promise<void> {
    table.value = told.kind === 'table' ? told : null
    problem.value = told.kind === 'problem' ? told.problem : null
    if (told.kind === 'table') await check(told.mapping)
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
      const bytes = await file.arrayBuffer()
      await take(await ask({ kind: 'read', bytes, encoding: null }, [bytes]))
    })

  const readAs = (encoding: TextEncoding) => guarded(async () => take(await ask({ kind: 'encode', encoding })))

  /** Every item of the last check, fetched block by block. */
  async function allItems(): Promise<readonly CatalogItem[]> {
    const items: CatalogItem[] = []
    const wanted = checked.value?.items ?? 0
    while (items.length < wanted) {
      const told = await ask({ kind: 'take', from: items.length })
      if (told.kind !== 'block' || told.items.length === 0) break
      for (const item of told.items) items.push(item)
    }
    return items
  }

  function forget(): void {
    table.value = null
    checked.value = null
    problem.value = null
    fileName.value = ''
  }

  onScopeDispose(() => worker?.terminate())

  return { fileName, busy, table, checked, problem, mapping, open, readAs, check, allItems, forget }
}
