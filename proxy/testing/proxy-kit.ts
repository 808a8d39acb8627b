/** A running proxy for tests: free port, throw-away state, its log lines kept. */
import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSettings } from '../config.ts'
import { createLogger } from '../log.ts'
import { startProxy, type RunningProxy, type StartOptions } from '../server.ts'

export interface TestProxy extends RunningProxy {
  readonly logLines: string[]
  /** Base for requests: the address, not `localhost`, so that no name has to be resolved. */
  readonly base: string
}

export interface RawReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Starts with settings as in the environment. Close it in `afterAll`. */
export async function startTestProxy(env: Record<string, string> = {}, options: StartOptions = {}): Promise<TestProxy> {
  const stateDir = mkdtempSync(join(tmpdir(), 'ikkm-proxy-'))
  const logLines: string[] = []
  const settings = loadSettings({ PORT: '0', STATE_DIR: stateDir, ...env })
  const proxy = await startProxy(settings, {
    withoutApp: true,
    logger: createLogger((line) => logLines.push(line)),
    ...options,
  })
  return {
    ...proxy,
    logLines,
    base: `http://127.0.0.1:${proxy.port}`,
    close: async () => {
      await proxy.close()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

/** A request with any headers and any path, sent as they are: `fetch` would tidy them up. */
export function rawRequest(
  base: string,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawReply> {
  const url = new URL(base)
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: url.hostname,
        port: url.port,
        path,
        method: init.method ?? 'GET',
        headers: init.headers ?? {},
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          })
        })
        response.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(init.body)
  })
}

/** For a device of raw sockets: each whole request as it came, its head and its body. */
export function onWholeRequest(socket: Socket, take: (text: string) => void): void {
  socket.on('error', () => socket.destroy())
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
    const end = text.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    if (end < 0 || Buffer.byteLength(text.slice(end + 4)) < length) return
    take(text)
    text = ''
  })
}
