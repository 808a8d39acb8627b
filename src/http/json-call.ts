/** One question to the shop's server in JSON, as text and status: what they mean is the caller's to read, by a schema. */
import { http } from './client.ts'

export interface JsonCall {
  readonly path: string
  readonly query?: URLSearchParams
  /** Sent by POST; without one it is a GET. */
  readonly body?: object
  /** Token from pairing; null where there is none. */
  readonly token: string | null
  readonly timeoutMs: number
}

export interface JsonAnswer {
  readonly status: number
  readonly text: string
}

/** The page's client, or one over a test's `fetch`. */
export function jsonClient(fetching?: typeof fetch): typeof http {
  return fetching === undefined ? http : http.create({}, { fetch: fetching })
}

/** Rejects when there was no answer: the network's error, or a TimeoutError as its cause. */
export async function callJson(call: JsonCall, client = http): Promise<JsonAnswer> {
  const { body, token } = call
  const query = call.query?.toString() ?? ''
  const { status, _data: text = '' } = await client.raw<string>(query === '' ? call.path : `${call.path}?${query}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    timeout: call.timeoutMs,
  })
  return { status, text }
}
