/** Takes the place of a lost till: the outside half of the setup's dialog (design page "shop", part 2). */
import * as v from 'valibot'
import { PAIR_PATH, pairReplySchema } from '../contract/config.ts'
import { failed, type Result } from '../contract/errors.ts'
import { readReply } from '../contract/reply.ts'
import {
  CONFIGURATION_PATH,
  configurationPageSchema,
  HISTORY_PATH,
  REPLACE_PATH,
  STANDING_PATH,
  TILLS_PATH,
  historyReplySchema,
  replaceReplySchema,
  shopTillsSchema,
  standingReplySchema,
  type ConfigurationPage,
  type ShopTill,
} from '../contract/shop.ts'
import { drawMarkPrefix } from '../domain/mark.ts'
import { callJson } from '../http/json-call.ts'
import type { DeviceRecord } from '../queue/types.ts'
import { adoptTill, LedgerInUse } from '../storage/adopt-till.ts'
import { takeConfiguration } from '../storage/configuration.ts'
import { services, type ReplaceProblem, type Replacement, type TakenSettings } from '../till/services.ts'
import { readLedgerMark } from '../storage/ledger-mark.ts'
import { trackPrefix } from './device-record.ts'
import { chance, placeOf } from './identity.ts'
import type { SetupGatewayParts } from './setup-gateway.ts'
import { recallTill } from './till-memory.ts'

const TIMEOUT_MS = 60_000

/** How the lost tablet reached its register, as it told the server beside the register's record (`shop-upload.ts`). */
const waySchema = v.object({
  transport: v.picklist(['direct', 'relay']),
  origin: v.string(),
  relayId: v.string(),
})

async function ask<T extends v.GenericSchema>(
  path: string,
  token: string | null,
  body: object | null,
  schema: T,
): Promise<Result<v.InferOutput<T>>> {
  try {
    const call = { path, token, timeoutMs: TIMEOUT_MS, ...(body === null ? {} : { body }) }
    const { text, status } = await callJson(call)
    return readReply(text, status, schema)
  } catch {
    return failed('proxy-away')
  }
}

/** The record that was in use: the one that answered last. */
function newest(devices: readonly DeviceRecord[]): DeviceRecord | null {
  return devices.reduce<DeviceRecord | null>(
    (found, device) => (found === null || (device.lastContactMs ?? 0) > (found.lastContactMs ?? 0) ? device : found),
    null,
  )
}

export function createReplacement(parts: SetupGatewayParts): Replacement {
  let owner: string | null = null
  let letters: readonly string[] = []

  /** Real receipts have one ledger, whatever leads to their register. */
  const shopLedger = () => parts.ledgerFor({ transport: 'direct', origin: '', relayId: '' })

  /** How the till is set up, by the names of its records. */
  async function fetchConfiguration(till: ShopTill): Promise<Result<ReadonlyMap<string, string>>> {
    const rows = new Map<string, string>()
    for (let after: string | null = ''; after !== null;) {
      const query: URLSearchParams = new URLSearchParams({ till: till.till, ...(after === '' ? {} : { after }) })
      const page: Result<ConfigurationPage> = await ask(
        `${CONFIGURATION_PATH}?${query.toString()}`,
        owner,
        null,
        configurationPageSchema,
      )
      if (!page.ok) return page
      for (const { name, value } of page.value.rows) rows.set(name, value)
      after = page.value.next
    }
    return { ok: true, value: rows }
  }

  /** A copy that can't be read is none: what this tablet has stays. */
  async function becomeLike(rows: ReadonlyMap<string, string>): Promise<TakenSettings> {
    if (rows.size === 0) return 'nothing'
    try {
      return await takeConfiguration(parts.app, rows, parts.changes)
    } catch (error) {
      if (error instanceof SyntaxError) return 'nothing'
      throw error
    }
  }

  async function fetchJournal(
    till: ShopTill,
    progress: (stored: number, all: number) => void,
  ): Promise<ReplaceProblem | null> {
    const { database } = await shopLedger()
    const adoption = await adoptTill(database, till.till)
    // Before anything that can't be taken back: whoever tries again begins here.
    const configuration = await fetchConfiguration(till)
    if (!configuration.ok) return { kind: 'failed', failure: configuration.failure }
    const used = (await recallTill())?.prefixes ?? []
    const letter = drawMarkPrefix(new Set([...letters, ...used]), chance)
    const taken = await ask(
      REPLACE_PATH,
      owner,
      { till: till.till, by: crypto.randomUUID(), letter },
      replaceReplySchema,
    )
    if (!taken.ok) return { kind: 'failed', failure: taken.failure }
    const { tenure, revision, entries: all } = taken.value
    // Never the lost tablet's own letter: it may have printed marks that nobody heard of.
    const me = { till: till.till, letter, demo: false }
    const standing = await ask(STANDING_PATH, parts.proxyToken(), me, standingReplySchema)
    if (!standing.ok) return { kind: 'failed', failure: standing.failure }
    let stored = 0
    for (let after: number | null = 0; after !== null;) {
      progress(stored, all)
      const query: URLSearchParams = new URLSearchParams({ till: till.till, after: String(after) })
      const page: Result<v.InferOutput<typeof historyReplySchema>> = await ask(
        `${HISTORY_PATH}?${query.toString()}`,
        owner,
        null,
        historyReplySchema,
      )
      if (!page.ok) return { kind: 'failed', failure: page.failure }
      await adoption.page(page.value.entries, Date.now())
      stored += page.value.entries.length
      after = page.value.next
    }
    const records = taken.value.devices.map(({ way, ...record }) => ({
      way,
      record: record as unknown as DeviceRecord,
    }))
    const devices = records.map(({ record }) => record)
    const inUse = newest(devices)
    const told = records.find(({ record }) => record === inUse)?.way
    const way = v.safeParse(waySchema, told)
    const place = way.success ? placeOf(way.output) : ''
    await adoption.finish({
      mark: { till: till.till, prefix: letter, place, confirmed: false },
      devices,
      trackPrefix: await trackPrefix(parts.keyValues),
      server: standing.value.server,
      tenure,
      revision,
      nowMs: Date.now(),
    })
    await becomeLike(configuration.value)
    const device = way.success && inUse !== null ? { ...way.output, deviceId: inUse.id } : null
    await parts.adopt({ markPrefix: letter, ...(device === null ? {} : { device }) })
    return null
  }

  return {
    async tills(code) {
      const paired = await ask(PAIR_PATH, null, { code }, pairReplySchema)
      if (!paired.ok) return paired
      if (paired.value.role !== 'owner') return failed('not-owner')
      owner = paired.value.token
      const reply = await ask(TILLS_PATH, owner, null, shopTillsSchema)
      if (!reply.ok) return reply
      letters = reply.value.tills.map(({ letter }) => letter)
      const { database } = await shopLedger()
      const own = (await readLedgerMark(database))?.till
      return { ok: true, value: reply.value.demo ? [] : reply.value.tills.filter(({ till }) => till !== own) }
    },
    async take(till, progress) {
      try {
        return await fetchJournal(till, progress)
      } catch (error) {
        if (error instanceof LedgerInUse) return { kind: 'ownReceipts' }
        throw error
      }
    },
    async becomeLike(till) {
      const refusal = await services().refusal(['settings', 'cashiers'])
      if (refusal !== null) return refusal
      const rows = await fetchConfiguration(till)
      return rows.ok ? { ok: true, value: await becomeLike(rows.value) } : rows
    },
  }
}
