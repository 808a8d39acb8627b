import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startIkkmEmulator, type IkkmEmulator, type IkkmEmulatorOptions, type LoggedRequest } from './ikkm.ts'

const running: IkkmEmulator[] = []

async function start(options: IkkmEmulatorOptions = {}): Promise<IkkmEmulator> {
  const { options: device, ...rest } = options
  const emulator = await startIkkmEmulator({ ...rest, options: { key: '12345678', bootMs: 60_000, ...device } })
  running.push(emulator)
  return emulator
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
})

interface Answer {
  status: number
  reason: string
  body: string
  headers: Headers
}

/** A form POST over fetch, as the terminal sends it. */
async function post(emulator: IkkmEmulator, path: string, form: Record<string, string | number>): Promise<Answer> {
  const body = new URLSearchParams(Object.entries(form).map(([name, value]) => [name, String(value)]))
  const response = await fetch(emulator.origin + path, { method: 'POST', body })
  return {
    status: response.status,
    reason: response.statusText,
    body: await response.text(),
    headers: response.headers,
  }
}

function sell(emulator: IkkmEmulator, key = emulator.device.currentKey()): Promise<Answer> {
  return post(emulator, '/api/', { key, sale: 800, cash: 1000, footer: 'A-0137 Құрт' })
}

/** Writes bytes and reads until the connection ends or `until` has come. */
function raw(emulator: IkkmEmulator, bytes: string, until = '\u0000'): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(emulator.port, '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (text.includes(until)) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      resolve(text)
    })
  })
}

async function control(emulator: IkkmEmulator, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(emulator.controlOrigin + path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  expect([response.status, path]).toEqual([200, path])
  return response.json()
}

function kinds(emulator: IkkmEmulator): string[] {
  return emulator.device.ledger().map((entry) => entry.kind)
}

describe('the wire', () => {
  it('gives the receipt number in the reason phrase, byte for byte', async () => {
    const emulator = await start({ options: { lastNumber: 163 } })
    const text = await raw(
      emulator,
      'GET /api/?key=12345678&sale=800&cash=1000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    )
    const [head = '', body] = text.split('\r\n\r\n')
    expect(head.split('\r\n')[0]).toBe('HTTP/1.1 200 164')
    expect(head).toMatch(/\r\nContent-Length: 8\r\n/)
    expect(head).toMatch(/\r\nDate: \d{4}-\d\d-\d\d \d\d:\d\d\r\n/)
    expect(body).toBe(emulator.device.currentKey())
  })

  it('gives the name of an error there too', async () => {
    const emulator = await start()
    const text = await raw(emulator, 'GET /apicheck/?key=1 HTTP/1.0\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1\.1 400 incorrect-web-api-key\r\n/)
    expect(text).toMatch(/\r\n\r\n-1$/)
  })

  it('reads forms in UTF-8, in pieces and in chunks', async () => {
    const emulator = await start()
    await sell(emulator)
    expect(emulator.device.ledger()[0]).toMatchObject({ footer: 'A-0137 Құрт' })
    const answer = new Promise<string>((resolve, reject) => {
      const options = { method: 'POST', port: emulator.port, path: '/api/', agent: false }
      const outgoing = httpRequest(options, (incoming) => {
        resolve(`${incoming.statusCode ?? 0} ${incoming.statusMessage ?? ''}`)
        incoming.resume()
      })
      outgoing.on('error', reject)
      for (const part of ['key=', emulator.device.currentKey(), '&sale=1&ca', 'sh=1']) outgoing.write(part)
      outgoing.end()
    })
    expect(await answer).toBe('200 2')
  })

  it('keeps connections alive and answers pipelined requests in order', async () => {
    const emulator = await start()
    const one = 'GET /apicheck/?key=12345678 HTTP/1.1\r\nHost: x\r\n\r\n'
    const text = await raw(
      emulator,
      one + one.replace('12345678', '1') + one.replace('1.1\r\n', '1.1\r\nConnection: close\r\n'),
    )
    expect(text.match(/HTTP\/1\.1 \d+ [^\r]*/g)).toEqual([
      'HTTP/1.1 200 0',
      'HTTP/1.1 400 incorrect-web-api-key',
      'HTTP/1.1 200 0',
    ])
    expect(emulator.log().map((entry) => [entry.connection, entry.sequence])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
    ])
  })

  it('varies the content type, as the document does', async () => {
    const emulator = await start()
    const types = new Set<string | null>()
    for (let time = 0; time < 3; time += 1) types.add((await sell(emulator)).headers.get('content-type'))
    expect(types.size).toBe(3)
  })

  it('closes a connection that speaks no HTTP', async () => {
    const emulator = await start()
    expect(await raw(emulator, 'hello\r\n\r\n')).toBe('')
    expect(await raw(emulator, 'POST /api/ HTTP/1.1\r\nContent-Length: -5\r\n\r\n')).toBe('')
    expect(emulator.log()).toEqual([])
  })

  it('has CORS headers only where they are on, and never agrees to a preflight', async () => {
    const emulator = await start()
    expect((await sell(emulator)).headers.get('access-control-allow-origin')).toBe('*')
    const preflight = await fetch(`${emulator.origin}/api/`, { method: 'OPTIONS' })
    expect([preflight.status, preflight.statusText]).toEqual([400, 'incorrect-method'])
    await control(emulator, 'POST', '/cors', { on: false })
    expect((await sell(emulator)).headers.get('access-control-allow-origin')).toBeNull()
    const silent = await start({ cors: false })
    expect((await sell(silent)).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('knows the sender for the host lock', async () => {
    const emulator = await start()
    await post(emulator, '/apicheck/', { key: '12345678', lockhost: 'true' })
    expect(emulator.device.state.session.lockedTo).toBe('127.0.0.1')
    emulator.device.state.session.lockedTo = '10.0.0.9'
    expect((await sell(emulator)).body).toBe('-18')
  })

  it('holds an answer for as long as the device works on it', async () => {
    const emulator = await start({ options: { printMsPerLine: 10 } })
    await sell(emulator)
    const [entry] = emulator.log()
    expect((entry?.answeredMs ?? 0) - (entry?.atMs ?? 0)).toBeGreaterThanOrEqual(115)
  })
})

describe('faults of one request', () => {
  async function failed(emulator: IkkmEmulator): Promise<boolean> {
    return sell(emulator, '12345678').then(
      () => false,
      () => true,
    )
  }

  it('drop-before: nothing was executed, the same request works after it', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'drop-before' })
    expect(await failed(emulator)).toBe(true)
    expect(kinds(emulator)).toEqual([])
    expect((await sell(emulator, '12345678')).reason).toBe('1')
  })

  it('drop-after: executed, and the same request is answered with a duplicate', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'drop-after' })
    expect(await failed(emulator)).toBe(true)
    expect(kinds(emulator)).toEqual(['sale'])
    expect((await sell(emulator, '12345678')).reason).toBe('1')
    expect(emulator.device.ledger()).toMatchObject([{ duplicates: 1 }])
    expect(emulator.log().map((entry) => [entry.executed, entry.answeredMs === null])).toEqual([
      [1, true],
      [1, false],
    ])
  })

  it('execute-late: the connection is gone, the sale comes afterwards', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'execute-late', ms: 20 })
    expect(await failed(emulator)).toBe(true)
    expect(kinds(emulator)).toEqual([])
    await expect.poll(() => kinds(emulator)).toEqual(['sale'])
  })

  it('double: executed twice, a registration registers once, a deposit twice', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'double', count: 2 })
    expect((await sell(emulator)).reason).toBe('1')
    await post(emulator, '/apideposit/', { key: emulator.device.currentKey(), cash: 5 })
    expect(kinds(emulator)).toEqual(['sale', 'deposit', 'deposit'])
    expect(emulator.log().map((entry) => entry.executed)).toEqual([2, 2])
  })

  it('hang: no answer, the connection stays open; executed or not', async () => {
    const emulator = await start()
    for (const execute of [true, false]) {
      await emulator.faults.add({ kind: 'hang', execute })
      const body = new URLSearchParams({ key: emulator.device.currentKey(), sale: '5', cash: '5' })
      const asked = fetch(`${emulator.origin}/api/`, { method: 'POST', body, signal: AbortSignal.timeout(150) })
      await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' })
    }
    expect(kinds(emulator)).toEqual(['sale'])
  })

  it('cut: part of the answer, then the end; or a short answer that looks whole', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'cut', bytes: 3 })
    const form = 'key=12345678&sale=800&cash=800'
    const text = await raw(emulator, `POST /api/ HTTP/1.1\r\nContent-Length: ${form.length}\r\n\r\n${form}`)
    expect(text).toMatch(/^HTTP\/1\.1 200 1\r\n/)
    expect(text).toMatch(/\r\nContent-Length: 8\r\n/)
    expect(text).toMatch(/\r\n\r\n\d{3}$/)
    await emulator.faults.add({ kind: 'cut', bytes: 7, whole: true })
    expect((await sell(emulator)).body).toMatch(/^\d{7}$/)
    expect(kinds(emulator)).toEqual(['sale', 'sale'])
  })

  it('html: another host answers', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'html', body: '<h1>NAS</h1>' })
    const answer = await sell(emulator)
    expect(answer).toMatchObject({ status: 200, body: '<h1>NAS</h1>' })
    expect(answer.headers.get('content-type')).toBe('text/html')
    expect(kinds(emulator)).toEqual([])
  })

  it('empty-reason: executed, the phrase is empty on the wire', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'empty-reason' })
    const text = await raw(emulator, 'GET /api/?key=12345678&sale=1&cash=1 HTTP/1.0\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1\.1 200 \r\n/)
    expect(kinds(emulator)).toEqual(['sale'])
  })

  it('answer: anything at all, executed or not', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'answer', reason: '77', body: '0' })
    expect(await sell(emulator)).toMatchObject({ status: 200, reason: '77', body: '0' })
    await emulator.faults.add({ kind: 'answer', status: 502, body: 'Bad Gateway', execute: true })
    expect((await sell(emulator)).status).toBe(502)
    expect(kinds(emulator)).toEqual(['sale'])
  })

  it('busy and codes: the code and its phrase, nothing executed', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'busy' })
    await emulator.faults.add({ kind: 'code', code: -137 })
    await emulator.faults.add({ kind: 'code', code: -15 })
    const lines: string[] = []
    for (let time = 0; time < 3; time += 1) {
      const { status, reason, body } = await sell(emulator)
      lines.push(`${status} ${reason} ${body}`)
    }
    expect(lines).toEqual(['400 ikkm-is-busy -2', '400 ikkm-is-blocked -137', '400 no-cash-in-pos -15'])
    expect(kinds(emulator)).toEqual([])
  })

  it('code -99 follows its reading, and never leaks into the next request', async () => {
    const emulator = await start({ readings: { internalError: 'registers' } })
    await emulator.faults.add({ kind: 'code', code: -99, count: 2 })
    expect((await sell(emulator)).body).toBe('-99')
    expect(kinds(emulator)).toEqual(['sale'])
    expect((await post(emulator, '/apicheck/getInfo', { key: emulator.device.currentKey() })).body).toBe('-99')
    expect((await sell(emulator)).reason).toBe('2')
  })

  it('close-keepalive: strikes a reused connection only', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'close-keepalive' })
    const check = 'GET /apicheck/?key=12345678 HTTP/1.1\r\nHost: x\r\n\r\n'
    const sale = 'GET /api/?key=12345678&sale=1&cash=1 HTTP/1.1\r\nHost: x\r\n\r\n'
    expect(await raw(emulator, check, '\r\n\r\n0')).toContain('200 0')
    expect(emulator.faults.pending()).toHaveLength(1)
    expect((await raw(emulator, check + sale)).match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(kinds(emulator)).toEqual(['sale'])
    expect(emulator.faults.pending()).toEqual([])
  })

  it('delay: the answer comes later, and only for the path that was meant', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'delay', ms: 120, match: '/api/' })
    await post(emulator, '/apicheck/', { key: '12345678' })
    await sell(emulator)
    const took = ({ answeredMs, atMs }: LoggedRequest): number => (answeredMs ?? 0) - atMs
    const [check, sale] = emulator.log()
    expect(check?.faults).toEqual([])
    expect(sale?.faults).toEqual(['delay'])
    expect(sale === undefined ? 0 : took(sale)).toBeGreaterThanOrEqual(115)
  })

  it('foreign: a third party is there first, so our sale is swallowed', async () => {
    const emulator = await start()
    await emulator.faults.add({ kind: 'foreign', match: '/api/', operation: { kind: 'sale', totalTiyn: 12_300 } })
    expect(await sell(emulator, '12345678')).toMatchObject({ status: 200, reason: '1' })
    expect(emulator.device.ledger()).toMatchObject([{ foreign: true, totalTiyn: 12_300, duplicates: 1 }])
  })
})

describe('faults at the device', () => {
  it('paper, battery, block, key, until they are cleared', async () => {
    const emulator = await start({ options: { printMode: 'lan-printer' } })
    const body = async (): Promise<string> => (await sell(emulator)).body
    await control(emulator, 'POST', '/fault', { kind: 'no-paper' })
    expect(await body()).toBe('-6')
    await control(emulator, 'POST', '/fault', { kind: 'paper' })
    await control(emulator, 'POST', '/fault', { kind: 'low-battery' })
    expect(await body()).toBe('-5')
    await control(emulator, 'POST', '/fault/clear')
    await control(emulator, 'POST', '/fault', { kind: 'no-printer' })
    expect((await sell(emulator)).reason).toBe('check-external-printer')
    await control(emulator, 'POST', '/fault', { kind: 'blocked', code: 37 })
    expect(await body()).toBe('-137')
    await control(emulator, 'POST', '/fault', { kind: 'unblocked' })
    expect(await body()).toBe('-6')
    await control(emulator, 'POST', '/fault/clear')
    await control(emulator, 'POST', '/fault', { kind: 'wrong-key' })
    expect((await sell(emulator, '12345678')).body).toBe('-1')
    expect((await sell(emulator)).reason).toBe('1')
  })

  it('reboot: silent while it starts', async () => {
    const emulator = await start()
    await control(emulator, 'POST', '/fault', { kind: 'reboot' })
    await expect(sell(emulator)).rejects.toThrow()
    await control(emulator, 'POST', '/clock', { offsetMs: 60_000 })
    expect((await sell(emulator)).reason).toBe('1')
  })

  it('down and up: the port is closed and opened again', async () => {
    const emulator = await start()
    const { port } = emulator
    await control(emulator, 'POST', '/fault', { kind: 'down' })
    await expect(sell(emulator)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    await control(emulator, 'POST', '/fault', { kind: 'up' })
    expect(emulator.port).toBe(port)
    expect((await sell(emulator)).reason).toBe('1')
    await emulator.faults.add({ kind: 'down', match: '/apicheck' })
    await expect(post(emulator, '/apicheck/', { key: '1' })).rejects.toThrow()
    expect(emulator.isListening()).toBe(false)
    await emulator.faults.clear()
    expect((await sell(emulator)).reason).toBe('2')
  })

  it('a shift over 24 hours by the clock, and a Z report that is over at once', async () => {
    const emulator = await start()
    await sell(emulator)
    await control(emulator, 'POST', '/clock', { offsetMs: 90_000_000 })
    expect((await sell(emulator)).body).toBe('-3')
    await post(emulator, '/apizreport/', { key: emulator.device.currentKey() })
    await control(emulator, 'POST', '/clock', { offsetMs: 90_000_000 + 41_000 })
    expect((await sell(emulator)).reason).toBe('2')
    expect(kinds(emulator)).toEqual(['sale', 'z', 'sale'])
  })
})

describe('the control port', () => {
  it('shows ledger, key, state, paper and log, and lists what it can do', async () => {
    const emulator = await start()
    await sell(emulator)
    await post(emulator, '/apideposit/', { key: emulator.device.currentKey(), cash: 5 })
    expect(await control(emulator, 'GET', '/ledger')).toMatchObject([{ kind: 'sale' }, { kind: 'deposit' }])
    expect(await control(emulator, 'GET', '/ledger?kind=deposit')).toMatchObject([{ totalTiyn: 500 }])
    expect(await control(emulator, 'GET', '/key')).toEqual({ key: emulator.device.currentKey() })
    expect(await control(emulator, 'GET', '/state')).toMatchObject({
      cashTiyn: 80_500,
      emulator: { listening: true, pending: [] },
    })
    expect((await control(emulator, 'GET', '/paper')) as string[]).toHaveLength(2)
    expect(await control(emulator, 'GET', '/log')).toMatchObject([
      { method: 'POST', path: '/api/', reply: { reason: '1' } },
      { path: '/apideposit/', body: expect.stringContaining('cash=5') as string },
    ])
    await control(emulator, 'DELETE', '/log')
    expect(emulator.log()).toEqual([])
    const help = await (await fetch(emulator.controlOrigin)).text()
    for (const path of ['/ledger', '/fault', '/clock', 'drop-after']) expect(help).toContain(path)
  })

  it('lets others use the device, and directs the bank, the line and the taxes', async () => {
    const emulator = await start()
    await control(emulator, 'POST', '/foreign', { kind: 'sale', totalTiyn: 500 })
    await control(emulator, 'POST', '/foreign', { kind: 'cashier', cashierId: 201 })
    expect((await sell(emulator)).body).toBe('-11')
    await control(emulator, 'POST', '/bank', { result: 'hang', durationMs: 0 })
    const key = emulator.device.currentKey()
    await post(emulator, '/apibank/', { key, message: 'purchase', amount: 5, trackdocument: 9 })
    expect((await sell(emulator)).body).toBe('-2')
    await control(emulator, 'POST', '/bank/cancel')
    expect((await post(emulator, '/dump/bank/9/trackdocument', { key })).body).toContain('"responce":"17"')
    await control(emulator, 'POST', '/ofd', { reachable: false })
    await control(emulator, 'POST', '/foreign', { kind: 'cashier', cashierId: 166 })
    await sell(emulator)
    expect(await control(emulator, 'GET', '/state')).toMatchObject({ ofd: { waiting: 1 } })
    expect(await control(emulator, 'POST', '/tax', { id: 15, name: 'НДС 12%', rate: 1_200 })).toEqual({ id: 17 })
  })

  it.each<[string, unknown, string]>([
    ['/fault', { kind: 'earthquake' }, 'unknown kind: earthquake'],
    ['/fault', { kind: 'code' }, 'code is missing'],
    ['/fault', { kind: 'delay', ms: 'long' }, 'ms is no number'],
    ['/clock', { offsetMs: 'x' }, 'offsetMs is no number'],
    ['/random', { seed: 1, probabilities: { flood: 1 } }, 'unknown kind: flood'],
    ['/foreign', [], 'an object is wanted'],
    ['/tax', { id: 999, name: 'x', rate: 0 }, 'no such tax'],
  ])('refuses %s with %j in words', async (path, body, error) => {
    const emulator = await start()
    const response = await fetch(emulator.controlOrigin + path, { method: 'POST', body: JSON.stringify(body) })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error })
  })

  it('knows no other request, and no text that is no JSON', async () => {
    const emulator = await start()
    expect((await fetch(`${emulator.controlOrigin}/nothing`)).status).toBe(404)
    expect((await fetch(`${emulator.controlOrigin}/fault`, { method: 'POST', body: '{' })).status).toBe(400)
  })
})

describe('random faults', () => {
  /** Twenty sales by a client that repeats the same bytes until they are answered; returns numbers and faults. */
  async function twentySales(seed: number): Promise<{ numbers: string[]; faults: string[]; emulator: IkkmEmulator }> {
    const emulator = await start()
    emulator.faults.random(seed, { 'drop-before': 0.2, 'drop-after': 0.2, cut: 0.1, busy: 0.1, 'empty-reason': 0.3 })
    const numbers: string[] = []
    let key = '12345678'
    for (let attempt = 0; numbers.length < 20 && attempt < 400; attempt += 1) {
      const answer = await sell(emulator, key).catch(() => null)
      if (answer === null || !/^\d{8}$/.test(answer.body)) continue
      numbers.push(answer.reason)
      key = answer.body
    }
    return { numbers, faults: emulator.log().map((entry) => entry.faults.join()), emulator }
  }

  it('leave exactly twenty receipts with a client that keeps to the replay rule', async () => {
    const { numbers, faults, emulator } = await twentySales(3)
    expect(numbers).toHaveLength(20)
    expect(emulator.device.ledger().map((entry) => entry.number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(new Set(faults)).toEqual(new Set(['', 'drop-before', 'drop-after', 'cut', 'busy', 'empty-reason']))
  })

  it('are the same for the same seed', async () => {
    const [first, second, other] = [await twentySales(5), await twentySales(5), await twentySales(6)]
    expect(first.faults).toEqual(second.faults)
    expect(first.faults).not.toEqual(other.faults)
  })
})
