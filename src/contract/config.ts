/** What the proxy tells the app about itself, before and after pairing. */
import * as v from 'valibot'
import { MARK_PREFIX } from './mark-shape.ts'

export const CONFIG_PATH = '/api/config'
export const PAIR_PATH = '/api/pair'
/** A terminal that works with a real register makes itself known and is told which letters its marks may have. */
export const TILL_PATH = '/api/till'

/** Id of a configured device: it stands in a URL path. */
export const DEVICE_ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,31}$/

export const proxyConfigSchema = v.object({
  /** True when neither iiko nor ATOL nor a device is configured: everything shown is invented. */
  demo: v.boolean(),
  version: v.string(),
  /** Devices that the relay reaches; empty until this browser is paired. */
  devices: v.array(v.object({ id: v.string(), name: v.string() })),
  iiko: v.picklist(['configured', 'demo']),
  atol: v.picklist(['configured', 'demo']),
  /** This browser has to pair first: it stands on another address and sent no valid token. */
  pairingRequired: v.boolean(),
  /** Name of the computer that the proxy runs on, for the person who asks which server this till is paired with. */
  serverName: v.optional(v.nullable(v.string()), null),
  /** Terminals that were set up with a real register at this server; 0 from an older one. */
  tills: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  /** It has a database and takes what tills upload (`contract/shop.ts`); an older one doesn't. */
  shop: v.optional(v.boolean(), false),
})
export type ProxyConfigReply = v.InferOutput<typeof proxyConfigSchema>

export const pairRequestSchema = v.strictObject({ code: v.pipe(v.string(), v.minLength(1), v.maxLength(128)) })
export const pairReplySchema = v.object({
  token: v.pipe(v.string(), v.minLength(16), v.maxLength(256)),
  /** Which code it was: the tills' or the owner's. */
  role: v.optional(v.picklist(['till', 'owner']), 'till'),
})

/** Letters before the running number of a mark. */
export const prefixSchema = v.pipe(v.string(), v.regex(MARK_PREFIX))

/** Random, drawn with the storage: a terminal whose storage was lost comes as another one. */
export const tillIdSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{8,64}$/))

export const tillRequestSchema = v.strictObject({
  till: tillIdSchema,
  /** The prefix that it has or would have. */
  prefix: prefixSchema,
  /** Prefixes that receipts of this tablet may carry from before. */
  avoid: v.pipe(v.array(prefixSchema), v.maxLength(50)),
})
export type TillRequest = v.InferOutput<typeof tillRequestSchema>

/** The prefix that no other terminal of this server has. Asking again changes nothing. */
export const tillReplySchema = v.object({ prefix: prefixSchema })

/** Name of the cookie in which a page remembers its till; ports share their cookies, so it names its own. */
export const tillCookieName = (port: string): string => `till-${port}`
/** The longest that browsers keep a cookie, in seconds: 400 days. */
export const TILL_COOKIE_S = 34_560_000
