/** One HTTP exchange as the models of iikoServer and ATOL Online see it: no sockets here. */

export interface UpstreamCall {
  readonly method: string
  /** Path without query, still encoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export interface UpstreamResult {
  readonly status: number
  readonly contentType: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export function jsonResult(
  value: unknown,
  status = 200,
  contentType = 'application/json;charset=UTF-8',
): UpstreamResult {
  return { status, contentType, body: JSON.stringify(value) }
}

export function textResult(body: string, status = 200): UpstreamResult {
  return { status, contentType: 'text/plain;charset=UTF-8', body }
}
