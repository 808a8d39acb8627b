/** The shop's network with its hosts running and a browser at the tablet's place. */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Browser } from '@playwright/test'
import { makeCertificate } from '../../proxy/certificates.ts'
import { BROWSER_ARGS, findBrowser } from '../browser.ts'
import type { HostsSeen } from './hosts.ts'
import {
  DEVICE,
  DEVICE_WITHOUT_CORS,
  makeShopNetwork,
  PUBLIC_SERVER,
  SHOP_SERVER,
  type ShopNetwork,
} from './network.ts'

/** A name that leads to the device's private address, as a shop's own name server would say it. */
export const DEVICE_NAME = 'kassa.shop.test'

/** Where the tablet itself serves the terminal to its browser. */
export const OWN_PAGE = 'http://localhost:8787'
/** The relay of that server knows the device without CORS headers by this name. */
export const RELAYED_DEVICE = 'main'

export interface Shop {
  readonly browser: Browser
  /** What the devices saw since the start. */
  seen(): Promise<HostsSeen>
  close(): Promise<void>
}

/** Reads a process's output line by line as JSON. */
class Lines {
  private readonly waiting: { done(value: unknown): void; fail(error: Error): void }[] = []

  constructor(child: ChildProcess) {
    if (child.stdout === null) throw new Error('no output to read')
    createInterface({ input: child.stdout }).on('line', (line) => this.waiting.shift()?.done(JSON.parse(line)))
    child.once('exit', (code) => {
      for (const { fail } of this.waiting) fail(new Error(`the hosts ended with code ${code ?? 'none'}`))
    })
  }

  /** The next line. Rejects when the process ends first. */
  next(): Promise<unknown> {
    return new Promise((done, fail) => this.waiting.push({ done, fail }))
  }
}

async function startHosts(network: ShopNetwork, folder: string): Promise<ChildProcess> {
  const files = await makeCertificate(join(folder, 'certificates'), [PUBLIC_SERVER, SHOP_SERVER])
  const env = {
    ...process.env,
    TLS_CERT: files.certificate,
    TLS_KEY: files.key,
    STATE_DIR: join(folder, 'state'),
    DIST_DIR: resolve(process.env.DIST_DIR ?? 'dist'),
  }
  const command = [process.execPath, '--import', 'tsx', resolve(import.meta.dirname, 'hosts.ts')]
  return spawn('ip', ['netns', 'exec', network.shop, ...command], { env, stdio: ['pipe', 'pipe', 'inherit'] })
}

/** The terminal's server on the tablet itself, as `npm start` runs on a counter's computer. Resolves when it listens. */
async function startOwnServer(network: ShopNetwork, folder: string): Promise<ChildProcess> {
  const env = {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: new URL(OWN_PAGE).port,
    STATE_DIR: join(folder, 'own-state'),
    DIST_DIR: resolve(process.env.DIST_DIR ?? 'dist'),
    IKKM_DEVICES: `${RELAYED_DEVICE}=http://${DEVICE_WITHOUT_CORS}:8080`,
  }
  const command = [process.execPath, '--import', 'tsx', resolve(import.meta.dirname, '../../proxy/main.ts')]
  const child = spawn('ip', ['netns', 'exec', network.tablet, ...command], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise<void>((done, fail) => {
    child.stdout.once('data', () => done())
    child.once('exit', (code) => fail(new Error(`the tablet's server ended with code ${code ?? 'none'}`)))
  })
  return child
}

const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode === null && child.signalCode === null
    ? new Promise((done) => child.once('exit', done))
    : Promise.resolve()

/** Playwright talks to the browser through a pipe, so only the browser itself has to stand in the namespace. */
function launchInside(namespace: string, folder: string): Promise<Browser> {
  const script = join(folder, 'browser.sh')
  writeFileSync(script, `#!/bin/sh\nexec ip netns exec ${namespace} "${findBrowser()}" "$@"\n`)
  chmodSync(script, 0o700)
  return chromium.launch({
    executablePath: script,
    chromiumSandbox: false,
    // Playwright's own switch for wrong certificates keeps the service worker from being registered.
    args: [...BROWSER_ARGS, '--ignore-certificate-errors', `--host-resolver-rules=MAP ${DEVICE_NAME} ${DEVICE}`],
  })
}

/** Makes the network, starts the hosts and the browser. */
export async function openShop(): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), 'ikkm-lan-'))
  const network = makeShopNetwork()
  const hosts = await startHosts(network, folder)
  let browser: Browser | null = null
  let own: ChildProcess | null = null
  const close = async () => {
    await browser?.close()
    hosts.stdin?.end()
    own?.kill()
    await Promise.all([ended(hosts), own === null ? null : ended(own)])
    network.remove()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const lines = new Lines(hosts)
    await lines.next()
    own = await startOwnServer(network, folder)
    browser = await launchInside(network.tablet, folder)
    const seen = async () => {
      const answer = lines.next()
      hosts.stdin?.write('seen\n')
      return (await answer) as HostsSeen
    }
    return { browser, seen, close }
  } catch (error) {
    await close()
    throw error
  }
}
