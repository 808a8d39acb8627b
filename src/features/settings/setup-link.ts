/** The link that sets up the next tablet, and its picture. */
import type { DeviceSettings, Language } from '../../stores/settings.ts'

/** `/setup?device=…&transport=…&lang=…`, read by `readSetupLink`. There is no key in it, and there can't be one. */
export function setupLink(origin: string, device: DeviceSettings, language: Language): string {
  const query = new URLSearchParams({ transport: device.transport, lang: language })
  if (device.transport === 'direct') query.set('device', device.origin)
  if (device.transport === 'relay') query.set('device', device.relayId)
  return `${origin}/setup?${query.toString()}`
}

/** Dark modules of a code as one SVG path: every run in a row is one rectangle. */
export function modulePath(rows: readonly (readonly boolean[])[]): string {
  let path = ''
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue
      const from = x
      while (row[x + 1] === true) x += 1
      path += `M${from} ${y}h${x - from + 1}v1h${from - x - 1}z`
    }
  })
  return path
}
