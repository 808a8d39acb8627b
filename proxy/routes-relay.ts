/**
 * `/api/ikkm/:deviceId/send`: the relay's HTTP side (src/contract/relay.ts). `/api/ikkm/:deviceId/lease`: which till holds
 * that register (GET), and a person who hands it on (POST).
 */
import { Hono, type Context } from 'hono'
import * as v from 'valibot'
import { tillIdSchema } from '../src/contract/config.ts'
import { failure, type FailureKind } from '../src/contract/errors.ts'
import { RelayRequestSchema, takeOverSchema, type LeaseView } from '../src/contract/relay.ts'
import { bearerToken, type Access } from './access.ts'
import type { ProxyEnv } from './env.ts'
import type { Relay } from './ikkm-relay.ts'
import { badRequest, fail, failReply, readBody, readJson } from './reply.ts'

/** The reason phrase carries the receipt number; percent-encoded, because a header takes no control characters. */
const REASON_HEADER = 'x-device-reason'

/** Whoever works at this machine without a pairing and doesn't say which till it is. */
const LOCAL = 'local'

const NO_STORE = { 'cache-control': 'no-store' }

/** `access` names the till of a token, for callers that don't name themselves. */
export function relayRoutes(relay: Relay, access: Pick<Access, 'idOf'>): Hono<ProxyEnv> {
  const routes = new Hono<ProxyEnv>()

  /** Several windows of one till are one; two tills that share a token or a machine are two. */
  function tillOf(context: Context<ProxyEnv>, named: string | undefined): string {
    if (named !== undefined) return named
    const id = access.idOf(bearerToken(context.req.header('authorization')))
    return id === null ? LOCAL : `token:${id}`
  }

  /** 409 with who holds the register: nothing was sent to it. */
  function notHolder(context: Context<ProxyEnv>, problem: FailureKind, lease: LeaseView): Response {
    return context.json({ ...failReply(context, failure(problem, { upstream: 'ikkm' })), lease }, 409, NO_STORE)
  }

  function unknownDevice(context: Context<ProxyEnv>): Response {
    return fail(context, failure('device-unknown', { upstream: 'ikkm' }), 404)
  }

  routes.post('/:deviceId/send', async (context) => {
    const parsed = v.safeParse(RelayRequestSchema, await readJson(context))
    if (!parsed.success) {
      const wrongPath = parsed.issues.some((issue) => issue.path?.[0]?.key === 'path')
      return wrongPath ? fail(context, failure('path-refused'), 403) : badRequest(context, 'request', false)
    }
    const { lease } = parsed.output
    const caller = { till: tillOf(context, lease?.till), letters: lease?.letters ?? null }
    const verdict = await relay.send(context.req.param('deviceId'), parsed.output, caller, context.req.raw.signal)
    if (verdict.kind === 'notHolder') return notHolder(context, verdict.problem, verdict.lease)
    if (verdict.kind === 'refused') {
      return verdict.problem === 'device-unknown'
        ? unknownDevice(context)
        : fail(context, failure(verdict.problem, { upstream: 'ikkm' }), 503)
    }
    const { answer, term } = verdict
    const reason = answer.kind === 'reply' ? { [REASON_HEADER]: encodeURIComponent(answer.reason) } : {}
    return context.json({ ...answer, ...(term === null ? {} : { term }) }, 200, { ...NO_STORE, ...reason })
  })

  routes.get('/:deviceId/lease', (context) => {
    const named = v.safeParse(v.optional(tillIdSchema), context.req.query('till'))
    if (!named.success) return badRequest(context, 'till', false)
    const lease = relay.lease(context.req.param('deviceId'), tillOf(context, named.output))
    return lease === null ? unknownDevice(context) : context.json({ lease }, 200, NO_STORE)
  })

  routes.post('/:deviceId/lease', async (context) => {
    const body = await readBody(context, takeOverSchema)
    if (body === null) return badRequest(context, 'till', false)
    const taken = relay.takeOver(context.req.param('deviceId'), body, body.seenTerm)
    switch (taken?.kind) {
      case undefined:
        return unknownDevice(context)
      case 'taken':
        return context.json({ lease: taken.lease }, 200, NO_STORE)
      case 'held':
        return notHolder(context, 'register-held', taken.lease)
      case 'busy':
        return notHolder(context, 'register-in-use', taken.lease)
      case 'notKept':
        return fail(context, failure('proxy-defect'), 500)
    }
  })
  return routes
}
