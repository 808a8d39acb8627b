/** A failure on the way to the back office as one sentence in the language of the moment. */
import type { Failure } from '../../contract/errors.ts'
import { text } from '../../i18n/use-text.ts'

export type Server = 'iiko' | 'atol'

export function serverName(server: Server): string {
  return text(`office.${server}`)
}

/** `server`: whose screen it is, for failures that don't say on whose side they happened. */
export function failureSentence(failure: Failure, server: Server): string {
  const upstream = failure.upstream === 'iiko' || failure.upstream === 'atol' ? failure.upstream : server
  return text(`failure.${failure.kind}`, {
    server: serverName(upstream),
    licence: failure.licence === null ? text('failure.unknownLicence') : `«${failure.licence}»`,
    module: failure.module ?? text('failure.unknownModule'),
    status: failure.status ?? '—',
  })
}

/** What helps whoever is asked for help; the server's own words are shown apart. */
export function failureDetails(failure: Failure): readonly string[] {
  return [
    ...failure.details.map(({ field, messages }) =>
      messages.length === 0 ? field : `${field}: ${messages.join('; ')}`,
    ),
    ...(failure.traceId === null ? [] : [text('failure.trace', { id: failure.traceId })]),
    ...(failure.problemType === null ? [] : [text('failure.problemType', { value: failure.problemType })]),
    ...(failure.instance === null ? [] : [text('failure.instance', { value: failure.instance })]),
    ...(failure.code === null ? [] : [text('failure.code', { value: failure.code })]),
    ...(failure.fingerprint === null ? [] : [text('failure.fingerprint', { value: failure.fingerprint })]),
    ...(failure.requestId === null ? [] : [text('failure.request', { id: failure.requestId })]),
  ]
}
