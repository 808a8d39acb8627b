/** What the demo's iikoServer holds: the documents' samples, and as many generated shifts as wanted. */
import { PAYMENTS_SAMPLE, SHIFT_LIST_SAMPLE } from './iiko-samples.ts'

export type WireShift = Record<string, unknown> & {
  id: string
  openDate: string
  sessionStatus: string
  pointOfSale: string | null
}
export interface WireRecord {
  readonly info: Record<string, unknown> & {
    readonly id: string
    readonly sum: number
    readonly accountId: string
    readonly counteragentId: string | null
  }
  actualSum: number
  readonly originalSum: number
  editedPayAccountId: string
  readonly originalPayAccountId: string
  payAgentId: string | null
  readonly paymentTypeId: string | null
  editableComment: string
  status: string
}
export interface WirePayments {
  readonly sessionId: string
  readonly operationDay: string
  readonly cashlessRecords: WireRecord[]
  readonly payInRecords: WireRecord[]
  readonly payOutsRecords: WireRecord[]
}

const DAY_MS = 86_400_000
/** Kazakhstan has one zone; the server's times are local, without zone. */
const ZONE_MS = 5 * 3_600_000
const TILLS = 3

export const ACCOUNTS = [
  {
    id: 'ad3cc1aa-a60e-c85c-e66d-3904490de4b9',
    name: 'Торговые кассы',
    code: '1.01',
    type: 'EMPLOYEES_LIABILITY',
    deleted: false,
  },
  { id: 'a1000000-0000-4000-8000-000000000002', name: 'Инкассация', code: '1.02', type: 'CASH', deleted: false },
  { id: 'a1000000-0000-4000-8000-000000000003', name: 'Эквайринг', code: '1.03', type: 'CASH', deleted: false },
  {
    id: 'a1000000-0000-4000-8000-000000000004',
    name: 'Расчёты с поставщиками',
    code: '3.01',
    type: 'ACCOUNTS_PAYABLE',
    deleted: false,
  },
  {
    id: 'bd3cc1aa-a60e-c85c-e66d-3904490de4b9',
    name: 'Основной склад',
    code: '2.01',
    type: 'INVENTORY_ASSETS',
    deleted: false,
  },
  { id: 'a1000000-0000-4000-8000-000000000006', name: 'Старая касса', code: '1.99', type: 'CASH', deleted: true },
] as const
const CASH_DESK = ACCOUNTS[0].id
const BANK = ACCOUNTS[2].id

export const EMPLOYEES = [
  { id: '2c6f7e76-2fee-473e-879e-4c4c2faaa032', name: 'Айгерім Сейітова', deleted: false },
  { id: '173f155b-48e5-4da0-a9e7-3caa58cfa9d0', name: 'Иван Петров', deleted: false },
  { id: '6c6f7e76-2fee-473e-879e-4c4c2faaa032', name: 'Уволенный Сотрудник', deleted: true },
] as const
export const SUPPLIERS = [
  { id: 'b1000000-0000-4000-8000-000000000001', name: 'ТОО «Дастархан & Ко»', deleted: false },
] as const
export const PAYMENT_TYPES = [
  { id: 'c1000000-0000-4000-8000-000000000001', name: 'Наличные' },
  { id: 'c1000000-0000-4000-8000-000000000002', name: 'Visa' },
  { id: 'c1000000-0000-4000-8000-000000000003', name: 'Kaspi QR' },
] as const
export const CONCEPTIONS = [{ id: 'bd6daa35-12ce-4117-af8f-816d99720eeb', name: 'Кофейни' }] as const
export const DEPARTMENT = { id: 'cb90393a-8299-4af1-9fab-5ec308726266', name: 'Кофейня на Абая' } as const
export const GROUP = { id: '94a6f400-2f9b-4a5a-be7f-19b7b62c55a7', name: 'Зал' } as const
export const POINTS_OF_SALE = [
  { id: '1b17ee6b-c499-4916-9347-fe854d3067b4', name: 'Касса 1' },
  { id: 'e49cda0d-f3b1-4a8a-901e-7c44ee09c5a2', name: 'Касса 2' },
  { id: '4138237d-c4db-4bfb-b52e-18e1bb4f12e5', name: 'Терраса' },
] as const

export const PRODUCT_GROUPS = [
  { id: 'd1000000-0000-4000-8000-000000000001', name: 'Кофе', parent: null },
  { id: 'd1000000-0000-4000-8000-000000000002', name: 'Выпечка', parent: null },
  { id: 'd1000000-0000-4000-8000-000000000003', name: 'На вес', parent: null },
] as const
export const UNITS = [
  { id: 'e1000000-0000-4000-8000-000000000001', name: 'шт' },
  { id: 'e1000000-0000-4000-8000-000000000002', name: 'кг' },
] as const
/** name, group, unit, own price, price by order (null: none), on sale by order */
const GOODS: readonly (readonly [string, number, number, number, number | null, boolean])[] = [
  ['Эспрессо', 0, 0, 700, 750, true],
  ['Капучино', 0, 0, 1100, null, true],
  ['Латте «Қымыз»', 0, 0, 1400, 1450.5, true],
  ['Раф', 0, 0, 1500, 1500, false],
  ['Баурсак', 1, 0, 250, null, true],
  ['Самса с тыквой', 1, 0, 650, 690, true],
  ['Торт Наполеон', 2, 1, 7200, null, true],
  ['Подарочная карта', 1, 0, 0, null, true],
]
export const PRODUCTS = GOODS.map(([name, group, unit, price], index) => ({
  id: uuid(0xf1, index + 1),
  deleted: false,
  name,
  num: String(1001 + index).padStart(5, '0'),
  code: String(index + 1),
  parent: PRODUCT_GROUPS[group]?.id ?? null,
  mainUnit: UNITS[unit]?.id ?? null,
  defaultSalePrice: price,
  defaultIncludedInMenu: true,
  type: 'DISH',
  useBalanceForSell: unit === 1,
  barcodes: index === 0 ? [{ barcode: '4870001234567', containerName: '' }] : [],
}))
export const PRICES = GOODS.flatMap(([, , , , price, included], index) =>
  price === null
    ? []
    : [
        {
          departmentId: DEPARTMENT.id,
          productId: uuid(0xf1, index + 1),
          productSizeId: null,
          prices: [{ dateFrom: '2026-01-01', dateTo: '2500-01-01', price, included, documentId: uuid(0xf2, index) }],
        },
      ],
)

/** A readable id: its kind in front, its number at the end. */
export function uuid(kind: number, number: number): string {
  return `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}

/** Wire time without zone for a moment in ms. */
export function localTime(ms: number): string {
  return new Date(ms + ZONE_MS).toISOString().slice(0, -1)
}

/** Amounts of a generated shift: some with fractions, the same at every run. */
function amounts(number: number) {
  const cash = 20_000 + ((number * 7_919) % 90_000)
  const card = 30_000 + ((number * 104_729) % 200_000) + (number % 4 === 0 ? 0.5 : 0)
  return {
    cash,
    card,
    kaspi: (number * 611) % 45_000,
    payIn: 10_000,
    collected: cash + 10_000 - (number % 5 === 0 ? 150 : 0),
  }
}

/** Shift `number` (1 is the oldest); the newest one of the first till is open, as of `now` in ms. */
function generatedShift(number: number, count: number, now: number): WireShift {
  const daysAgo = Math.floor((count - number) / TILLS)
  const till = (count - number) % TILLS
  const midnight = Math.floor((now + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS - daysAgo * DAY_MS
  const open = midnight + 8 * 3_600_000 + (number % 40) * 61_370
  const isOpen = daysAgo === 0 && till === 0
  const sums = amounts(number)
  const accepted = daysAgo > 14
  return {
    id: uuid(0xa0, number),
    sessionNumber: number,
    fiscalNumber: 5_000 + number,
    cashRegNumber: till + 1,
    cashRegSerial: `KZ${String(100 + till).padStart(8, '0')}  `,
    openDate: localTime(open),
    closeDate: isOpen ? null : localTime(midnight + 22 * 3_600_000),
    acceptDate: accepted ? localTime(midnight + DAY_MS + 9 * 3_600_000) : null,
    managerId: EMPLOYEES[1].id,
    responsibleUser: EMPLOYEES[0].id,
    sessionStartCash: 0,
    payOrders: sums.cash + sums.card + sums.kaspi,
    sumWriteoffOrders: number % 7 === 0 ? 1_250.25 : 0,
    salesCash: sums.cash,
    salesCredit: 0,
    salesCard: sums.card + sums.kaspi,
    payIn: sums.payIn,
    payOut: 0,
    payIncome: -sums.collected,
    cashRemain: isOpen ? null : 0,
    cashDiff: sums.collected - sums.cash - sums.payIn,
    sessionStatus: isOpen ? 'OPEN' : accepted ? 'ACCEPTED' : number % 11 === 0 ? 'HASWARNINGS' : 'UNACCEPTED',
    conception: CONCEPTIONS[0].id,
    pointOfSale: POINTS_OF_SALE[till]?.id ?? null,
  }
}

function record(
  number: number,
  index: number,
  group: string,
  sum: number,
  account: string,
  comment: string,
  day: string,
): WireRecord {
  const paymentTypeId = group === 'CARD' ? (PAYMENT_TYPES[index + 1]?.id ?? null) : null
  return {
    info: {
      id: uuid(0xb0 + index, number),
      date: `${day}T00:00:00`,
      creationDate: `${day}T21:59:0${index}.5`,
      group,
      accountId: account,
      counteragentId: account === CASH_DESK ? EMPLOYEES[0].id : null,
      paymentTypeId,
      type: group === 'CARD' ? 'CARD' : group === 'PAYIN' ? 'PAYIN' : 'PAYCOL',
      sum,
      comment,
      auth: { user: EMPLOYEES[0].id, card: '8888' },
      causeEventId: uuid(0xe0 + index, number),
      cashierId: EMPLOYEES[0].id,
      departmentId: DEPARTMENT.id,
      cashFlowCategory: {
        id: '14c0fe4b-76ec-2681-846e-81d1ec32db08',
        code: '1',
        parentCategoryId: null,
        type: 'OPERATIONAL',
      },
    },
    actualSum: sum,
    originalSum: sum,
    editedPayAccountId: account,
    originalPayAccountId: account,
    payAgentId: account === CASH_DESK ? EMPLOYEES[0].id : null,
    paymentTypeId,
    editableComment: '',
    status: 'UNACCEPTED',
  }
}

/** Postings of a generated shift: two kinds of cashless, a deposit, the withdrawal at its end. */
export function generatedPayments(shift: WireShift, number: number): WirePayments {
  const day = shift.openDate.slice(0, 10)
  const sums = amounts(number)
  const make = (index: number, group: string, sum: number, account: string, comment: string) =>
    record(number, index, group, sum, account, comment, day)
  return {
    sessionId: shift.id,
    operationDay: day,
    cashlessRecords: [make(0, 'CARD', sums.card, BANK, 'Visa'), make(1, 'CARD', sums.kaspi, BANK, 'Kaspi QR')],
    payInRecords: [make(2, 'PAYIN', sums.payIn, CASH_DESK, 'Размен')],
    payOutsRecords:
      shift.sessionStatus === 'OPEN'
        ? []
        : [make(3, 'PAYOUT', sums.collected, CASH_DESK, `Закрытие кассовой смены №${number}`)],
  }
}

export function samplePayments(): WirePayments {
  return structuredClone(PAYMENTS_SAMPLE)
}

/** All shifts, oldest first: the three samples, then `count` generated ones that end on the day of `now` (ms). */
export function allShifts(count: number, now: number): WireShift[] {
  const samples = structuredClone(SHIFT_LIST_SAMPLE) as unknown as WireShift[]
  return [...samples, ...Array.from({ length: count }, (_, index) => generatedShift(index + 1, count, now))]
}
