/**
 * Just enough XML for iiko's lists: elements, text, CDATA, the five entities and character references. No DTD, no
 * external anything; depth and size are bounded.
 */

export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

interface OpenElement {
  readonly name: string
  text: string
  readonly children: XmlElement[]
}

const MAX_DEPTH = 40
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<(\/?)([A-Za-z_][\w:.-]*)((?:"[^"]*"|'[^']*'|[^<>"'])*?)(\/?)>|([^<]+)/y

function decode(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return point > 0 && point <= 0x10_ffff ? String.fromCodePoint(point) : whole
    },
  )
}

/** The root element; null when the text isn't well-formed in this narrow sense. */
export function parseXml(text: string): XmlElement | null {
  const document: OpenElement = { name: '', text: '', children: [] }
  const stack: OpenElement[] = [document]
  TOKEN.lastIndex = text.startsWith('\ufeff') ? 1 : 0
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)
    const top = stack.at(-1)
    if (token === null || top === undefined) return null
    const [, cdata, slash, name, , selfClosing, plain] = token
    if (cdata !== undefined) top.text += cdata
    else if (plain !== undefined) top.text += decode(plain)
    else if (name !== undefined && slash === '/') {
      if (stack.length === 1 || top.name !== name) return null
      stack.pop()
    } else if (name !== undefined) {
      const element: OpenElement = { name, text: '', children: [] }
      top.children.push(element)
      if (selfClosing !== '/') stack.push(element)
      if (stack.length > MAX_DEPTH) return null
    }
  }
  return stack.length === 1 && document.children.length === 1 ? (document.children[0] ?? null) : null
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
