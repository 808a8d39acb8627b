/** Short tones for those who look at the customer and not at the screen; made by the browser, without files. */

export type Sound = 'scan' | 'unknown' | 'error' | 'paid'

/** Hz and ms of each tone, one after another: what is well goes up or is high, what isn't goes down or is low. */
export const TONES: Readonly<Record<Sound, readonly (readonly [hz: number, ms: number])[]>> = {
  scan: [[1760, 70]],
  unknown: [
    [440, 110],
    [311, 190],
  ],
  error: [[196, 350]],
  paid: [
    [880, 90],
    [1319, 160],
  ],
}

const VOLUME = 0.2
/** What is as good as silent; a ramp can't end at nothing. */
const SILENT = 0.0001
const PAUSE_S = 0.03

let context: AudioContext | null = null

/** Plays a sound; nothing happens in a browser that has none or doesn't allow it yet. */
export function playSound(sound: Sound): void {
  if (typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  const audio = context
  // A browser holds sound back until somebody touched the page: then it would come late, for something else.
  if (audio.state === 'suspended') void audio.resume()
  let at = audio.currentTime
  for (const [hz, ms] of TONES[sound]) {
    const end = at + ms / 1000
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    tone.frequency.value = hz
    // Without a fall to silence a tone ends with a crack.
    volume.gain.setValueAtTime(VOLUME, at)
    volume.gain.exponentialRampToValueAtTime(SILENT, end)
    tone.connect(volume).connect(audio.destination)
    tone.start(at)
    tone.stop(end)
    at = end + PAUSE_S
  }
}
