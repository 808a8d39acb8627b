/**
 * `npm run emulators`: every emulator on loopback until SIGINT or SIGTERM, one line each.
 * Flags: `--port N` and `--control-port N` (device, free ports unless given), `--no-cors`, `--seed N`,
 * `--device-only` (neither iiko nor ATOL).
 */
import { parseArgs } from 'node:util'
import { startAtolEmulator } from './atol.ts'
import { startIikoEmulator } from './iiko.ts'
import { startIkkmEmulator, type IkkmEmulator } from './ikkm.ts'

interface Flags {
  readonly port: number
  readonly controlPort: number
  readonly cors: boolean
  readonly seed: number
  readonly deviceOnly: boolean
}

function wholeNumber(text: string, name: string, highest: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= highest) return value
  throw new Error(`--${name} is no whole number up to ${highest}: ${text}`)
}

function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      'control-port': { type: 'string', default: '0' },
      'no-cors': { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      'device-only': { type: 'boolean', default: false },
    },
  })
  return {
    port: wholeNumber(values.port, 'port', 65_535),
    controlPort: wholeNumber(values['control-port'], 'control-port', 65_535),
    cors: !values['no-cors'],
    seed: wholeNumber(values.seed, 'seed', Number.MAX_SAFE_INTEGER),
    deviceOnly: values['device-only'],
  }
}

/** The link that sets a terminal up in one go; the key stands in the fragment, which no server sees. */
function setupLink(device: IkkmEmulator): string {
  return `/setup?device=${encodeURIComponent(device.origin)}&transport=direct#key=${device.device.currentKey()}`
}

async function main(): Promise<void> {
  const flags = readFlags(process.argv.slice(2))
  const running: { close(): Promise<void> }[] = []
  // Before the first line: whoever reads it may stop us at once.
  const stop = (): void => {
    void Promise.all(running.map((emulator) => emulator.close())).then(() => {
      process.exit(0)
    })
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const device = await startIkkmEmulator(flags)
  running.push(device)
  console.log(
    `iKKM  ${device.origin}  control ${device.controlOrigin}  key ${device.device.currentKey()}  ${setupLink(device)}`,
  )
  if (!flags.deviceOnly) {
    const iiko = await startIikoEmulator()
    running.push(iiko)
    console.log(`iiko  ${iiko.origin}  control ${iiko.controlOrigin}`)
    const atol = await startAtolEmulator()
    running.push(atol)
    console.log(`ATOL  ${atol.origin}  control ${atol.controlOrigin}`)
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message)
  process.exit(1)
})
