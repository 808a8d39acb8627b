/** An upstream's answer as text: what packed it is unpacked, its encoding is found as a browser would find it. */
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'
import { Decompress as ZstdDecompress } from 'fzstd'

/** An answer that can't be unpacked; `encoding` is the server's word for how it is packed. */
export class PackedBodyError extends Error {
  constructor(
    readonly kind: 'broken' | 'unknown' | 'too-large',
    readonly encoding: string,
  ) {
    super(`${kind}: ${encoding}`)
  }
}

const unpackers = {
  gzip: promisify(gunzip),
  inflate: promisify(inflate),
  inflateRaw: promisify(inflateRaw),
  brotli: promisify(brotliDecompress),
}

/** Bytes fed at once; the decoder hands out what it has after each, so that a bomb ends at the limit. */
const ZSTD_PIECE = 4_096
/** Node 20 has no zstd of its own. */
async function unzstd(body: Buffer, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let size = 0
  const decoder = new ZstdDecompress((piece) => {
    pieces.push(Uint8Array.from(piece))
    size += piece.length
  })
  for (let at = 0; at < body.length; at += ZSTD_PIECE) {
    decoder.push(body.subarray(at, at + ZSTD_PIECE), at + ZSTD_PIECE >= body.length)
    if (size > maxBytes) throw new PackedBodyError('too-large', 'zstd')
    // Others get their turn in between: this decoder works on the main thread.
    if (at % (16 * ZSTD_PIECE) === 0) await new Promise(setImmediate)
  }
  return Buffer.concat(pieces)
}

/** A zlib stream has a method of 8 in its first byte and a checksum over the first two; a raw one has neither. */
function hasZlibHeader(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] ?? 0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0
}

async function unpackOnce(body: Buffer, encoding: string, maxOutputLength: number): Promise<Buffer> {
  const options = { maxOutputLength }
  switch (encoding) {
    case 'identity':
      return body
    case 'gzip':
    case 'x-gzip':
      return unpackers.gzip(body, options)
    case 'deflate':
      return hasZlibHeader(body) ? unpackers.inflate(body, options) : unpackers.inflateRaw(body, options)
    case 'br':
      return unpackers.brotli(body, options)
    case 'zstd':
      return unzstd(body, maxOutputLength)
    default:
      throw new PackedBodyError('unknown', encoding.slice(0, 40))
  }
}

/** More than two are no server's honest answer, and each costs its time. */
const MAX_LAYERS = 2

/**
 * Undoes `Content-Encoding`, asked for or not, to at most `maxBytes`. Throws PackedBodyError: unknown encoding, broken
 * data, or more than the limit.
 */
export async function unpack(body: Buffer, contentEncoding: string, maxBytes: number): Promise<Buffer> {
  const layers = contentEncoding
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (layers.length > MAX_LAYERS) throw new PackedBodyError('unknown', contentEncoding.slice(0, 40))
  let result = body
  for (const encoding of layers.reverse()) {
    if (result.length === 0) return result
    try {
      result = await unpackOnce(result, encoding, maxBytes)
    } catch (error) {
      if (error instanceof PackedBodyError) throw error
      const tooLarge = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      throw new PackedBodyError(tooLarge ? 'too-large' : 'broken', encoding)
    }
  }
  return result
}

/** How far into a text an XML declaration may stand. */
const DECLARATION_BYTES = 200

function declaredCharset(body: Buffer, contentType: string): string | null {
  const header = /;\s*charset\s*=\s*"?([A-Za-z0-9._-]{1,40})/i.exec(contentType.slice(0, 500))?.[1]
  if (header !== undefined) return header
  const beginning = body.subarray(0, DECLARATION_BYTES).toString('latin1')
  if (!beginning.startsWith('<?xml')) return null
  return /\bencoding=["']([A-Za-z0-9._-]{1,40})["']/.exec(beginning.slice(0, beginning.indexOf('?>')))?.[1] ?? null
}

/** The byte order mark goes before whatever is declared (WHATWG Encoding, "decode"). */
function markedCharset(body: Buffer): string | null {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8'
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le'
  return body[0] === 0xfe && body[1] === 0xff ? 'utf-16be' : null
}

/**
 * Bytes as text, without a byte order mark. The mark, the header's charset and an XML declaration are believed in this
 * order; without any of them what isn't UTF-8 is windows-1251, the other encoding of the servers here.
 */
export function textOfBody(body: Buffer, contentType: string): string {
  const charset = markedCharset(body) ?? declaredCharset(body, contentType)
  if (charset !== null) {
    try {
      return new TextDecoder(charset).decode(body)
    } catch {
      // A name that nobody knows says nothing.
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return new TextDecoder('windows-1251').decode(body)
  }
}
