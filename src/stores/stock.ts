/** The stock as screens have it: quantities and costs in memory, sheets that are being filled, movements. Fetched later. */
import { defineStore } from 'pinia'
import { ref, shallowReactive, shallowRef, triggerRef, watch } from 'vue'
import type { CatalogItem } from '../domain/catalog.ts'
import { codeKey } from '../domain/goods-code.ts'
import { tiyn, type Tiyn } from '../domain/money.ts'
import type { ItemRow, Receipt } from '../domain/receipt.ts'
import {
  goodsOf,
  goodsOfRow,
  quantityOf,
  type Movement,
  type SheetKind,
  type SheetLine,
  type StockRow,
} from '../domain/stock.ts'
import type { Accepted, NewMovement, Sheet, StockChange, StockRepository } from '../storage/stock-repository.ts'
import { services } from '../till/services.ts'
import { runInSlices } from '../till/time-slices.ts'
import { useCatalogStore } from './catalog.ts'
import { useSettingsStore } from './settings.ts'

/** Goods of one step of work behind the screen. */
const STEP = 2_000
/** Movements of one page. */
const PAGE = 50
/** Lines of one stored movement: a file of 50 000 goods is several. */
const MOST_LINES = 2_000

/** What a file says of one good. Thousandths and tiyn. */
export interface LoadedGood {
  readonly item: CatalogItem
  readonly counted?: number
  readonly cost?: Tiyn
}

export const useStockStore = defineStore('stock', () => {
  const catalog = useCatalogStore()
  const settings = useSettingsStore()
  /** Resolves when the repository is there. */
  let connected = (_repository: StockRepository): void => undefined
  const connection = new Promise<StockRepository>((resolve) => (connected = resolve))

  const rows = shallowRef(new Map<string, StockRow>())
  const limits = shallowRef(new Map<string, number>())
  /** Quantities are in memory, or there are none. */
  const ready = ref(false)
  /** Somebody keeps a stock here. */
  const used = ref(false)
  const sheets = shallowReactive<Partial<Record<SheetKind, Sheet | null>>>({})
  const movements = shallowRef<readonly Movement[]>([])
  const moreMovements = ref(false)
  /** Keys of goods whose code isn't that of their source, by the code that is sold under. */
  const renamed = shallowRef<ReadonlyMap<string, string>>(new Map())

  function* findRenamed(items: readonly CatalogItem[]): Generator<unknown, ReadonlyMap<string, string>> {
    const found = new Map<string, string>()
    let done = 0
    for (const item of items) {
      const goods = keyOf(item)
      const key = codeKey(item.code)
      if (goods !== key) found.set(key, goods)
      if (++done % STEP === 0) yield
    }
    return found
  }

  watch(
    () => catalog.items,
    async (items) => {
      const found = await runInSlices(findRenamed(items), () => catalog.items === items)
      if (found !== null) renamed.value = found
    },
    { immediate: true },
  )

  const keyOf = (item: CatalogItem): string => goodsOf(item, catalog.editOf(item)?.sourceCode ?? item.code)

  const rowOf = (item: CatalogItem): StockRow | undefined => rows.value.get(keyOf(item))
  /** Thousandths that should be there; null where nobody said. */
  function quantity(item: CatalogItem): number | null {
    const row = rowOf(item)
    return row?.tracked === true ? quantityOf(row) : null
  }
  const cost = (item: CatalogItem): Tiyn | null => rowOf(item)?.cost ?? null
  /** Quantity at which a good is marked, and whether it is its own. */
  const ownLimit = (item: CatalogItem): number | null => limits.value.get(keyOf(item)) ?? null
  const limit = (item: CatalogItem): number => ownLimit(item) ?? settings.values.lowStock
  /** What is left of a good that runs out; null for any other. */
  function low(item: CatalogItem): number | null {
    const left = quantity(item)
    return left !== null && left <= limit(item) ? left : null
  }

  function pricedRow(row: ItemRow): ItemRow {
    const bare = row.code === null ? null : codeKey(row.code)
    const goods = bare === null ? null : (renamed.value.get(bare) ?? bare)
    const known = goods === null ? null : (rows.value.get(goods)?.cost ?? null)
    return {
      ...row,
      ...(goods === null || goods === bare ? {} : { goods }),
      ...(known === null ? {} : { cost: known }),
    }
  }

  function ofThen(row: ItemRow, was: ItemRow): ItemRow {
    const goods = goodsOfRow(was) === goodsOfRow(row) ? undefined : was.goods
    return { ...row, ...(goods === undefined ? {} : { goods }), ...(was.cost === undefined ? {} : { cost: was.cost }) }
  }

  /** See `StockView.priced`. */
  function priced(receipt: Receipt, basis: Receipt | null = null): Receipt {
    try {
      const then = basis?.rows.filter((row) => row.kind === 'item') ?? []
      return {
        ...receipt,
        rows: receipt.rows.map((row) => {
          if (row.kind !== 'item' || row.cost !== undefined) return row
          if (row.basisLine === undefined) return pricedRow(row)
          const was = then[row.basisLine]
          return was === undefined ? row : ofThen(row, was)
        }),
      }
    } catch {
      // A sale is stored whatever the stock says.
      return receipt
    }
  }

  /** Takes what changed, here or in another window. */
  async function apply({ rows: changed, sheet, limits: set, movements: moved }: StockChange): Promise<void> {
    used.value = true
    if (changed !== undefined) {
      for (const row of changed) rows.value.set(row.goods, row)
      triggerRef(rows)
    }
    if (set !== undefined) {
      for (const { goods, low: at } of set) {
        if (at < 0) limits.value.delete(goods)
        else limits.value.set(goods, at)
      }
      triggerRef(limits)
    }
    if (sheet !== undefined && sheet in sheets) await loadSheet(sheet)
    if (moved && movements.value.length > 0) await loadMovements()
    if (changed === undefined && set === undefined && (moved || sheet === undefined)) await load()
  }

  /** Reads all quantities, block by block. */
  async function load(): Promise<void> {
    const from = await connection
    const [all, set] = [new Map<string, StockRow>(), await from.limits()]
    for await (const block of from.rows()) {
      for (const row of block) all.set(row.goods, row)
    }
    rows.value = all
    limits.value = new Map(set.map(({ goods, low: at }) => [goods, at]))
    used.value = await from.inUse()
  }

  /** `there`: the till has a stock; without one nothing is read. */
  async function connect(to: StockRepository, there: boolean): Promise<void> {
    connected(to)
    if (there) await load()
    ready.value = true
  }

  /** What is shown and counted is of now. */
  async function catchUp(): Promise<void> {
    const from = await connection
    if (used.value) await from.catchUp()
  }

  async function loadSheet(kind: SheetKind): Promise<void> {
    const from = await connection
    sheets[kind] = await from.sheet(kind)
  }

  async function loadMovements(more = false): Promise<void> {
    const from = await connection
    const last = more ? movements.value.at(-1) : undefined
    const found = await from.movements(PAGE, last)
    movements.value = more ? [...movements.value, ...found] : found
    moreMovements.value = found.length === PAGE
  }

  /** Whoever may not is told; nothing is changed then. */
  const refused = async () => (await services().refusal(['stock'])) !== null
  const who = () => ({ by: services().cashier()?.name ?? '', atMs: services().now() })

  /**
   * Keeps what `change` makes of a good's line on a sheet: quantity in thousandths, cost in tiyn; null takes it off. False
   * for whoever may not. Rejects with the storage's error.
   */
  async function editLine(
    kind: SheetKind,
    item: Pick<SheetLine, 'goods' | 'code' | 'name'>,
    change: (line: SheetLine | null) => Pick<SheetLine, 'quantity' | 'cost'> | null,
  ): Promise<boolean> {
    if (await refused()) return false
    const from = await connection
    const { newId, now } = services()
    if (kind === 'count') await catchUp()
    const { goods, code, name } = item
    const edit = (line: SheetLine | null) => {
      const next = change(line)
      return next === null ? null : { code, name, ...next, atMs: now() }
    }
    await from.editLine(kind, goods, edit, { id: newId(), atMs: now() })
    return true
  }

  /** Accepts the sheet as it is shown; null for whoever may not. */
  async function accept(kind: SheetKind, note: string): Promise<Accepted | null> {
    const seen = sheets[kind]
    if (!seen || (await refused())) return null
    const from = await connection
    const accepted = await from.accept(seen.head, note, who())
    await loadSheet(kind)
    return accepted
  }

  async function discard(kind: SheetKind): Promise<void> {
    const seen = sheets[kind]
    if (!seen || (await refused())) return
    await (await connection).discard(seen.head)
    await loadSheet(kind)
  }

  async function record(movement: Pick<NewMovement, 'id' | 'kind' | 'note' | 'lines'>): Promise<void> {
    const from = await connection
    const { lines, ...about } = movement
    await catchUp()
    for (let start = 0; start < lines.length; start += MOST_LINES) {
      const part = start === 0 ? about.id : `${about.id}:${start}`
      await from.record({ ...about, ...who(), id: part, lines: lines.slice(start, start + MOST_LINES) })
    }
  }

  /** Takes quantities and costs of a file; `id` of the import, so that the same one is never taken twice. */
  async function recordLoad(id: string, note: string, goods: readonly LoadedGood[]): Promise<void> {
    if (goods.length === 0 || (await refused())) return
    const lines = goods.map(({ item, ...said }) => ({
      goods: keyOf(item),
      code: item.code,
      name: item.name,
      ...said,
    }))
    await record({ id, kind: 'load', note, lines })
  }

  /** What one unit of a good costs from now on; tiyn. */
  async function setCost(item: CatalogItem, amount: number): Promise<void> {
    if (await refused()) return
    const line = { goods: keyOf(item), code: item.code, name: item.name, cost: tiyn(amount) }
    await record({ id: services().newId(), kind: 'cost', note: '', lines: [line] })
  }

  /** Quantity (thousandths) at which a good is marked; null for the setting's. */
  async function setLimit(item: CatalogItem, at: number | null): Promise<void> {
    if (!(await refused())) await (await connection).setLimit(keyOf(item), at)
  }

  return {
    ready,
    used,
    sheets,
    movements,
    moreMovements,
    keyOf,
    quantity,
    cost,
    limit,
    ownLimit,
    low,
    priced,
    connect,
    apply,
    catchUp,
    loadSheet,
    loadMovements,
    editLine,
    accept,
    discard,
    recordLoad,
    setCost,
    setLimit,
    /** Makes the quantities anew; resolves to how many were wrong, null for whoever may not. */
    recount: async () => ((await refused()) ? null : (await connection).recount()),
  }
})
