/**
 * Puts an upstream's model behind a real HTTP server, and beside it a control port:
 * `POST /faults` with one fault or a list, `DELETE /faults`, `GET /requests`, `GET /state`, `POST /actions/<name>`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { UpstreamCall, UpstreamResult } from '../../proxy/models/wire.ts'

/** What goes wrong with the next `times` requests whose path begins with `path`. */
export type UpstreamFault = {
  /** Beginning of the path; every request where it is left out. */
  readonly path?: string
  /** How many requests; 1 where it is left out. */
  readonly times?: number
} & (
  | { readonly kind: 'answer'; readonly status: number; readonly contentType?: string; readonly body: string }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Handles the request and never answers. */
  | { readonly kind: 'hang' }
  /** Closes the connection without handling the request. */
  | { readonly kind: 'drop' }
  /** Handles the request and closes the connection in the middle of the answer. */
  | { readonly kind: 'cut' }
  /** Bytes that are no HTTP. */
  | { readonly kind: 'garbage'; readonly text: string }
)

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  /** Requests that were being handled at the same time, this one included. */
  readonly concurrent: number
}

export interface UpstreamEmulator {
  readonly port: number
  readonly origin: string
  readonly controlOrigin: string
  /** The same as `POST /faults`, for tests in this process. */
  addFault(fault: UpstreamFault): void
  clearFaults(): void
  requests(): readonly RecordedRequest[]
  close(): Promise<void>
}

interface ServerParts {
  readonly handle: (call: UpstreamCall) => UpstreamResult
  readonly actions: Readonly<Record<string, () => void>>
  readonly state: () => unknown
}

const MAX_RECORDED = 20_000

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'))
    })
    request.on('error', reject)
  })
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function send(response: ServerResponse, result: UpstreamResult): void {
  response.writeHead(result.status, { 'content-type': result.contentType, ...result.headers })
  response.end(result.body)
}

function spoil(fault: UpstreamFault, response: ServerResponse, handle: () => UpstreamResult): void {
  switch (fault.kind) {
    case 'answer':
      send(response, { status: fault.status, contentType: fault.contentType ?? 'text/plain', body: fault.body })
      return
    case 'redirect':
      send(response, { status: 302, contentType: 'text/plain', body: '', headers: { location: fault.location } })
      return
    case 'delay':
      setTimeout(() => {
        send(response, handle())
      }, fault.delayMs)
      return
    case 'hang':
      handle()
      return
    case 'drop':
      response.socket?.destroy()
      return
    case 'cut': {
      const result = handle()
      response.writeHead(result.status, {
        'content-type': result.contentType,
        'content-length': String(result.body.length + 100),
      })
      response.write(result.body.slice(0, Math.ceil(result.body.length / 2)), () => response.socket?.destroy())
      return
    }
    case 'garbage':
      response.socket?.end(fault.text)
  }
}

/** Faults in the order in which they were added; each serves its number of requests. */
function createFaults() {
  let faults: { fault: UpstreamFault; left: number }[] = []
  return {
    add: (fault: UpstreamFault) => {
      faults.push({ fault, left: fault.times ?? 1 })
    },
    clear: () => {
      faults = []
    },
    take(path: string): UpstreamFault | null {
      const entry = faults.find((candidate) => candidate.left > 0 && path.startsWith(candidate.fault.path ?? '/'))
      if (entry === undefined) return null
      entry.left -= 1
      return entry.fault
    },
  }
}

function controlServer(
  parts: ServerParts,
  faults: ReturnType<typeof createFaults>,
  recorded: readonly RecordedRequest[],
): Server {
  return createServer((request, response) => {
    void readBody(request).then((body) => {
      const answer = (value: unknown, status = 200) => {
        send(response, { status, contentType: 'application/json', body: JSON.stringify(value) })
      }
      const route = `${request.method ?? ''} ${request.url ?? ''}`
      if (route === 'POST /faults') {
        const given = JSON.parse(body) as UpstreamFault | UpstreamFault[]
        for (const fault of Array.isArray(given) ? given : [given]) faults.add(fault)
        answer({})
      } else if (route === 'DELETE /faults') {
        faults.clear()
        answer({})
      } else if (route === 'GET /requests') answer(recorded)
      else if (route === 'GET /state') answer(parts.state())
      else {
        const action = parts.actions[/^POST \/actions\/(\w+)$/.exec(route)?.[1] ?? '']
        action?.()
        answer({}, action === undefined ? 404 : 200)
      }
    })
  })
}

export async function startUpstreamServer(parts: ServerParts): Promise<UpstreamEmulator> {
  const faults = createFaults()
  const recorded: RecordedRequest[] = []
  let running = 0
  const server = createServer((request, response) => {
    running += 1
    const concurrent = running
    response.once('close', () => {
      running -= 1
    })
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://emulator')
      const headers = request.headers as Record<string, string | undefined>
      const method = request.method ?? 'GET'
      recorded.push({ method, path: url.pathname, query: url.search.slice(1), headers, body, concurrent })
      if (recorded.length > MAX_RECORDED) recorded.shift()
      const handle = () => parts.handle({ method, path: url.pathname, query: url.searchParams, headers, body })
      const fault = faults.take(url.pathname)
      if (fault === null) send(response, handle())
      else spoil(fault, response, handle)
    })
  })
  const control = controlServer(parts, faults, recorded)
  const [port, controlPort] = await Promise.all([listen(server), listen(control)])
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    controlOrigin: `http://127.0.0.1:${controlPort}`,
    addFault: faults.add,
    clearFaults: faults.clear,
    requests: () => recorded,
    close: async () => {
      const closing = [server, control].map(
        (each) =>
          new Promise<void>((resolve) => {
            each.close(() => {
              resolve()
            })
            each.closeAllConnections()
          }),
      )
      await Promise.all(closing)
    },
  }
}
