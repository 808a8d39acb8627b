/** The scale at this tablet: which one was chosen, what it says now, and choosing, trying and forgetting it. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { SCALE_PROTOCOLS } from '../domain/scale.ts'
import { findScaleWay, watchScale, type ScaleLink, type ScalePort, type ScaleState } from '../till/scale-link.ts'
import { services } from '../till/services.ts'
import { integer, objectOf, oneOf, text, Wrong, type Shaped } from '../storage/shape.ts'

const KEY = 'scale'

const KeptScale = objectOf({
  protocol: oneOf(...SCALE_PROTOCOLS),
  baudRate: integer(1),
  parity: oneOf('none', 'even'),
  /** Maker and product of the USB adapter as `1a86:7523`; empty where the port has none. */
  usb: text,
})
export type KeptScale = Shaped<typeof KeptScale>

/** `notChosen`: the person closed the browser's question. `busy`: another window or program has the port. */
export type ChooseResult = 'kept' | 'notChosen' | 'busy' | 'notFound' | 'refused'

function usbOf(port: ScalePort): string {
  const { usbVendorId, usbProductId } = port.getInfo()
  return [usbVendorId, usbProductId]
    .flatMap((id) => (id === undefined ? [] : id.toString(16).padStart(4, '0')))
    .join(':')
}

export const useScaleStore = defineStore('scale', () => {
  /** Null where none was chosen, and before it was read. */
  const kept = shallowRef<KeptScale | null>(null)
  const state = shallowRef<ScaleState>({ kind: 'starting' })
  /** The scale that was chosen is being tried. */
  const finding = ref(false)
  let link: ScaleLink | null = null
  /** Screens that look at it: the last one that leaves gives the port back. */
  let watchers = 0
  /** Opening and closing follow each other: a port is never opened twice. */
  let turn = Promise.resolve()

  const inTurn = (step: () => Promise<void>): Promise<void> => (turn = turn.then(step))

  async function load(): Promise<KeptScale | null> {
    const shaped = KeptScale(await services().keyValues.get(KEY))
    kept.value = shaped instanceof Wrong ? null : shaped
    return kept.value
  }

  async function port(scale: KeptScale): Promise<ScalePort | null> {
    const ports = (await services().serial?.getPorts()) ?? []
    return ports.find((one) => usbOf(one) === scale.usb) ?? null
  }

  async function open(): Promise<void> {
    if (link !== null || watchers === 0) return
    const scale = await load()
    if (scale === null) return
    const found = await port(scale)
    if (found === null) state.value = { kind: 'lost', why: 'unplugged' }
    else link = watchScale(found, scale, (now) => (state.value = now))
  }

  async function close(): Promise<void> {
    const old = link
    link = null
    await old?.stop()
    // What lay on it then is no weight of now.
    state.value = { kind: 'starting' }
  }

  /** Begins to read the scale, where there is one; `unwatch` ends it. */
  async function watch(): Promise<void> {
    watchers += 1
    await inTurn(open)
  }

  async function unwatch(): Promise<void> {
    watchers -= 1
    await inTurn(async () => {
      if (watchers === 0) await close()
    })
  }

  /** Reads it again: its plug is in, or the other window closed. */
  async function again(): Promise<void> {
    await inTurn(close)
    await inTurn(open)
  }

  /** Asks for a port, finds out how its scale speaks and keeps both. Only in answer to a tap. */
  async function choose(): Promise<ChooseResult> {
    const { serial, refusal, keyValues } = services()
    if (serial === undefined || (await refusal(['settings'])) !== null) return 'refused'
    let chosen: ScalePort
    try {
      chosen = await serial.requestPort()
    } catch {
      return 'notChosen'
    }
    finding.value = true
    try {
      await inTurn(close)
      const way = await findScaleWay(chosen)
      if (way === null || way === 'busy') return way ?? 'notFound'
      await keyValues.set(KEY, { ...way, usb: usbOf(chosen) } satisfies KeptScale)
      return 'kept'
    } finally {
      finding.value = false
      await load()
      await again()
    }
  }

  /** Gives the scale up, its permission too. */
  async function forget(): Promise<void> {
    if (kept.value === null || (await services().refusal(['settings'])) !== null) return
    const old = await port(kept.value)
    await inTurn(close)
    await services().keyValues.set(KEY, null)
    await old?.forget?.()
    await load()
  }

  return {
    kept,
    state,
    finding,
    possible: services().serial !== undefined,
    load,
    watch,
    unwatch,
    again,
    choose,
    forget,
  }
})
