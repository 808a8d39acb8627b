import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

describe('the hosted barcode reader', () => {
  it('is the file that the installed package expects, so that no update leaves them apart', () => {
    expect(hash('public/scanner/zxing_reader.wasm')).toBe(hash('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm'))
  })
})
