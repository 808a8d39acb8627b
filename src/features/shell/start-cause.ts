/** Why the terminal couldn't start: one place turns what was thrown, and what the browser has, into a cause. */

/**
 * `insecure`: a plain HTTP address of the network, where browsers hide what the till needs. `denied`: the browser keeps
 * nothing for this site. `newer`: a newer version of the terminal has the data. `closed`: the connection to the data
 * ended while it was opened. `notLoaded`: a part of the program couldn't be fetched. `defect`: anything else.
 */
export type StartCause = 'insecure' | 'denied' | 'full' | 'newer' | 'closed' | 'notLoaded' | 'defect'

export interface StartEnvironment {
  /** `isSecureContext`: HTTPS, or this very computer. */
  readonly secure: boolean
  readonly hasStorage: boolean
}

/** Names that browsers give to a database that they don't open for this site. */
const DENIED: readonly string[] = ['SecurityError', 'NotAllowedError', 'UnknownError', 'InvalidStateError']
const NOT_FETCHED = /dynamically imported module|module script|error loading|Failed to fetch|Load failed/i

/** The cause that a person can do something about comes first: without HTTPS everything else follows from that. */
export function startCause(error: unknown, { secure, hasStorage }: StartEnvironment): StartCause {
  if (!secure) return 'insecure'
  if (!hasStorage) return 'denied'
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  const words = error instanceof Error || error instanceof DOMException ? error.message : ''
  if (name === 'VersionError') return 'newer'
  if (name.startsWith('QuotaExceeded')) return 'full'
  if (name === 'AbortError' || /clos(?:ing|ed)|lost/i.test(words)) return 'closed'
  if (DENIED.includes(name)) return 'denied'
  return NOT_FETCHED.test(words) ? 'notLoaded' : 'defect'
}
