/** The whole proxy as one hono app: guards first, then the API, then the built terminal. */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { failure } from '../src/contract/errors.ts'
import { CONFIG_PATH, PAIR_PATH, pairRequestSchema, type ProxyConfigReply } from '../src/contract/config.ts'
import { accessGuard, bearerToken, isLocalCaller, type Access, type Caller } from './access.ts'
import type { ProxySettings } from './config.ts'
import type { ProxyEnv } from './env.ts'
import { bodyGuard, createRateLimiter, rateGuard, type RateLimiter } from './limits.ts'
import type { Logger } from './log.ts'
import { badRequest, fail, readBody } from './reply.ts'
import { atolRoutes } from './routes-atol.ts'
import { iikoRoutes } from './routes-iiko.ts'
import { relayRoutes } from './routes-relay.ts'
import { originGuard, securityHeaders } from './security.ts'
import type { StaticFiles } from './static-files.ts'
import type { Upstreams } from './upstreams.ts'

export interface AppParts {
  readonly settings: ProxySettings
  readonly version: string
  readonly logger: Logger
  readonly access: Access
  readonly upstreams: Upstreams
  /** Null serves the API only (`npm run dev`: Vite serves the app). */
  readonly files: StaticFiles | null
  /** The usual one where it is left out. */
  readonly rateLimiter?: RateLimiter
  readonly now?: () => number
}

function callerOf(context: Context<ProxyEnv>): Caller {
  return {
    address: context.env.incoming?.socket.remoteAddress ?? 'unknown',
    host: context.req.header('host'),
    forwarded: context.req.header('forwarded') !== undefined || context.req.header('x-forwarded-for') !== undefined,
  }
}

function configReply(parts: AppParts, paired: boolean): ProxyConfigReply {
  const { settings, version } = parts
  return {
    demo: settings.iiko === null && settings.atol === null && settings.devices.length === 0,
    version,
    devices: paired ? settings.devices.map(({ id, name }) => ({ id, name })) : [],
    iiko: settings.iiko === null ? 'demo' : 'configured',
    atol: settings.atol === null ? 'demo' : 'configured',
    pairingRequired: !paired,
  }
}

function addAccessRoutes(app: Hono<ProxyEnv>, parts: AppParts): void {
  const { access, logger } = parts
  app.get(CONFIG_PATH, (context) => {
    const caller = callerOf(context)
    const token = bearerToken(context.req.header('authorization'))
    const paired = isLocalCaller(caller) || (token !== null && access.check(token, caller.address) === 'allowed')
    return context.json(configReply(parts, paired), 200, { 'cache-control': 'no-store' })
  })
  app.post(PAIR_PATH, async (context) => {
    const body = await readBody(context, pairRequestSchema)
    if (body === null) return badRequest(context, 'code', false)
    const result = access.pair(body.code, callerOf(context).address)
    logger.log(result.kind === 'paired' ? 'info' : 'warn', 'pair', {
      result: result.kind,
      requestId: context.get('requestId'),
    })
    if (result.kind === 'paired') return context.json({ token: result.token }, 200, { 'cache-control': 'no-store' })
    return fail(context, failure(result.kind), result.kind === 'wrong-code' ? 403 : 429)
  })
}

/** Puts the proxy together. Nothing is opened here; `startProxy` listens. */
export function createApp(parts: AppParts): Hono<ProxyEnv> {
  const { settings, logger } = parts
  const now = parts.now ?? Date.now
  const app = new Hono<ProxyEnv>()

  app.use(async (context, next) => {
    const startedAt = performance.now()
    context.set('requestId', randomUUID())
    await next()
    context.res.headers.set('x-request-id', context.get('requestId'))
    // The path without its query: queries of the relay hold the device's key.
    if (context.req.path.startsWith('/api/')) {
      logger.log('info', 'request', {
        requestId: context.get('requestId'),
        method: context.req.method,
        path: context.req.path.slice(0, 200),
        status: context.res.status,
        durationMs: Math.round(performance.now() - startedAt),
      })
    }
  })
  app.use(securityHeaders)
  app.use(originGuard(settings))
  app.get('/healthz', (context) =>
    context.json({ status: 'ok', version: parts.version }, 200, { 'cache-control': 'no-store' }),
  )
  app.use(
    '/api/*',
    rateGuard(parts.rateLimiter ?? createRateLimiter(now), (context) => callerOf(context).address),
  )
  app.use('/api/*', accessGuard(parts.access, callerOf))
  app.use('/api/*', bodyGuard)
  addAccessRoutes(app, parts)
  app.route('/api/iiko', iikoRoutes(parts.upstreams.iiko, settings.iiko === null, now))
  app.route('/api/atol', atolRoutes(parts.upstreams.atol, settings.atol === null))
  app.route('/api/ikkm', relayRoutes(parts.upstreams.relay))

  app.all('/api/*', (context) => fail(context, failure('not-found'), 404))
  app.get('*', (context) => parts.files?.respond(context) ?? context.text('Not found', 404))
  app.notFound((context) => context.text('Not found', 404))
  app.onError((error, context) => {
    // The message of a defect may hold anything; the class and the place are enough to find it.
    logger.log('error', 'defect', { requestId: context.get('requestId'), error: error.name, stack: firstFrame(error) })
    return fail(context, failure('proxy-defect'), 500)
  })
  return app
}

function firstFrame(error: Error): string {
  return (
    error.stack
      ?.split('\n')
      .find((line) => line.trim().startsWith('at '))
      ?.trim()
      .slice(0, 200) ?? ''
  )
}
