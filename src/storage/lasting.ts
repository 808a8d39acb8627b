/**
 * A database connection that the browser may close under the page (its storage process died, the data were cleared,
 * a newer window upgrades): it is opened again at once, and what found it closed is done again where nothing had begun.
 */
import { openDB, type DBSchema, type IDBPDatabase, type OpenDBCallbacks } from 'idb'

/** The data went with the connection: what is open now is a new, empty database. */
export const GONE = 'DataGoneError'

const reopenings = new WeakMap<object, () => Promise<unknown>>()

/** Whether a transaction was refused because the connection is closed: nothing of it had begun. */
function isConnectionLost(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'InvalidStateError'
}

/**
 * Opens a database for as long as the page lives. Rejects as `openDB` does. `onGone` is told once when the browser threw
 * the data away under the page; from then on every use rejects.
 */
export async function openLasting<Schema extends DBSchema>(
  name: string,
  version: number,
  callbacks: OpenDBCallbacks<Schema>,
  onGone: () => void = () => undefined,
): Promise<IDBPDatabase<Schema>> {
  let created = false
  let reopening: Promise<unknown> | null = null
  let gone = false

  async function open(): Promise<IDBPDatabase<Schema>> {
    created = false
    const opened = await openDB<Schema>(name, version, {
      ...callbacks,
      upgrade(database, oldVersion, ...rest) {
        created = oldVersion === 0
        callbacks.upgrade?.(database, oldVersion, ...rest)
      },
      blocking(_current, _blocked, event) {
        // A newer version of the terminal wants to upgrade: let go.
        ;(event.target as IDBDatabase | null)?.close()
      },
      terminated() {
        void reopen().catch(() => undefined)
      },
    })
    return opened
  }

  function reopen(): Promise<unknown> {
    if (gone) return Promise.reject(new DOMException('the browser removed the data', GONE))
    reopening ??= open()
      .then((opened) => {
        if (created) {
          gone = true
          onGone()
          opened.close()
          throw new DOMException('the browser removed the data', GONE)
        }
        current = opened
      })
      .finally(() => (reopening = null))
    return reopening
  }

  let current = await open()
  const lasting = new Proxy(current, {
    get(_first, property) {
      const value: unknown = Reflect.get(current, property, current)
      return typeof value === 'function' ? value.bind(current) : value
    },
  })
  reopenings.set(lasting, reopen)
  return lasting
}

/**
 * The repository over a lasting database: a call whose transaction was refused by a closed connection waits until it is
 * open again and is made once more. Only for methods of one transaction, or whose repetition changes nothing.
 */
export function lastingly<Repository extends object>(database: object, repository: Repository): Repository {
  return new Proxy(repository, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property)
      if (typeof value !== 'function') return value
      return (...given: unknown[]): unknown => {
        const call = (): unknown => Reflect.apply(value, target, given)
        const result = call()
        if (!(result instanceof Promise)) return result
        return result.catch(async (error: unknown) => {
          const reopen = reopenings.get(database)
          if (reopen === undefined || !isConnectionLost(error)) throw error
          await reopen()
          return call()
        })
      }
    },
  })
}
