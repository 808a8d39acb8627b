import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { guide as guideEn } from '../../i18n/en/guide.ts'
import { help as helpEn } from '../../i18n/en/help.ts'
import { guide as guideKk } from '../../i18n/kk/guide.ts'
import { help as helpKk } from '../../i18n/kk/help.ts'
import { guide as guideRu } from '../../i18n/ru/guide.ts'
import { help as helpRu } from '../../i18n/ru/help.ts'
import { GUIDE_PARTS, HELP_TOPICS, topicOf } from './help-topics.ts'

const LANGUAGES = { ru: [helpRu, guideRu], kk: [helpKk, guideKk], en: [helpEn, guideEn] } as const
/** Shorter than this is no help. */
const LEAST = 20

/** Every path of the router that shows a screen: its pages themselves are nothing for a test of words. */
const screens = readFileSync(join(import.meta.dirname, '../../router.ts'), 'utf8')
  .split('\n')
  .filter((line) => !line.includes('redirect:'))
  .flatMap((line) => /\bpath: '([^']+)'/.exec(line)?.[1] ?? [])

describe.each(['ru', 'kk', 'en'] as const)('the help in %s', (language) => {
  const [{ help }, { guide }] = LANGUAGES[language]

  it.each(screens)('says what the screen at %s is for, and what to do when it is red', (path) => {
    const topic = topicOf(path)
    expect(topic, 'a new screen gets a topic in help-topics.ts and its words in help.ts').not.toBeNull()
    if (topic === null) return
    expect(help[topic].title).not.toBe('')
    expect(help[topic].what.length).toBeGreaterThan(LEAST)
    expect(help[topic].red.length).toBeGreaterThan(LEAST)
  })

  it('has what stands over a screen too', () => {
    for (const topic of HELP_TOPICS)
      expect(help[topic].what.length + help[topic].red.length, topic).toBeGreaterThan(2 * LEAST)
  })

  it('is the guide of docs/technician as well: run vitest with -u after a change of its words', async () => {
    const parts = GUIDE_PARTS.map((part) => {
      const { title, steps } = guide[part]
      const lines = steps.split('\n').map((step, index) => `${index + 1}. ${step.replaceAll('<', '\\<')}`)
      expect(lines.length, part).toBeGreaterThan(3)
      return `## ${title}\n\n${lines.join('\n')}\n`
    })
    await expect(`# ${help.guide}\n\n${guide.text}\n\n${parts.join('\n')}`).toMatchFileSnapshot(
      `../../../docs/technician.${language}.md`,
    )
  })
})

describe('every screen', () => {
  it('is found in the router', () => {
    expect(screens).toEqual(expect.arrayContaining(['/', '/setup', '/iiko/:id', '/atol/:serial']))
    expect(screens.length).toBeGreaterThan(14)
  })

  it('has a help of its own and not of the first', () => {
    for (const path of screens.filter((path) => path !== '/')) expect(topicOf(path), path).not.toBe('sale')
  })
})
