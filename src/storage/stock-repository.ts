/**
 * The stock on the disk. Whatever a person enters is one strict transaction; what the journal's receipts take is counted
 * behind the sale, each entry once whatever windows, crashes and reloads do: position and quantities are one transaction.
 */
import {
  afterLine,
  changesOf,
  counts,
  emptyRow,
  lineOfSheet,
  quantityOf,
  recount,
  type Movement,
  type MovementKind,
  type MovementLine,
  type SheetKind,
  type SheetLine,
  type StockRow,
} from '../domain/stock.ts'
import { isSettled, type Entry } from '../queue/types.ts'
import { readEntry } from './entry-schema.ts'
import type { LedgerDatabase } from './ledger-db.ts'
import type { JournalPosition, SheetHead, StockDatabase, StockLimit } from './stock-db.ts'

const STRICT = { durability: 'strict' } as const
/** Losing one of these means that the same entries are counted again from where the last one stood. */
const RELAXED = { durability: 'relaxed' } as const
/** Entries of the journal that are counted in one go. */
const STEP = 200
/** Goods that are read in one go. */
const BLOCK = 2_000

export interface Sheet {
  readonly head: SheetHead
  /** The one that was touched last comes first. */
  readonly lines: readonly SheetLine[]
}

export interface Who {
  readonly by: string
  /** ms since the epoch. */
  readonly atMs: number
}

/** A movement before it is stored. `counted`: what is there; its change follows from what should be there now. */
export interface NewMovement extends Who {
  readonly id: string
  readonly kind: MovementKind
  readonly note: string
  readonly lines: readonly (Omit<MovementLine, 'change' | 'expected'> & { readonly change?: number })[]
}

/** What changed, for whoever shows it. Without `rows` they are to be read anew. */
export interface StockChange {
  readonly rows?: readonly StockRow[]
  readonly sheet?: SheetKind
  readonly limits?: readonly StockLimit[]
  readonly movements?: true
}

export type Accepted =
  | { readonly kind: 'accepted'; readonly movement: Movement }
  /** Another window accepted it, or it has no line. */
  | { readonly kind: 'gone' }
  /** Another window changed it since it was shown. */
  | { readonly kind: 'changed' }

export interface StockRepository {
  /** Whether anybody keeps a stock here. */
  inUse(): Promise<boolean>
  /** Every good, block by block. */
  rows(): AsyncGenerator<readonly StockRow[]>
  limits(): Promise<readonly StockLimit[]>
  /** Null goes back to the setting's. */
  setLimit(goods: string, low: number | null): Promise<void>
  /** Counts what came into the journal since, until nothing is left. Resolves to how many entries were new. */
  catchUp(): Promise<number>
  /** Stores a movement; one whose id is known changes nothing. */
  record(movement: NewMovement): Promise<void>
  /** At most `limit` movements, newest first, older than `before`. */
  movements(limit: number, before?: Movement): Promise<readonly Movement[]>
  sheet(kind: SheetKind): Promise<Sheet | null>
  /**
   * Keeps what `change` makes of a good's line on the sheet (null: none, or removed), and begins the sheet with its first
   * one. Of a count the line learns what should be there now: call `catchUp` before.
   */
  editLine(
    kind: SheetKind,
    goods: string,
    change: (line: SheetLine | null) => Omit<SheetLine, 'sheet' | 'goods' | 'expected'> | null,
    begin: { readonly id: string; readonly atMs: number },
  ): Promise<void>
  /** Makes a movement of the sheet as it was seen: once, whoever else accepts it. */
  accept(seen: SheetHead, note: string, who: Who): Promise<Accepted>
  /** Throws a sheet away that nobody has accepted. */
  discard(seen: SheetHead): Promise<void>
  /** Makes the quantities anew from all movements and the journal. Resolves to how many goods were wrong. */
  recount(): Promise<number>
}

interface Parts {
  /** Opened at the first need. */
  readonly stock: () => Promise<StockDatabase>
  readonly ledger: LedgerDatabase
  readonly newId: () => string
  readonly now: () => number
  readonly tell: (change: StockChange) => void
}

interface RowStore {
  get(goods: string): Promise<StockRow | undefined>
  put(row: StockRow): Promise<unknown>
}

/** Goods under change in one transaction: each is read once and written once. */
class Changing {
  private readonly store: RowStore
  private readonly rows = new Map<string, StockRow>()

  constructor(store: RowStore) {
    this.store = store
  }

  async load(goods: Iterable<string>): Promise<void> {
    const fresh = [...new Set(goods)].filter((each) => !this.rows.has(each))
    const found = await Promise.all(fresh.map((each) => this.store.get(each)))
    fresh.forEach((each, place) => this.rows.set(each, found[place] ?? emptyRow(each)))
  }

  at(goods: string): StockRow {
    return this.rows.get(goods) ?? emptyRow(goods)
  }

  set(row: StockRow): void {
    this.rows.set(row.goods, row)
  }

  sell(changes: ReadonlyMap<string, number>, sign: 1 | -1): void {
    for (const [goods, change] of changes) {
      const row = this.at(goods)
      this.set({ ...row, sold: row.sold + sign * change })
    }
  }

  async write(): Promise<readonly StockRow[]> {
    const rows = [...this.rows.values()]
    await Promise.all(rows.map((row) => this.store.put(row)))
    return rows
  }
}

/** An entry that this version can't read counts for nothing. */
const readable = (record: unknown): Entry | null => {
  const read = readEntry(record)
  return read.kind === 'ok' ? read.entry : null
}

export function createStockRepository(parts: Parts): StockRepository {
  const { ledger, tell } = parts

  /** Where the journal ends now: a stock that begins counts what comes after it. */
  async function journalEnd(): Promise<JournalPosition> {
    const newest = await ledger.transaction('entries').store.index('sequence').openCursor(null, 'prev')
    const position = newest?.value.sequence ?? 0
    return { name: 'journal', begin: position, position, positionId: newest?.value.id ?? null }
  }

  /** One transaction that stores a movement and what it changes; `prepare` makes its lines of the goods as they are. */
  async function store(
    about: Omit<Movement, 'version' | 'lines'>,
    linesOf: (rows: Changing) => readonly MovementLine[],
    goods: readonly string[],
  ): Promise<Movement | null> {
    const stock = await parts.stock()
    const end = await journalEnd()
    const transaction = stock.transaction(['movements', 'rows', 'counters'], 'readwrite', STRICT)
    const movements = transaction.objectStore('movements')
    const counters = transaction.objectStore('counters')
    const rows = new Changing(transaction.objectStore('rows'))
    const [known, counter] = await Promise.all([movements.getKey(about.id), counters.get('journal'), rows.load(goods)])
    if (known !== undefined) {
      await transaction.done
      return null
    }
    const movement: Movement = { version: 1, ...about, lines: linesOf(rows) }
    for (const line of movement.lines) rows.set(afterLine(rows.at(line.goods), movement, line))
    const [changed] = await Promise.all([
      rows.write(),
      movements.add(movement),
      ...(counter === undefined ? [counters.put(end)] : []),
      transaction.done,
    ])
    tell({ ...(changed.length > BLOCK ? {} : { rows: changed }), movements: true })
    return movement
  }

  /** What a lost journal had counted stays counted; the one that is there now is counted from its beginning. */
  async function carry(lost: JournalPosition): Promise<void> {
    const stock = await parts.stock()
    const transaction = stock.transaction(['movements', 'rows', 'counters', 'pending'], 'readwrite', STRICT)
    const counters = transaction.objectStore('counters')
    const rows = transaction.objectStore('rows')
    const [counter, all] = await Promise.all([counters.get('journal'), rows.getAll()])
    const sold = all.filter((row) => row.sold !== 0)
    if (counter?.position === lost.position && counter.positionId === lost.positionId) {
      const lines = sold.map(({ goods, sold: change }) => ({ goods, code: '', name: '', change }))
      const about = { version: 1, id: parts.newId(), kind: 'carried', atMs: parts.now(), by: '', note: '' } as const
      await Promise.all([
        transaction.objectStore('movements').add({ ...about, lines }),
        ...sold.map((row) => rows.put({ ...row, moved: row.moved + row.sold, sold: 0 })),
        transaction.objectStore('pending').clear(),
        counters.put({ name: 'journal', begin: 0, position: 0, positionId: null }),
      ])
    }
    await transaction.done
  }

  /** Counts the next entries; resolves to how many were new, null where nobody keeps a stock. */
  async function step(): Promise<number | null> {
    const stock = await parts.stock()
    const before = stock.transaction(['counters', 'pending'])
    const [from, waiting] = await Promise.all([
      before.objectStore('counters').get('journal'),
      before.objectStore('pending').getAllKeys(),
      before.done,
    ])
    if (from === undefined) return null
    const entries = ledger.transaction('entries').store
    const [at, fresh, open] = await Promise.all([
      entries.index('sequence').get(from.position),
      entries.index('sequence').getAll(IDBKeyRange.lowerBound(from.position, true), STEP),
      Promise.all(waiting.map((id) => entries.get(id))),
    ])
    if (from.positionId !== null && at?.id !== from.positionId) {
      await carry(from)
      return STEP
    }
    const last = fresh.at(-1)
    if (last === undefined && open.every((entry) => entry === undefined)) return 0
    const changes = new Map([...fresh, ...open].flatMap((entry) => (entry ? [[entry.id, changesOf(entry)]] : [])))
    const transaction = stock.transaction(['rows', 'pending', 'counters'], 'readwrite', RELAXED)
    const pending = transaction.objectStore('pending')
    const counters = transaction.objectStore('counters')
    const rows = new Changing(transaction.objectStore('rows'))
    const [counter, stored] = await Promise.all([
      counters.get('journal'),
      Promise.all(waiting.map((id) => pending.get(id))),
    ])
    // Another window was there first: what it counted isn't counted again.
    if (counter?.position !== from.position || counter.positionId !== from.positionId) {
      await transaction.done
      return STEP
    }
    const known = new Map(stored.flatMap((one) => (one === undefined ? [] : [[one.id, one.counted] as const])))
    const touched = [...fresh, ...open.filter((entry) => entry !== undefined && known.has(entry.id))]
    await rows.load(
      touched.flatMap((entry) => {
        const wanted = readable(entry)
        if (wanted === null || counts(wanted) === (known.get(wanted.id) ?? false)) return []
        return [...(changes.get(wanted.id)?.keys() ?? [])]
      }),
    )
    const writes: Promise<unknown>[] = []
    for (const record of touched) {
      const entry = readable(record)
      if (entry === null) continue
      const counted = known.get(entry.id) ?? false
      const now = counts(entry)
      if (now !== counted) rows.sell(changes.get(entry.id) ?? new Map<string, number>(), now ? 1 : -1)
      const settled = isSettled(entry)
      if (!settled && (now !== counted || !known.has(entry.id)))
        writes.push(pending.put({ id: entry.id, counted: now }))
      if (settled && known.has(entry.id)) writes.push(pending.delete(entry.id))
    }
    if (last !== undefined) writes.push(counters.put({ ...counter, position: last.sequence, positionId: last.id }))
    const [changed] = await Promise.all([rows.write(), ...writes, transaction.done])
    if (changed.length > 0) tell({ rows: changed })
    return fresh.length
  }

  async function readSheet(kind: SheetKind): Promise<Sheet | null> {
    const transaction = (await parts.stock()).transaction(['sheets', 'lines'])
    const [head, lines] = await Promise.all([
      transaction.objectStore('sheets').get(kind),
      transaction.objectStore('lines').getAll(IDBKeyRange.bound([kind], [kind, []])),
      transaction.done,
    ])
    return head === undefined ? null : { head, lines: lines.sort((a, b) => b.atMs - a.atMs) }
  }

  const repository: StockRepository = {
    async inUse() {
      return (await (await parts.stock()).count('counters')) > 0
    },

    async *rows() {
      const stock = await parts.stock()
      let after: IDBKeyRange | null = null
      for (;;) {
        const block: StockRow[] = await stock.getAll('rows', after, BLOCK)
        if (block.length > 0) yield block
        const last = block.at(-1)
        if (last === undefined || block.length < BLOCK) return
        after = IDBKeyRange.lowerBound(last.goods, true)
      }
    },

    async limits() {
      return (await parts.stock()).getAll('limits')
    },

    async setLimit(goods, low) {
      const transaction = (await parts.stock()).transaction('limits', 'readwrite', STRICT)
      await (low === null ? transaction.store.delete(goods) : transaction.store.put({ goods, low }))
      await transaction.done
      tell({ limits: [{ goods, low: low ?? -1 }] })
    },

    async catchUp() {
      let counted = 0
      for (;;) {
        const fresh = await step()
        counted += fresh ?? 0
        if (fresh === null || fresh < STEP) return counted
      }
    },

    async record({ lines, ...about }) {
      const linesOf = (rows: Changing) =>
        lines.map(({ counted, change = 0, ...line }): MovementLine => {
          if (counted === undefined) return { ...line, change }
          const expected = quantityOf(rows.at(line.goods))
          return { ...line, change: counted - expected, counted, expected }
        })
      await store(
        about,
        linesOf,
        lines.map(({ goods }) => goods),
      )
    },

    async movements(limit, before) {
      const range = before === undefined ? null : IDBKeyRange.upperBound([before.atMs, before.id], true)
      const found: Movement[] = []
      let cursor = await (await parts.stock()).transaction('movements').store.index('at').openCursor(range, 'prev')
      while (cursor !== null && found.length < limit) {
        found.push(cursor.value)
        cursor = await cursor.continue()
      }
      return found
    },

    sheet: readSheet,

    async editLine(kind, goods, change, begin) {
      const transaction = (await parts.stock()).transaction(['sheets', 'lines', 'rows'], 'readwrite', STRICT)
      const sheets = transaction.objectStore('sheets')
      const lines = transaction.objectStore('lines')
      const [head, line, row] = await Promise.all([
        sheets.get(kind),
        lines.get([kind, goods]),
        transaction.objectStore('rows').get(goods),
      ])
      const next = change(line ?? null)
      const expected = kind === 'count' ? { expected: quantityOf(row ?? emptyRow(goods)) } : {}
      const { id, startedAtMs, revision } = head ?? { id: begin.id, startedAtMs: begin.atMs, revision: 0 }
      const writes = [
        sheets.put({ kind, id, startedAtMs, revision: revision + 1 }),
        next === null ? lines.delete([kind, goods]) : lines.put({ ...next, sheet: kind, goods, ...expected }),
      ]
      await Promise.all([...writes, transaction.done])
      tell({ sheet: kind })
    },

    async accept({ kind, id, revision }, note, { by, atMs }) {
      const stock = await parts.stock()
      const end = await journalEnd()
      const stores = ['sheets', 'lines', 'movements', 'rows', 'counters'] as const
      const transaction = stock.transaction(stores, 'readwrite', STRICT)
      const sheets = transaction.objectStore('sheets')
      const lines = transaction.objectStore('lines')
      const counters = transaction.objectStore('counters')
      const rows = new Changing(transaction.objectStore('rows'))
      const range = IDBKeyRange.bound([kind], [kind, []])
      const [head, filled, counter] = await Promise.all([
        sheets.get(kind),
        lines.getAll(range),
        counters.get('journal'),
      ])
      if (head?.id !== id || filled.length === 0 || head.revision !== revision) {
        await transaction.done
        return { kind: head?.id === id && head.revision !== revision ? 'changed' : 'gone' }
      }
      await rows.load(filled.map(({ goods }) => goods))
      const inOrder = filled.sort((a, b) => a.atMs - b.atMs)
      const movement: Movement = { version: 1, id, kind, atMs, by, note, lines: inOrder.map(lineOfSheet) }
      for (const line of movement.lines) rows.set(afterLine(rows.at(line.goods), movement, line))
      const [changed] = await Promise.all([
        rows.write(),
        transaction.objectStore('movements').add(movement),
        lines.delete(range),
        sheets.delete(kind),
        ...(counter === undefined ? [counters.put(end)] : []),
        transaction.done,
      ])
      tell({ ...(changed.length > BLOCK ? {} : { rows: changed }), sheet: kind, movements: true })
      return { kind: 'accepted', movement }
    },

    async discard({ kind, id }) {
      const transaction = (await parts.stock()).transaction(['sheets', 'lines'], 'readwrite', STRICT)
      const head = await transaction.objectStore('sheets').get(kind)
      if (head?.id === id) {
        await Promise.all([
          transaction.objectStore('sheets').delete(kind),
          transaction.objectStore('lines').delete(IDBKeyRange.bound([kind], [kind, []])),
        ])
      }
      await transaction.done
      tell({ sheet: kind })
    },

    async recount() {
      const stock = await parts.stock()
      for (;;) {
        await repository.catchUp()
        const from = await stock.get('counters', 'journal')
        if (from === undefined) return 0
        const entries: Entry[] = []
        let after = from.begin
        for (;;) {
          const range = IDBKeyRange.bound(after, from.position, true)
          const batch = await ledger.getAllFromIndex('entries', 'sequence', range, STEP)
          const last = batch.at(-1)
          if (last === undefined) break
          // Only what the count needs stays in memory.
          for (const entry of batch) if (readable(entry) !== null) entries.push(entry)
          after = last.sequence
          if (after >= from.position) break
        }
        const transaction = stock.transaction(['movements', 'rows', 'counters', 'pending'], 'readwrite', STRICT)
        const [movements, before, counter, pending] = await Promise.all([
          transaction.objectStore('movements').getAll(),
          transaction.objectStore('rows').getAll(),
          transaction.objectStore('counters').get('journal'),
          transaction.objectStore('pending').getAll(),
        ])
        if (counter?.position !== from.position || counter.positionId !== from.positionId) {
          await transaction.done
          continue
        }
        // An unsettled entry is counted as it is noted, and follows with the next step.
        const noted = new Map(pending.map(({ id, counted }) => [id, counted]))
        const operations = entries.map(({ id, kind, state, receipt }) => {
          const counted = noted.get(id)
          return { kind, receipt, state: counted === undefined ? state : counted ? 'queued' : 'refused' }
        })
        const right = recount(movements, operations)
        const wrong = before.filter(
          (row) => JSON.stringify(right.get(row.goods) ?? emptyRow(row.goods)) !== JSON.stringify(row),
        )
        const there = new Set(before.map(({ goods }) => goods))
        const missing = [...right.values()].filter(({ goods }) => !there.has(goods))
        await Promise.all([
          ...wrong.map((row) => transaction.objectStore('rows').put(right.get(row.goods) ?? emptyRow(row.goods))),
          ...missing.map((row) => transaction.objectStore('rows').put(row)),
          transaction.done,
        ])
        if (wrong.length + missing.length > 0) tell({})
        return wrong.length + missing.length
      }
    },
  }
  return repository
}
