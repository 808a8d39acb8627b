/** The browser's own barcode reader where there is one (Android), else the bundled one, fetched when it is needed. */

export type CodeFormat = 'ean_13' | 'ean_8' | 'code_128' | 'upc_a' | 'upc_e' | 'qr_code' | 'data_matrix'

export interface CodeDetector {
  /** Texts of the codes in the picture. */
  detect(picture: HTMLVideoElement): Promise<readonly string[]>
}

/** Codes on goods. */
const GOODS_FORMATS: readonly CodeFormat[] = ['ean_13', 'ean_8', 'code_128', 'upc_a', 'upc_e', 'data_matrix']
/** At the counter: codes on goods, and the QR code of a receipt that comes back. */
export const COUNTER_FORMATS: readonly CodeFormat[] = [...GOODS_FORMATS, 'qr_code']
/** The device shows its key as a QR code. */
export const KEY_FORMATS: readonly CodeFormat[] = ['qr_code']

interface NativeDetector {
  detect(picture: CanvasImageSource): Promise<readonly { readonly rawValue: string }[]>
}

type NativeConstructor = (new (options: { formats: readonly string[] }) => NativeDetector) & {
  getSupportedFormats(): Promise<readonly string[]>
}

function isConstructor(value: unknown): value is NativeConstructor {
  return typeof value === 'function' && 'getSupportedFormats' in value
}

async function nativeDetector(formats: readonly CodeFormat[]): Promise<NativeDetector | null> {
  const constructor: unknown = 'BarcodeDetector' in window ? window.BarcodeDetector : null
  if (!isConstructor(constructor)) return null
  const supported = await constructor.getSupportedFormats()
  return formats.every((format) => supported.includes(format)) ? new constructor({ formats }) : null
}

async function bundledDetector(formats: readonly CodeFormat[]): Promise<NativeDetector> {
  const { BarcodeDetector, prepareZXingModule } = await import('barcode-detector/ponyfill')
  // Its default is a foreign host: this terminal loads nothing from elsewhere.
  prepareZXingModule({ overrides: { locateFile: (path: string) => `/scanner/${path}` } })
  return new BarcodeDetector({ formats: [...formats] })
}

/** Opens a reader for these kinds of codes. Rejects when the bundled reader can't be loaded. */
export async function openDetector(formats: readonly CodeFormat[]): Promise<CodeDetector> {
  const detector = (await nativeDetector(formats)) ?? (await bundledDetector(formats))
  return {
    detect: async (picture) => (await detector.detect(picture)).map((code) => code.rawValue),
  }
}
