/**
 * What a person changed in an acceptance document, written into the JSON that came from the server (source 002, body of
 * `save`). Only those places of the text are replaced: nothing else passes through a number or an object of ours.
 */
import { parseTree, type Node } from 'jsonc-parser'
import type { IikoDocument, IikoDocumentItem } from '../src/contract/iiko.ts'
import { hundredthsToNumber } from './wire.ts'

interface Edit {
  readonly offset: number
  readonly length: number
  readonly text: string
}

function treeOf(text: string): Node | null {
  try {
    return parseTree(text, [], { disallowComments: true }) ?? null
  } catch {
    // Nested more deeply than the reader goes.
    return null
  }
}

/** The value of a field. Of two with the same name the last one counts, as it does for a JSON parser. */
function fieldOf(object: Node | undefined, names: readonly string[]): Node | undefined {
  if (object?.type !== 'object') return undefined
  const found = object.children?.findLast(({ children }) => names.includes(String(children?.[0]?.value)))
  return found?.children?.[1]
}

/** The text of one field of a JSON object, as it stands there; null when there is none. */
export function fieldText(json: string, name: string): string | null {
  const node = fieldOf(treeOf(json) ?? undefined, [name])
  return node === undefined ? null : json.slice(node.offset, node.offset + node.length)
}

/** Fields of a row that a person edits, and their spellings on the wire; the first one is written where there is none. */
const ITEM_FIELDS = [
  ['sumReal', ['sumReal']],
  ['accountOverrideId', ['accountOverrideId', 'accountOverride']],
  ['counteragentOverrideId', ['counteragentOverrideId', 'counteragentOverride']],
  ['status', ['status']],
  ['comment', ['comment']],
] as const
const DOCUMENT_FIELDS = [
  'accountShortageId',
  'counteragentShortageId',
  'accountSurplusId',
  'counteragentSurplusId',
] as const

function itemValue(item: IikoDocumentItem, field: (typeof ITEM_FIELDS)[number][0]): string | number | null {
  return field === 'sumReal' && item.sumReal !== null ? hundredthsToNumber(item.sumReal) : item[field]
}

function setField(object: Node, names: readonly [string, ...string[]], value: string | number | null): Edit {
  const node = fieldOf(object, names)
  const text = JSON.stringify(value)
  if (node !== undefined) return { offset: node.offset, length: node.length, text }
  const empty = (object.children ?? []).length === 0
  const added = `${empty ? '' : ','}${JSON.stringify(names[0])}:${text}`
  return { offset: object.offset + object.length - 1, length: 0, text: added }
}

function newItem(item: IikoDocumentItem): string {
  const { num, transactionId } = item
  const fields = ITEM_FIELDS.map(([field]) => [field, itemValue(item, field)] as const)
  return JSON.stringify({ num, transactionId, ...Object.fromEntries(fields) })
}

const identityOf = (item: IikoDocumentItem) => `${item.num} ${item.transactionId}`

function sameFrame(document: IikoDocument, before: IikoDocument): boolean {
  return (
    document.id === before.id &&
    document.departmentId === before.departmentId &&
    document.session.sessionId === before.session.sessionId &&
    document.session.groupId === before.session.groupId &&
    document.session.number === before.session.number &&
    document.items.length >= before.items.length &&
    before.items.every((item, index) => {
      const there = document.items[index]
      return there !== undefined && identityOf(item) === identityOf(there)
    })
  )
}

function itemEdits(nodes: readonly Node[], document: IikoDocument, before: IikoDocument): Edit[] {
  return before.items.flatMap((old, index) => {
    const [item, node] = [document.items[index], nodes[index]]
    if (item === undefined || node === undefined) return []
    return ITEM_FIELDS.flatMap(([field, names]) =>
      item[field] === old[field] ? [] : [setField(node, names, itemValue(item, field))],
    )
  })
}

function addedItems(items: Node | undefined, root: Node, added: readonly IikoDocumentItem[]): Edit[] {
  if (added.length === 0) return []
  const text = added.map(newItem).join(',')
  if (items?.type === 'array') {
    const empty = (items.children ?? []).length === 0
    return [{ offset: items.offset + items.length - 1, length: 0, text: `${empty ? '' : ','}${text}` }]
  }
  // One row may come without its list.
  if (items?.type === 'object') {
    return [
      { offset: items.offset, length: 0, text: '[' },
      { offset: items.offset + items.length, length: 0, text: `,${text}]` },
    ]
  }
  if (items !== undefined) return [{ offset: items.offset, length: items.length, text: `[${text}]` }]
  const separator = (root.children ?? []).length === 0 ? '' : ','
  return [{ offset: root.offset + root.length - 1, length: 0, text: `${separator}"items":[${text}]` }]
}

/** Puts all edits in, from the end to the beginning; of those at one place the later one stands behind. */
function applied(text: string, edits: readonly Edit[]): string {
  const inOrder = edits.map((edit, index) => ({ edit, index }))
  inOrder.sort((a, b) => b.edit.offset - a.edit.offset || b.index - a.index)
  let result = text
  for (const { edit } of inOrder)
    result = result.slice(0, edit.offset) + edit.text + result.slice(edit.offset + edit.length)
  return result
}

/**
 * The body of `save`: the document's own JSON with what differs between `before`, as it was read from there, and
 * `document`. Null when `document` is no edit of it: another session, or a row that is gone.
 */
export function documentToWire(document: IikoDocument, before: IikoDocument): string | null {
  const root = treeOf(document.raw)
  if (root?.type !== 'object' || !sameFrame(document, before)) return null
  const items = fieldOf(root, ['items'])
  const nodes = items?.type === 'array' ? (items.children ?? []) : items?.type === 'object' ? [items] : []
  if (nodes.length !== before.items.length) return null
  const changed = DOCUMENT_FIELDS.filter((field) => document[field] !== before[field])
  return applied(document.raw, [
    ...changed.map((field) => setField(root, [field], document[field])),
    ...itemEdits(nodes, document, before),
    ...addedItems(items, root, document.items.slice(before.items.length)),
  ])
}
