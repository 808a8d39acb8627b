import 'fake-indexeddb/auto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CONFIG_PATH } from '../contract/config.ts'
import { failure } from '../contract/errors.ts'
import { STANDING_PATH, UPLOAD_PATH, type Upload } from '../contract/shop.ts'
import { CONTRACT_DEVICE, contractDevice, contractDraft } from '../queue/testing/store-contract.ts'
import { openLedger } from '../storage/ledger-db.ts'
import { createLedgerStore } from '../storage/ledger-store.ts'
import { createOutbox } from '../storage/outbox.ts'
import { createUploader, upTo, type UploadState } from './upload.ts'

let databases = 0

/** A server as far as a till hears it: each database of it has an id of its own. */
class Server {
  id = 'server-1'
  shop = true
  pairingRequired = false
  away = false
  replaced = false
  /** Answers get lost after the commit. */
  deaf = false
  readonly records = new Map<string, { readonly revision: number; readonly record: unknown }>()
  readonly asked: string[] = []

  answer(path: string, body: object | null): { status: number; text: string } | null {
    this.asked.push(path)
    if (this.away) return null
    if (path === CONFIG_PATH) {
      const { shop, pairingRequired } = this
      return this.say(200, {
        demo: false,
        version: '1',
        devices: [],
        iiko: 'demo',
        atol: 'demo',
        pairingRequired,
        shop,
      })
    }
    if (this.replaced) return this.say(409, { ok: false, demo: false, failure: failure('till-replaced') })
    const revisions = [...this.records.values()].map(({ revision }) => revision)
    const revision = Math.max(0, ...revisions)
    if (path === STANDING_PATH)
      return this.say(200, { server: this.id, known: revision > 0, entries: revisions.length, revision, tenure: 0 })
    if (path !== UPLOAD_PATH) return this.say(404, { ok: false, demo: false, failure: failure('not-found') })
    const { changes } = body as Upload
    for (const { id, revision: newer, record } of changes) {
      if ((this.records.get(id)?.revision ?? 0) < newer) this.records.set(id, { revision: newer, record })
    }
    if (this.deaf) return null
    return this.say(200, { server: this.id, acknowledged: changes.map((change) => change.revision), conflicts: [] })
  }

  private say(status: number, body: object) {
    return { status, text: JSON.stringify(body) }
  }
}

/** Timers that run when the test says so, in their order. */
class Timers {
  now = 1_000_000
  private timers: { at: number; run: () => void }[] = []

  readonly set = (run: () => void, ms: number): (() => void) => {
    const timer = { at: this.now + ms, run }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }

  /** ms until the next timer; null for none. */
  next(): number | null {
    return this.timers.length === 0 ? null : Math.min(...this.timers.map(({ at }) => at)) - this.now
  }

  fire(): void {
    const [timer] = [...this.timers].sort((a, b) => a.at - b.at)
    if (timer === undefined) throw new Error('no timer')
    this.timers = this.timers.filter((other) => other !== timer)
    this.now = timer.at
    timer.run()
  }
}

async function scene() {
  const database = await openLedger(`upload-test-${(databases += 1)}`)
  const store = createLedgerStore(database, { markPrefix: () => 'A', now: () => 5_000 })
  const outbox = createOutbox(database)
  const server = new Server()
  const timers = new Timers()
  const seen: UploadState[] = []
  let replaced = 0
  const uploader = createUploader({
    outbox,
    till: () => Promise.resolve({ till: 'till-uuid-1', letter: 'A', tenure: 0, demo: false }),
    recordOf: ({ record }) => record,
    exchange: (path, body) => Promise.resolve(server.answer(path, body)),
    breathe: () => Promise.resolve(),
    now: () => timers.now,
    chance: () => 1,
    setTimer: timers.set,
    onReplaced: () => (replaced += 1),
  })
  /** Resolves when a pass has ended in a state. */
  const ended = () =>
    new Promise<UploadState>((resolve) => {
      const stop = uploader.subscribe(() => {
        const { state } = uploader.view()
        if (state === 'sending') return
        seen.push(state)
        stop()
        resolve(state)
      })
    })
  await store.createDevice(contractDevice())
  onTestFinished(() => {
    uploader.stop()
    database.close()
  })
  return { database, store, outbox, server, timers, uploader, seen, ended, replacedTimes: () => replaced }
}

describe('one upload', () => {
  it('holds as many changes as fit, and one that is too large for itself', () => {
    const changes = ['a'.repeat(10), 'b'.repeat(10), 'c'.repeat(100), 'd']
    expect(upTo(1_000, changes)).toEqual(changes)
    expect(upTo(24, changes)).toEqual(changes.slice(0, 2))
    expect(upTo(5, changes.slice(2))).toEqual(changes.slice(2, 3))
    expect(upTo(5, [])).toEqual([])
  })
})

describe('the upload', () => {
  it('fills a new server, and brings each change within a second of it', async () => {
    const { store, server, timers, uploader, ended } = await scene()
    await store.enqueue('sale-1', () => contractDraft('sale-1'))
    const first = ended()
    void uploader.run()
    expect(await first).toBe('done')
    expect([...server.records.keys()].sort()).toEqual(['device-1', 'sale-1'])
    expect(uploader.view()).toMatchObject({ state: 'done', waiting: 0, sinceMs: null })

    await store.enqueue('sale-2', () => contractDraft('sale-2'))
    const second = ended()
    uploader.changed()
    expect(timers.next()).toBeLessThan(1_000)
    timers.fire()
    expect(await second).toBe('done')
    expect(server.records.get('sale-2')?.record).toMatchObject({ mark: 'A-0002', state: 'queued' })
  })

  it('goes on when the storage works again', async () => {
    const { store, server, timers, uploader, outbox, ended } = await scene()
    await store.enqueue('sale-1', () => contractDraft('sale-1'))
    const batch = outbox.batch.bind(outbox)
    outbox.batch = () => Promise.reject(new DOMException('the disk', 'UnknownError'))
    let pass = ended()
    void uploader.run()
    expect(await pass).toBe('away')
    expect(server.records.size).toBe(0)
    outbox.batch = batch
    pass = ended()
    timers.fire()
    expect(await pass).toBe('done')
    expect(server.records.has('sale-1')).toBe(true)
  })

  it('waits longer and longer while the server is away, and loses nothing', async () => {
    const { store, server, timers, uploader, ended } = await scene()
    server.away = true
    let pass = ended()
    void uploader.run()
    expect(await pass).toBe('away')
    const waits: number[] = []
    for (let n = 0; n < 7; n += 1) {
      await store.enqueue(`sale-${n}`, () => contractDraft(`sale-${n}`))
      uploader.changed()
      waits.push(timers.next() ?? 0)
      pass = ended()
      timers.fire()
      expect(await pass).toBe('away')
    }
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
    // Nobody was ever asked for more than who it is.
    expect(new Set(server.asked)).toEqual(new Set([CONFIG_PATH]))
    server.away = false
    pass = ended()
    uploader.retry()
    expect(await pass).toBe('done')
    expect(server.records.size).toBe(8)
  })

  it('sends again what the server took while its answer was lost', async () => {
    const { store, server, timers, uploader, ended } = await scene()
    await store.enqueue('sale-1', () => contractDraft('sale-1'))
    server.deaf = true
    let pass = ended()
    void uploader.run()
    expect(await pass).toBe('away')
    expect(uploader.view().waiting).toBeGreaterThan(0)
    server.deaf = false
    pass = ended()
    timers.fire()
    expect(await pass).toBe('done')
    expect(uploader.view().waiting).toBe(0)
    expect(server.asked.filter((path) => path === UPLOAD_PATH).length).toBeGreaterThan(1)
  })

  it('fills a server that lost its database', async () => {
    const { store, server, timers, uploader, ended } = await scene()
    for (let n = 0; n < 450; n += 1) await store.enqueue(`sale-${n}`, () => contractDraft(`sale-${n}`))
    let pass = ended()
    void uploader.run()
    expect(await pass).toBe('done')
    expect(server.records.size).toBe(451)
    server.id = 'server-2'
    server.records.clear()
    await store.enqueue('after', () => contractDraft('after'))
    pass = ended()
    uploader.changed()
    timers.fire()
    expect(await pass).toBe('away')
    pass = ended()
    timers.fire()
    expect(await pass).toBe('done')
    expect(server.records.size).toBe(452)
  })

  it.each([
    ['keeps nothing', (server: Server): void => void (server.shop = false), 'none'],
    ['does not know this tablet', (server: Server): void => void (server.pairingRequired = true), 'unpaired'],
  ] as const)('sends nothing to a server that %s', async (_what, make, state) => {
    const { server, uploader, ended } = await scene()
    make(server)
    const pass = ended()
    void uploader.run()
    expect(await pass).toBe(state)
    expect(server.asked).toEqual([CONFIG_PATH])
  })

  it('stops for good where another tablet took the place, also after a restart', async () => {
    const { database, server, uploader, ended, replacedTimes } = await scene()
    server.replaced = true
    const pass = ended()
    await uploader.run()
    expect(await pass).toBe('replaced')
    expect(replacedTimes()).toBe(1)
    expect((await createOutbox(database).progress())?.replacedAtMs).toBe(1_000_000)
    const asked = server.asked.length
    await uploader.run()
    expect(server.asked.length).toBe(asked)
  })

  it('keeps the markers of what changed while it was sent', async () => {
    const { store, server, uploader, outbox, ended } = await scene()
    await store.enqueue('sale-1', () => contractDraft('sale-1'))
    const answer = server.answer.bind(server)
    let changed: Promise<unknown> = Promise.resolve()
    server.answer = (path, body): ReturnType<Server['answer']> => {
      if (path === UPLOAD_PATH && !server.records.has('sale-1'))
        changed = store
          .claim(CONTRACT_DEVICE, 'tab', 10_000)
          .then((claim) =>
            store.commit(
              CONTRACT_DEVICE,
              { entries: (claim?.open ?? []).map((entry) => ({ ...entry, attempts: 3 })) },
              claim?.epoch ?? 0,
            ),
          )
      return answer(path, body)
    }
    const pass = ended()
    void uploader.run()
    expect(await pass).toBe('done')
    await changed
    const left = await outbox.waiting()
    const taken = server.records.get('sale-1')?.record
    // Either it went along in the same pass, or its marker still waits.
    expect(left.waiting > 0 || JSON.stringify(taken).includes('"attempts":3')).toBe(true)
  })
})
