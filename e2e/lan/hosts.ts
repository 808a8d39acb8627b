/**
 * Every host of the shop's network in one process, started inside its namespace: devices in each state that the
 * connection assistant names, somebody's router, and the terminal's own server over HTTPS. Prints one JSON line when
 * all of them listen, and one more for each line that it reads: what the devices saw till then.
 */
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { loadSettings } from '../../proxy/config.ts'
import { startProxy } from '../../proxy/server.ts'
import { startIkkmEmulator, type IkkmEmulator } from '../emulators/ikkm.ts'
import * as net from './network.ts'

const PORT = 8080
const HTTPS_PORT = '8443'

export interface DeviceSeen {
  /** The key now. */
  readonly key: string
  readonly paths: readonly string[]
  /** Numbers of the sales that were registered. */
  readonly sales: readonly number[]
}

/** By address. */
export type HostsSeen = Readonly<Record<string, DeviceSeen>>

async function startDevices(): Promise<Map<string, IkkmEmulator>> {
  const devices = new Map<string, IkkmEmulator>()
  const start = async (host: string, cors = true) => {
    const device = await startIkkmEmulator({ host, port: PORT, seed: 1, cors })
    devices.set(host, device)
    return device
  }
  await start(net.DEVICE)
  await start(net.DEVICE_WITHOUT_CORS, false)
  await start(net.PUBLIC_DEVICE)
  const locked = await start(net.LOCKED_DEVICE)
  locked.device.state.session.lockedTo = '192.168.77.99'
  const hung = await start(net.HUNG_DEVICE)
  await hung.faults.add({ kind: 'hang', execute: false, probability: 1 })
  return devices
}

async function startServers(): Promise<void> {
  const env = { ...process.env, PORT: HTTPS_PORT }
  for (const HOST of [net.PUBLIC_SERVER, net.SHOP_SERVER]) await startProxy(loadSettings({ ...env, HOST }))
  const router = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'access-control-allow-origin': '*' })
    response.end('<!doctype html><title>Router</title><h1>Login</h1>')
  })
  await new Promise<void>((resolve) => router.listen(PORT, net.ROUTER_PAGE, resolve))
}

const devices = await startDevices()
await startServers()

console.log(JSON.stringify('ready'))

// Ends with the test: its end of the pipe closes even when it was killed.
for await (const _line of createInterface({ input: process.stdin })) {
  const seen: HostsSeen = Object.fromEntries(
    [...devices].map(([host, emulator]) => [
      host,
      {
        key: emulator.device.currentKey(),
        paths: emulator.log().map((request) => request.path),
        sales: emulator.device.ledger().flatMap((document) => (document.kind === 'sale' ? [document.number] : [])),
      },
    ]),
  )
  console.log(JSON.stringify(seen))
}
process.exit(0)
