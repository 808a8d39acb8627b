/** PBKDF2 with SHA-256 of the browser: what a stolen tablet's storage shows of a PIN. */
import type { PinHasher } from '../domain/cashier.ts'

const HASH_BITS = 256
const SALT_BYTES = 16

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

export const hashPinInBrowser: PinHasher = async (pin, salt, iterations) => {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt: fromHex(salt), iterations }
  return toHex(new Uint8Array(await crypto.subtle.deriveBits(parameters, key, HASH_BITS)))
}

export function newSalt(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(SALT_BYTES)))
}
