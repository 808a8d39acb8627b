/** `/api/iiko`: what the back-office screens ask. Reading never creates: the document is a POST of its own. */
import { Hono } from 'hono'
import type { Context } from 'hono'
import * as v from 'valibot'
import { failed, success, type Result } from '../src/contract/errors.ts'
import { dayNumber } from '../src/contract/day.ts'
import {
  IIKO_SALES_DETAILS,
  IIKO_SERVER_MODULE,
  IIKO_STATUS_FILTERS,
  iikoDocumentSchema,
  type IikoCatalogue,
  type IikoNames,
} from '../src/contract/iiko.ts'
import type { ProxyEnv } from './env.ts'
import type { IikoClient } from './iiko.ts'
import { readCatalogue, readNames } from './iiko-directories.ts'
import {
  acceptanceDocument,
  licenceInfo,
  listShifts,
  paymentsOfShift,
  salesReport,
  saveDocument,
  shiftById,
} from './iiko-shifts.ts'
import { answer, badRequest, readBody } from './reply.ts'

/** Names and catalogue change seldom and cost seven requests in a line where only one goes at a time. */
const DIRECTORY_LIFE_MS = 5 * 60_000

const idSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/))
const daySchema = v.pipe(
  v.string(),
  v.check((day) => dayNumber(day) !== null),
)
const listQuery = v.object({
  from: daySchema,
  to: daySchema,
  status: v.optional(v.picklist(IIKO_STATUS_FILTERS), 'ANY'),
  departmentIds: v.pipe(v.array(idSchema), v.maxLength(50)),
  groupIds: v.pipe(v.array(idSchema), v.maxLength(50)),
  revisionFrom: v.optional(v.pipe(v.string(), v.regex(/^(?:-1|\d{1,15})$/), v.transform(Number)), '-1'),
})
const salesQuery = v.object({
  from: daySchema,
  to: daySchema,
  detail: v.optional(v.picklist(IIKO_SALES_DETAILS), 'days'),
})
const catalogueQuery = v.object({ day: daySchema, departmentId: v.optional(idSchema) })
const moduleSchema = v.pipe(v.string(), v.regex(/^\d{1,12}$/))

/** Keeps the last good answer for a while and lets callers who come meanwhile share one question. */
function remembered<T>(now: () => number, ask: (key: string) => Promise<Result<T>>) {
  const stored = new Map<string, { readonly at: number; readonly outcome: Promise<Result<T>> }>()
  return (key: string, fresh: boolean): Promise<Result<T>> => {
    const known = stored.get(key)
    if (known !== undefined && !fresh && now() - known.at < DIRECTORY_LIFE_MS) return known.outcome
    const outcome = ask(key)
    stored.clear()
    stored.set(key, { at: now(), outcome })
    const forget = () => {
      if (stored.get(key)?.outcome === outcome) stored.delete(key)
    }
    void outcome.then((result) => {
      if (!result.ok) forget()
    }, forget)
    return outcome
  }
}

/** A query through a schema: single values as text, the named ones as lists. */
function readQuery<T extends v.GenericSchema>(
  context: Context<ProxyEnv>,
  schema: T,
  lists: readonly string[] = [],
): v.InferOutput<T> | null {
  const query: Record<string, unknown> = { ...context.req.query() }
  for (const name of lists) query[`${name}s`] = context.req.queries(name) ?? []
  const result = v.safeParse(schema, query)
  return result.success ? result.output : null
}

export function iikoRoutes(client: IikoClient, demo: boolean, now: () => number): Hono<ProxyEnv> {
  const routes = new Hono<ProxyEnv>()
  const names = remembered<IikoNames>(now, () => readNames(client))
  const catalogue = remembered<IikoCatalogue>(now, (key) => {
    const [day = '', departmentId = ''] = key.split('|')
    return readCatalogue(client, day, departmentId === '' ? null : departmentId)
  })
  const withId = async (context: Context<ProxyEnv>, ask: (id: string) => Promise<Result<unknown>>) => {
    const id = v.safeParse(idSchema, context.req.param('id'))
    return id.success ? answer(context, await ask(id.output), demo) : badRequest(context, 'id', demo)
  }

  routes.get('/shifts', async (context) => {
    const query = readQuery(context, listQuery, ['departmentId', 'groupId'])
    return query === null ? badRequest(context, 'query', demo) : answer(context, await listShifts(client, query), demo)
  })
  routes.get('/shifts/:id', (context) => withId(context, (id) => shiftById(client, id)))
  routes.get('/shifts/:id/payments', (context) =>
    withId(context, (id) => paymentsOfShift(client, id, context.req.query('hideAccepted') === 'true')),
  )
  routes.post('/shifts/:id/document', (context) => withId(context, (id) => acceptanceDocument(client, id)))
  routes.post('/document', async (context) => {
    const document = await readBody(context, iikoDocumentSchema)
    return document === null
      ? badRequest(context, 'document', demo)
      : answer(context, await saveDocument(client, document), demo)
  })
  routes.get('/names', async (context) => answer(context, await names('', context.req.query('fresh') === 'true'), demo))
  routes.get('/licence', async (context) => {
    const module = v.safeParse(moduleSchema, context.req.query('moduleId') ?? IIKO_SERVER_MODULE)
    const outcome = module.success ? await licenceInfo(client, module.output) : failed('bad-request')
    return answer(context, outcome, demo)
  })
  routes.post('/logout', async (context) => answer(context, success({ done: await client.logout() }), demo))
  routes.get('/sales', async (context) => {
    const query = readQuery(context, salesQuery)
    return query === null
      ? badRequest(context, 'query', demo)
      : answer(context, await salesReport(client, query, query.detail), demo)
  })
  routes.get('/catalogue', async (context) => {
    const query = readQuery(context, catalogueQuery)
    if (query === null) return badRequest(context, 'query', demo)
    const key = `${query.day}|${query.departmentId ?? ''}`
    return answer(context, await catalogue(key, context.req.query('fresh') === 'true'), demo)
  })
  return routes
}
