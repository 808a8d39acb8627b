/** First start and the connection assistant: tries a way to the device, tells what is wrong, keeps what works. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { deviceOrigin } from '../ikkm/address.ts'
import { isKey } from '../ikkm/codec.ts'
import type { Diagnosis } from '../ikkm/diagnosis.ts'
import { services } from './services.ts'
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
export function readConnection(input: ConnectionInput): DeviceSettings | InputProblem {
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

export const useSetupStore = defineStore('setup', () => {
  const settings = useSettingsStore()
  const checking = ref(false)
  const diagnosis = shallowRef<Diagnosis | null>(null)
  /** The way that `diagnosis` is about: what a person typed since is another one. */
  let checked: DeviceSettings | null = null
  const problem = ref<InputProblem | null>(null)

  /** Reads the device's state over this way; nothing is kept. True when the device can be used. */
  async function check(input: ConnectionInput): Promise<boolean> {
    const read = readConnection(input)
    problem.value = typeof read === 'string' ? read : null
    diagnosis.value = null
    if (typeof read === 'string') return false
    checked = read
    if (read.transport === 'demo') return true
    checking.value = true
    try {
      diagnosis.value = await services().setup.diagnose(read, input.key.trim())
      return diagnosis.value?.kind === 'readable'
    } finally {
      checking.value = false
    }
  }

  /**
   * Keeps the way and the key and starts the terminal anew over it. Receipts that wait stay where they are.
   * Only a way over which a harmless status read was answered is kept, unless a person insists (`untested`).
   */
  async function save(input: ConnectionInput, untested = false): Promise<void> {
    const read = readConnection(input)
    problem.value = typeof read === 'string' ? read : null
    if (typeof read === 'string') return
    const found = checked !== null && sameWay(checked, read) ? diagnosis.value : null
    const ready = found?.kind === 'readable' || read.transport === 'demo'
    if (!ready && !untested) return
    const id = await services().setup.keep(read, input.key.trim(), serialOf(found))
    await settings.change({ device: { ...read, deviceId: id } })
    services().setup.restart('/')
  }

  /** Checks and, where the device answers, keeps it: the one tap of the first start. */
  async function connect(input: ConnectionInput): Promise<void> {
    if (await check(input)) await save(input)
  }

  return { checking, diagnosis, problem, check, save, connect }
})
