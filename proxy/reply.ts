/** The two envelopes of every API answer (src/contract/errors.ts). */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Failure, FailureReply, Outcome } from '../src/contract/errors.ts'
import type { ProxyEnv } from './env.ts'

/** HTTP status of a failure that came from an upstream: the proxy itself did its work. */
const BAD_GATEWAY = 502

export function fail(
  context: Context<ProxyEnv>,
  failure: Failure,
  status: ContentfulStatusCode = BAD_GATEWAY,
  demo = false,
): Response {
  const reply: FailureReply = { ok: false, demo, failure: { ...failure, requestId: context.get('requestId') } }
  return context.json(reply, status, { 'cache-control': 'no-store' })
}

export function answer(context: Context<ProxyEnv>, outcome: Outcome<unknown>, demo: boolean): Response {
  if (!outcome.ok)
    return fail(context, outcome.failure, outcome.failure.kind === 'bad-request' ? 400 : BAD_GATEWAY, demo)
  return context.json({ ok: true, demo, data: outcome.value }, 200, { 'cache-control': 'no-store' })
}
