/**
 * How this till is set up, as rows of JSON that another tablet can take: settings, cashiers, favourites, the shop's own
 * changes of goods, and the catalogue. What belongs to this tablet alone (its register, its letters, its token) stays here.
 */
import { isRecord } from '../contract/json.ts'
import type { AppDatabase } from './app-db.ts'
import type { Changes } from './changes.ts'

/** A row's name and its JSON; null where the record is gone. */
export interface ConfigurationRecord {
  readonly name: string
  readonly value: string | null
}

const SETTINGS = 'settings'
/** Fields of the settings that are this tablet's own. */
const OWN_FIELDS = ['device', 'markPrefix'] as const
/** Single records, and beginnings of the names of those that come in numbers. */
const RECORDS: readonly string[] = [SETTINGS, 'cashiers', 'favourites', 'new-item']
const PREFIXES: readonly string[] = ['catalog-']
const GOODS = 'goods/'
const HEAD = 'head'
const LIST = `${GOODS}list`

const isConfiguration = (key: string) => RECORDS.includes(key) || PREFIXES.some((prefix) => key.startsWith(prefix))

/** Settings without what is this tablet's own. */
function shared(settings: unknown): unknown {
  if (!isRecord(settings)) return {}
  return Object.fromEntries(Object.entries(settings).filter(([field]) => !OWN_FIELDS.some((own) => own === field)))
}

/** First half of the SHA-256 of a text, in hexadecimal: to tell whether it is still the same. */
export async function fingerprint(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Everything but the catalogue. */
export async function readRecords(database: AppDatabase): Promise<readonly ConfigurationRecord[]> {
  const [single, many] = await Promise.all([
    Promise.all(RECORDS.map((key) => database.get('settings', key))),
    Promise.all(PREFIXES.map((prefix) => database.getAll('settings', IDBKeyRange.bound(prefix, `${prefix}\uffff`)))),
  ])
  return [...single.filter((row) => row !== undefined), ...many.flat()].map(({ key, value }) => ({
    name: key,
    value: JSON.stringify(key === SETTINGS ? shared(value) : (value ?? null)),
  }))
}

/**
 * The catalogue's blocks one after another, and last the list of them with their fingerprints, by which a reader knows
 * that it has all of one and the same catalogue. Without the list where it was replaced meanwhile.
 */
export async function* readGoods(database: AppDatabase): AsyncGenerator<{ name: string; value: string }> {
  const head = (await database.get('catalog', HEAD))?.value
  if (head === undefined) return
  const blocks: [string, string][] = []
  for (const key of await database.getAllKeys('catalog')) {
    if (key === HEAD) continue
    const value = JSON.stringify((await database.get('catalog', key))?.value ?? null)
    blocks.push([key, await fingerprint(value)])
    yield { name: GOODS + key, value }
  }
  // Replaced while it was read: the next look reads the new one.
  const now = (await database.get('catalog', HEAD))?.value
  if (JSON.stringify(now) === JSON.stringify(head)) yield { name: LIST, value: JSON.stringify({ head, blocks }) }
}

/** Which catalogue is stored, to see whether it has to be read again. */
export async function goodsVersion(database: AppDatabase): Promise<string> {
  const head: unknown = (await database.get('catalog', HEAD))?.value
  return isRecord(head) ? `${String(head.version)} ${String(head.loadedAt)}` : ''
}

type Goods = readonly { readonly key: string; readonly value: unknown }[]

/** The catalogue that the rows hold; null where they hold none, or not the whole of one. */
async function goodsOf(rows: ReadonlyMap<string, string>): Promise<Goods | null> {
  const list: unknown = JSON.parse(rows.get(LIST) ?? 'null')
  if (!isRecord(list) || !isRecord(list.head) || !Array.isArray(list.blocks)) return null
  const goods: { key: string; value: unknown }[] = [{ key: HEAD, value: list.head }]
  for (const block of list.blocks as readonly unknown[]) {
    const [key, print] = Array.isArray(block) ? (block as readonly unknown[]) : []
    const value = rows.get(GOODS + String(key))
    if (value === undefined || (await fingerprint(value)) !== print) return null
    goods.push({ key: String(key), value: JSON.parse(value) })
  }
  return goods
}

export type TakenConfiguration = 'whole' | 'withoutGoods'

/**
 * Becomes like another till, in one transaction: its records replace those of here, and of its settings everything but
 * what is this tablet's own. Rows that are no configuration count for nothing. Without its catalogue (there is none, or
 * not the whole of it) this tablet keeps the one it has. Rejects with SyntaxError for a row that isn't JSON.
 */
export async function takeConfiguration(
  database: AppDatabase,
  rows: ReadonlyMap<string, string>,
  changes: Pick<Changes, 'tell'>,
): Promise<TakenConfiguration> {
  const goods = await goodsOf(rows)
  const records = [...rows]
    .filter(([name]) => isConfiguration(name))
    .map(([key, value]) => ({ key, value: JSON.parse(value) as unknown }))
  const transaction = database.transaction(['settings', 'catalog'], 'readwrite', { durability: 'strict' })
  const [settings, catalog] = [transaction.objectStore('settings'), transaction.objectStore('catalog')]
  const [kept, before] = await Promise.all([settings.get(SETTINGS), catalog.get(HEAD)])
  for (const prefix of PREFIXES) await settings.delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`))
  for (const { key, value } of records) {
    const own = isRecord(kept?.value) ? kept.value : {}
    const mine = Object.fromEntries(OWN_FIELDS.filter((field) => field in own).map((field) => [field, own[field]]))
    await settings.put({ key, value: key === SETTINGS ? { ...(shared(value) as object), ...mine } : value })
  }
  if (goods !== null) {
    await catalog.clear()
    for (const { key, value } of goods) {
      // Another catalogue than the one before, for a load that began over that one.
      const version = isRecord(before?.value) ? before.value.version : 0
      const head = { ...(value as object), version: (typeof version === 'number' ? version : 0) + 1 }
      await catalog.put({ key, value: key === HEAD ? head : value })
    }
  }
  await transaction.done
  for (const topic of [SETTINGS, 'cashiers', 'catalog']) changes.tell(topic)
  return goods === null ? 'withoutGoods' : 'whole'
}
