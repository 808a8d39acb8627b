/** How every reply of the server is read. */
import * as v from 'valibot'
import { failed, failureReplySchema, type Result } from './errors.ts'
import { parseJson } from './json.ts'

/** A good envelope, a failed one, or neither: then something else answered at the server's address. */
export function readReply<T extends v.GenericSchema>(
  text: string,
  status: number,
  schema: T,
): Result<v.InferOutput<T>> {
  const parsed = parseJson(text)
  const refusal = v.safeParse(failureReplySchema, parsed)
  if (refusal.success) return { ok: false, failure: refusal.output.failure }
  const reply = status >= 200 && status < 300 ? v.safeParse(schema, parsed) : null
  return reply?.success === true ? { ok: true, value: reply.output } : failed('proxy-answer', { status })
}
