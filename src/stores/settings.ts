/** Settings of this tablet: read at start and after every change of another window, written field by field. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { PREFIX_SHAPE } from '../contract/mark-shape.ts'
import type { Right } from '../domain/cashier.ts'
import {
  anything,
  flag,
  integer,
  listOf,
  matching,
  objectOf,
  oneOf,
  orElse,
  orNull,
  recordOf,
  text,
  Wrong,
  type Shaped,
} from '../storage/shape.ts'
import { PAPER_WIDTHS } from '../ikkm/print-text.ts'
import { services, type Refusal } from '../till/services.ts'

const DeviceSettings = objectOf({
  transport: oneOf('direct', 'relay', 'demo'),
  /** Origin of the device for the direct path, `http://192.168.1.50:8080`. */
  origin: text,
  /** Id of the device at the proxy for the relay. */
  relayId: text,
  /** Id of the device's record in the ledger. */
  deviceId: orElse(text, ''),
})

const FIELDS = {
  language: oneOf('ru', 'kk', 'en'),
  theme: oneOf('system', 'light', 'dark'),
  shopName: text,
  /** Letters before the running number of this terminal's receipts: `DF-0137`. Empty until they are drawn. */
  markPrefix: matching(new RegExp(`^(?:${PREFIX_SHAPE})?$`, 'u')),
  device: orNull(DeviceSettings),
  /** Characters in a line of the printer in use (source 004, chapter 5.1). */
  paperWidth: oneOf(...PAPER_WIDTHS),
  /** First two digits of weight barcodes. */
  weightPrefixes: listOf(matching(/^\d{2}$/)),
  /** First two digits of barcodes that hold the price of the line instead of its weight. */
  pricePrefixes: listOf(matching(/^\d{2}$/)),
  /** Minutes without a tap until the terminal locks; 0 never locks. */
  idleLockMinutes: integer(0),
  footerText: text,
  /** Receipts carry a barcode by which a scanner finds them again (`withBarcode` of `domain/mark.ts`). */
  barcode: flag,
  /** Hours that a change may wait for the shop server before the till says so; 0 never says it. */
  uploadAlarmHours: integer(0),
  /** Ways to pay by the shop's own names, in their order; `readWays` of `domain/own-ways.ts` says which are whole. */
  ways: listOf(anything),
  /** The drawer is counted before it is said what should be in it. */
  blindCount: flag,
  /** The screen stays lit while the terminal is in sight. */
  keepAwake: flag,
  /** What the keypad types for goods by weight: kilograms with a comma, or grams. */
  weightEntry: oneOf('kg', 'g'),
  /** Kilograms above which a typed weight is asked about; 0 asks never. */
  weightLimit: integer(0),
  /** Goods as tiles, or in lines with room for long names. */
  goodsView: oneOf('tiles', 'list'),
  /** Thousandths of a good at which its tile says that it runs out, where the good has no such number of its own. */
  lowStock: integer(0),
  /** The shop's own colours of categories: the place among the marks, by `categoryKey`. */
  categoryColours: recordOf(integer(0)),
  /** Short tones for a scan, an unknown code, an error and a paid receipt. */
  sounds: flag,
} as const

/** A way to a device; `deviceId` is given when it is kept. */
export type KeptDevice = Shaped<typeof DeviceSettings>
export type DeviceSettings = Omit<KeptDevice, 'deviceId'>
export type Settings = { [K in keyof typeof FIELDS]: Shaped<(typeof FIELDS)[K]> }
export type Language = Settings['language']

export const DEFAULT_SETTINGS: Settings = {
  language: 'ru',
  theme: 'system',
  shopName: '',
  markPrefix: '',
  device: null,
  paperWidth: 32,
  weightPrefixes: ['20', '21', '22', '23', '24', '25', '26', '27', '28', '29'],
  pricePrefixes: [],
  idleLockMinutes: 0,
  footerText: '',
  barcode: true,
  uploadAlarmHours: 24,
  ways: [],
  blindCount: false,
  keepAwake: true,
  weightEntry: 'kg',
  weightLimit: 30,
  goodsView: 'tiles',
  lowStock: 0,
  categoryColours: {},
  sounds: false,
}

const KEY = 'settings'

type Stored = Readonly<Record<string, unknown>>

const record = (stored: unknown): Stored => (typeof stored === 'object' && stored !== null ? (stored as Stored) : {})

/** Keeps what a stored record has right and takes the default for each field that is missing or broken. */
export function readSettings(stored: unknown): Settings {
  const fields = record(stored)
  const entries = Object.entries(FIELDS).map(([key, shape]) => {
    const value = shape(fields[key])
    return [key, value instanceof Wrong ? DEFAULT_SETTINGS[key as keyof Settings] : value]
  })
  return Object.fromEntries(entries) as Settings
}

function sameDevice(a: KeptDevice | null, b: KeptDevice | null): boolean {
  const way = (device: KeptDevice | null) =>
    device && [device.transport, device.origin, device.relayId, device.deviceId].join()
  return way(a) === way(b)
}

/** How the screen looks is everybody's own business. */
const PERSONAL: readonly string[] = [
  'language',
  'theme',
  'keepAwake',
  'goodsView',
  'sounds',
] satisfies (keyof Settings)[]

function rightToChange(fields: Partial<Settings>): Right | null {
  if (fields.device !== undefined) return 'device'
  return Object.keys(fields).every((key) => PERSONAL.includes(key)) ? null : 'settings'
}

/** The only place that writes settings. */
export const useSettingsStore = defineStore('settings', () => {
  const values = ref<Settings>({ ...DEFAULT_SETTINGS })
  /** The way that this window works over: the stored one when it was started. */
  const running = shallowRef<KeptDevice | null>(null)
  const loaded = ref(false)
  /** Changes of this window that aren't on the disk yet: until then the screen knows better. */
  let pending = 0

  /** Reads what is stored, also after another window changed it. */
  async function load(): Promise<void> {
    const stored = readSettings(await services().keyValues.get(KEY))
    if (pending > 0) return
    if (!loaded.value) running.value = stored.device
    values.value = stored
    loaded.value = true
  }

  /**
   * Writes these fields and no other: what another window changed meanwhile stays. Resolves when they are on the disk. A
   * window that changes the way to the device is started anew over it by its caller. Resolves to why whoever is at the
   * till may not, with nothing changed; to null otherwise.
   */
  const change = (patch: Partial<Settings>): Promise<Refusal | null> => write(patch, rightToChange(patch))

  /** What the terminal found out by itself (its letters, the record of its register): nobody is asked for a right. */
  const adopt = async (patch: Partial<Settings>): Promise<void> => void (await write(patch, null))

  async function write(patch: Partial<Settings>, right: Right | null): Promise<Refusal | null> {
    const fields = JSON.parse(JSON.stringify(patch)) as Partial<Settings>
    values.value = { ...values.value, ...fields }
    const before = running.value
    if (fields.device !== undefined) running.value = fields.device
    pending += 1
    try {
      const refusal = right && (await services().refusal([right]))
      if (refusal) running.value = before
      else await services().keyValues.update(KEY, (stored) => ({ ...record(stored), ...fields }))
      return refusal
    } finally {
      pending -= 1
      // What is stored is shown: what other windows wrote, and not what couldn't be.
      await load()
    }
  }

  return {
    values,
    running,
    loaded,
    setupDone: computed(() => values.value.device !== null),
    isDemo: computed(() => running.value?.transport === 'demo'),
    /** Another window connected the till to another register: this one still works with the one before. */
    moved: computed(() => loaded.value && !sameDevice(values.value.device, running.value)),
    load,
    change,
    adopt,
  }
})
