/** The whole proxy as one hono app: guards first, then the API, then the built terminal. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { compress } from 'hono/compress'
import { failure } from '../src/contract/errors.ts'
import { HEALTH_PATH, type HealthReply } from '../src/contract/health.ts'
import {
  CONFIG_PATH,
  PAIR_PATH,
  TILL_COOKIE_S,
  TILL_PATH,
  pairRequestSchema,
  tillRequestSchema,
  type ProxyConfigReply,
} from '../src/contract/config.ts'
import {
  accessGuard,
  bearerToken,
  callerOf,
  isLocalCaller,
  loopbackIsProof,
  type Access,
  type Caller,
} from './access.ts'
import type { ProxySettings } from './config.ts'
import type { ProxyEnv } from './env.ts'
import type { Health } from './health.ts'
import { bodyGuard, createRateLimiter, rateGuard, type RateLimiter } from './limits.ts'
import type { Logger } from './log.ts'
import { badRequest, fail, readBody } from './reply.ts'
import { atolRoutes } from './routes-atol.ts'
import { iikoRoutes } from './routes-iiko.ts'
import { relayRoutes } from './routes-relay.ts'
import { inScope } from './scope.ts'
import { originGuard, securityHeaders } from './security.ts'
import type { StaticFiles } from './static-files.ts'
import type { Marks } from './marks.ts'
import { shopRoutes } from './shop/routes.ts'
import type { Shop } from './shop/shop.ts'
import type { Upstreams } from './upstreams.ts'

export interface AppParts {
  readonly settings: ProxySettings
  readonly version: string
  readonly logger: Logger
  readonly access: Access
  readonly upstreams: Upstreams
  readonly health: Health
  readonly marks: Marks
  readonly shop: Shop
  /** Null serves the API only (`npm run dev`: Vite serves the app). */
  readonly files: StaticFiles | null
  /** Names of this computer in the certificate that the proxy made for itself. */
  readonly ownHostNames?: readonly string[]
  /** The page on which tablets learn to trust that certificate. */
  readonly trust?: Hono<ProxyEnv>
  /** The usual one where it is left out. */
  readonly rateLimiter?: RateLimiter
  readonly now?: () => number
}

/** Shorter answers fit into a packet or two as they are. */
const COMPRESSED_FROM = 2_048
/** Longest that a page is kept waiting, in ms: less than the page itself waits, so that it hears why. */
const PATIENCE_MS = 80_000

function configReply(parts: AppParts, paired: boolean): ProxyConfigReply {
  const { settings, version } = parts
  return {
    demo: settings.iiko === null && settings.atol === null && settings.devices.length === 0,
    version,
    devices: paired ? settings.devices.map(({ id, name }) => ({ id, name })) : [],
    iiko: settings.iiko === null ? 'demo' : 'configured',
    atol: settings.atol === null ? 'demo' : 'configured',
    pairingRequired: !paired,
    serverName: paired ? hostname() : null,
    tills: parts.marks.count(),
    shop: parts.shop.available,
  }
}

type CallerOf = (context: Context<ProxyEnv>) => Caller & { readonly local: boolean }

/** Who asks, and whether the address alone is proof enough. */
function callersOf(settings: ProxySettings): CallerOf {
  const proof = loopbackIsProof(settings)
  return (context) => {
    const caller = callerOf(context.env.incoming, settings.trustedProxies)
    return { ...caller, local: proof && isLocalCaller(caller) }
  }
}

function addAccessRoutes(app: Hono<ProxyEnv>, parts: AppParts, who: CallerOf): void {
  const { access, logger } = parts
  app.get(CONFIG_PATH, (context) => {
    const caller = who(context)
    const token = bearerToken(context.req.header('authorization'))
    const verdict =
      caller.local || token === null ? 'refused' : access.check(token, caller.address, context.req.header('user-agent'))
    const paired = caller.local || verdict === 'till' || verdict === 'owner'
    return context.json(configReply(parts, paired), 200, { 'cache-control': 'no-store' })
  })
  app.post(PAIR_PATH, async (context) => {
    const body = await readBody(context, pairRequestSchema)
    if (body === null) return badRequest(context, 'code', false)
    const result = access.pair(body.code, who(context).address, context.req.header('user-agent'))
    logger.log(result.kind === 'paired' ? 'info' : 'warn', 'pair', {
      result: result.kind,
      requestId: context.get('requestId'),
    })
    if (result.kind === 'paired') {
      const { token, role } = result
      return context.json({ token, role }, 200, { 'cache-control': 'no-store' })
    }
    return fail(context, failure(result.kind), result.kind === 'wrong-code' ? 403 : 429)
  })
}

function addHealthRoute(app: Hono<ProxyEnv>, parts: AppParts): void {
  const { settings, version, health } = parts
  const startedAt = new Date().toISOString()
  app.get(HEALTH_PATH, (context) => {
    const reply: HealthReply = {
      status: 'ok',
      version,
      startedAt,
      memoryBytes: process.memoryUsage.rss(),
      iiko: { configured: settings.iiko !== null, ...health.of('iiko') },
      atol: { configured: settings.atol !== null, ...health.of('atol') },
      devices: settings.devices.map(({ id }) => ({ id, ...health.of(id) })),
    }
    return context.json(reply, 200, { 'cache-control': 'no-store' })
  })
}

/** Safari forgets a cookie that a page wrote after seven days, and keeps the same one when the server sets it. */
function keepTillCookie(context: Context<ProxyEnv>): void {
  const found = /(?:^|; )(till-\d{1,5}=[\w%.!~*'()-]{1,2000})(?:;|$)/.exec(context.req.header('cookie') ?? '')?.[1]
  if (found === undefined) return
  context.header('set-cookie', `${found}; Max-Age=${TILL_COOKIE_S}; Path=/; SameSite=Strict`)
}

/** Puts the proxy together. Nothing is opened here; `startProxy` listens. */
export function createApp(parts: AppParts): Hono<ProxyEnv> {
  const { settings, logger } = parts
  const now = parts.now ?? Date.now
  const who = callersOf(settings)
  const app = new Hono<ProxyEnv>()

  app.use(async (context, next) => {
    const startedAt = performance.now()
    const requestId = randomUUID()
    context.set('requestId', requestId)
    await inScope({ requestId, deadline: startedAt + PATIENCE_MS }, next)
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
  app.use(originGuard(settings, parts.ownHostNames))
  if (parts.trust !== undefined) app.route('/', parts.trust)
  app.get('/healthz', (context) =>
    context.json({ status: 'ok', version: parts.version }, 200, { 'cache-control': 'no-store' }),
  )
  app.use(
    '/api/*',
    rateGuard(parts.rateLimiter ?? createRateLimiter(now), (context) => who(context).address),
  )
  app.use('/api/*', accessGuard(parts.access, who))
  app.use('/api/*', bodyGuard)
  // Lists of thousands of rows; the relay's answers are short and wait for nothing.
  for (const path of ['/api/iiko/*', '/api/atol/*', '/api/shop/*'])
    app.use(path, compress({ threshold: COMPRESSED_FROM }))
  addAccessRoutes(app, parts, who)
  addHealthRoute(app, parts)
  app.post(TILL_PATH, async (context) => {
    const body = await readBody(context, tillRequestSchema)
    if (body === null) return badRequest(context, 'till', false)
    keepTillCookie(context)
    return context.json({ prefix: parts.marks.claim(body) }, 200, { 'cache-control': 'no-store' })
  })
  app.route('/api/iiko', iikoRoutes(parts.upstreams.iiko, settings.iiko === null, now))
  app.route('/api/atol', atolRoutes(parts.upstreams.atol, settings.atol === null))
  app.route('/api/shop', shopRoutes(parts.shop, logger, now))
  app.route('/api/ikkm', relayRoutes(parts.upstreams.relay, parts.access))

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
