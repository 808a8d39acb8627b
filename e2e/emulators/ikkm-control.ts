/** The control port of the device's emulator; its requests are listed at the top of `ikkm.ts`. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BankOutcome, ForeignOperation } from '../../src/device-model/device.ts'
import { parseFaultOrder } from './ikkm-faults.ts'
import type { IkkmEmulator } from './ikkm.ts'

type Json = Record<string, unknown>

class BadRequest extends Error {}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown)
  } catch {
    throw new BadRequest('the body is no JSON')
  }
}

function objectOf(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadRequest('an object is wanted')
  return value as Json
}

function numberOf(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new BadRequest(`${name} is no number`)
  return value
}

async function addFaults(emulator: IkkmEmulator, value: unknown): Promise<unknown> {
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const order = parseFaultOrder(one)
    if (typeof order === 'string') throw new BadRequest(order)
    await emulator.faults.add(order)
  }
  return { pending: emulator.faults.pending() }
}

function addRandom(emulator: IkkmEmulator, value: unknown): unknown {
  const { seed, probabilities, match } = objectOf(value)
  try {
    emulator.faults.random(
      numberOf(seed, 'seed'),
      objectOf(probabilities),
      typeof match === 'string' ? match : undefined,
    )
  } catch (error) {
    throw new BadRequest((error as Error).message)
  }
  return { pending: emulator.faults.pending() }
}

function stateOf(emulator: IkkmEmulator): unknown {
  const { ledger: _ledger, paper: _paper, ...state } = emulator.device.state
  const { origin } = emulator
  const pending = emulator.faults.pending()
  return { ...state, emulator: { origin, listening: emulator.isListening(), nowMs: emulator.now(), pending } }
}

function help(): string {
  const source = readFileSync(new URL('ikkm.ts', import.meta.url), 'utf8')
  return source.slice(source.indexOf('/**') + 3, source.indexOf('*/')).replace(/^ \* ?/gm, '')
}

function setTax(emulator: IkkmEmulator, value: unknown): unknown {
  const { id, name, rate } = objectOf(value)
  const newId = emulator.device.editTax(numberOf(id, 'id'), String(name), numberOf(rate, 'rate'))
  if (newId === null) throw new BadRequest('no such tax')
  return { id: newId }
}

/** Answers one control request; undefined for an unknown one. */
async function control(emulator: IkkmEmulator, route: string, url: URL, body: unknown): Promise<unknown> {
  const { device } = emulator
  // What is due by now has happened, whether or not a client asked since.
  device.advance(emulator.now())
  switch (route) {
    case 'GET /':
      return help()
    case 'GET /ledger': {
      const kind = url.searchParams.get('kind')
      return device.ledger().filter((entry) => kind === null || entry.kind === kind)
    }
    case 'GET /state':
      return stateOf(emulator)
    case 'GET /key':
      return { key: device.currentKey() }
    case 'GET /paper':
      return device.state.paper
    case 'GET /log':
      return emulator.log()
    case 'DELETE /log':
      emulator.clearLog()
      return {}
    case 'POST /fault':
      return addFaults(emulator, body)
    case 'POST /fault/clear':
      await emulator.faults.clear()
      return {}
    case 'POST /random':
      return addRandom(emulator, body)
    case 'POST /clock':
      emulator.setClockOffset(numberOf(objectOf(body)['offsetMs'], 'offsetMs'))
      return { nowMs: emulator.now() }
    case 'POST /cors':
      emulator.setCors(objectOf(body)['on'] !== false)
      return {}
    case 'POST /foreign':
      return { reply: device.foreignOperation(objectOf(body) as unknown as ForeignOperation, emulator.now()) }
    case 'POST /bank':
      device.scriptBank(...((Array.isArray(body) ? body : [body]) as BankOutcome[]))
      return {}
    case 'POST /bank/cancel':
      device.cancelBank(emulator.now())
      return {}
    case 'POST /ofd':
      device.setOfdReachable(objectOf(body)['reachable'] !== false, emulator.now())
      return {}
    case 'POST /tax':
      return setTax(emulator, body)
    default:
      return undefined
  }
}

/** Opens the control port on loopback. */
export async function startControl(
  emulator: IkkmEmulator,
  port: number,
): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://control')
    const send = (status: number, value: unknown): void => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      const type = typeof value === 'string' ? 'text/plain; charset=utf-8' : 'application/json'
      response.writeHead(status, { 'content-type': type, connection: 'close' }).end(text)
    }
    readJson(request)
      .then((body) => control(emulator, `${request.method ?? ''} ${url.pathname}`, url, body))
      .then((result) => {
        if (result === undefined) send(404, { error: 'no such control request; GET / lists them' })
        else send(200, result)
      })
      .catch((error: unknown) => {
        send(error instanceof BadRequest ? 400 : 500, { error: (error as Error).message })
      })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve()
      })
      server.closeAllConnections()
    })
  return { origin, close }
}
