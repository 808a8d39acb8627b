/** Shapes in which the proxy hands ATOL Online's device information to the app (source 003). */
import * as v from 'valibot'

/** Largest page that the service gives (source 003, chapter 2.2). */
export const ATOL_MAX_LIMIT = 100
export const ATOL_DEFAULT_LIMIT = 10

/** Network error codes with words of our own (tables 3 and 4); any other is shown as a number. */
export const ATOL_NETWORK_ERRORS = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const

const text = v.nullable(v.string())
const integer = v.nullable(v.pipe(v.number(), v.safeInteger()))

export const atolDeviceSchema = v.object({
  serialNumber: v.string(),
  registrationNumber: text,
  deviceNumber: text,
  /** ISO 8601 with zone. */
  fiscalizationDate: text,
  fiscalStorageExpiration: text,
  signedDocuments: integer,
  /** Hundredths of a percent: 85.34 % is 8534. */
  fiscalStorageUse: integer,
  fiscalStorageInn: text,
  fiscalStorageSerialNumber: text,
  fiscalStoragePaymentAddress: text,
  groupCode: text,
  /** When the data were made, UTC. */
  timestamp: text,
  isShiftOpened: v.nullable(v.boolean()),
  shiftNumber: integer,
  shiftReceipt: integer,
  /** 0 where the wire leaves it out. */
  unsentDocs: v.pipe(v.number(), v.safeInteger()),
  firstUnsentDocTimestamp: text,
  /** 0 is "no errors"; null where the wire leaves it out. */
  networkErrorCode: integer,
})
export type AtolDevice = v.InferOutput<typeof atolDeviceSchema>

export const atolPageSchema = v.object({
  devices: v.array(atolDeviceSchema),
  total: integer,
  limit: v.pipe(v.number(), v.safeInteger()),
  offset: v.pipe(v.number(), v.safeInteger()),
  /** Null on the last page. */
  next: v.nullable(v.object({ limit: v.number(), offset: v.number() })),
  /** Rows that could not be read: their first characters, kept and shown. */
  unreadable: v.array(v.string()),
})
export type AtolPage = v.InferOutput<typeof atolPageSchema>

export const atolDetailSchema = v.object({
  device: atolDeviceSchema,
  /** The answer names another device than the one that was asked for: warn. */
  serialDiffers: v.boolean(),
})
export type AtolDetail = v.InferOutput<typeof atolDetailSchema>
