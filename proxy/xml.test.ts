import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { childText, descendants, parseXml } from './xml.ts'

describe('XML lists of iikoServer', () => {
  it('are read with entities, CDATA, attributes, comments and empty elements', () => {
    const root = parseXml(
      `\ufeff<?xml version="1.0"?><!-- x --><employees><employee a="1>2"><id>7</id><name>Тоқаш &amp; &lt;Ко&gt; &#1178;</name><code/></employee><employee><name><![CDATA[<b>]]></name></employee></employees>`,
    )
    expect(root?.name).toBe('employees')
    const names = root === null ? [] : descendants(root, 'employee').map((row) => childText(row, 'name'))
    expect(names).toEqual(['Тоқаш & <Ко> Қ', '<b>'])
  })

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a><b></a></b>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a',
  ])('are refused when they are not well-formed or bring their own entities: %s', (text) => {
    expect(parseXml(text)).toBeNull()
  })

  it('are refused when they nest too deeply', () => {
    expect(parseXml('<a>'.repeat(1_000) + '</a>'.repeat(1_000))).toBeNull()
  })

  it('never throw, whatever comes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const root = parseXml(`<a>${text}</a>`)
        expect(root === null || root.name === 'a').toBe(true)
      }),
    )
  })
})
