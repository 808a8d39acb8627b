/** Settings of this tablet: read once at start, written through at every change. */
import { defineStore } from 'pinia'
import * as v from 'valibot'
import { computed, ref } from 'vue'
import { services } from './services.ts'

const DeviceSettings = v.object({
  transport: v.picklist(['direct', 'relay', 'demo']),
  /** Origin of the device for the direct path, `http://192.168.1.50:8080`. */
  origin: v.string(),
  /** Id of the device at the proxy for the relay. */
  relayId: v.string(),
  /** Id of the device's record in the ledger. */
  deviceId: v.optional(v.string(), ''),
})

const Settings = v.object({
  language: v.picklist(['ru', 'kk', 'en']),
  theme: v.picklist(['system', 'light', 'dark']),
  shopName: v.string(),
  /** Letter(s) before the running number of this terminal's receipts: `A-0137`. */
  markPrefix: v.pipe(v.string(), v.regex(/^\p{L}{1,3}$/u)),
  device: v.nullable(DeviceSettings),
  /** Characters in a line of the printer in use (source 004, chapter 5.1). */
  paperWidth: v.picklist([24, 32, 19, 42, 30]),
  /** First two digits of weight barcodes. */
  weightPrefixes: v.array(v.pipe(v.string(), v.regex(/^\d{2}$/))),
  /** First two digits of barcodes that hold the price of the line instead of its weight. */
  pricePrefixes: v.array(v.pipe(v.string(), v.regex(/^\d{2}$/))),
  /** Minutes without a tap until the terminal locks; 0 never locks. */
  idleLockMinutes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  footerText: v.string(),
  /** The screen stays lit while the terminal is in sight. */
  keepAwake: v.boolean(),
})

/** A way to a device; `deviceId` is given when it is kept. */
export type KeptDevice = v.InferOutput<typeof DeviceSettings>
export type DeviceSettings = Omit<KeptDevice, 'deviceId'>
export type Settings = v.InferOutput<typeof Settings>
export type Language = Settings['language']

export const DEFAULT_SETTINGS: Settings = {
  language: 'ru',
  theme: 'system',
  shopName: '',
  markPrefix: 'A',
  device: null,
  paperWidth: 32,
  weightPrefixes: ['20', '21', '22', '23', '24', '25', '26', '27', '28', '29'],
  pricePrefixes: [],
  idleLockMinutes: 0,
  footerText: '',
  keepAwake: true,
}

const KEY = 'settings'

/** Keeps what a stored record has right and takes the default for each field that is missing or broken. */
export function readSettings(stored: unknown): Settings {
  const record = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {}
  const entries = Object.entries(Settings.entries).map(([key, schema]) => {
    const parsed = v.safeParse(schema, record[key])
    return [key, parsed.success ? parsed.output : DEFAULT_SETTINGS[key as keyof Settings]]
  })
  return Object.fromEntries(entries) as Settings
}

export const useSettingsStore = defineStore('settings', () => {
  const values = ref<Settings>({ ...DEFAULT_SETTINGS })
  const loaded = ref(false)

  async function load(): Promise<void> {
    values.value = readSettings(await services().keyValues.get(KEY))
    loaded.value = true
  }

  async function change(patch: Partial<Settings>): Promise<void> {
    values.value = { ...values.value, ...patch }
    await services().keyValues.set(KEY, JSON.parse(JSON.stringify(values.value)))
  }

  return {
    values,
    loaded,
    setupDone: computed(() => values.value.device !== null),
    isDemo: computed(() => values.value.device?.transport === 'demo'),
    load,
    change,
  }
})
