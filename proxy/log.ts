/** Structured logs: one JSON object a line, with request ids and without secrets. */
import { currentScope } from './scope.ts'

/** From the most to the least talkative. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Logger {
  log(level: LogLevel, event: string, fields?: LogFields): void
  /** A value that must never be printed, however it got into a field. */
  protect(secret: string): void
  /** A text without the protected values: what a server echoes may hold them. */
  clean(text: string): string
}

/** Shorter values would blank innocent text, and no secret of ours is that short. */
const SHORTEST_SECRET = 4

/**
 * Writes lines of `level` and above through `write`. Each names the request that it is about, if it is about one.
 * Callers never pass query strings, bodies or headers; replacing the known secrets in what they do pass is the second
 * lock on the same door.
 */
export function createLogger(
  write: (line: string) => void,
  now: () => Date = () => new Date(),
  lowest: LogLevel = 'debug',
): Logger {
  const secrets = new Set<string>()
  const clean = (text: string): string => {
    let result = text
    for (const secret of secrets) if (result.includes(secret)) result = result.replaceAll(secret, '[secret]')
    return result
  }
  return {
    clean,
    protect(secret) {
      if (secret.length < SHORTEST_SECRET) return
      secrets.add(secret)
      secrets.add(encodeURIComponent(secret))
    },
    log(level, event, fields = {}) {
      if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(lowest)) return
      const requestId = currentScope()?.requestId
      const line: Record<string, unknown> = { time: now().toISOString(), level, event }
      if (requestId !== undefined) line.requestId = requestId
      for (const [name, value] of Object.entries(fields)) {
        if (value !== undefined) line[name] = typeof value === 'string' ? clean(value) : value
      }
      write(JSON.stringify(line))
    },
  }
}

/** A logger for tests and tools that don't care. */
export const silentLogger: Logger = createLogger(() => undefined)
