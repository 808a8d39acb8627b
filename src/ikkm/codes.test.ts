import { describe, expect, it } from 'vitest'
import { dialogs as en } from '../i18n/en/dialogs.ts'
import { dialogs as kk } from '../i18n/kk/dialogs.ts'
import { dialogs as ru } from '../i18n/ru/dialogs.ts'
import {
  codeRow,
  concernsAnyRequest,
  HANDED_ON,
  HELD_BY_TILL,
  isCodeOf,
  isRelaysOwn,
  NOT_CARRIED,
  OTHER_HOST,
  stepFor,
  taxCommitteeCode,
  type CodeClass,
  type MoneyEffect,
  type QueueStep,
} from './codes.ts'
import { errorTextsEn } from './error-texts-en.ts'
import { errorTextsKk } from './error-texts-kk.ts'
import { errorTextsRu } from './error-texts-ru.ts'

type Expected = readonly [code: number, about: CodeClass, money: MoneyEffect, step: QueueStep]

/** Chapter 11.1 of the document, line by line, and what the terminal does (docs/protocol.md, "Error codes"). */
const DOCUMENT: readonly Expected[] = [
  [-1, 'key', 'unknown', 'askKey'],
  [-2, 'busy', 'nothing', 'wait'],
  [-3, 'shift', 'nothing', 'closeShift'],
  [-4, 'register', 'nothing', 'fix'],
  [-5, 'register', 'probe', 'fix'],
  [-6, 'register', 'probe', 'fix'],
  [-7, 'request', 'nothing', 'refuse'],
  [-8, 'request', 'nothing', 'refuse'],
  [-9, 'request', 'nothing', 'refuse'],
  [-10, 'receipt', 'nothing', 'refuse'],
  [-11, 'cashier', 'nothing', 'fix'],
  [-12, 'receipt', 'nothing', 'refuse'],
  [-13, 'receipt', 'nothing', 'refuse'],
  [-14, 'receipt', 'nothing', 'refuse'],
  [-15, 'receipt', 'nothing', 'refuse'],
  [-16, 'rights', 'nothing', 'fix'],
  [-17, 'receipt', 'nothing', 'refuse'],
  [-18, 'host', 'nothing', 'fix'],
  [-99, 'internal', 'unknown', 'doubt'],
  ...Array.from({ length: 100 }, (_, index): Expected => [-100 - index, 'register', 'nothing', 'fix']),
]

/** What our own relay says in the register's place: nothing was sent. */
const RELAY: readonly Expected[] = [
  [NOT_CARRIED, 'carrier', 'nothing', 'refuse'],
  [HELD_BY_TILL, 'till', 'nothing', 'unsend'],
  [HANDED_ON, 'till', 'nothing', 'unsend'],
]

const ALL = [...DOCUMENT, ...RELAY]
const LANGUAGES = { ru: [ru.fix, errorTextsRu], kk: [kk.fix, errorTextsKk], en: [en.fix, errorTextsEn] } as const

describe('the table of codes', () => {
  it.each(ALL)(
    '%i speaks of %s: %s was done with the money, and the queue takes the step %s',
    (code, about, money, step) => {
      expect(codeRow(code)).toMatchObject({ class: about, money, step })
      expect(codeRow(code).text).not.toBe('undocumented')
    },
  )

  it('takes every other code for an unknown outcome: nothing is concluded from it', () => {
    const known = new Set(ALL.map(([code]) => code))
    for (let code = -1; code >= -1100; code -= 1) {
      if (known.has(code)) continue
      expect(codeRow(code), String(code)).toMatchObject({ class: 'internal', money: 'unknown', step: 'doubt' })
      expect(codeRow(code).text).toBe('undocumented')
    }
  })

  it('lets no code be refused for good, or sent anew, that may have been executed', () => {
    for (let code = -1; code >= -1100; code -= 1) {
      const { money, step } = codeRow(code)
      if (money === 'unknown') expect(['askKey', 'doubt'], String(code)).toContain(step)
      if (step === 'refuse' || step === 'unsend') expect(money, String(code)).toBe('nothing')
    }
  })

  it.each(['ru', 'kk', 'en'] as const)(
    'has words for every row in %s: sentences of its own, and a cause',
    (language) => {
      const [causes, texts] = LANGUAGES[language]
      const titles = new Set<string>()
      for (const [code] of ALL) {
        const { text, cause } = codeRow(code)
        expect(texts[text].title.length, String(code)).toBeGreaterThan(9)
        expect(texts[text].hint.length, String(code)).toBeGreaterThan(9)
        titles.add(texts[text].title)
        expect(causes[cause.slice('fix.'.length) as keyof typeof causes], `${code} ${cause}`).toMatch(/\S{3}/)
      }
      expect(titles.size).toBe(DOCUMENT.length - 99 + RELAY.length)
    },
  )

  it('has no cause in words that no code gives', () => {
    const given = new Set(ALL.map(([code]) => codeRow(code).cause.slice('fix.'.length)))
    for (const [causes] of Object.values(LANGUAGES)) expect(new Set(Object.keys(causes))).toEqual(given)
  })

  it('names a cause of its own for whatever stops the queue until a person puts it right', () => {
    for (const [code, , , step] of DOCUMENT) {
      if (step === 'fix' || step === 'closeShift' || code === -99) expect(codeRow(code).cause).not.toBe('fix.other')
    }
  })

  it("takes 100 off for the Tax Committee's own number", () => {
    expect([taxCommitteeCode(-100), taxCommitteeCode(-137), taxCommitteeCode(-199)]).toEqual([0, 37, 99])
    expect([taxCommitteeCode(-99), taxCommitteeCode(-200)]).toEqual([null, null])
  })

  it('knows which codes are no word about the request itself', () => {
    const any = ALL.map(([code]) => code).filter(concernsAnyRequest)
    expect(any).toEqual([-1, -2, OTHER_HOST, HELD_BY_TILL, HANDED_ON])
  })

  it('knows which were never the register’s word', () => {
    expect(ALL.map(([code]) => code).filter(isRelaysOwn)).toEqual(RELAY.map(([code]) => code))
  })

  it('reads a class off whatever came, and a step off a stored code', () => {
    expect(isCodeOf('rights', { kind: 'code', code: -16, reason: '' })).toBe(true)
    expect(isCodeOf('rights', { kind: 'code', code: -11, reason: '' })).toBe(false)
    expect([isCodeOf('key', { kind: 'ok' }), isCodeOf('key', null), isCodeOf('key', undefined)]).toEqual([
      false,
      false,
      false,
    ])
    expect([stepFor(-3), stepFor(null)]).toEqual(['closeShift', null])
  })
})
