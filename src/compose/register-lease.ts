/** Which till writes to a register of the relay, as this till asks the proxy (src/contract/relay.ts), and handing it on. */
import * as v from 'valibot'
import { tillIdSchema } from '../contract/config.ts'
import type { FailureKind } from '../contract/errors.ts'
import { leasePath, leaseReplySchema, type LeaseAsk, type LeaseView, type TakeOverRequest } from '../contract/relay.ts'
import { createRelayTransport } from '../ikkm/transports/relay.ts'
import type { KeyValueStore } from '../storage/key-value.ts'
import type { LeaseGateway, TakeOverResult } from '../till/services.ts'

const NAME = 'relay-till'
/** The server answers from this machine or the shop's network; longer means that it is away. */
const ANSWER_MS = 5_000

/** This browser as the proxy's relay knows it: drawn once with its storage, the same in all its windows. */
async function relayTill(keyValues: KeyValueStore): Promise<string> {
  const drawn = crypto.randomUUID()
  const kept = await keyValues.update(NAME, (stored) => (v.is(tillIdSchema, stored) ? stored : drawn))
  return kept as string
}

const busySchema = v.object({ problem: v.literal('register-in-use' satisfies FailureKind) })

export interface LeaseGatewayParts {
  readonly deviceId: string
  readonly till: string
  /** Letters in the marks of this till, null before there are any. */
  readonly letters: () => LeaseAsk['letters']
  readonly token: () => string | null
}

/** What the screens ask about the lease; `tell` hears of it also from the relay's refusals. */
function createLeaseGateway(parts: LeaseGatewayParts): LeaseGateway & { tell(lease: LeaseView): void } {
  const { deviceId, till } = parts
  const listeners = new Set<() => void>()
  let known: LeaseView | null = null

  function tell(lease: LeaseView): void {
    known = lease
    for (const listener of listeners) listener()
  }

  async function ask(path: string, body: TakeOverRequest | null): Promise<{ status: number; json: unknown } | null> {
    const token = parts.token()
    try {
      const response = await fetch(path, {
        method: body === null ? 'GET' : 'POST',
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_MS),
        headers: {
          ...(body === null ? {} : { 'content-type': 'application/json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === null ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, json: await response.json() }
    } catch {
      return null
    }
  }

  async function look(): Promise<LeaseView | null> {
    const answer = await ask(`${leasePath(deviceId)}?till=${till}`, null)
    const parsed = v.safeParse(leaseReplySchema, answer?.json)
    if (answer?.status !== 200 || !parsed.success) return null
    tell(parsed.output.lease)
    return parsed.output.lease
  }

  return {
    view: () => known,
    tell,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    look,
    async ifHeld(run) {
      const seen = await look()
      if (seen !== null && !seen.mine && seen.holder !== null) run()
    },
    async takeOver(seenTerm): Promise<TakeOverResult> {
      const answer = await ask(leasePath(deviceId), { till, letters: parts.letters(), seenTerm })
      const parsed = v.safeParse(leaseReplySchema, answer?.json)
      // Not heard, or not understood: it may have been done. Who looks again sees it.
      if (answer === null || !parsed.success) return 'away'
      tell(parsed.output.lease)
      if (answer.status === 200) return 'taken'
      return v.is(busySchema, answer.json) ? 'busy' : 'held'
    },
  }
}

/** How a till shows itself to the proxy. */
export interface AtProxy {
  readonly token: () => string | null
  /** Letters in the till's marks; empty before there are any. */
  readonly letters: () => string
  /** `look`: the assistant reads a register that another till may hold; `work`: whatever needs the register for itself. */
  readonly use: LeaseAsk['use']
}

/** The ways to a register of the relay: for its state and commands, for the queue, and for lists. */
export async function openRelay(deviceId: string, keyValues: KeyValueStore, { token, letters: prefix, use }: AtProxy) {
  const till = await relayTill(keyValues)
  const letters = () => prefix() || null
  const lease = createLeaseGateway({ deviceId, till, letters, token })
  const way = (purpose: LeaseAsk['use'], fenced = false) =>
    createRelayTransport({
      base: '',
      deviceId,
      token,
      lease: () => ({ till, letters: letters(), use: purpose }),
      fenced,
      onHolder: lease.tell,
    })
  return { transport: way(use), queueTransport: way('work', true), lookTransport: way('look'), lease }
}
