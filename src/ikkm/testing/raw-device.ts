/** A real TCP server that answers byte for byte what a test says, and keeps what it was sent. */
import { createServer, type Server, type Socket } from 'node:net'

export interface RawRequest {
  readonly line: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type RawAnswer = (socket: Socket, request: RawRequest) => void

export class RawDevice {
  readonly requests: RawRequest[] = []
  answer: RawAnswer = httpAnswer('200 1', '0')
  private readonly sockets = new Set<Socket>()
  private readonly server: Server
  port = 0

  constructor() {
    this.server = createServer((socket) => {
      this.sockets.add(socket)
      let received = ''
      socket.setEncoding('latin1')
      socket.on('error', () => undefined)
      socket.on('close', () => this.sockets.delete(socket))
      socket.on('data', (chunk: string) => {
        received += chunk
        const request = parse(received)
        if (!request) return
        received = ''
        this.requests.push(request)
        this.answer(socket, request)
      })
    })
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    const address = this.server.address()
    if (typeof address === 'object' && address) this.port = address.port
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

function parse(received: string): RawRequest | null {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [line = '', ...rows] = received.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(
    rows.map((row) => [row.slice(0, row.indexOf(':')).toLowerCase(), row.slice(row.indexOf(':') + 1).trim()]),
  )
  const body = received.slice(end + 4)
  return body.length < Number(headers['content-length'] ?? 0) ? null : { line, headers, body }
}

/** A whole reply as the document's TCP dump shows it, with any status and reason phrase. */
export function httpAnswer(statusAndReason: string, body: string, extraHeader = ''): RawAnswer {
  return (socket) => {
    const length = Buffer.byteLength(body)
    socket.end(
      `HTTP/1.1 ${statusAndReason}\r\nContent-Length: ${length}\r\nContent-Type: text/html; charset=UTF-8\r\n` +
        `Date: 2017-02-15 15:00\r\n${extraHeader}\r\n${body}`,
    )
  }
}
