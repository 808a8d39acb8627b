/**
 * A shop's network inside this machine: two network namespaces joined by one cable. In one stands the tablet with its
 * browser, in the other everything that it may talk to. Neither has a route to anywhere else, so addresses that would
 * be somebody's in the real network are only ours here. Needs root and iproute2.
 */
import { spawnSync } from 'node:child_process'

/** Public, so that the browser takes a page from there for one from the internet. */
export const PUBLIC_SERVER = '203.0.114.10'
export const SHOP_SERVER = '192.168.77.10'
export const DEVICE = '192.168.77.50'
export const DEVICE_WITHOUT_CORS = '192.168.77.51'
export const ROUTER_PAGE = '192.168.77.52'
export const LOCKED_DEVICE = '192.168.77.53'
export const HUNG_DEVICE = '192.168.77.54'
export const PUBLIC_DEVICE = '203.0.114.50'
/** Packets to it are delivered to nobody: what a firewall that drops does. */
export const BLACK_HOLE = '192.168.77.60'
/** Nobody answers the question who has it. */
export const NOBODY = '192.168.77.61'

const SHOP_ADDRESSES = [
  PUBLIC_SERVER,
  SHOP_SERVER,
  DEVICE,
  DEVICE_WITHOUT_CORS,
  ROUTER_PAGE,
  LOCKED_DEVICE,
  HUNG_DEVICE,
  PUBLIC_DEVICE,
]
const TABLET_ADDRESSES = ['192.168.77.2', '203.0.114.2']

export interface ShopNetwork {
  /** Namespace of the tablet and its browser. */
  readonly tablet: string
  /** Namespace of the device and every other host. */
  readonly shop: string
  remove(): void
}

function ip(...args: string[]): void {
  const run = spawnSync('ip', args, { encoding: 'utf8' })
  if (run.error) throw run.error
  if (run.status !== 0) throw new Error(`ip ${args.join(' ')}: ${run.stderr.trim()}`)
}

/** Why no network can be made here; null when it can. */
export function whyNoNetwork(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux'
  if (process.getuid?.() !== 0) return 'making network namespaces needs root'
  const version = spawnSync('ip', ['-V'])
  if (version.error ?? version.status !== 0) return 'iproute2 (the command "ip") is missing'
  const name = `ikkm-probe-${process.pid}`
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' })
  spawnSync('ip', ['netns', 'del', name])
  return made.status === 0 ? null : `ip netns add: ${made.stderr.trim()}`
}

/** Namespaces of a run that was killed before it could clean up. */
function removeLeftovers(): void {
  const list = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout
  for (const [, name, pid] of list.matchAll(/^(ikkm-(?:tablet|shop|probe)-(\d+))\b/gm)) {
    if (name === undefined || pid === undefined) continue
    if (spawnSync('kill', ['-0', pid]).status !== 0) spawnSync('ip', ['netns', 'del', name])
  }
}

/** Makes both namespaces. Throws when a step is refused; what was made till then is removed. */
export function makeShopNetwork(): ShopNetwork {
  removeLeftovers()
  const tablet = `ikkm-tablet-${process.pid}`
  const shop = `ikkm-shop-${process.pid}`
  const remove = () => {
    for (const name of [tablet, shop]) spawnSync('ip', ['netns', 'del', name])
  }
  try {
    for (const name of [tablet, shop]) {
      ip('netns', 'add', name)
      ip('-n', name, 'link', 'set', 'lo', 'up')
    }
    ip('-n', tablet, 'link', 'add', 'lan0', 'type', 'veth', 'peer', 'name', 'lan0', 'netns', shop)
    for (const address of TABLET_ADDRESSES) ip('-n', tablet, 'address', 'add', `${address}/24`, 'dev', 'lan0')
    for (const address of SHOP_ADDRESSES) ip('-n', shop, 'address', 'add', `${address}/24`, 'dev', 'lan0')
    for (const name of [tablet, shop]) {
      // An address of its own that IPv6 gives itself two seconds later is a changed network to a browser: it ends
      // every request under way.
      ip('-n', name, 'link', 'set', 'lan0', 'addrgenmode', 'none')
      ip('-n', name, 'link', 'set', 'lan0', 'up')
    }
    ip('-n', tablet, 'neighbour', 'add', BLACK_HOLE, 'lladdr', '02:00:00:00:00:60', 'dev', 'lan0', 'nud', 'permanent')
  } catch (error) {
    remove()
    throw error
  }
  return { tablet, shop, remove }
}
