/** iikoServer over real HTTP: the demo's model, with faults that a control port sets. */
import { createHash } from 'node:crypto'
import { createIikoModel, type IikoModel } from '../../proxy/models/iiko.ts'
import { startUpstreamServer, type UpstreamEmulator } from './iiko-atol-server.ts'

export interface IikoEmulatorOptions {
  readonly login?: string
  readonly password?: string
  /** Generated shifts besides the documents' samples. */
  readonly shifts?: number
  /** Licence slots. */
  readonly slots?: number
  /** ms since 1970. */
  readonly now?: () => number
}

export interface IikoEmulator extends UpstreamEmulator {
  readonly model: IikoModel
}

/** The account of the document's own example (source 000). */
export const IIKO_ACCOUNT = { login: 'admin', password: 'resto#test' }

/** Starts on free loopback ports. Control actions: `expire` forgets all tokens. */
export async function startIikoEmulator(options: IikoEmulatorOptions = {}): Promise<IikoEmulator> {
  const model = createIikoModel({
    login: options.login ?? IIKO_ACCOUNT.login,
    passwordHash: createHash('sha1')
      .update(options.password ?? IIKO_ACCOUNT.password)
      .digest('hex'),
    now: options.now ?? Date.now,
    shifts: options.shifts ?? 3_000,
    ...(options.slots === undefined ? {} : { slots: options.slots }),
  })
  const server = await startUpstreamServer({
    handle: (call) => model.handle(call),
    actions: {
      expire: () => {
        model.expireTokens()
      },
    },
    state: () => ({ activeTokens: model.activeTokens(), documents: model.documentCount() }),
  })
  return { ...server, model }
}
