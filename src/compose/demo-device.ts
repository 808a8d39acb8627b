/** The demo device in the page: the model of `src/device-model` with its memory in the terminal's database. */
import { newDeviceState, type DeviceState } from '../device-model/device.ts'
import { createDemoTransport, type DemoTransport } from '../ikkm/transports/demo.ts'
import type { KeyValueStore } from '../storage/key-value.ts'

const DEMO_STATE = 'demo-device'

/** A demo device with its fiscal memory in `keyValues`; made at the first request ever. */
export function createDemoDevice(keyValues: KeyValueStore): DemoTransport {
  return createDemoTransport({
    memory: {
      load: async () => ((await keyValues.get(DEMO_STATE)) ?? null) as DeviceState | null,
      save: (state) => keyValues.set(DEMO_STATE, state),
    },
    // The setup looks at the device beside the slot: without a turn of its own it would save an older state.
    inTurn: (work) => ('locks' in navigator ? navigator.locks.request('demo-device', work) : work()),
    newState: (nowMs) => newDeviceState({ seed: nowMs % 2_147_483_647, nowMs, dropArchived: true, paperLimit: 20 }),
  })
}
