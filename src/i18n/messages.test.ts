/** Holds words and screens together: every key exists in every language, is used, and no word stands outside i18n. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NodeTypes, parse as parseTemplate, type TemplateChildNode } from '@vue/compiler-dom'
import { parse as parseComponent } from 'vue/compiler-sfc'

const ROOT = join(import.meta.dirname, '..')
const LOCALES = ['ru', 'kk', 'en'] as const

interface Tree {
  readonly [key: string]: string | Tree
}

function leaves(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : leaves(value, `${prefix}${key}.`),
  )
}

const parts = readdirSync(join(ROOT, 'i18n', 'ru')).map((file) => file.replace('.ts', ''))

async function words(locale: (typeof LOCALES)[number]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const part of parts) {
    const module = (await import(`./${locale}/${part}.ts`)) as Record<string, Tree>
    for (const [key, value] of leaves(module[part] ?? {})) found.set(key, value)
  }
  return found
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:vue|ts)$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

const sources = [...filesUnder(ROOT)].filter((file) => !/\/i18n\/(?:ru|kk|en)\//.test(file))
const code = sources.map((file) => readFileSync(file, 'utf8')).join('\n')

const russian = await words('ru')

describe('words of the terminal', () => {
  it.each(LOCALES)('%s says everything and nothing besides', async (locale) => {
    expect([...(await words(locale)).keys()].sort()).toEqual([...russian.keys()].sort())
  })

  it.each(LOCALES)('%s fills the same places as Russian', async (locale) => {
    const places = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort()
    const differing = [...(await words(locale))].filter(
      ([key, text]) => places(text).join() !== places(russian.get(key) ?? '').join(),
    )
    expect(differing.map(([key]) => key)).toEqual([])
  })

  it('has all three forms wherever Russian counts', () => {
    const wrong = [...russian].filter(([, text]) => text.includes(' | ') && text.split(' | ').length !== 3)
    expect(wrong.map(([key]) => key)).toEqual([])
  })

  it('left no Russian in English and no untranslated sentence in Kazakh', async () => {
    const english = [...(await words('en'))].filter(([, text]) => /[а-яё]/i.test(text))
    expect(english.map(([key]) => key)).toEqual([])
    // Words that both languages share are short; a sentence that is the same in both was forgotten.
    const same = [...(await words('kk'))].filter(
      ([key, text]) => text === russian.get(key) && /[а-яё]+ [а-яё]+ [а-яё]+/i.test(text),
    )
    expect(same.map(([key]) => key)).toEqual([])
  })

  it('is used: every key is named by a screen, whole or by the part before a state', () => {
    const families = [...code.matchAll(/[`'"]([\w-]+(?:\.[\w-]+)*\.\w*)\$\{/g)].map((match) => match[1] ?? '')
    const unused = [...russian.keys()].filter(
      (key) =>
        !code.includes(`'${key}'`) && !code.includes(`"${key}"`) && !families.some((family) => key.startsWith(family)),
    )
    expect(unused).toEqual([])
  })
})

/** Attributes that a person reads or hears. */
const SPOKEN = new Set([
  'title',
  'label',
  'placeholder',
  'alt',
  'aria-label',
  'text',
  'hint',
  'subtitle',
  'close-label',
])

function literals(node: TemplateChildNode): string[] {
  if (node.type === NodeTypes.TEXT) return /\p{L}/u.test(node.content) ? [node.content.trim()] : []
  if (node.type !== NodeTypes.ELEMENT) return []
  const attributes = node.props.flatMap((prop) =>
    prop.type === NodeTypes.ATTRIBUTE && SPOKEN.has(prop.name) && /\p{L}/u.test(prop.value?.content ?? '')
      ? [`${prop.name}="${prop.value?.content ?? ''}"`]
      : [],
  )
  return [...attributes, ...node.children.flatMap(literals)]
}

describe('templates', () => {
  it.each(sources.filter((file) => file.endsWith('.vue')).map((file) => file.slice(ROOT.length + 1)))(
    '%s holds no word of its own',
    (file) => {
      const template = parseComponent(readFileSync(join(ROOT, file), 'utf8')).descriptor.template?.content ?? ''
      expect(parseTemplate(template).children.flatMap(literals)).toEqual([])
    },
  )
})
