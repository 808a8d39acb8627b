import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkStyles, readSelectors, sheetsOfMain } from './styles.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** What the checker says of such files; `shared.css` comes with the first screen. */
function faultsOf(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'styles-'))
  folders.push(folder)
  for (const [name, text] of Object.entries({ 'shared.css': '', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return checkStyles(folder, [join(folder, 'shared.css')]).map(
    ({ file, text }) => `${file.slice(folder.length + 1)}: ${text}`,
  )
}

const style = (css: string) => `<style scoped>${css}</style>`
const script = (text: string) => `<script setup lang="ts">\n${text}\n</script>\n`

describe('where the looks of a component come from', () => {
  it('finds a class whose rules are in another component', () => {
    const found = faultsOf({
      'A.vue': `<template><p class="fine" /></template>${style('.fine { color: red }')}`,
      'B.vue': '<template><p class="fine" /></template>',
    })
    expect(found).toEqual(['B.vue: .fine has rules in A.vue'])
  })

  it('finds a class that has no rules at all', () => {
    expect(faultsOf({ 'A.vue': '<template><p class="nothing" /></template>' })).toEqual([
      'A.vue: .nothing has rules in no component',
    ])
  })

  it('knows the sheets of the first screen, and a sheet that several components name as theirs', () => {
    const shown = '<template><p class="list row" /></template><style scoped src="./row.css"></style>'
    const files = { 'A.vue': shown, 'B.vue': shown, 'row.css': '.row { color: red }' }
    expect(faultsOf({ ...files, 'shared.css': '@layer shared { .list { color: red } }' })).toEqual([])
    expect(faultsOf(files)).toEqual([
      'A.vue: .list has rules in no component',
      'B.vue: .list has rules in no component',
    ])
  })

  it('reads the classes of a bound expression, and not what is compared or asked', () => {
    const shown = `<template><p :class="[tone, { big: kind === 'small' }, has('old') ? 'hot' : '']" /></template>`
    expect(faultsOf({ 'A.vue': shown + style('.big { color: red }') })).toEqual([
      'A.vue: .hot has rules in no component',
    ])
  })

  it('finds a rule for an element of another component', () => {
    const child = `<template><div class="box"><i class="inner" /></div></template>${style('.box, .inner { color: red }')}`
    const parent = (css: string) =>
      `${script("import Child from './Child.vue'")}<template><Child class="mine" /></template>${style(`.mine { top: 0 } ${css}`)}`
    // The root of a child is the parent's too; what lies in it isn't.
    expect(faultsOf({ 'Child.vue': child, 'A.vue': parent('.mine.box { top: 0 }') })).toEqual([])
    expect(faultsOf({ 'Child.vue': child, 'A.vue': parent('.mine .inner { top: 0 }') })).toEqual([
      'A.vue: nothing in the template can be ".mine .inner"',
    ])
    expect(faultsOf({ 'Child.vue': child, 'A.vue': parent('.mine :deep(.inner) { top: 0 }') })).toEqual([])
  })

  it('finds a class for a component whose root takes none', () => {
    const child = `${script('defineOptions({ inheritAttrs: false })')}<template><div><input v-bind="$attrs" /></div></template>`
    const parent = `${script("import Child from './Child.vue'")}<template><Child class="mine" /></template>${style('.mine { top: 0 }')}`
    expect(faultsOf({ 'Child.vue': child, 'A.vue': parent })).toEqual([
      "A.vue: .mine doesn't reach the root of this component",
    ])
  })

  it('finds a style and a sheet that reach every screen', () => {
    const files = { 'A.vue': `${script("import './x.css'")}<template><p /></template><style>p { top: 0 }</style>` }
    expect(faultsOf({ ...files, 'x.css': '' })).toEqual([
      'A.vue: a style without `scoped` reaches every other screen',
      'A.vue: ./x.css would reach every other screen: <style scoped src="./x.css">',
    ])
  })
})

describe('selectors', () => {
  it('are read inside of conditions, and steps of an animation are none', () => {
    const css = '@media print { .a > .b:not(.c), .d { top: 0 } } @keyframes f { from { top: 0 } } .e .f { top: 0 }'
    expect(readSelectors(css).map(({ text, subject }) => [text, subject])).toEqual([
      ['.a > .b:not(.c)', ['b']],
      ['.d', ['d']],
      ['.e .f', ['f']],
    ])
  })
})

it('the sheets of the first screen are the ones that main.ts imports', () => {
  const main = join(import.meta.dirname, '../../src/main.ts')
  expect(sheetsOfMain(main).map((path) => path.slice(dirname(main).length))).toEqual([
    '/ui/tokens.css',
    '/ui/base.css',
    '/ui/shared.css',
  ])
})
