/** Bodies in and envelopes out of every API call (src/contract/errors.ts). */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import * as v from 'valibot'
import { failure, type Failure, type FailureKind, type Result } from '../src/contract/errors.ts'
import type { ProxyEnv } from './env.ts'

/** Status of a failure that came from an upstream: the proxy itself did its work. */
const BAD_GATEWAY = 502
const STATUSES: Partial<Record<FailureKind, ContentfulStatusCode>> = {
  'bad-request': 400,
  'upstream-busy': 503,
  'proxy-stopping': 503,
}
const NO_STORE = { 'cache-control': 'no-store' }

/** The body of a refusal. `problem` beside the failure is what a relay's caller reads (src/contract/relay.ts). */
export function failReply(context: Context<ProxyEnv>, why: Failure, demo = false) {
  return { ok: false, demo, failure: { ...why, requestId: context.get('requestId') }, problem: why.kind }
}

export function fail(context: Context<ProxyEnv>, why: Failure, status: ContentfulStatusCode, demo = false): Response {
  return context.json(failReply(context, why, demo), status, NO_STORE)
}

export function badRequest(context: Context<ProxyEnv>, field: string, demo: boolean): Response {
  return fail(context, failure('bad-request', { details: [{ field, messages: [] }] }), 400, demo)
}

/** Good answers are marked `demo` where their data are invented. */
export function answer(context: Context<ProxyEnv>, outcome: Result<unknown>, demo: boolean): Response {
  if (!outcome.ok) return fail(context, outcome.failure, STATUSES[outcome.failure.kind] ?? BAD_GATEWAY, demo)
  // With its length, so that only a long one is compressed.
  const text = JSON.stringify({ ok: true, demo, data: outcome.value })
  const length = String(Buffer.byteLength(text))
  return context.body(text, 200, { ...NO_STORE, 'content-type': 'application/json', 'content-length': length })
}

/** A JSON body; undefined when it isn't declared as JSON or isn't any. */
export async function readJson(context: Context<ProxyEnv>): Promise<unknown> {
  if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) return undefined
  return context.req.json<unknown>().catch(() => undefined)
}

/** A JSON body through a schema; null when it doesn't fit. */
export async function readBody<T extends v.GenericSchema>(
  context: Context<ProxyEnv>,
  schema: T,
): Promise<v.InferOutput<T> | null> {
  const result = v.safeParse(schema, await readJson(context))
  return result.success ? result.output : null
}
