/** ATOL Online's device information over real HTTP: the demo's model, with faults that a control port sets. */
import { createAtolModel, type AtolModel } from '../../proxy/models/atol.ts'
import { startUpstreamServer, type UpstreamEmulator } from './iiko-atol-server.ts'

export interface AtolEmulatorOptions {
  readonly login?: string
  readonly password?: string
  readonly devices?: number
  /** ms since 1970. */
  readonly now?: () => number
}

export interface AtolEmulator extends UpstreamEmulator {
  readonly model: AtolModel
}

/** The account of the document's own example (source 003, chapter 2.1). */
export const ATOL_ACCOUNT = { login: 'neletest', password: 'v2ApscRjr' }

/** Starts on free loopback ports. Control actions: `expire` lets all tokens run out. */
export async function startAtolEmulator(options: AtolEmulatorOptions = {}): Promise<AtolEmulator> {
  const model = createAtolModel({
    login: options.login ?? ATOL_ACCOUNT.login,
    password: options.password ?? ATOL_ACCOUNT.password,
    now: options.now ?? Date.now,
    devices: options.devices ?? 2_500,
  })
  const server = await startUpstreamServer({
    handle: (call) => model.handle(call),
    actions: {
      expire: () => {
        model.expireTokens()
      },
    },
    state: () => ({ tokensIssued: model.tokensIssued() }),
  })
  return { ...server, model }
}
