/** The transport to iikoServer and ATOL Online against servers on loopback that do what servers do. */
import { createServer, type Server as HttpServer, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpTransport, USER_AGENT, type UpstreamLimits, type UpstreamTransport } from './upstream.ts'

const get = { method: 'GET', path: '/x', query: '', headers: {}, body: null } as const
const post = { ...get, method: 'POST', body: '{}' } as const
const opened: (Server | HttpServer | UpstreamTransport)[] = []

afterEach(async () => {
  for (const each of opened.splice(0)) {
    if ('closeAllConnections' in each) each.closeAllConnections()
    await new Promise<void>((resolve) => {
      if ('send' in each) {
        each.close()
        resolve()
      } else
        each.close(() => {
          resolve()
        })
    })
  }
})

function listening(server: Server | HttpServer): Promise<number> {
  opened.unshift(server)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function transportTo(port: number, scheme = 'http', limits: UpstreamLimits = {}): UpstreamTransport {
  const transport = createHttpTransport(`${scheme}://127.0.0.1:${port}`, null, limits)
  opened.unshift(transport)
  return transport
}

/** A server that gives one answer; `seen` collects the requests' headers. */
async function answering(respond: (response: ServerResponse) => void, seen: Record<string, unknown>[] = []) {
  return listening(
    createServer((request, response) => {
      seen.push(request.headers)
      respond(response)
    }),
  )
}

/** A server on bare sockets: `act` gets each connection and its number when the first bytes came. */
function raw(act: (socket: Socket, connection: number, request: number) => void): Promise<number> {
  let connections = 0
  return listening(
    createTcpServer((socket) => {
      const connection = (connections += 1)
      let requests = 0
      socket.on('error', () => undefined)
      socket.on('data', () => {
        requests += 1
        act(socket, connection, requests)
      })
    }),
  )
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok'
const TEXT = 'Қымыз «Әйгерім» 1 500 ₸ '.repeat(50)
/** "Қазақ" without its first letter in windows-1251: Russian only. */
const CYRILLIC = Buffer.from([0xca, 0xe0, 0xf1, 0xf1, 0xe0])
/** `hello` packed by the reference tool of zstd. */
const ZSTD = Buffer.from('28b52ffd04582900' + '0068656c6c6f' + 'a36d9f88', 'hex')

describe('an answer packed though nobody asked for it', () => {
  it.each([
    ['gzip', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['GZIP', gzipSync(TEXT)],
    ['br, gzip', gzipSync(brotliCompressSync(TEXT))],
    ['identity', Buffer.from(TEXT)],
  ])('with %s is read', async (encoding, body) => {
    const port = await answering((response) => {
      response.writeHead(200, { 'content-encoding': encoding })
      response.end(body)
    })
    expect(await transportTo(port).send(get)).toMatchObject({ kind: 'reply', body: TEXT })
  })

  it('with zstd is read, though this Node knows none', async () => {
    const port = await answering((response) => {
      response.writeHead(200, { 'content-encoding': 'zstd' })
      response.end(ZSTD)
    })
    expect(await transportTo(port).send(get)).toMatchObject({ kind: 'reply', body: 'hello' })
  })

  it.each([
    ['gzip', Buffer.from('no gzip'), 'upstream-broken-answer'],
    ['zstd', Buffer.from('no zstd at all'), 'upstream-broken-answer'],
    ['gzip', gzipSync(TEXT).subarray(0, 60), 'upstream-broken-answer'],
    ['snappy', Buffer.from('x'), 'upstream-broken-answer'],
    ['gzip, br, gzip, br', Buffer.from('x'), 'upstream-broken-answer'],
    ['gzip', gzipSync(Buffer.alloc(5_000_000)), 'upstream-too-large'],
    ['br', brotliCompressSync(Buffer.alloc(5_000_000)), 'upstream-too-large'],
  ])('with %s that cannot be unpacked within its limit is named', async (encoding, body, failure) => {
    const port = await answering((response) => {
      response.writeHead(200, { 'content-encoding': encoding })
      response.end(body)
    })
    const answer = await transportTo(port, 'http', { maxAnswerBytes: 1_000_000 }).send(get)
    expect(answer).toMatchObject({ kind: 'silence', failure })
    if (failure === 'upstream-broken-answer') expect(answer).toHaveProperty('text')
  })
})

describe('an answer in another encoding', () => {
  it.each([
    ['application/json', Buffer.from('\ufeff{"a":1}'), '{"a":1}'],
    ['application/json', Buffer.from('\ufeff{"a":1}', 'utf16le'), '{"a":1}'],
    ['text/plain; charset=windows-1251', CYRILLIC, 'Касса'],
    ['text/plain; charset="cp1251"', CYRILLIC, 'Касса'],
    [
      'application/xml',
      Buffer.concat([Buffer.from('<?xml version="1.0" encoding="windows-1251"?><a>'), CYRILLIC]),
      '<?xml version="1.0" encoding="windows-1251"?><a>Касса',
    ],
    ['text/plain', CYRILLIC, 'Касса'],
    ['text/plain; charset=nonsense', Buffer.from('Касса'), 'Касса'],
    ['text/plain; charset=utf-8', Buffer.from('Қасса'), 'Қасса'],
  ])('%s %j is read', async (contentType, body, text) => {
    const port = await answering((response) => {
      response.writeHead(200, { 'content-type': contentType })
      response.end(body)
    })
    expect(await transportTo(port).send(get)).toMatchObject({ kind: 'reply', body: text })
  })
})

describe('a request', () => {
  it('says who asks: some servers answer nameless clients with an error', async () => {
    const seen: Record<string, unknown>[] = []
    const port = await answering((response) => response.end('x'), seen)
    await transportTo(port).send(get)
    expect(seen[0]).toMatchObject({ 'user-agent': USER_AGENT })
  })

  it.each([get, post])(
    '%j on a connection that the server had closed is repeated once, on a fresh one',
    async (request) => {
      const requests: string[] = []
      const port = await raw((socket, connection, number) => {
        requests.push(`${connection}.${number}`)
        if (connection === 1 && number === 2) socket.resetAndDestroy()
        else socket.write(OK)
      })
      const transport = transportTo(port, 'http', { connections: 1 })
      expect(await transport.send(request)).toMatchObject({ body: 'ok' })
      expect(await transport.send(request)).toMatchObject({ body: 'ok' })
      expect(requests).toEqual(['1.1', '1.2', '2.1'])
    },
  )

  it('is not repeated a second time', async () => {
    let requests = 0
    const port = await raw((socket) => {
      requests += 1
      socket.resetAndDestroy()
    })
    expect(await transportTo(port).send(post)).toMatchObject({ failure: 'upstream-reset' })
    expect(requests).toBe(2)
  })

  it('that says once leaves once, on a connection of its own', async () => {
    const requests: string[] = []
    const port = await raw((socket, connection, number) => {
      requests.push(`${connection}.${number}`)
      if (connection === 2) socket.resetAndDestroy()
      else socket.write(OK)
    })
    const transport = transportTo(port)
    await transport.send(get)
    expect(await transport.send({ ...post, once: true })).toMatchObject({ failure: 'upstream-reset' })
    expect(requests).toEqual(['1.1', '2.1'])
  })
})

describe('what happened on the way', () => {
  it.each([
    ['http://no-such-name.invalid', 'upstream-name'],
    ['http://127.0.0.1:1', 'upstream-refused'],
    ['https://127.0.0.1:1', 'upstream-refused'],
  ])('%s is %s', async (url, failure) => {
    const transport = createHttpTransport(url, null)
    const answer = await transport.send(get)
    expect(answer).toMatchObject({ failure })
    expect(answer).toHaveProperty('code')
    transport.close()
  })

  it('HTTPS to a port that speaks plain HTTP is named', async () => {
    const port = await raw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'))
    expect(await transportTo(port, 'https').send(get)).toMatchObject({ failure: 'upstream-no-tls' })
  })

  it('HTTPS to a server with an older TLS is named', async () => {
    // The alert "protocol version", as a server without TLS 1.2 sends it.
    const port = await raw((socket) => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])))
    expect(await transportTo(port, 'https').send(get)).toMatchObject({ failure: 'upstream-old-tls' })
  })

  it.each([
    [Buffer.from([0x15, 3, 3, 0, 2, 2, 70])],
    [
      Buffer.from(
        'HTTP/1.1 400 \r\nConnection: close\r\n\r\nBad Request\r\nThis combination of host and port requires TLS.',
      ),
    ],
  ])('plain HTTP to a port of HTTPS is named: %s', async (bytes) => {
    const port = await raw((socket) => socket.end(bytes))
    expect(await transportTo(port).send(get)).toMatchObject({ failure: 'upstream-needs-tls' })
  })

  it('a redirect is not followed, to no host, and its target is named without its query', async () => {
    for (const location of ['https://other.example/resto/?key=secret', '/elsewhere?key=secret']) {
      const port = await answering((response) => {
        response.writeHead(302, { location })
        response.end()
      })
      const answer = await transportTo(port).send(get)
      expect(answer).toMatchObject({ failure: 'upstream-redirect' })
      expect(answer).toMatchObject({
        text: location.startsWith('/') ? `http://127.0.0.1:${port}/elsewhere` : 'https://other.example/resto/',
      })
    }
  })

  it('an answer that stops in the middle, or takes too long, is named', async () => {
    const half = await raw((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
    expect(await transportTo(half).send(get)).toMatchObject({ failure: 'upstream-broken-answer' })
    const slow = await raw((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
    expect(await transportTo(slow, 'http', { answerTimeoutMs: 100 }).send(get)).toMatchObject({
      failure: 'upstream-timeout',
    })
  })
})
