/** `/api/atol`: devices page by page, and one device. */
import { Hono } from 'hono'
import * as v from 'valibot'
import { ATOL_DEFAULT_LIMIT, ATOL_MAX_LIMIT } from '../src/contract/atol.ts'
import type { AtolClient } from './atol.ts'
import type { ProxyEnv } from './env.ts'
import { answer, badRequest } from './reply.ts'

const integer = (smallest: number, largest: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number), v.minValue(smallest), v.maxValue(largest))
const pageQuery = v.object({
  limit: v.optional(integer(1, ATOL_MAX_LIMIT), String(ATOL_DEFAULT_LIMIT)),
  offset: v.optional(integer(0, 999_999_999), '0'),
})
const serialSchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,40}$/))

export function atolRoutes(client: AtolClient, demo: boolean): Hono<ProxyEnv> {
  const routes = new Hono<ProxyEnv>()
  routes.get('/devices', async (context) => {
    const query = v.safeParse(pageQuery, context.req.query())
    if (!query.success) return badRequest(context, 'query', demo)
    return answer(context, await client.devices(query.output.limit, query.output.offset), demo)
  })
  routes.get('/devices/:serial', async (context) => {
    const serial = v.safeParse(serialSchema, context.req.param('serial'))
    if (!serial.success) return badRequest(context, 'serial', demo)
    return answer(context, await client.device(serial.output), demo)
  })
  return routes
}
