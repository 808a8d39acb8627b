/** Structured logs: one JSON object a line, with request ids and without secrets. */
export type LogLevel = 'info' | 'warn' | 'error'
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
 * Writes lines through `write`. Callers never pass query strings, bodies or headers; replacing the known
 * secrets in what they do pass is the second lock on the same door.
 */
export function createLogger(write: (line: string) => void, now: () => Date = () => new Date()): Logger {
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
      const line: Record<string, unknown> = { time: now().toISOString(), level, event }
      for (const [name, value] of Object.entries(fields)) {
        if (value !== undefined) line[name] = typeof value === 'string' ? clean(value) : value
      }
      write(JSON.stringify(line))
    },
  }
}

/** A logger for tests and tools that don't care. */
export const silentLogger: Logger = createLogger(() => undefined)
