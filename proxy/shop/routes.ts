/**
 * `/api/shop`: tills upload and ask how far the server has them, owners look (src/contract/shop.ts). While no till has
 * uploaded anything, what owners see is the demo shop, which somebody at this machine may look at without a code.
 */
import { Hono, type Context } from 'hono'
import * as v from 'valibot'
import { prefixSchema, tillIdSchema } from '../../src/contract/config.ts'
import { failure } from '../../src/contract/errors.ts'
import {
  configurationSchema,
  daySchema,
  RECEIPT_STATES,
  replaceSchema,
  standingRequestSchema,
  tillNameSchema,
  uploadSchema,
  type ShopReceipts,
  type ShopSummary,
  type ShopTills,
} from '../../src/contract/shop.ts'
import type { ProxyEnv } from '../env.ts'
import type { Logger } from '../log.ts'
import { badRequest, fail, readBody } from '../reply.ts'
import { DatabaseError } from './database.ts'
import { periodOf } from './reports.ts'
import type { ListPlace } from './receipts.ts'
import type { Shop } from './shop.ts'
import { dayOfNumber } from '../../src/contract/day.ts'
import { dayNumber, type ShopTime } from './shop-time.ts'
import type { ShopStore } from './store.ts'

/** Ten years and a little: a longer period is a typing error. */
const MOST_DAYS = 3_700
/** A busy day fits into one answer, for whoever asks without a limit; a page shows fewer. */
const PAGE = 500
const MOST_ON_PAGE = 1_000
const MOST_HISTORY = 200
const NO_STORE = { 'cache-control': 'no-store' }

/** A day, a time as in ISO 8601, or ms since 1970. */
const momentSchema = v.pipe(
  v.string(),
  v.maxLength(40),
  v.check((text) =>
    v.is(daySchema, text) ? !Number.isNaN(dayNumber(text)) : /^\d{1,15}$/.test(text) || !Number.isNaN(isoTime(text)),
  ),
)
const idSchema = v.pipe(v.string(), v.regex(/^[!-~]{1,100}$/))
const placeSchema = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}\.[A-Za-z0-9-]{8,64}\.[!-~]{1,100}$/),
  v.transform((text): ListPlace => {
    const [atMs = '', till = '', ...id] = text.split('.')
    return { atMs: Number(atMs), till, id: id.join('.') }
  }),
)
const upTo = (most: number, otherwise: number) =>
  v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,6}$/), v.transform(Number), v.minValue(1), v.maxValue(most)),
    String(otherwise),
  )
const periodQuery = v.object({ from: v.optional(momentSchema), to: v.optional(momentSchema) })
const listQuery = v.object({
  ...periodQuery.entries,
  search: v.optional(v.pipe(v.string(), v.maxLength(100)), ''),
  till: v.optional(tillIdSchema),
  state: v.optional(v.picklist(RECEIPT_STATES)),
  before: v.optional(placeSchema),
  limit: upTo(MOST_ON_PAGE, PAGE),
})
const entryQuery = v.object({ till: tillIdSchema, id: idSchema })
const configurationQuery = v.object({
  till: tillIdSchema,
  after: v.optional(v.pipe(v.string(), v.maxLength(300)), ''),
})
const historyQuery = v.object({
  till: tillIdSchema,
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,12}$/), v.transform(Number)), '0'),
  limit: upTo(MOST_HISTORY, MOST_HISTORY),
})

/** ms of an ISO time with its date; NaN for anything else. */
function isoTime(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : NaN
}

/** The moment that a text names; of a day its first one. */
function msOf(text: string, time: ShopTime): number {
  if (!Number.isNaN(dayNumber(text))) return time.startOf(text)
  return /^\d+$/.test(text) ? Number(text) : isoTime(text)
}

function dayOf(text: string, time: ShopTime): string {
  return Number.isNaN(dayNumber(text)) ? time.at(msOf(text, time)).day : text
}

/** Where a period of a list ends: after the whole day where a day is named, else right behind that moment. */
function endOf(text: string, time: ShopTime): number {
  const day = dayNumber(text)
  return Number.isNaN(day) ? msOf(text, time) + 1 : time.startOf(dayOfNumber(day + 1))
}

/** A query of one value each, without those left empty. Text that isn't Unicode finds nothing, and a database may not even take it. */
function queryOf(context: Context<ProxyEnv>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(context.req.query())
      .map(([name, value]) => [name, value.toWellFormed().replaceAll('\0', '')] as const)
      .filter(([, value]) => value !== ''),
  )
}

type Asked = Context<ProxyEnv>

async function tillsReply(store: ShopStore, demo: boolean): Promise<ShopTills> {
  return { demo, tills: await store.tills() }
}

export function shopRoutes(shop: Shop, logger: Logger, now: () => number): Hono<ProxyEnv> {
  const routes = new Hono<ProxyEnv>()
  let sold = false

  const notOwner = (context: Asked) => fail(context, failure('not-owner'), 403)
  const give = (context: Asked, reply: object) => context.json(reply, 200, NO_STORE)

  /** A database that is away is said so; anything else is a defect. */
  async function overDatabase(context: Asked, work: () => Promise<Response>): Promise<Response> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      logger.log('warn', 'no-database', { code: error.code, requestId: context.get('requestId') })
      return fail(context, failure('no-database', { code: error.code.slice(0, 100) }), 503)
    }
  }

  /** For owners. `look` alone may be done at the demo shop by somebody at this machine. */
  function forOwner(
    use: 'look' | 'change',
    work: (context: Asked, store: ShopStore, demo: boolean) => Promise<Response>,
  ): (context: Asked) => Promise<Response> {
    return async (context) => {
      const role = context.get('role')
      if (role !== 'owner' && (role !== 'local' || use === 'change')) return notOwner(context)
      return overDatabase(context, async () => {
        const real = await shop.real()
        sold ||= await real.hasTills()
        if (sold) return role === 'owner' ? work(context, real, false) : notOwner(context)
        return work(context, await shop.demo(), true)
      })
    }
  }

  const isTill = (context: Asked) => ['till', 'local'].includes(context.get('role'))
  const notPaired = (context: Asked) => fail(context, failure('not-paired'), 401)

  routes.post('/upload', async (context) => {
    if (!isTill(context)) return notPaired(context)
    const upload = await readBody(context, uploadSchema)
    if (upload === null) return badRequest(context, 'upload', false)
    return overDatabase(context, async () => {
      const store = await (upload.demo ? shop.demo() : shop.real())
      try {
        const reply = await store.upload(upload, context.get('token'))
        return reply === null ? fail(context, failure('till-replaced'), 409) : give(context, reply)
      } catch (error) {
        if (error instanceof RangeError) return badRequest(context, 'changes', upload.demo)
        throw error
      }
    })
  })

  routes.post('/standing', async (context) => {
    if (!isTill(context)) return notPaired(context)
    const body = await readBody(context, standingRequestSchema)
    if (body === null) return badRequest(context, 'till', false)
    return overDatabase(context, async () =>
      give(context, await (await (body.demo ? shop.demo() : shop.real())).standing(body.till)),
    )
  })

  // Whoever knows a till's id has its entries: the id is random, and only the till and the owner have it.
  routes.get('/history', async (context) => {
    const query = v.safeParse(historyQuery, queryOf(context))
    if (!query.success) return badRequest(context, 'query', false)
    const { till, after, limit } = query.output
    return overDatabase(context, async () => {
      const entries = await (await shop.real()).history(till, after, limit)
      const last = entries.at(-1)?.sequence
      return give(context, { entries, next: entries.length === limit && typeof last === 'number' ? last : null })
    })
  })

  routes.post('/configuration', async (context) => {
    if (!isTill(context)) return notPaired(context)
    const body = await readBody(context, configurationSchema)
    if (body === null) return badRequest(context, 'rows', false)
    return overDatabase(context, async () => {
      const store = await shop.real()
      const outcome = await store.keepConfiguration(body.till, body.tenure, body.rows)
      if (outcome === 'kept') return give(context, { server: store.server })
      return outcome === 'replaced'
        ? fail(context, failure('till-replaced'), 409)
        : fail(context, failure('not-found'), 404)
    })
  })

  // Cashiers' PINs are in it, though only as what they are checked against: for owners alone.
  routes.get(
    '/configuration',
    forOwner('change', async (context, store, demo) => {
      const query = v.safeParse(configurationQuery, queryOf(context))
      if (!query.success) return badRequest(context, 'query', demo)
      return give(context, await store.configuration(query.output.till, query.output.after))
    }),
  )

  routes.get(
    '/summary',
    forOwner('look', async (context, store, demo) => {
      const query = v.safeParse(periodQuery, queryOf(context))
      if (!query.success) return badRequest(context, 'query', demo)
      const { time } = store
      const today = time.at(now()).day
      const { to = today, from = to } = query.output
      const period = periodOf(dayOf(from, time), dayOf(to, time))
      if (period === null || period.last - period.first >= MOST_DAYS) return badRequest(context, 'query', demo)
      const reply: ShopSummary = { demo, today, timeZone: time.timeZone, ...(await store.summary(period)) }
      return give(context, reply)
    }),
  )

  routes.get(
    '/receipts',
    forOwner('look', async (context, store, demo) => {
      const query = v.safeParse(listQuery, queryOf(context))
      if (!query.success) return badRequest(context, 'query', demo)
      const { from, to, search, till = null, state = null, before = null, limit } = query.output
      const { receipts, next } = await store.receipts({
        fromMs: from === undefined ? null : msOf(from, store.time),
        toMs: to === undefined ? null : endOf(to, store.time),
        search,
        till,
        state,
        before,
        limit,
      })
      const reply: ShopReceipts = {
        demo,
        receipts,
        next: next === null ? null : `${next.atMs}.${next.till}.${next.id}`,
      }
      return give(context, reply)
    }),
  )

  routes.get(
    '/receipt',
    forOwner('look', async (context, store, demo) => {
      const query = v.safeParse(entryQuery, queryOf(context))
      if (!query.success) return badRequest(context, 'query', demo)
      const entry = await store.entry(query.output.till, query.output.id)
      return entry === null ? fail(context, failure('not-found'), 404) : give(context, entry)
    }),
  )

  routes.get(
    '/tills',
    forOwner('look', async (context, store, demo) => give(context, await tillsReply(store, demo))),
  )

  routes.get(
    '/version',
    forOwner('look', async (context, store) => give(context, { version: await store.version() })),
  )

  routes.post(
    '/tills/name',
    forOwner('change', async (context, store, demo) => {
      const body = await readBody(context, tillNameSchema)
      if (body === null) return badRequest(context, 'name', demo)
      if (!(await store.name(body.till, body.name))) return fail(context, failure('not-found'), 404)
      return give(context, await tillsReply(store, demo))
    }),
  )

  routes.post(
    '/replace',
    forOwner('change', async (context, store, demo) => {
      const body = await readBody(context, replaceSchema)
      if (body === null || body.till === body.by) return badRequest(context, 'till', demo)
      const taken = await store.replace(body.till, body.by, body.letter)
      if (taken === null) return fail(context, failure('not-found'), 404)
      return give(context, { till: body.till, ...taken, letter: v.parse(prefixSchema, taken.letter) })
    }),
  )

  return routes
}
