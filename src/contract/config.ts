/** What the proxy tells the app about itself, before and after pairing. */
import * as v from 'valibot'

export const CONFIG_PATH = '/api/config'
export const PAIR_PATH = '/api/pair'

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
})
export type ProxyConfigReply = v.InferOutput<typeof proxyConfigSchema>

export const pairRequestSchema = v.strictObject({ code: v.pipe(v.string(), v.minLength(1), v.maxLength(128)) })
export const pairReplySchema = v.object({ token: v.pipe(v.string(), v.minLength(16), v.maxLength(256)) })
