import { describe, expect, it } from 'vitest'
import { contractDraft } from '../../queue/testing/store-contract.ts'
import { newEntry, type Entry } from '../../queue/types.ts'
import { DEFAULT_SETTINGS } from '../../stores/settings.ts'
import { BackupError, readBackup, writeBackup, type BackupHeader, type BackupItem } from './backup-file.ts'

const HEADER: BackupHeader = {
  exportedAtMs: 5,
  app: '1.0.0',
  demo: false,
  settings: { ...DEFAULT_SETTINGS, shopName: 'Дүкен «А»' },
}

function entry(id: string, fields: Partial<Entry> = {}): Entry {
  return { ...newEntry(contractDraft(id), 1, 'A-0001'), ...fields }
}

async function* batches(...list: readonly Entry[][]): AsyncGenerator<readonly Entry[]> {
  for (const batch of list) yield await Promise.resolve(batch)
}

async function all(file: Blob): Promise<BackupItem[]> {
  const items: BackupItem[] = []
  for await (const item of readBackup(file)) items.push(item)
  return items
}

describe('the backup file', () => {
  it('comes back as it was written, header and records, over any number of batches', async () => {
    const told: number[] = []
    const list = [entry('a'), entry('b'), entry('c')]
    const file = await writeBackup(HEADER, batches([list[0] as Entry, list[1] as Entry], [list[2] as Entry]), (n) =>
      told.push(n),
    )
    expect(await all(file)).toEqual([
      { kind: 'header', header: HEADER },
      ...list.map((one) => ({ kind: 'entry', entry: one })),
    ])
    expect(told).toEqual([2, 3])
  })

  it('is one JSON document that anybody can read', async () => {
    const file = await writeBackup(HEADER, batches([entry('a')], [entry('b')]))
    expect(JSON.parse(await file.text())).toMatchObject({
      format: 'ikkm-terminal-backup',
      version: 1,
      entries: [{ id: 'a' }, { id: 'b' }],
    })
    expect(JSON.parse(await (await writeBackup(HEADER, batches())).text())).toMatchObject({ entries: [] })
  })

  it('holds no key of the device, and takes none from a file', async () => {
    const keyed = entry('a', { key: '12345678', newKey: '87654321' })
    const file = await writeBackup(HEADER, batches([keyed]))
    expect(await file.text()).not.toMatch(/12345678|87654321/)
    const [item] = await all(new Blob([`${JSON.stringify(keyed)}\n`]))
    expect(item).toMatchObject({ kind: 'entry', entry: { key: null, newKey: null } })
  })

  it('is read from the journal’s own export, a record a line', async () => {
    const lines = [entry('a'), entry('b')].map((one) => JSON.stringify(one)).join('\n')
    expect((await all(new Blob([lines]))).map((item) => item.kind)).toEqual(['entry', 'entry'])
  })

  it('counts a record that it can’t read and goes on with the others', async () => {
    const file = await writeBackup(
      HEADER,
      batches([entry('a'), { ...entry('b'), attempts: 'many' } as unknown as Entry, entry('c')]),
    )
    expect((await all(file)).map((item) => item.kind)).toEqual(['header', 'entry', 'broken', 'entry'])
    const cut = (await file.text()).slice(0, -40)
    expect((await all(new Blob([cut]))).map((item) => item.kind)).toEqual(['header', 'entry', 'broken', 'broken'])
  })

  it.each([
    ['an empty file', ''],
    ['a picture', '\u0089PNG\r\n\u001a\n'],
    ['another program’s JSON', '{"receipts":[]}'],
  ])('refuses %s', async (_name, text) => {
    await expect(all(new Blob([text]))).rejects.toThrow(BackupError)
  })

  it('refuses a file of a newer terminal instead of misreading it', async () => {
    const text = (await (await writeBackup(HEADER, batches())).text()).replace('"version":1', '"version":2')
    await expect(all(new Blob([text]))).rejects.toMatchObject({ reason: 'newer' })
  })

  it('takes the defaults for settings that are broken in the file', async () => {
    const text = (await (await writeBackup(HEADER, batches())).text()).replace('"paperWidth":32', '"paperWidth":"wide"')
    expect((await all(new Blob([text])))[0]).toMatchObject({
      header: { settings: { paperWidth: 32, shopName: 'Дүкен «А»' } },
    })
  })
})
