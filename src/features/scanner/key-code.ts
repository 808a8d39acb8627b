/** What a QR code says that a technician points the camera at: the device's key, or the setup link of another tablet. */
export type KeyCode =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'link'; readonly url: URL }
  | { readonly kind: 'other' }

/** The device shows its eight digits as a code (source 004, chapter 4); some firmware may put words or an address around. */
export function readKeyCode(text: string): KeyCode {
  const trimmed = text.trim()
  if (URL.canParse(trimmed)) {
    const url = new URL(trimmed)
    if (/^https?:$/.test(url.protocol) && /\/setup\/?$/.test(url.pathname)) return { kind: 'link', url }
  }
  const found = trimmed.match(/(?<!\d)\d{8}(?!\d)/g) ?? []
  const [key] = found
  // Two candidates are none: a wrong key would hold the queue up.
  return key !== undefined && new Set(found).size === 1 ? { kind: 'key', key } : { kind: 'other' }
}
