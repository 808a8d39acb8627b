/**
 * Shapes in which the proxy hands iiko's data to the app: one spelling a field, money in integer tiyn.
 * Sources 000 and 002. Texts come from the server as they are and are shown as text only.
 */
import * as v from 'valibot'
import { failureSchema } from './errors.ts'

/** Licence module that the document's own example asks about (source 000, note 1). */
export const IIKO_SERVER_MODULE = '28008806'

/** Filter of the shift list; can't be empty (source 002, "Список смен"). */
export const IIKO_STATUS_FILTERS = ['ANY', 'OPEN', 'CLOSED', 'ACCEPTED', 'UNACCEPTED', 'HASWARNINGS'] as const
export type IikoStatusFilter = (typeof IIKO_STATUS_FILTERS)[number]

/** Status of a document row and of the accepted document. */
export const IIKO_ROW_STATUSES = ['ACCEPTED', 'UNACCEPTED', 'HASWARNINGS'] as const
export type IikoRowStatus = (typeof IIKO_ROW_STATUSES)[number]

/** Integer tiyn, 1/100 of the currency unit. */
const tiyn = v.pipe(v.number(), v.safeInteger())
const money = v.nullable(tiyn)
const text = v.nullable(v.string())
const integer = v.nullable(v.pipe(v.number(), v.safeInteger()))
/** A row that could not be read: its first characters, kept and shown. */
const unreadable = v.array(v.string())

export const iikoShiftSchema = v.object({
  id: v.string(),
  sessionNumber: integer,
  fiscalNumber: integer,
  cashRegNumber: integer,
  /** Without the trailing blanks of the wire. */
  cashRegSerial: text,
  /** Server's local time without zone, `YYYY-MM-DDTHH:mm:ss.mmm`. */
  openDate: text,
  /** Null while the shift is open. */
  closeDate: text,
  /** Null while the shift isn't accepted. */
  acceptDate: text,
  managerId: text,
  responsibleUserId: text,
  sessionStartCash: money,
  payOrders: money,
  sumWriteoffOrders: money,
  salesCash: money,
  salesCredit: money,
  salesCard: money,
  payIn: money,
  payOut: money,
  /** Negative on the wire, shown as it is. */
  payIncome: money,
  cashRemain: money,
  cashDiff: money,
  /** One of `IIKO_STATUS_FILTERS` but `ANY`; an unknown one is kept raw. */
  status: v.string(),
  conceptionId: text,
  pointOfSaleId: text,
})
export type IikoShift = v.InferOutput<typeof iikoShiftSchema>

export const iikoShiftListSchema = v.object({ shifts: v.array(iikoShiftSchema), unreadable })
export type IikoShiftList = v.InferOutput<typeof iikoShiftListSchema>

export interface IikoShiftFilters {
  /** `YYYY-MM-DD`, both included. */
  readonly from: string
  readonly to: string
  readonly status?: IikoStatusFilter
  readonly departmentIds?: readonly string[]
  readonly groupIds?: readonly string[]
  /** Only what changed after this revision; -1 for everything. */
  readonly revisionFrom?: number
}

/** Which list of the answer a posting stood in: only withdrawals have an editable sum. */
export const IIKO_PAYMENT_LISTS = ['cashless', 'payIn', 'payOut'] as const
export type IikoPaymentList = (typeof IIKO_PAYMENT_LISTS)[number]

export const iikoPaymentSchema = v.object({
  list: v.picklist(IIKO_PAYMENT_LISTS),
  transactionId: v.string(),
  date: text,
  creationDate: text,
  /** CARD, CREDIT, PAYOUT, PAYIN; an unknown one is kept raw. */
  group: text,
  accountId: text,
  counteragentId: text,
  paymentTypeId: text,
  type: text,
  sum: money,
  comment: text,
  authUserId: text,
  authCard: text,
  causeEventId: text,
  cashierId: text,
  departmentId: text,
  cashFlowCategory: v.nullable(v.object({ id: text, code: text, parentCategoryId: text, type: text })),
  actualSum: money,
  originalSum: money,
  editedPayAccountId: text,
  originalPayAccountId: text,
  payAgentId: text,
  editableComment: text,
  status: text,
})
export type IikoPayment = v.InferOutput<typeof iikoPaymentSchema>

export const iikoPaymentsSchema = v.object({
  sessionId: text,
  operationDay: text,
  /** Cashless, deposits, withdrawals, in the order of the answer. */
  payments: v.array(iikoPaymentSchema),
  unreadable,
})
export type IikoPayments = v.InferOutput<typeof iikoPaymentsSchema>

export const iikoDocumentItemSchema = v.object({
  num: v.pipe(v.number(), v.safeInteger()),
  transactionId: v.string(),
  /** Filled for withdrawals only (source 002, algorithm, step 4). */
  sumReal: money,
  accountOverrideId: text,
  counteragentOverrideId: text,
  status: v.string(),
  comment: text,
})
export type IikoDocumentItem = v.InferOutput<typeof iikoDocumentItemSchema>

/** In characters: ten thousand rows. */
const MAX_RAW_DOCUMENT = 4_000_000

export const iikoDocumentSchema = v.object({
  id: v.string(),
  session: v.object({ sessionId: v.string(), groupId: text, number: integer }),
  accountShortageId: text,
  counteragentShortageId: text,
  accountSurplusId: text,
  counteragentSurplusId: text,
  departmentId: text,
  items: v.pipe(v.array(iikoDocumentItemSchema), v.maxLength(10_000)),
  /**
   * The document's JSON as the server sent it. It travels with the document, and a save changes in it what a person
   * changed: every other field goes back byte for byte, a revision beyond 2^53 and what a newer server adds included.
   */
  raw: v.pipe(v.string(), v.maxLength(MAX_RAW_DOCUMENT)),
})
export type IikoDocument = v.InferOutput<typeof iikoDocumentSchema>

const saveError = v.object({ value: text, code: v.string() })
export type IikoSaveError = v.InferOutput<typeof saveError>

export const iikoSaveResultSchema = v.object({
  /** False also for an `importResult` that isn't SUCCESS, though HTTP said 200. */
  saved: v.boolean(),
  importResult: v.string(),
  status: text,
  documentErrors: v.array(saveError),
  /** `identifier` is the row's number in the sample and a UUID in the table; `num` is the row that it means. */
  itemErrors: v.array(v.object({ identifier: v.string(), num: integer, errors: v.array(saveError) })),
  document: v.nullable(iikoDocumentSchema),
})
export type IikoSaveResult = v.InferOutput<typeof iikoSaveResultSchema>

/** Codes with words of our own (source 002, "Коды ошибок", and its samples); any other is shown raw. */
export const IIKO_SAVE_ERROR_CODES = [
  'ACCOUNT_DELETED',
  'COUNTERAGENT_DELETED',
  'INVENTORY_ASSETS_TYPE_NOT_ALLOWED',
  'COUNTERAGENT_MISSED_FOR_ACCOUNT',
  'COUNTERAGENT_NOT_ALLOWED_FOR_ACCOUNT',
  'ACCOUNT_NOT_SPECIFIED',
  'COUNTERAGENT_NOT_SPECIFIED',
  'COUNTERAGENT_NOT_ALLOWED',
  'COUNTERAGENT_TYPE_WRONG',
  'CONCEPTION_NOT_SPECIFIED',
  'CONCEPTION_DELETED',
  'PAYROLL_MISSED_FOR_ACCOUNT',
  'PAYROLL_DELETED',
  'ONLY_POSITIVE_VALUES_ALLOWED',
  'DEPARTMENT_DELETED',
  'RESTAURANT_SECTION_DELETED',
  'MEASURE_UNIT_DELETED',
  'COOKING_PLACE_DELETED',
  'TAX_CATEGORY_DELETED',
  'PRODUCT_CATEGORY_DELETED',
  'PRODUCT_GROUP_DELETED',
  'PRODUCT_DELETED',
  'PRODUCT_MISSED',
  'COOKING_PLACE_EMPTY_FOR_SALE_DISH',
  'WRONG_NOMENCLATURE_TYPE',
  'NOT_INCLUDED_IN_MENU_WITH_EXCLUDED_SECTIONS',
  'CHILD_MODIFIERS_NOT_ALLOWED',
  'MODIFIER_NOT_BELONGS_TO_GROUP',
  'NOT_MODIFIER',
  'WRONG_MIN_MAX_AMOUNT',
  'HAS_RESTRICTION_AND_DEFAULT_AMOUNT_OUT_OF_RANGE',
  'DEFAULT_AMOUNT_OUT_OF_RANGE',
  'NO_RESTRICTION_AND_MIN_MAX_NOT_ZERO',
  'REQUIRED_AND_WRONG_MIN_AMOUNT',
  'FREE_OF_CHARGE_AMOUNT_MORE_THAN_MAX',
  'HAS_RESTRICTION_AND_FREE_OF_CHARGE_MORE_THAN_MAX',
  'HAS_RESTRICTION_AND_FREE_OF_CHARGE_MORE_THAN_PARENT',
  'NO_RESTRICTION_AND_FREE_OF_CHARGE_AMOUNT_NOT_EQUAL_VALUE_IN_PARENT',
  'NO_RESTRICTION_AND_REQUIRED_SHOULD_BE_FALSE',
  'NOT_GROUP_MODIFIER_HAS_CHILD_RESTRICTION',
  'SINGLE_MODIFIER_HIDE_DEFAULT_AMOUNT',
  'PARENT_AMOUNT_BY_DEFAULT_NOT_EQUAL_SUM_OF_CHILDREN',
  'IMAGE_NOT_FOUND',
  'ACCOUNT_SHORTAGE_NOT_FOUND',
  'EMPTY_FIELD',
] as const

/** Parts of the name lists; each may be refused by itself, ids are shown then. */
export const IIKO_NAME_PARTS = [
  'accounts',
  'paymentTypes',
  'conceptions',
  'departments',
  'groups',
  'employees',
  'suppliers',
] as const
export type IikoNamePart = (typeof IIKO_NAME_PARTS)[number]

const named = v.object({ id: v.string(), name: v.string() })
export const iikoNamesSchema = v.object({
  /** `type` decides whether a row needs a counteragent. */
  accounts: v.array(v.object({ id: v.string(), name: v.string(), code: text, type: text, deleted: v.boolean() })),
  /** Employees and suppliers. */
  counteragents: v.array(
    v.object({ id: v.string(), name: v.string(), kind: v.picklist(['employee', 'supplier']), deleted: v.boolean() }),
  ),
  departments: v.array(named),
  groups: v.array(v.object({ id: v.string(), name: v.string(), departmentId: text })),
  pointsOfSale: v.array(named),
  paymentTypes: v.array(named),
  conceptions: v.array(named),
  missing: v.array(v.object({ part: v.picklist(IIKO_NAME_PARTS), failure: failureSchema })),
})
export type IikoNames = v.InferOutput<typeof iikoNamesSchema>

export const iikoLicenceSchema = v.object({
  moduleId: v.string(),
  licence: text,
  /** Free slots where the answer is a number; else only `text`. */
  freeSlots: integer,
  text: v.string(),
})
export type IikoLicence = v.InferOutput<typeof iikoLicenceSchema>

/** Answer to a logout on a person's wish: `done` false when nobody was logged in. */
export const iikoLogoutSchema = v.object({ done: v.boolean() })
export type IikoLogout = v.InferOutput<typeof iikoLogoutSchema>

/** Row of the sales report (source 000, request body of the sample). */
export const iikoSalesRowSchema = v.object({
  date: text,
  shiftNumber: text,
  openTime: text,
  closeTime: text,
  dish: text,
  orderType: text,
  customerName: text,
  customerPhone: text,
  payTypes: text,
  /** With the discount: `DishDiscountSumInt`, what guests paid. */
  sum: tiyn,
  /** `DishSumInt`, before discounts; null where a server doesn't say. */
  sumBeforeDiscount: v.optional(money, null),
})
export type IikoSalesRow = v.InferOutput<typeof iikoSalesRowSchema>

export const iikoSalesSchema = v.object({ rows: v.array(iikoSalesRowSchema), total: tiyn, unreadable })
export type IikoSales = v.InferOutput<typeof iikoSalesSchema>

/** `days`: by day, shift, dish and payment type. `orders`: all nine fields of the source's sample. */
export const IIKO_SALES_DETAILS = ['days', 'orders'] as const
export type IikoSalesDetail = (typeof IIKO_SALES_DETAILS)[number]

export const IIKO_CATALOGUE_PARTS = ['products', 'groups', 'prices', 'units'] as const
export type IikoCataloguePart = (typeof IIKO_CATALOGUE_PARTS)[number]

export const iikoProductSchema = v.object({
  id: v.string(),
  name: v.string(),
  /** Article (`num`) and quick code (`code`) of the wire. */
  num: text,
  code: text,
  groupId: text,
  unitName: text,
  type: text,
  barcodes: v.array(v.string()),
  /** Null: no price anywhere, ask at the sale. */
  price: money,
  /** `order`: price order of the day; `default`: the product's own price. */
  priceSource: v.nullable(v.picklist(['order', 'default'])),
  onSale: v.boolean(),
  weighed: v.boolean(),
})
export type IikoProduct = v.InferOutput<typeof iikoProductSchema>

export const iikoCatalogueSchema = v.object({
  products: v.array(iikoProductSchema),
  groups: v.array(v.object({ id: v.string(), name: v.string(), parentId: text })),
  missing: v.array(v.object({ part: v.picklist(IIKO_CATALOGUE_PARTS), failure: failureSchema })),
  unreadable,
})
export type IikoCatalogue = v.InferOutput<typeof iikoCatalogueSchema>
