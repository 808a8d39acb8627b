/**
 * HTTP/1.1 by hand over TCP. Node's own server rewrites an empty reason phrase, hides reused connections and can't
 * stop in the middle of an answer: exactly what the device's emulator must do.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface RawRequest {
  readonly method: string
  readonly path: string
  /** Encoded, without the question mark. */
  readonly query: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
  /** Address of the sender. */
  readonly host: string
  /** Number of the TCP connection, and of the request on it: 2 and more came over a reused connection. */
  readonly connection: number
  readonly sequence: number
}

export interface RawResponse {
  readonly status: number
  /** May be empty. */
  readonly reason: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What happens to the connection after a request. */
export type Ending =
  | { readonly kind: 'answer'; readonly response: RawResponse }
  /** Only so many bytes of the body leave, then the connection is closed. */
  | { readonly kind: 'cut'; readonly response: RawResponse; readonly bytes: number }
  | { readonly kind: 'close' }
  /** The connection stays open and silent. */
  | { readonly kind: 'hang' }

export type RawHandler = (request: RawRequest) => Promise<Ending>

export interface RawServer {
  /** Opens the port; 0 takes a free one. Resolves to the port in use. */
  open(port: number, host: string): Promise<number>
  /** Closes the port and every connection. */
  shut(): Promise<void>
}

const MAX_HEAD_BYTES = 64 * 1024
const MAX_BODY_BYTES = 16 * 1024 * 1024
const HEAD_END = Buffer.from('\r\n\r\n')

interface Head {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly headers: Map<string, string>
  readonly length: number
}

function parseHead(bytes: Buffer, length: number): Head | null {
  const [requestLine = '', ...lines] = bytes.subarray(0, length).toString('latin1').split('\r\n')
  const match = /^([A-Z]+) (\S+) (HTTP\/1\.[01])$/.exec(requestLine)
  if (match === null) return null
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  const [, method = '', target = '', version = ''] = match
  return { method, target, version, headers, length: length + HEAD_END.length }
}

/** A chunked body and the bytes that it took; null while it isn't whole. */
function parseChunks(bytes: Buffer): { body: Buffer; length: number } | 'broken' | null {
  const parts: Buffer[] = []
  let offset = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', offset)
    if (lineEnd < 0) return null
    const size = Number.parseInt(bytes.subarray(offset, lineEnd).toString('latin1'), 16)
    if (Number.isNaN(size)) return 'broken'
    const start = lineEnd + 2
    if (bytes.length < start + size + 2) return null
    if (size === 0) return { body: Buffer.concat(parts), length: start + 2 }
    parts.push(bytes.subarray(start, start + size))
    offset = start + size + 2
  }
}

/** One whole request from the front of the buffer; null while bytes are missing. */
function parseRequest(bytes: Buffer): { head: Head; body: Buffer; length: number } | 'broken' | null {
  const headLength = bytes.indexOf(HEAD_END)
  if (headLength < 0) return bytes.length > MAX_HEAD_BYTES ? 'broken' : null
  const head = parseHead(bytes, headLength)
  if (head === null) return 'broken'
  const rest = bytes.subarray(head.length)
  if (head.headers.get('transfer-encoding') === 'chunked') {
    const chunks = parseChunks(rest)
    if (chunks === null || chunks === 'broken') return chunks
    return { head, body: chunks.body, length: head.length + chunks.length }
  }
  const length = Number(head.headers.get('content-length') ?? '0')
  if (!Number.isInteger(length) || length < 0 || length > MAX_BODY_BYTES) return 'broken'
  return rest.length < length ? null : { head, body: rest.subarray(0, length), length: head.length + length }
}

function responseBytes(response: RawResponse, closing: boolean): { head: Buffer; body: Buffer } {
  const body = Buffer.from(response.body, 'utf8')
  const headers = {
    'Content-Length': String(body.length),
    ...response.headers,
    ...(closing && { Connection: 'close' }),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`HTTP/1.1 ${response.status} ${response.reason}\r\n${lines.join('')}\r\n`, 'latin1')
  return { head, body }
}

function wantsClose(head: Head): boolean {
  const connection = head.headers.get('connection')?.toLowerCase()
  return connection === 'close' || (head.version === 'HTTP/1.0' && connection !== 'keep-alive')
}

/** Serves one connection: requests one after another, as they came. */
class Connection {
  private buffer = Buffer.alloc(0)
  private sequence = 0
  private busy = false

  constructor(
    private readonly socket: Socket,
    private readonly id: number,
    private readonly handler: RawHandler,
  ) {
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.buffer = Buffer.concat([this.buffer, chunk])
      void this.work()
    })
    // The peer may vanish at any time; 'close' follows.
    socket.on('error', () => socket.destroy())
  }

  private async work(): Promise<void> {
    if (this.busy) return
    this.busy = true
    for (;;) {
      const parsed = parseRequest(this.buffer)
      if (parsed === null) break
      if (parsed === 'broken') {
        this.socket.destroy()
        return
      }
      this.buffer = this.buffer.subarray(parsed.length)
      this.sequence += 1
      const ending = await this.handler(this.request(parsed.head, parsed.body))
      if (!this.finish(ending, wantsClose(parsed.head))) return
    }
    this.busy = false
  }

  private request(head: Head, body: Buffer): RawRequest {
    const target = head.target.replace(/^http:\/\/[^/]*/i, '')
    const mark = target.indexOf('?')
    return {
      method: head.method,
      path: mark < 0 ? target : target.slice(0, mark),
      query: mark < 0 ? '' : target.slice(mark + 1),
      headers: head.headers,
      body: body.toString('utf8'),
      host: (this.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
      connection: this.id,
      sequence: this.sequence,
    }
  }

  /** True when the connection may carry another request. A hanging one stays busy for ever. */
  private finish(ending: Ending, closing: boolean): boolean {
    switch (ending.kind) {
      case 'hang':
        return false
      case 'close':
        this.socket.destroy()
        return false
      case 'cut': {
        const { head, body } = responseBytes(ending.response, closing)
        this.socket.write(Buffer.concat([head, body.subarray(0, ending.bytes)]), () => this.socket.destroy())
        return false
      }
      case 'answer': {
        const { head, body } = responseBytes(ending.response, closing)
        const bytes = Buffer.concat([head, body])
        if (closing) this.socket.end(bytes)
        else this.socket.write(bytes)
        return !closing
      }
    }
  }
}

/** A server that isn't listening yet. */
export function createRawServer(handler: RawHandler): RawServer {
  let server: Server | null = null
  let connections = 0
  const sockets = new Set<Socket>()

  function accept(socket: Socket): void {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    new Connection(socket, connections, handler)
  }

  return {
    open: (port, host) =>
      new Promise((resolve, reject) => {
        const opened = createServer(accept)
        server = opened
        opened.once('error', reject)
        opened.listen(port, host, () => {
          resolve((opened.address() as AddressInfo).port)
        })
      }),
    shut: () =>
      new Promise((resolve) => {
        const closing = server
        server = null
        if (closing === null) {
          resolve()
          return
        }
        closing.close(() => {
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      }),
  }
}
