/**
 * Settings of the proxy: environment first, then the JSON file named by `CONFIG_FILE`, checked by a schema at start.
 * A wrong setting stops the start with a sentence that names it; its value isn't repeated, it may be a secret.
 */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import * as v from 'valibot'
import { DEVICE_ID_PATTERN } from '../src/contract/config.ts'
import { textOfBody } from './body-text.ts'
import { LOG_LEVELS, type LogLevel } from './log.ts'

export interface UpstreamSettings {
  /** Base address without a trailing slash; every request stays under it. */
  readonly url: string
  readonly login: string
  readonly password: string
  /** SHA-256 fingerprint of a self-signed certificate to accept, upper-case hex with colons; null checks the chain. */
  readonly fingerprint: string | null
  readonly limits: {
    readonly connectTimeoutMs: number
    /** The whole answer has come by then, or the next request leaves. */
    readonly answerTimeoutMs: number
    readonly maxAnswerBytes: number
  }
}

export interface DeviceSettings {
  readonly id: string
  readonly name: string
  /** `http://host:port`, nothing after it. */
  readonly origin: string
}

export interface ProxySettings {
  readonly host: string
  readonly port: number
  readonly tls: { readonly cert: string; readonly key: string } | null
  /** The proxy makes and renews its certificate itself, and serves `/trust` over plain HTTP at this port (0: a free one). */
  readonly tlsAuto: { readonly trustPort: number } | null
  readonly iiko: UpstreamSettings | null
  readonly atol: UpstreamSettings | null
  readonly devices: readonly DeviceSettings[]
  /** Origins besides the proxy's own whose pages may call it. */
  readonly allowedOrigins: readonly string[]
  /** Addresses of reverse proxies in front: what they say about the caller's address is believed. */
  readonly trustedProxies: readonly string[]
  readonly logLevel: LogLevel
  /** Code for pairing; null makes a random one at start. */
  readonly pairingCode: string | null
  /** Code that opens the shop's figures; null makes a random one at start. */
  readonly ownerCode: string | null
  /** `postgres://…` of the shop's database; null keeps it in a file of `stateDir`. */
  readonly databaseUrl: string | null
  /** The shop's own clock, by which its days are told apart: a name of the IANA list. */
  readonly timeZone: string
  /** Name of this server's shop, for a chain whose shops share one database; empty for none. */
  readonly shopName: string
  /** Folder where the pairing secret survives a restart. */
  readonly stateDir: string
  readonly distDir: string
}

/** A setting is missing or wrong; `message` is for the person who starts the proxy. */
export class SettingsError extends Error {}

const KEYS = [
  'HOST',
  'PORT',
  'IIKO_URL',
  'IIKO_LOGIN',
  'IIKO_PASSWORD',
  'IIKO_CERT_SHA256',
  'ATOL_URL',
  'ATOL_LOGIN',
  'ATOL_PASSWORD',
  'ATOL_CERT_SHA256',
  'IKKM_DEVICES',
  'ALLOWED_ORIGINS',
  'TRUSTED_PROXY',
  'PAIRING_CODE',
  'OWNER_CODE',
  'DATABASE_URL',
  'TIME_ZONE',
  'SHOP_NAME',
  'TLS_CERT',
  'TLS_KEY',
  'TLS',
  'TRUST_PORT',
  'STATE_DIR',
  'DIST_DIR',
  'LOG_LEVEL',
  'IIKO_ANSWER_S',
  'ATOL_ANSWER_S',
  'CONNECT_S',
  'ANSWER_MB',
] as const
type Key = (typeof KEYS)[number]

const text = (max = 1_000) => v.optional(v.pipe(v.string(), v.trim(), v.maxLength(max, `is longer than ${max}`)))

function httpAddress(value: string): URL | null {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return null
  const url = new URL(value)
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '' ? url : null
}

const address = v.optional(
  v.pipe(
    v.string(),
    v.trim(),
    v.check(
      (value) => httpAddress(value) !== null,
      'must look like https://host:port, without login, query or fragment',
    ),
  ),
)

const fingerprint = v.optional(
  v.pipe(
    v.string(),
    v.transform((value) => value.replace(/[\s:]/g, '').toUpperCase()),
    v.regex(/^[0-9A-F]{64}$/, 'must be a SHA-256 fingerprint, 64 hexadecimal digits'),
    v.transform((value) => (value.match(/../g) ?? []).join(':')),
  ),
)

const devicesSchema = v.array(
  v.strictObject({
    id: v.pipe(v.string(), v.regex(DEVICE_ID_PATTERN, 'has an id that is not lower-case letters, digits and hyphens')),
    name: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60))),
    url: v.pipe(
      v.string(),
      v.check((value) => {
        const url = httpAddress(value)
        return url !== null && url.protocol === 'http:' && url.pathname === '/'
      }, 'has an address that is not http://host:port'),
    ),
  }),
)

/** A whole number from `lowest` to `highest`, as a number or as its digits. */
function wholeNumber(lowest: number, highest: number, otherwise: number) {
  const words = `must be a whole number from ${lowest} to ${highest}`
  return v.optional(
    v.pipe(
      v.union([v.number(), v.string()]),
      v.transform((value) => (typeof value === 'number' ? value : /^\d{1,9}$/.test(value.trim()) ? Number(value) : -1)),
      v.integer(words),
      v.minValue(lowest, words),
      v.maxValue(highest, words),
    ),
    otherwise,
  )
}

const code = v.optional(
  v.pipe(v.string(), v.trim(), v.minLength(6, 'must have at least 6 characters'), v.maxLength(128)),
)

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const settingsSchema = v.object({
  HOST: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(253)), '127.0.0.1'),
  PORT: v.optional(
    v.pipe(
      v.union([v.number(), v.string()]),
      v.transform((value) => (typeof value === 'number' ? value : /^\d{1,5}$/.test(value.trim()) ? Number(value) : -1)),
      v.integer('must be a port number, 0 to 65535'),
      v.minValue(0, 'must be a port number, 0 to 65535'),
      v.maxValue(65_535, 'must be a port number, 0 to 65535'),
    ),
    8787,
  ),
  IIKO_URL: address,
  IIKO_LOGIN: text(200),
  IIKO_PASSWORD: v.optional(v.string()),
  IIKO_CERT_SHA256: fingerprint,
  ATOL_URL: address,
  ATOL_LOGIN: text(200),
  ATOL_PASSWORD: v.optional(v.string()),
  ATOL_CERT_SHA256: fingerprint,
  IKKM_DEVICES: v.optional(
    v.union([v.pipe(v.string(), v.transform(parseDeviceList), devicesSchema), devicesSchema]),
    [],
  ),
  ALLOWED_ORIGINS: v.optional(
    v.pipe(
      v.union([v.pipe(v.string(), v.transform(splitList)), v.array(v.string())]),
      v.check((list) => list.every(isOrigin), 'must be a list of origins such as https://kassa.local:8787'),
      v.transform((list) => list.map((origin) => new URL(origin).origin)),
    ),
    [],
  ),
  TRUSTED_PROXY: v.optional(
    v.pipe(
      v.union([v.pipe(v.string(), v.transform(splitList)), v.array(v.string())]),
      v.check((list) => list.every((address) => isIP(address) !== 0), 'must be a list of addresses such as 127.0.0.1'),
    ),
    [],
  ),
  LOG_LEVEL: v.optional(v.picklist(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'info'),
  // A report over a month may take iiko minutes, and nothing else is asked meanwhile.
  IIKO_ANSWER_S: wholeNumber(1, 3_600, 600),
  ATOL_ANSWER_S: wholeNumber(1, 3_600, 60),
  CONNECT_S: wholeNumber(1, 120, 10),
  ANSWER_MB: wholeNumber(1, 1_024, 64),
  PAIRING_CODE: code,
  OWNER_CODE: code,
  DATABASE_URL: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.check(
        (value) => /^postgres(?:ql)?:\/\//.test(value) && URL.canParse(value),
        'must look like postgres://user:password@host:5432/database',
      ),
    ),
  ),
  TIME_ZONE: v.optional(
    v.pipe(v.string(), v.trim(), v.check(isTimeZone, 'must be a time zone such as Asia/Almaty')),
    'Asia/Almaty',
  ),
  SHOP_NAME: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(100, 'is longer than 100')), ''),
  TLS_CERT: text(),
  TLS_KEY: text(),
  TLS: v.optional(v.picklist(['auto', 'off'], 'must be auto or off')),
  TRUST_PORT: v.optional(
    v.pipe(
      v.union([v.number(), v.string()]),
      v.transform((value) => (typeof value === 'number' ? value : /^\d{1,5}$/.test(value.trim()) ? Number(value) : -1)),
      v.integer(),
      v.minValue(0, 'must be a port number, 0 to 65535'),
      v.maxValue(65_535, 'must be a port number, 0 to 65535'),
    ),
  ),
  STATE_DIR: text(),
  DIST_DIR: text(),
})

function splitList(value: string): string[] {
  return value
    .split(/[,;\s]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function parseDeviceList(value: string): { id: string; url: string }[] {
  return splitList(value).map((part) => {
    const at = part.indexOf('=')
    return at < 0 ? { id: '', url: part } : { id: part.slice(0, at), url: part.slice(at + 1) }
  })
}

function isOrigin(value: string): boolean {
  const url = httpAddress(value)
  return url !== null && url.pathname === '/'
}

function readFileOrExplain(key: string, path: string): string {
  return readBytesOrExplain(key, path).toString('utf8')
}

function readBytesOrExplain(key: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new SettingsError(`${key}: cannot read the file ${path} (${code})`)
  }
}

function readConfigFile(path: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(textOfBody(readBytesOrExplain('CONFIG_FILE', path), ''))
  } catch (error) {
    if (error instanceof SettingsError) throw error
    throw new SettingsError(`CONFIG_FILE: ${path} is not valid JSON`)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SettingsError(`CONFIG_FILE: ${path} must hold one JSON object`)
  }
  const unknownKeys = Object.keys(parsed).filter((key) => !(KEYS as readonly string[]).includes(key))
  if (unknownKeys.length > 0) {
    throw new SettingsError(`CONFIG_FILE: unknown settings: ${unknownKeys.join(', ')}. Known: ${KEYS.join(', ')}`)
  }
  return { ...parsed }
}

type Parsed = v.InferOutput<typeof settingsSchema>

function upstream(name: 'IIKO' | 'ATOL', parsed: Parsed): UpstreamSettings | null {
  const url = parsed[`${name}_URL`]
  const login = parsed[`${name}_LOGIN`]
  const password = parsed[`${name}_PASSWORD`]
  if (url === undefined && login === undefined && password === undefined) return null
  const missing = [
    [`${name}_URL`, url],
    [`${name}_LOGIN`, login],
    [`${name}_PASSWORD`, password],
  ].flatMap(([key, value]) => (value === undefined || value === '' ? [String(key)] : []))
  if (url === undefined || login === undefined || password === undefined || missing.length > 0) {
    throw new SettingsError(`${missing.join(', ')}: missing (the three ${name}_ settings belong together)`)
  }
  return {
    url: url.replace(/\/+$/, ''),
    login,
    password,
    fingerprint: parsed[`${name}_CERT_SHA256`] ?? null,
    limits: {
      connectTimeoutMs: parsed.CONNECT_S * 1_000,
      answerTimeoutMs: parsed[`${name}_ANSWER_S`] * 1_000,
      maxAnswerBytes: parsed.ANSWER_MB * 1024 * 1024,
    },
  }
}

function tlsFiles(parsed: Parsed): ProxySettings['tls'] {
  if (parsed.TLS_CERT === undefined && parsed.TLS_KEY === undefined) return null
  if (parsed.TLS_CERT === undefined || parsed.TLS_KEY === undefined) {
    throw new SettingsError('TLS_CERT and TLS_KEY belong together: give both or none')
  }
  return { cert: readFileOrExplain('TLS_CERT', parsed.TLS_CERT), key: readFileOrExplain('TLS_KEY', parsed.TLS_KEY) }
}

/** The next port: a person who knows one of them finds the other. */
function autoTls(parsed: Parsed): ProxySettings['tlsAuto'] {
  if (parsed.TLS !== 'auto') return null
  if (parsed.TLS_CERT !== undefined)
    throw new SettingsError('TLS=auto makes its own files: leave TLS_CERT and TLS_KEY out')
  const next = parsed.PORT === 0 ? 0 : parsed.PORT === 65_535 ? 65_534 : parsed.PORT + 1
  return { trustPort: parsed.TRUST_PORT ?? next }
}

function explain(issues: readonly v.BaseIssue<unknown>[]): string {
  const sentences = issues.map((issue) => {
    const key = String(issue.path?.[0]?.key ?? 'settings')
    const own = issue.issues?.flatMap((inner) => inner.issues ?? [inner]).map((inner) => inner.message) ?? []
    // Valibot's own messages repeat the value, and the value may be a password.
    const words = [issue.message, ...own].filter((message) => !message.startsWith('Invalid '))
    return `${key}: ${words[0] ?? 'has the wrong form'}`
  })
  return [...new Set(sentences)].join('\n')
}

/** Reads and checks all settings. Throws SettingsError with one line a wrong setting. */
export function loadSettings(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const file = env.CONFIG_FILE === undefined || env.CONFIG_FILE === '' ? {} : readConfigFile(env.CONFIG_FILE)
  const raw: Partial<Record<Key, unknown>> = {}
  for (const key of KEYS) {
    const value = env[key] === undefined || env[key] === '' ? file[key] : env[key]
    if (value !== undefined && value !== '') raw[key] = value
  }
  const result = v.safeParse(settingsSchema, raw)
  if (!result.success) throw new SettingsError(explain(result.issues))
  const parsed = result.output
  const devices = parsed.IKKM_DEVICES.map((device) => ({
    id: device.id,
    name: device.name ?? device.id,
    origin: new URL(device.url).origin,
  }))
  if (new Set(devices.map((device) => device.id)).size !== devices.length) {
    throw new SettingsError('IKKM_DEVICES: two devices have the same id')
  }
  if (parsed.OWNER_CODE !== undefined && parsed.OWNER_CODE === parsed.PAIRING_CODE) {
    throw new SettingsError('OWNER_CODE: must be another one than PAIRING_CODE, which every tablet gets')
  }
  const stateHome = env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state')
  return {
    host: parsed.HOST,
    port: parsed.PORT,
    tls: tlsFiles(parsed),
    tlsAuto: autoTls(parsed),
    iiko: upstream('IIKO', parsed),
    atol: upstream('ATOL', parsed),
    devices,
    allowedOrigins: parsed.ALLOWED_ORIGINS,
    trustedProxies: parsed.TRUSTED_PROXY,
    logLevel: parsed.LOG_LEVEL,
    pairingCode: parsed.PAIRING_CODE ?? null,
    ownerCode: parsed.OWNER_CODE ?? null,
    databaseUrl: parsed.DATABASE_URL ?? null,
    timeZone: parsed.TIME_ZONE,
    shopName: parsed.SHOP_NAME,
    stateDir: parsed.STATE_DIR ?? join(stateHome, 'ikkm-terminal'),
    distDir: resolve(parsed.DIST_DIR ?? 'dist'),
  }
}
