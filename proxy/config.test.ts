import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadSettings, SettingsError } from './config.ts'

function explained(env: Record<string, string>): string {
  try {
    loadSettings(env)
  } catch (error) {
    if (error instanceof SettingsError) return error.message
    throw error
  }
  return ''
}

function file(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'ikkm-config-')), 'settings.json')
  writeFileSync(path, content)
  return path
}

describe('settings of the proxy', () => {
  it('need nothing: loopback, port 8787, demo data', () => {
    expect(loadSettings({})).toMatchObject({
      host: '127.0.0.1',
      port: 8787,
      tls: null,
      iiko: null,
      atol: null,
      devices: [],
      allowedOrigins: [],
      pairingCode: null,
      ownerCode: null,
      databaseUrl: null,
      timeZone: 'Asia/Almaty',
      shopName: '',
    })
  })

  it('are read from the environment', () => {
    const settings = loadSettings({
      HOST: '0.0.0.0',
      PORT: '9000',
      IIKO_URL: 'https://iiko.example:443/resto/',
      IIKO_LOGIN: 'admin',
      IIKO_PASSWORD: ' resto#test ',
      IIKO_CERT_SHA256: 'aa'.repeat(32),
      ATOL_URL: 'https://online.atol.ru',
      ATOL_LOGIN: 'l',
      ATOL_PASSWORD: 'p',
      IKKM_DEVICES: 'main=http://192.168.1.50:8080, bar=http://192.168.1.51:8080',
      ALLOWED_ORIGINS: 'https://kassa.local:8787 https://shop.kz',
      PAIRING_CODE: '123456',
    })
    expect(settings.iiko).toEqual({
      url: 'https://iiko.example:443/resto',
      login: 'admin',
      password: ' resto#test ',
      fingerprint: Array<string>(32).fill('AA').join(':'),
      limits: { connectTimeoutMs: 10_000, answerTimeoutMs: 600_000, maxAnswerBytes: 67_108_864 },
    })
    expect(settings.devices).toEqual([
      { id: 'main', name: 'main', origin: 'http://192.168.1.50:8080' },
      { id: 'bar', name: 'bar', origin: 'http://192.168.1.51:8080' },
    ])
    expect(settings.allowedOrigins).toEqual(['https://kassa.local:8787', 'https://shop.kz'])
  })

  it('are read from a file, the environment going first', () => {
    const path = file(
      JSON.stringify({
        PORT: 9001,
        HOST: '10.0.0.1',
        IKKM_DEVICES: [{ id: 'main', name: 'Касса 1', url: 'http://10.0.0.5:8080' }],
      }),
    )
    expect(loadSettings({ CONFIG_FILE: path, PORT: '9002' })).toMatchObject({
      port: 9002,
      host: '10.0.0.1',
      devices: [{ id: 'main', name: 'Касса 1', origin: 'http://10.0.0.5:8080' }],
    })
  })

  it('are read from a file that Windows wrote: with a byte order mark, in UTF-8 or UTF-16', () => {
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const path = file('')
      writeFileSync(path, '\ufeff{"PORT": 9003}', encoding)
      expect(loadSettings({ CONFIG_FILE: path }).port).toBe(9003)
    }
  })

  it('set the limits of the servers, the trusted proxies and the log', () => {
    const account = { IIKO_URL: 'https://i', IIKO_LOGIN: 'l', IIKO_PASSWORD: 'p' }
    const limits = { IIKO_ANSWER_S: '30', CONNECT_S: '3', ANSWER_MB: '1' }
    const settings = loadSettings({ ...account, ...limits, TRUSTED_PROXY: '10.0.0.1, ::1', LOG_LEVEL: 'warn' })
    expect(settings.iiko?.limits).toEqual({
      connectTimeoutMs: 3_000,
      answerTimeoutMs: 30_000,
      maxAnswerBytes: 1_048_576,
    })
    expect(settings).toMatchObject({ trustedProxies: ['10.0.0.1', '::1'], logLevel: 'warn' })
  })

  it.each([
    [{ IIKO_ANSWER_S: '0' }, 'IIKO_ANSWER_S: must be a whole number from 1 to 3600'],
    [{ TRUSTED_PROXY: 'nginx' }, 'TRUSTED_PROXY: must be a list of addresses'],
    [{ DATABASE_URL: 'mysql://db' }, 'DATABASE_URL: must look like postgres://'],
    [{ TIME_ZONE: 'Asia/Nowhere' }, 'TIME_ZONE: must be a time zone such as Asia/Almaty'],
    [{ OWNER_CODE: '12345' }, 'OWNER_CODE: must have at least 6 characters'],
    [{ OWNER_CODE: '123456', PAIRING_CODE: '123456' }, 'OWNER_CODE: must be another one than PAIRING_CODE'],
    [{ TLS: 'yes' }, 'TLS: must be auto or off'],
    [{ TLS: 'auto', TLS_CERT: '/x', TLS_KEY: '/x' }, 'TLS_CERT: cannot read the file'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: must be one of debug, info, warn, error'],
    [{ PORT: '70000' }, 'PORT: must be a port number'],
    [{ PORT: 'http' }, 'PORT: must be a port number'],
    [{ IIKO_URL: 'iiko.example' }, 'IIKO_URL: must look like https://host:port'],
    [{ IIKO_URL: 'https://admin:secret@iiko' }, 'IIKO_URL: must look like'],
    [{ IIKO_URL: 'https://iiko' }, 'IIKO_LOGIN, IIKO_PASSWORD: missing'],
    [{ ATOL_PASSWORD: 'x' }, 'ATOL_URL, ATOL_LOGIN: missing'],
    [{ IKKM_DEVICES: 'http://192.168.1.50:8080' }, 'IKKM_DEVICES: '],
    [{ IKKM_DEVICES: 'main=https://192.168.1.50' }, 'IKKM_DEVICES: has an address that is not http://host:port'],
    [{ IKKM_DEVICES: 'Main=http://a' }, 'IKKM_DEVICES: has an id'],
    [{ IKKM_DEVICES: 'a=http://a,a=http://b' }, 'IKKM_DEVICES: two devices have the same id'],
    [{ ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS: must be a list of origins'],
    [{ PAIRING_CODE: '123' }, 'PAIRING_CODE: must have at least 6 characters'],
    [{ TLS_CERT: '/x' }, 'TLS_CERT and TLS_KEY belong together'],
    [{ TLS_CERT: '/no/such', TLS_KEY: '/no/such' }, 'TLS_CERT: cannot read the file /no/such (ENOENT)'],
    [{ IIKO_CERT_SHA256: 'abc' }, 'IIKO_CERT_SHA256: must be a SHA-256 fingerprint'],
    [{ CONFIG_FILE: '/no/such' }, 'CONFIG_FILE: cannot read'],
    [{ CONFIG_FILE: file('{') }, 'is not valid JSON'],
    [{ CONFIG_FILE: file('[]') }, 'must hold one JSON object'],
    [{ CONFIG_FILE: file('{"PROT": 1}') }, 'unknown settings: PROT'],
  ])('%j is explained: %s', (env: Record<string, string>, words) => {
    expect(explained(env)).toContain(words)
  })

  it('never repeat a wrong value, it may be a secret', () => {
    expect(
      explained({
        PAIRING_CODE: 'zq9',
        IIKO_CERT_SHA256: 'hunter2',
        CONFIG_FILE: file('{"IIKO_PASSWORD": {"zz": "topsecret"}}'),
      }),
    ).not.toMatch(/zq9|hunter2|topsecret/)
  })
})
