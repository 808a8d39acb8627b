/**
 * Where the looks of each component come from. A component's style is scoped, so a class in a template has its rules in
 * the component's own style or in one of the sheets that `main.ts` loads; anything else shows nothing, or (without
 * scopes) depends on which screen was opened before.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { parse } from 'vue/compiler-sfc'

/** One line of what is wrong: where, and why. */
export interface StyleFault {
  readonly file: string
  /** 1-based; 0 for the file as a whole. */
  readonly line: number
  readonly text: string
}

interface Selector {
  /** As it is written, without what comes after it. */
  readonly text: string
  /** Classes of the element that the rule is for; null where the rule reaches out of its scope on purpose. */
  readonly subject: readonly string[] | null
  readonly classes: readonly string[]
  /** The sheet that it stands in, where that isn't the component itself: a sheet of several components. */
  readonly sheet?: string
}

interface Shown {
  readonly classes: ReadonlySet<string>
  /** A class comes from a value that isn't written out here. */
  readonly open: boolean
  readonly line: number
  /** The component that it is, where it is one of ours. */
  readonly component: string | null
  readonly isRoot: boolean
}

interface Component {
  readonly path: string
  readonly shown: readonly Shown[]
  readonly selectors: readonly Selector[]
  readonly sheets: readonly string[]
  readonly unscoped: boolean
  /** Its root takes the classes that its parent gives it. */
  readonly takesClasses: boolean
}

interface TemplateNode {
  readonly type: number
  readonly tag?: string
  readonly loc?: { readonly start: { readonly line: number } }
  readonly props?: readonly {
    readonly type: number
    readonly name: string
    readonly arg?: { readonly content: string }
    readonly value?: { readonly content: string }
    readonly exp?: { readonly loc: { readonly source: string } }
  }[]
  readonly children?: readonly unknown[]
}

const ELEMENT = 1
/** What the router itself puts on a link. */
const OF_THE_ROUTER = 'router-link-'
/** They show nothing of their own: what stands in them is the root. */
const TRANSPARENT = new Set(['template', 'Teleport', 'Transition', 'KeepAlive', 'Suspense'])

/** Splits at a character that stands outside of all brackets. */
function splitOutside(text: string, at: RegExp): string[] {
  const parts: string[] = ['']
  let depth = 0
  for (const sign of text) {
    if (sign === '(' || sign === '[') depth += 1
    if (sign === ')' || sign === ']') depth -= 1
    if (depth === 0 && at.test(sign)) parts.push('')
    else parts.push((parts.pop() ?? '') + sign)
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

const classesIn = (text: string): string[] =>
  [...text.replace(/\[[^\]]*\]/g, '').matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name = '']) => name)

function readSelector(text: string): Selector {
  const classes = classesIn(text)
  if (/:(?:deep|slotted|global)\(/.test(text)) return { text, subject: null, classes }
  const last = splitOutside(text, /[\s>+~]/).at(-1) ?? ''
  // What an element must not be, must hold or may be isn't what it is.
  return { text, subject: classesIn(last.replace(/:(?:not|has|is|where)\((?:[^()]|\([^()]*\))*\)/g, '')), classes }
}

/** Every selector of a sheet, also inside of `@media`, `@layer` and `@container`; steps of animations are none. */
export function readSelectors(css: string): Selector[] {
  const found: Selector[] = []
  let rest = ''
  let inFrames = 0
  let depth = 0
  for (const sign of css.replace(/\/\*[\s\S]*?\*\//g, '')) {
    if (sign === '{') {
      depth += 1
      const head = rest.trim()
      if (head.startsWith('@keyframes')) inFrames = depth
      else if (!head.startsWith('@') && inFrames === 0) found.push(...splitOutside(head, /,/).map(readSelector))
      rest = ''
    } else if (sign === '}') {
      if (inFrames === depth) inFrames = 0
      depth -= 1
      rest = ''
    } else if (sign === ';') rest = ''
    else rest += sign
  }
  return found
}

/** Classes of a bound expression that are written out: texts, and keys of an object. */
function writtenClasses(source: string): { readonly classes: string[]; readonly open: boolean } {
  // What is compared, or what a function is asked, is no class.
  const plain = source.replace(/[!=]== *'[^']*'|\b[\w.]+\([^()]*\)/g, '')
  const classes: string[] = []
  for (const [, quoted = ''] of plain.matchAll(/'([\w -]+)'/g)) classes.push(...quoted.split(' '))
  for (const [, braces = ''] of plain.matchAll(/\{([^{}]*)\}/g))
    for (const [, key = ''] of braces.matchAll(/(?:^|,)\s*([\w-]+)\s*(?=[:,]|$)/g)) classes.push(key)
  const whole = source.trim()
  return { classes, open: !(whole.startsWith('{') && whole.endsWith('}')) }
}

function readTemplate(nodes: readonly unknown[], components: ReadonlyMap<string, string>): Shown[] {
  const shown: Shown[] = []
  const visit = (node: TemplateNode, isRoot: boolean): void => {
    const tag = node.tag ?? ''
    const transparent = node.type !== ELEMENT || TRANSPARENT.has(tag)
    if (!transparent) {
      const classes = new Set<string>()
      let open = false
      for (const prop of node.props ?? []) {
        if (prop.name === 'class' && prop.value) for (const one of prop.value.content.split(/\s+/)) classes.add(one)
        if (prop.name !== 'bind' || prop.arg?.content !== 'class') continue
        const bound = writtenClasses(prop.exp?.loc.source ?? '')
        for (const one of bound.classes) classes.add(one)
        open ||= bound.open
      }
      classes.delete('')
      const component = components.get(tag) ?? null
      shown.push({ classes, open, component, isRoot, line: node.loc?.start.line ?? 0 })
    }
    for (const child of node.children ?? []) visit(child as TemplateNode, isRoot && transparent)
  }
  for (const node of nodes) visit(node as TemplateNode, true)
  return shown
}

function readComponent(path: string): Component {
  const { descriptor } = parse(readFileSync(path, 'utf8'), { filename: path, sourceMap: false })
  const script = `${descriptor.script?.content ?? ''}\n${descriptor.scriptSetup?.content ?? ''}`
  const components = new Map<string, string>()
  const from = (to: string) => join(dirname(path), to)
  for (const [, name = '', to = ''] of script.matchAll(/import ([\w$]+)[^'"\n]* from ['"](\.[^'"]+\.vue)['"]/g))
    components.set(name, from(to))
  // A part that comes later is the same component.
  for (const [, name = '', to = ''] of script.matchAll(/const (\w+) =[^=;]*?\bimport\('(\.[^']+\.vue)'\)/g))
    components.set(name, from(to))
  return {
    path,
    shown: readTemplate(descriptor.template?.ast?.children ?? [], components),
    selectors: descriptor.styles.flatMap(({ content, src }) =>
      src === undefined
        ? readSelectors(content)
        : readSelectors(readFileSync(from(src), 'utf8')).map((one) => ({ ...one, sheet: from(src) })),
    ),
    sheets: [...script.matchAll(/import ['"](\.[^'"]+\.css)['"]/g)].map(([, to = '']) => to),
    unscoped: descriptor.styles.some(({ scoped }) => scoped !== true),
    takesClasses: !script.includes('inheritAttrs: false'),
  }
}

/** Classes that the root of a component has by itself, through every component that is only a frame of another. */
function rootClasses(path: string, all: ReadonlyMap<string, Component>): { classes: Set<string>; open: boolean } {
  const found = { classes: new Set<string>(), open: false }
  for (const root of all.get(path)?.shown.filter(({ isRoot }) => isRoot) ?? []) {
    for (const name of root.classes) found.classes.add(name)
    found.open ||= root.open
    if (root.component === null) continue
    const below = rootClasses(root.component, all)
    for (const name of below.classes) found.classes.add(name)
    found.open ||= below.open
  }
  return found
}

/** Whether anything in the component's template can be what a rule of its style is for. */
function hasSubject(component: Component, subject: readonly string[], all: ReadonlyMap<string, Component>): boolean {
  return component.shown.some((one) => {
    const below = one.component === null ? null : rootClasses(one.component, all)
    const has = (name: string) => one.classes.has(name) || below?.classes.has(name) === true
    const open = one.open || below?.open === true
    return (
      subject.every((name) => has(name) || name.startsWith(OF_THE_ROUTER)) ||
      (open && (subject.length === 1 || subject.some(has)))
    )
  })
}

/**
 * Faults of all components below a folder. `everywhere` are the sheets that come with the first screen, whose classes
 * any template may use.
 */
export function checkStyles(folder: string, everywhere: readonly string[]): StyleFault[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path))
  const all = new Map(files.filter((path) => path.endsWith('.vue')).map((path) => [path, readComponent(path)]))
  const shared = new Set(
    everywhere.flatMap((path) => readSelectors(readFileSync(path, 'utf8'))).flatMap((one) => one.classes),
  )
  const owners = new Map<string, string[]>()
  for (const { path, selectors } of all.values())
    for (const name of new Set(selectors.flatMap(({ classes }) => classes)))
      owners.set(name, [...(owners.get(name) ?? []), relative(folder, path)])
  const faults: StyleFault[] = []
  for (const component of all.values()) {
    const say = (line: number, text: string) => faults.push({ file: component.path, line, text })
    if (component.unscoped) say(0, 'a style without `scoped` reaches every other screen')
    for (const sheet of component.sheets)
      say(0, `${sheet} would reach every other screen: <style scoped src="${sheet}">`)
    const own = new Set(component.selectors.flatMap(({ classes }) => classes))
    for (const { classes, component: below, line } of component.shown) {
      const reaches = below === null || all.get(below)?.takesClasses !== false
      for (const name of classes) {
        if (shared.has(name) || (own.has(name) && reaches)) continue
        const where = owners.get(name)?.join(', ') ?? 'no component'
        say(
          line,
          own.has(name) ? `.${name} doesn't reach the root of this component` : `.${name} has rules in ${where}`,
        )
      }
    }
    for (const { subject, text, sheet } of component.selectors) {
      if (subject === null || subject.length === 0) continue
      const users = [...all.values()].filter(
        (one) => one === component || (sheet !== undefined && one.selectors.some((other) => other.sheet === sheet)),
      )
      if (!users.some((one) => hasSubject(one, subject, all))) say(0, `nothing in the template can be "${text}"`)
    }
  }
  return faults
}

/** The sheets that `main.ts` loads before any component. */
export function sheetsOfMain(main: string): string[] {
  return [...readFileSync(main, 'utf8').matchAll(/^import '(\.[^']+\.css)'/gm)].map(([, to = '']) =>
    join(dirname(main), to),
  )
}
