/** Everything that the device remembers: one plain object, so that demo mode can store it as JSON. */
import type { ReceiptKind } from '../domain/receipt.ts'
import { Random, randomState, type RandomState } from './random.ts'
import { DEFAULT_READINGS, type DeviceReadings } from './readings.ts'

/** Kinds in the order of `chequeType` (source 004, chapter 9.2): their index is the wire's number. */
export const RECEIPT_KINDS = ['sale', 'buy', 'saleReturn', 'buyReturn'] as const satisfies readonly ReceiptKind[]

export type CashierRole = 'cashier' | 'senior' | 'admin'
export type PrintMode = 'internal-printer' | 'lan-printer' | 'usb-printer'

export interface Cashier {
  id: number
  name: string
  role: CashierRole
}

/** `rate` in hundredths of a percent. A tax that isn't included comes on top of the registered amount. */
export interface DeviceTax {
  id: number
  name: string
  rate: number
  included: boolean
}

/** A row of `/dump/table/items`. `taxSlot` is an index into the taxes: ids change, the slot doesn't. */
export interface DeviceItem {
  uid: number
  code1: number
  code2: string
  name: string
  /** Tiyn. */
  price1: number
  taxSlot: number
  itemtype: number
  /** 0 piece, 1 kilogram (ours: the document gives no list). */
  measure: number
  catalogid: number
}

export interface DeviceGoods {
  items: DeviceItem[]
  /** Folder names by id. */
  catalog: Record<string, string>
}

/** How the bank application ends. `not-found` leaves no transaction under the track number. */
export interface BankOutcome {
  result: 'approve' | 'decline' | 'hang' | 'not-found'
  durationMs: number
  /** Declined attempts that precede the last one under the same track number. */
  failedBefore?: number
  /** Bank response code of the last attempt; `00` for an approval when absent. */
  responseCode?: string
}

/** What a device is like. Everything has a default (at the end of this file). */
export interface DeviceOptions {
  factorySerialNumber: string
  applicationVersion: number
  /** Minutes that the device's clock is ahead of UTC: 300 in Kazakhstan since 2024. */
  utcOffsetMinutes: number
  /** Key shown on the device's screen at the start; null draws one. */
  key: string | null
  /** Keys are drawn from 1 to `keySpace` - 1; a small number makes equal keys by chance likely. */
  keySpace: number
  cashiers: Cashier[]
  cashierId: number
  taxes: DeviceTax[]
  defaultTaxId: number
  /** null: the built-in shop (`goods.ts`), the same in every device. */
  goods: DeviceGoods | null
  /** Adds rows that no terminal should choke on: no name, no price, doubled codes, markup, unknown tax. */
  brokenGoods: boolean
  /** Adds this many generated items to the built-in shop. */
  extraGoods: number
  bank: BankOutcome
  zNormalMs: number
  /** Shortest and longest Z report with `timersFast`, in ms. */
  zFastMs: [number, number]
  bootMs: number
  /** How long a line keeps the printer busy, in ms; 0 prints at once. See `IkkmDevice.workMs`. */
  printMsPerLine: number
  /** How long a message to the tax authority takes when the line is up, in ms. */
  ofdDelayMs: number
  printMode: PrintMode
  internalFont: 'normal' | 'small' | 'large'
  externalPaperMm: 80 | 57
  rounding: 'no' | 'tenge'
  mixedPaymentAllowed: boolean
  changeAllowed: boolean
  /** Positions that go online one by one; a longer receipt goes as one (5.1). */
  maxOnlineRows: number
  /** Largest value in tiyn, itself allowed. */
  maxAmountTiyn: number
  /** A newer version for `doUpdate`, null for none. */
  updateTo: number | null
  /** Cash in the drawer at the start, in tiyn. */
  cashTiyn: number
  /** Number of the last document and of the last shift before the device came to this shop. */
  lastNumber: number
  lastShift: number
  /** Closed shifts older than so many are archived (`isArhived`). */
  archiveAfterShifts: number
  /** Documents of archived shifts leave the ledger; keeps a stored demo device small. */
  dropArchived: boolean
  /** Printed documents kept as text; 0 prints nothing (for speed). */
  paperLimit: number
}

/** A row of `itemdata`, read: tiyn and thousandths. A discount row has only `discount`. */
export interface LedgerRow {
  name: string
  price: number
  quantity: number
  sum: number
  /** Tiyn taken off by a discount row, null for an item. */
  discount: number | null
}

export type LedgerKind = ReceiptKind | 'deposit' | 'withdrawal' | 'z' | 'x' | 'bank' | 'print'

/** One executed document or operation. The ledger is what really happened, whatever was answered. */
export interface LedgerEntry {
  /** 1, 2, 3 … in order of execution. */
  seq: number
  kind: LedgerKind
  /** Document number; 0 where there is none (x, z, bank, print). */
  number: number
  shift: number
  cashierId: number
  atMs: number
  /** What was registered, in tiyn; for a tax on top, with the tax. */
  totalTiyn: number
  /** Tendered tiyn in the order of `TENDERS`: cash, bank, tara, credit. */
  payments: number[]
  changeTiyn: number
  taxId: number
  taxTiyn: number
  /** `itemdata` as sent, null for none. */
  itemdata: string | null
  rows: LedgerRow[] | null
  /** Positions that the tax authority gets: all, or one for a receipt of more than `maxOnlineRows` (5.1). */
  onlineRows: number
  /** Id of the first row in `/sales`. */
  firstRowId: number
  print: string | null
  footer: string | null
  keySent: string
  /** The key that this document made current; the unchanged one where it made none. */
  keyReturned: string
  /** Code that was answered although the document was executed (-6, -99); 0 for a success. */
  answered: number
  /** Made by somebody else than the client: a third party or a person at the device. */
  foreign: boolean
  /** Copies printed because the request came again with the previous key. */
  duplicates: number
  /** Copies printed by `printLastDocument`. */
  reprints: number
  /** When it reached the tax authority, ms; 0 while it waits. */
  submittedMs: number
  onlineCode: string
  /** Bank operations: track number (0 for none) and operation (empty for everything else). */
  track: number
  bankMessage: string
}

export interface ShiftRecord {
  id: number
  openedMs: number
  /** 0 while it is open. */
  closedMs: number
  cashierId: number
  /** Sums by kind in tiyn since ever, when the shift opened. */
  sumsAtOpen: number[]
  /** Sums and counts of this shift by kind. */
  sums: number[]
  counts: number[]
  cashInCount: number
  cashInTiyn: number
  cashOutCount: number
  cashOutTiyn: number
  cashAtCloseTiyn: number
  /** `seq` of its first document. */
  firstSeq: number
}

export interface BankTransaction {
  track: number
  operation: 'purchase' | 'refund' | 'reversal'
  amountTiyn: number
  atMs: number
  success: boolean
  responseCode: string
  refnum: string
  traceNumber: number
  pan: string
}

export interface BankRun {
  track: number
  message: 'purchase' | 'refund' | 'reversal' | 'reconciliation'
  amountTiyn: number
  keySent: string
  foreign: boolean
  /** null: it hangs until the device is started again. */
  dueMs: number | null
  outcome: BankOutcome
}

/** Lives until the device is started again (chapter 10.1). */
export interface SessionState {
  timersFast: boolean
  keepLanPrinter: boolean
  printMode: PrintMode
  ofdPacketMode: boolean
  webManagement: boolean
  /** Host that locked the device for itself, null for none. */
  lockedTo: string | null
  printHeader: string | null
}

export interface DeviceState {
  version: 1
  options: DeviceOptions
  readings: DeviceReadings
  random: RandomState
  applicationVersion: number
  /** No answer before this moment: the device starts. */
  downUntilMs: number
  key: string
  /** What a registration with the previous key is answered, null where nothing is remembered. */
  replay: { key: string; number: number; seq: number; request: string } | null
  lastNumber: number
  lastCashNumber: number
  lastClosedNumber: number
  lastSeq: number
  nextRowId: number
  cashTiyn: number
  /** Sums and counts since ever by kind. */
  sums: number[]
  counts: number[]
  shifts: ShiftRecord[]
  closing: { dueMs: number; keySent: string; foreign: boolean } | null
  busyUntilMs: number
  bank: { running: BankRun | null; script: BankOutcome[]; transactions: BankTransaction[] }
  cashiers: Cashier[]
  cashierId: number
  taxes: DeviceTax[]
  /** Taxes as they were before they were edited, by their old id: reports of the shift still name them. */
  retiredTaxes: Record<string, DeviceTax>
  defaultTaxId: number
  session: SessionState
  printer: 'ready' | 'no-paper' | 'no-connection'
  batteryPercent: number
  /** Code of the Tax Committee, 0 to 99; null while the device isn't blocked. */
  blockedCode: number | null
  ofd: { reachable: boolean; silentSinceMs: number | null; waiting: number; firstWaitingSeq: number }
  /** Answers waiting to be given instead of executing (tests); -99 follows the reading. */
  failNext: { code: number; count: number } | null
  ledger: LedgerEntry[]
  /** Printed documents, the newest last. */
  paper: string[]
  beeps: number
  drawerOpenings: number
}

const DEFAULT_OPTIONS: Readonly<DeviceOptions> = {
  factorySerialNumber: '011700029000',
  applicationVersion: 101_021,
  utcOffsetMinutes: 300,
  key: null,
  keySpace: 100_000_000,
  cashiers: [
    { id: 166, name: 'Айгерим Сапарова', role: 'senior' },
    { id: 100, name: 'Алия Бекова', role: 'cashier' },
    { id: 201, name: 'Наталья Ким', role: 'admin' },
  ],
  cashierId: 166,
  taxes: [
    { id: 15, name: 'НДС 16%', rate: 1_600, included: true },
    { id: 16, name: 'Без НДС', rate: 0, included: true },
  ],
  defaultTaxId: 15,
  goods: null,
  brokenGoods: false,
  extraGoods: 0,
  bank: { result: 'approve', durationMs: 6_000 },
  zNormalMs: 40_000,
  zFastMs: [5_000, 10_000],
  bootMs: 25_000,
  printMsPerLine: 0,
  ofdDelayMs: 2_000,
  printMode: 'internal-printer',
  internalFont: 'small',
  externalPaperMm: 80,
  rounding: 'no',
  mixedPaymentAllowed: true,
  changeAllowed: true,
  maxOnlineRows: 80,
  maxAmountTiyn: 2_000_000_000,
  updateTo: null,
  cashTiyn: 0,
  lastNumber: 0,
  lastShift: 0,
  archiveAfterShifts: 60,
  dropArchived: false,
  paperLimit: 20,
}

export type NewDeviceOptions = {
  /** Seed of the device's own chance: keys, Z duration, bank references. */
  seed: number
  nowMs: number
  readings?: Partial<DeviceReadings>
} & Partial<DeviceOptions>

/** Session variables as the device's own settings give them at every start (chapter 10.1). */
export function freshSession(options: DeviceOptions): SessionState {
  return {
    timersFast: false,
    keepLanPrinter: false,
    printMode: options.printMode,
    ofdPacketMode: false,
    webManagement: true,
    lockedTo: null,
    printHeader: null,
  }
}

/** A key that isn't the given one. Eight digits, the first may be 0 (chapter 4). */
export function drawKey(random: Random, keySpace: number, other: string): string {
  for (;;) {
    const key = String(1 + random.below(keySpace - 1)).padStart(8, '0')
    if (key !== other) return key
  }
}

/** A device as it comes out of the box into this shop: no receipt of ours, no open shift. */
export function newDeviceState(given: NewDeviceOptions): DeviceState {
  const { seed, nowMs, readings, ...rest } = given
  const options: DeviceOptions = { ...DEFAULT_OPTIONS, ...rest }
  const random = randomState(seed)
  return {
    version: 1,
    options,
    readings: readings === undefined ? { ...DEFAULT_READINGS } : { ...DEFAULT_READINGS, ...readings },
    random,
    applicationVersion: options.applicationVersion,
    downUntilMs: nowMs,
    key: options.key ?? drawKey(new Random(random), options.keySpace, ''),
    replay: null,
    lastNumber: options.lastNumber,
    lastCashNumber: 0,
    lastClosedNumber: options.lastNumber,
    lastSeq: 0,
    nextRowId: 1,
    cashTiyn: options.cashTiyn,
    sums: [0, 0, 0, 0],
    counts: [0, 0, 0, 0],
    shifts: [],
    closing: null,
    busyUntilMs: nowMs,
    bank: { running: null, script: [], transactions: [] },
    // Copied: a cashier or a tax of one device must not change another's.
    cashiers: options.cashiers.map((cashier) => ({ ...cashier })),
    cashierId: options.cashierId,
    taxes: options.taxes.map((tax) => ({ ...tax })),
    retiredTaxes: {},
    defaultTaxId: options.defaultTaxId,
    session: freshSession(options),
    printer: 'ready',
    batteryPercent: 80,
    blockedCode: null,
    ofd: { reachable: true, silentSinceMs: null, waiting: 0, firstWaitingSeq: 0 },
    failNext: null,
    ledger: [],
    paper: [],
    beeps: 0,
    drawerOpenings: 0,
  }
}
