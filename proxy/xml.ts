/**
 * iiko's XML lists as a tree, read by saxes: well-formed or nothing. No DTD and so no entities but the five of XML; depth
 * and size are bounded.
 */
import { SaxesParser } from 'saxes'

export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

interface OpenElement {
  readonly name: string
  text: string
  readonly children: OpenElement[]
}

const MAX_DEPTH = 40
/** A list of tens of thousands of employees. */
const MAX_LENGTH = 32 * 1024 * 1024
/** Read at once, in characters; after each the others get their turn. */
const PIECE = 64 * 1024

/** Why a text isn't read on. */
class RefusedXml extends Error {}

/** Takes pieces of a text and builds the tree. Its methods throw for everything that isn't plain, well-formed XML. */
function createBuilder() {
  const document: OpenElement = { name: '', text: '', children: [] }
  const stack: OpenElement[] = [document]
  // Without an error handler the parser throws at the first error.
  const parser = new SaxesParser({ xmlns: false, position: false })
  const addText = (text: string) => {
    const top = stack.at(-1)
    if (top !== undefined) top.text += text
  }
  parser.on('doctype', () => {
    throw new RefusedXml('doctype')
  })
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('opentag', ({ name }) => {
    const element: OpenElement = { name, text: '', children: [] }
    stack.at(-1)?.children.push(element)
    stack.push(element)
    if (stack.length > MAX_DEPTH) throw new RefusedXml('depth')
  })
  parser.on('closetag', () => {
    stack.pop()
  })
  return {
    write: (piece: string) => {
      parser.write(piece)
    },
    end: (): XmlElement | null => {
      parser.close()
      return document.children[0] ?? null
    },
  }
}

/** The root element; null when the text isn't well-formed, brings a DTD, or is too deep or too long. For short texts. */
export function parseXml(text: string): XmlElement | null {
  if (text.length > MAX_LENGTH) return null
  try {
    const builder = createBuilder()
    builder.write(text)
    return builder.end()
  } catch {
    return null
  }
}

/** The same for lists of any length: a long one leaves others their turn. */
export async function parseLongXml(text: string): Promise<XmlElement | null> {
  if (text.length <= PIECE) return parseXml(text)
  if (text.length > MAX_LENGTH) return null
  try {
    const builder = createBuilder()
    for (let at = 0; at < text.length; at += PIECE) {
      builder.write(text.slice(at, at + PIECE))
      await new Promise(setImmediate)
    }
    return builder.end()
  } catch {
    return null
  }
}

/** Text of a child; null when there is none or it is empty. */
export function childText(element: XmlElement, name: string): string | null {
  const text = element.children.find((child) => child.name === name)?.text.trim() ?? ''
  return text === '' ? null : text
}

/** All elements of a name, at any depth. */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...descendants(child, name)])
}

/** What a text says that may stand in one element of XML: the element's text, else the text itself. Trimmed. */
export function unwrapped(text: string): string {
  const trimmed = text.trim()
  if (!trimmed.startsWith('<')) return trimmed
  const root = parseXml(trimmed)
  return root === null || root.children.length > 0 ? trimmed : root.text.trim()
}
