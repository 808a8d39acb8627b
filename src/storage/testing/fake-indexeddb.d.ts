declare module 'fake-indexeddb/lib/forceCloseDatabase' {
  /** Closes a connection as a browser does by itself: its `close` event fires. */
  export default function forceCloseDatabase(database: IDBDatabase): void
}
