/**
 * Settings of the proxy: environment first, then the JSON file named by `CONFIG_FILE`, checked by a schema at start.
 * A wrong setting stops the start with a sentence that names it; its value isn't repeated, it may be a secret.
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import * as v from 'valibot'
import { DEVICE_ID_PATTERN } from '../src/contract/config.ts'

export interface UpstreamSettings {
  /** Base address without a trailing slash; every request stays under it. */
  readonly url: string
  readonly login: string
  readonly password: string
  /** SHA-256 fingerprint of a self-signed certificate to accept, upper-case hex with colons; null checks the chain. */
  readonly fingerprint: string | null
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
  readonly iiko: UpstreamSettings | null
  readonly atol: UpstreamSettings | null
  readonly devices: readonly DeviceSettings[]
  /** Origins besides the proxy's own whose pages may call it. */
  readonly allowedOrigins: readonly string[]
  /** Code for pairing; null makes a random one at start. */
  readonly pairingCode: string | null
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
  'PAIRING_CODE',
  'TLS_CERT',
  'TLS_KEY',
  'STATE_DIR',
  'DIST_DIR',
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
  PAIRING_CODE: v.optional(
    v.pipe(v.string(), v.trim(), v.minLength(6, 'must have at least 6 characters'), v.maxLength(128)),
  ),
  TLS_CERT: text(),
  TLS_KEY: text(),
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
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new SettingsError(`${key}: cannot read the file ${path} (${code})`)
  }
}

function readConfigFile(path: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileOrExplain('CONFIG_FILE', path))
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
  return { url: url.replace(/\/+$/, ''), login, password, fingerprint: parsed[`${name}_CERT_SHA256`] ?? null }
}

function tlsFiles(parsed: Parsed): ProxySettings['tls'] {
  if (parsed.TLS_CERT === undefined && parsed.TLS_KEY === undefined) return null
  if (parsed.TLS_CERT === undefined || parsed.TLS_KEY === undefined) {
    throw new SettingsError('TLS_CERT and TLS_KEY belong together: give both or none')
  }
  return { cert: readFileOrExplain('TLS_CERT', parsed.TLS_CERT), key: readFileOrExplain('TLS_KEY', parsed.TLS_KEY) }
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
  const stateHome = env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state')
  return {
    host: parsed.HOST,
    port: parsed.PORT,
    tls: tlsFiles(parsed),
    iiko: upstream('IIKO', parsed),
    atol: upstream('ATOL', parsed),
    devices,
    allowedOrigins: parsed.ALLOWED_ORIGINS,
    pairingCode: parsed.PAIRING_CODE ?? null,
    stateDir: parsed.STATE_DIR ?? join(stateHome, 'ikkm-terminal'),
    distDir: resolve(parsed.DIST_DIR ?? 'dist'),
  }
}
