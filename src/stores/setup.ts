/** First start and the connection assistant: tries a way to the device, tells what is wrong, keeps what works. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { deviceOrigin } from '../ikkm/address.ts'
import { isKey } from '../ikkm/codec.ts'
import type { Diagnosis } from '../ikkm/diagnosis.ts'
import { useCashiersStore } from './cashiers.ts'
import { DEMO_CHOSEN, services } from '../till/services.ts'
import { useSettingsStore, type DeviceSettings, type Language } from './settings.ts'

/** What a person typed or a setup link carried. */
export interface ConnectionInput {
  readonly transport: DeviceSettings['transport']
  /** Address of the device as typed: `192.168.1.50`, `http://10.0.0.5:8080`. */
  readonly address: string
  readonly relayId: string
  readonly key: string
}

export type InputProblem = 'address' | 'key' | 'relay'

/** The settings part of a connection, or which field can't be right. */
function readConnection(input: ConnectionInput): DeviceSettings | InputProblem {
  if (input.transport === 'demo') return { transport: 'demo', origin: '', relayId: '' }
  if (!isKey(input.key.trim())) return 'key'
  if (input.transport === 'relay') {
    return /^[a-z0-9][a-z0-9-]{0,31}$/.test(input.relayId)
      ? { transport: 'relay', origin: '', relayId: input.relayId }
      : 'relay'
  }
  const origin = deviceOrigin(input.address)
  return origin === null ? 'address' : { transport: 'direct', origin, relayId: '' }
}

/** `/setup?device=<origin>&transport=direct|relay|demo&lang=en#key=<8 digits>`; null when it names no device. */
export function readSetupLink(
  query: URLSearchParams,
  fragment: string,
): { readonly input: ConnectionInput; readonly pair: string } | null {
  const secret = new URLSearchParams(fragment.replace(/^#/, ''))
  const asked = query.get('transport')
  const device = query.get('device') ?? ''
  if (asked === null && device === '') return null
  const transport = asked === 'relay' || asked === 'demo' ? asked : 'direct'
  return {
    input: { transport, address: device, relayId: transport === 'relay' ? device : '', key: secret.get('key') ?? '' },
    pair: secret.get('pair') ?? '',
  }
}

export function readLanguage(query: URLSearchParams): Language | null {
  const asked = query.get('lang')
  return asked === 'ru' || asked === 'kk' || asked === 'en' ? asked : null
}

function sameWay(a: DeviceSettings, b: DeviceSettings): boolean {
  return a.transport === b.transport && a.origin === b.origin && a.relayId === b.relayId
}

/** Factory number of the register that answered; null where none was read. */
function serialOf(found: Diagnosis | null): string | null {
  if (found?.kind === 'otherDevice') return found.serial
  return found?.kind === 'readable' ? (found.info?.serial ?? null) : null
}

/** A register as the question before an exchange names it. */
export interface NamedRegister {
  readonly transport: DeviceSettings['transport']
  /** Address, or name at the server; empty for the practice register. */
  readonly place: string
  /** Factory number; null where none was read. */
  readonly serial: string | null
}

/** What a person has to say yes to before a till that is set up works with another register. */
export interface Exchange {
  readonly from: NamedRegister
  readonly to: NamedRegister
  /** Operations that wait for the register in use: they stay in its queue. */
  readonly waiting: number
  /** `unchecked`: the other one has to be looked at first. `untested`: a person keeps it though it doesn't answer. */
  readonly via: 'unchecked' | 'untested' | 'ready'
}

const named = (way: DeviceSettings, serial: string | null): NamedRegister => ({
  transport: way.transport,
  place: `${way.origin}${way.relayId}`,
  serial,
})

/** The practice register is always itself; any other one by its way and its factory number, which has to be known. */
function isSame({ from, to }: Exchange): boolean {
  if (from.transport !== to.transport || from.place !== to.place) return false
  return from.transport === 'demo' || (from.serial !== null && from.serial === to.serial)
}

export const useSetupStore = defineStore('setup', () => {
  const settings = useSettingsStore()
  const cashiers = useCashiersStore()
  const checking = ref(false)
  const diagnosis = shallowRef<Diagnosis | null>(null)
  /** The way that `diagnosis` is about: what a person typed since is another one. */
  let checked: DeviceSettings | null = null
  const problem = ref<InputProblem | null>(null)
  const exchange = shallowRef<Exchange | null>(null)

  /** A register that a person chose. The practice register of a first look, which opened by itself, is none. */
  const inUse = computed(() => {
    const { device } = settings.values
    return device === null || (device.transport === 'demo' && services().firstLook) ? null : device
  })

  /** Reads the device's state over this way; nothing is kept. True when the device can be used. */
  async function check(input: ConnectionInput): Promise<boolean> {
    const read = readConnection(input)
    problem.value = typeof read === 'string' ? read : null
    diagnosis.value = null
    exchange.value = null
    if (typeof read === 'string') return false
    checked = read
    if (read.transport === 'demo') return true
    checking.value = true
    try {
      diagnosis.value = await services().setup.diagnose(read, input.key.trim())
      if (diagnosis.value?.kind === 'readable') return true
      await ask(read, serialOf(diagnosis.value), 'unchecked')
      return false
    } finally {
      checking.value = false
    }
  }

  /** Puts the question where this would be another register than the one in use. */
  async function ask(read: DeviceSettings, serial: string | null, via: Exchange['via']): Promise<void> {
    exchange.value = null
    if (inUse.value === null) return
    const current = await services().setup.inUse()
    const asked = { from: named(inUse.value, current.serial), to: named(read, serial), waiting: current.waiting, via }
    if (!isSame(asked)) exchange.value = asked
  }

  /** What a link would change of a till that is set up; nothing is sent and nothing is kept. */
  async function announce(input: ConnectionInput): Promise<void> {
    const { transport, address, relayId } = input
    const origin = transport === 'direct' ? (deviceOrigin(address) ?? address) : ''
    const way = { transport, origin, relayId: transport === 'relay' ? relayId : '' }
    await ask(way, null, transport === 'demo' ? 'ready' : 'unchecked')
  }

  /**
   * Keeps the way and the key and starts the terminal anew over it. Receipts that wait stay where they are.
   * Only a way over which a harmless status read was answered is kept, unless a person insists (`untested`). A till that
   * is set up goes to another register only when a person who saw both of them says so (`confirmed`).
   */
  async function save(
    input: ConnectionInput,
    { untested = false, confirmed = false }: { readonly untested?: boolean; readonly confirmed?: boolean } = {},
  ): Promise<void> {
    const read = readConnection(input)
    problem.value = typeof read === 'string' ? read : null
    if (typeof read === 'string' || !cashiers.may('settings')) return
    const found = checked !== null && sameWay(checked, read) ? diagnosis.value : null
    const ready = found?.kind === 'readable' || read.transport === 'demo'
    if (!ready && !untested) return
    // Another window may have set the till up since this one read its settings.
    await settings.load()
    const seen = exchange.value
    await ask(read, serialOf(found), ready ? 'ready' : 'untested')
    // A yes counts for the two registers that stood in the question.
    if (exchange.value !== null && !(confirmed && sameQuestion(seen, exchange.value))) return
    const id = await services().setup.keep(read, input.key.trim(), serialOf(found))
    if (read.transport === 'demo') await services().keyValues.set(DEMO_CHOSEN, true)
    if ((await settings.change({ device: { ...read, deviceId: id } })) === null) services().setup.restart('/')
  }

  /** Checks and, where the device answers, keeps it: the one tap of the first start. */
  async function connect(input: ConnectionInput): Promise<void> {
    if (await check(input)) await save(input)
  }

  return { checking, diagnosis, problem, exchange, inUse, announce, check, save, connect }
})

/** What waits may have become more or less meanwhile; the registers are the same two. */
function sameQuestion(seen: Exchange | null, asked: Exchange): boolean {
  return seen !== null && JSON.stringify([seen.from, seen.to]) === JSON.stringify([asked.from, asked.to])
}
