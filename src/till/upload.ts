/**
 * Carries the ledger's changes to the shop server: one window of the till at a time, never on the way of a sale, for ever
 * again until the server has acknowledged them. What can't be sent waits; nothing here changes or loses a record.
 */
import * as v from 'valibot'
import { CONFIG_PATH, proxyConfigSchema } from '../contract/config.ts'
import { failureReplySchema } from '../contract/errors.ts'
import { parseJson } from '../contract/json.ts'
import {
  STANDING_PATH,
  UPLOAD_BATCH,
  UPLOAD_PATH,
  standingReplySchema,
  uploadReplySchema,
  type Upload,
} from '../contract/shop.ts'
import type { Outbox, OutboxChange } from '../storage/outbox.ts'

/** In one upload: far below what a server takes at once, whatever alphabet the goods' names are in. */
const MOST_LETTERS = 1_000_000
/** After a change, ms: a sale's next steps go along, and it is at the server within a second. */
const SETTLE_MS = 400
/** Without a change, ms: the owner sees that the till lives, and the till hears that another tablet took its place. */
const LIFE_SIGN_MS = 60_000
/** First wait after a failure and the longest, ms; the browser's own news of a network shortens it. */
const RETRY_FROM_MS = 2_000
const RETRY_TO_MS = 60_000
/** Between two uploads of a long journal, ms. */
const LONGEST_BREATH_MS = 1_000
/** A server without a database, or one that this tablet isn't paired with, ms. */
const LOOK_AGAIN_MS = 300_000

export type UploadState =
  | 'starting'
  /** Everything that was changed is at the server. */
  | 'done'
  | 'sending'
  /** It can't be reached, or answered what can't be understood. */
  | 'away'
  /** It keeps nothing. */
  | 'none'
  | 'unpaired'
  /** Another tablet took this till's place. */
  | 'replaced'

export interface UploadView {
  readonly state: UploadState
  /** Changes that aren't there yet. */
  readonly waiting: number
  /** Since when the oldest one waits, ms since the epoch; null for none. */
  readonly sinceMs: number | null
  /** When the server was last heard, ms since the epoch. */
  readonly heardAtMs: number | null
}

export interface UploadParts {
  readonly outbox: Outbox
  /** Who this till is; `demo`: its receipts are practice. */
  readonly till: () => Promise<{
    readonly till: string
    readonly letter: string
    readonly tenure: number
    readonly demo: boolean
  }>
  /** A record as it goes to the server. */
  readonly recordOf: (change: OutboxChange) => object
  /** The body of the answer and its status; null where none came. `body` null asks by GET. */
  readonly exchange: (
    path: string,
    body: object | null,
  ) => Promise<{ readonly status: number; readonly text: string } | null>
  /** Resolves after so many ms and not before the page has nothing better to do. */
  readonly breathe: (ms: number) => Promise<void>
  readonly now: () => number
  readonly chance: () => number
  /** Runs after so many ms, unless it is called off. */
  readonly setTimer: (run: () => void, ms: number) => () => void
  readonly onReplaced: () => void
  /** Runs when everything is at the server: the time for what nobody waits for. */
  readonly onDone?: () => Promise<void>
}

export interface Uploader {
  /** A record changed, here or in another window. */
  changed(): void
  /** The network is back, or the tablet was paired: asked at once. */
  retry(): void
  view(): UploadView
  /** Counts what waits, for whoever looks. */
  look(): Promise<void>
  subscribe(listener: () => void): () => void
  /** Begins; resolves when `stop` was called and the last request has ended. */
  run(): Promise<void>
  stop(): void
}

type Answer<T> =
  { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'replaced' | 'unpaired' | 'none' | 'away' }

/** As many of them, from the first on, as have so many letters as JSON together; at least one. */
export function upTo<T>(letters: number, changes: readonly T[]): readonly T[] {
  let sum = 0
  const end = changes.findIndex((change) => (sum += JSON.stringify(change).length) > letters)
  return end < 0 ? changes : changes.slice(0, Math.max(1, end))
}

export function createUploader(parts: UploadParts): Uploader {
  const { outbox, now, chance } = parts
  const listeners = new Set<() => void>()
  let view: UploadView = { state: 'starting', waiting: 0, sinceMs: null, heardAtMs: null }
  let stopped = false
  let failures = 0
  /** The server told its standing in this run and nothing has gone wrong since. */
  let met = false
  /** The wait between two passes: how the last one ended, what ends the wait, and the timer that will. */
  let rest: { readonly after: UploadState; readonly end: () => void; callOff: () => void } | null = null
  /** Wanted again while a pass was under way. */
  let again = false

  async function show(state: UploadState): Promise<void> {
    try {
      const [{ waiting, unfilled, sinceMs }, progress] = await Promise.all([outbox.waiting(), outbox.progress()])
      const open = progress === null ? 0 : unfilled
      view = { state, waiting: waiting + open, sinceMs, heardAtMs: progress?.heardAtMs ?? null }
    } catch {
      // The queue's own writes say that the storage fails; what waits is told again when it works.
      view = { ...view, state }
    }
    for (const listener of listeners) listener()
  }

  async function ask<T extends v.GenericSchema>(
    path: string,
    body: object | null,
    schema: T,
  ): Promise<Answer<v.InferOutput<T>>> {
    const answer = await parts.exchange(path, body)
    if (answer === null) return { kind: 'away' }
    const parsed = parseJson(answer.text)
    if (answer.status >= 200 && answer.status < 300) {
      const reply = v.safeParse(schema, parsed)
      return reply.success ? { kind: 'ok', value: reply.output } : { kind: 'away' }
    }
    const refusal = v.safeParse(failureReplySchema, parsed)
    const kind = refusal.success ? refusal.output.failure.kind : ''
    if (kind === 'till-replaced') return { kind: 'replaced' }
    if (kind === 'not-paired') return { kind: 'unpaired' }
    return { kind: kind === 'no-database' || kind === 'not-found' ? 'none' : 'away' }
  }

  /** Asks who answers before anything is sent; a request that is sure to be refused isn't made. */
  async function meet(): Promise<UploadState | null> {
    const config = await ask(CONFIG_PATH, null, proxyConfigSchema)
    if (config.kind !== 'ok') return config.kind === 'unpaired' || config.kind === 'replaced' ? 'away' : config.kind
    if (!config.value.shop) return 'none'
    if (config.value.pairingRequired) return 'unpaired'
    const { till, letter, demo } = await parts.till()
    const standing = await ask(STANDING_PATH, { till, letter, demo }, standingReplySchema)
    if (standing.kind !== 'ok') return standing.kind
    await outbox.meet(standing.value.server, standing.value.revision, now())
    met = true
    return null
  }

  /** Sends until nothing waits. */
  async function pass(): Promise<UploadState> {
    if (!met) {
      const refused = await meet()
      if (refused !== null) return refused
    }
    for (;;) {
      const begunAt = now()
      const { changes, standsFor } = await outbox.batch(UPLOAD_BATCH)
      if (changes.length === 0 && (await outbox.fill(UPLOAD_BATCH))) continue
      const { till, letter, tenure, demo } = await parts.till()
      const left = await outbox.waiting()
      const sent = upTo(
        MOST_LETTERS,
        changes.map((change) => ({ ...change, record: parts.recordOf(change) })),
      )
      const mine = sent.reduce((sum, { revision }) => sum + (standsFor.get(revision)?.length ?? 0), 0)
      const waiting = Math.max(0, left.waiting + left.unfilled - mine)
      const body = { till, letter, tenure, demo, waiting, changes: sent } satisfies Record<keyof Upload, unknown>
      const answer = await ask(UPLOAD_PATH, body, uploadReplySchema)
      if (answer.kind !== 'ok') return answer.kind
      await outbox.forget(
        answer.value.acknowledged.flatMap((revision) => standsFor.get(revision) ?? []),
        now(),
      )
      const { server } = answer.value
      if (server !== (await outbox.progress())?.server) {
        // Another database answers now: it tells first what it has.
        met = false
        return 'away'
      }
      if (stopped || changes.length === 0) return 'done'
      // A server that takes nothing of it would be asked for ever.
      if (answer.value.acknowledged.length === 0) return 'away'
      await show('sending')
      // A long journal takes half of the time at most: somebody sells meanwhile.
      if (left.waiting + left.unfilled > mine) await parts.breathe(Math.min(LONGEST_BREATH_MS, now() - begunAt))
    }
  }

  function pause(after: UploadState, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        rest?.callOff()
        rest = null
        resolve()
      }
      rest = { after, end, callOff: parts.setTimer(end, ms) }
    })
  }

  /** How long to wait after a pass that ended so. */
  function waitAfter(state: UploadState): number {
    if (state === 'done') return LIFE_SIGN_MS
    if (state === 'none' || state === 'unpaired') return LOOK_AGAIN_MS
    failures += 1
    const longest = Math.min(RETRY_TO_MS, RETRY_FROM_MS * 2 ** Math.min(failures - 1, 10))
    return longest * (0.5 + chance() / 2)
  }

  /** A storage that fails is tried again as a server that is away: nothing that waits can be lost by it. */
  async function passSafely(): Promise<UploadState> {
    try {
      await outbox.clearUnlessMet()
      if ((await outbox.progress())?.replacedAtMs !== undefined) return 'replaced'
      const state = await pass()
      if (state === 'replaced') await outbox.replaced(now())
      if (state === 'done') await parts.onDone?.()
      return state
    } catch {
      return 'away'
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      again = false
      const state = await passSafely()
      if (state === 'replaced') {
        await show('replaced')
        parts.onReplaced()
        return
      }
      if (state === 'done') failures = 0
      else met = false
      if (stopped) return
      const rested = pause(state, again && state === 'done' ? SETTLE_MS : waitAfter(state))
      await show(state)
      await rested
    }
  }

  return {
    changed() {
      again = true
      // While the server is away the next try comes in its own time.
      if (rest?.after !== 'done') return
      rest.callOff()
      rest.callOff = parts.setTimer(rest.end, SETTLE_MS)
    },
    retry() {
      failures = 0
      rest?.end()
    },
    view: () => view,
    look: () => show(view.state),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    run,
    stop() {
      stopped = true
      rest?.end()
    },
  }
}
