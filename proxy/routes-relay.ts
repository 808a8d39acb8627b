/** `/api/ikkm/:deviceId/send`: the relay's HTTP side (src/contract/relay.ts). */
import { Hono } from 'hono'
import * as v from 'valibot'
import { failure } from '../src/contract/errors.ts'
import { RelayRequestSchema } from '../src/contract/relay.ts'
import type { ProxyEnv } from './env.ts'
import type { Relay } from './ikkm-relay.ts'
import { badRequest, fail, readJson } from './reply.ts'

/** The reason phrase carries the receipt number; percent-encoded, because a header takes no control characters. */
export const REASON_HEADER = 'x-device-reason'

export function relayRoutes(relay: Relay): Hono<ProxyEnv> {
  const routes = new Hono<ProxyEnv>()
  routes.post('/:deviceId/send', async (context) => {
    const parsed = v.safeParse(RelayRequestSchema, await readJson(context))
    if (!parsed.success) {
      const wrongPath = parsed.issues.some((issue) => issue.path?.[0]?.key === 'path')
      return wrongPath ? fail(context, failure('path-refused'), 403) : badRequest(context, 'request', false)
    }
    const verdict = await relay.send(context.req.param('deviceId'), parsed.output, context.req.raw.signal)
    if (verdict.kind === 'refused') {
      return fail(
        context,
        failure(verdict.problem, { upstream: 'ikkm' }),
        verdict.problem === 'device-unknown' ? 404 : 503,
      )
    }
    const reason = verdict.kind === 'reply' ? { [REASON_HEADER]: encodeURIComponent(verdict.reason) } : {}
    return context.json(verdict, 200, { 'cache-control': 'no-store', ...reason })
  })
  return routes
}
