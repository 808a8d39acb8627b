import { describe, expect, it } from 'vitest'
import { codeRow } from './codes.ts'
import { errorTextsEn } from './error-texts-en.ts'
import { errorTextsKk } from './error-texts-kk.ts'
import { errorTextsRu } from './error-texts-ru.ts'
import { describeOutcome, errorTextId } from './errors.ts'

/** Chapter 11.1 of the document. */
const CODES = [-1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14, -15, -16, -17, -18, -99, -100]

/** Chapter 11.2 of the document: reason phrase and body. */
const PAIRS = `
  no-web-api-key-provided -7
  incorrect-web-api-key -1
  ikkm-is-blocked -100
  check-external-printer -6
  check-printer-or-batt -6
  sale-param-error -9
  buy-param-error -9
  saleRet-param-error -9
  buyRet-param-error -9
  check-all-params -7
  payment-params-missed -7
  cache-param-error -7
  bank-param-error -7
  tara-param-error -7
  credit-param-error -7
  cache-not-in-range -7
  bank-not-in-range -7
  tara-not-in-range -7
  credit-not-in-range -7
  sale-lq-one -7
  sale-hq-20mil -7
  cash-lq-sale -10
  bank-hq-sale -10
  tara-hq-sale -10
  credit-hq-sale -10
  bank-tara-credit-hq-sale -13
  no-cache-hq-sale -13
  no-mixed-payment-allowed -13
  change-not-allowed -13
  tax-invlid-num -14
  tax-not-found -14
  cash-lq-tax -12
  no-cash-in-pos -15
  internal-error -99
  wrong-cashier -11
  shift-gt-24h -3
  no-last-document -7
  print-lines-parse-error -7
  only-master-cashier -16
  payment-params-missed -7
  cache-param-error -9
  cache-not-in-range -9
  shift-gt-7days -3
  incorrect-method -8
  unknown-error -99
`
  .trim()
  .split('\n')
  .map((row) => row.trim().split(' '))
  .map(([reason = '', code = '']) => ({ reason, code: Number(code) }))

const ERROR_TEXTS = { ru: errorTextsRu, kk: errorTextsKk, en: errorTextsEn } as const
const LANGUAGES = ['ru', 'kk', 'en'] as const

/** Sentences that belong to no answer of a register. */
const SILENCES = 'timeout network cut aborted relay html garbage empty status contradiction'.split(' ')
const RELAYS_OWN = ['notCarried', 'heldByTill', 'handedOn']

const describeCode = (code: number, reason: string, language: (typeof LANGUAGES)[number]) =>
  describeOutcome({ kind: 'code', code, reason }, ERROR_TEXTS[language])

describe('the error catalogue', () => {
  it('has a sentence for every code, every reason and every silence, and for nothing else', () => {
    expect(PAIRS).toHaveLength(45)
    const told = [
      ...CODES.map((code) => errorTextId(code, '')),
      ...PAIRS.map(({ code, reason }) => errorTextId(code, reason)),
    ]
    const wanted = new Set<string>([...told, 'undocumented', ...RELAYS_OWN, ...SILENCES])
    for (const language of LANGUAGES) expect(new Set(Object.keys(ERROR_TEXTS[language]))).toEqual(wanted)
  })

  it.each(LANGUAGES)('has a sentence and advice for each in %s, each its own, nothing left unfilled', (language) => {
    const seen = new Map<string, string>()
    for (const { code, reason } of [...CODES.map((code) => ({ code, reason: '' })), ...PAIRS]) {
      const { title, hint } = describeCode(code, reason, language)
      for (const sentence of [title, hint]) {
        expect(sentence.length, `${code} ${reason}`).toBeGreaterThan(9)
        expect(sentence).not.toMatch(/[{}]|undefined|null/)
      }
      expect(hint, `${code} ${reason}`).toMatch(/\.$/)
      expect(title).not.toBe(hint)
      const id = errorTextId(code, reason)
      expect(seen.get(id) ?? title).toBe(title)
      seen.set(id, title)
    }
  })

  it('is written in the language that it claims', () => {
    for (const [id, text] of Object.entries(ERROR_TEXTS.en)) {
      expect(`${text.title} ${text.hint}`, id).not.toMatch(/[а-яё]/i)
    }
    for (const [id, text] of Object.entries(ERROR_TEXTS.ru)) {
      expect(`${text.title} ${text.hint}`, id).not.toMatch(/[әғқңөұүһі]/i)
    }
    for (const [id, text] of Object.entries(ERROR_TEXTS.kk)) {
      expect(`${text.title} ${text.hint}`, id).toMatch(/[әғқңөұүһі]/i)
      expect(text.title, id).not.toBe(ERROR_TEXTS.ru[id as keyof typeof ERROR_TEXTS.ru].title)
    }
  })

  it('says a reason more exactly than its code, and falls back to the code for a reason that is not its own', () => {
    for (const { code, reason } of PAIRS) {
      if (reason !== 'ikkm-is-blocked') expect(errorTextId(code, ` ${reason} `)).toBe(reason)
      expect(errorTextId(code, 'no-such-reason')).toBe(codeRow(code).text)
      if (code !== -3) expect(errorTextId(code, 'shift-gt-24h')).toBe(codeRow(code).text)
    }
  })

  it('gives cache-param-error and cache-not-in-range their sentence under both of their codes', () => {
    for (const reason of ['cache-param-error', 'cache-not-in-range']) {
      expect([errorTextId(-7, reason), errorTextId(-9, reason)]).toEqual([reason, reason])
    }
  })

  it("shows the device's number and the tax authority's for a blocked device", () => {
    for (const language of LANGUAGES) {
      const { title } = describeCode(-137, 'ikkm-is-blocked', language)
      expect(title).toContain('-137')
      expect(title.replace('-137', '')).toContain('37')
    }
  })

  it('shows an undocumented code with its reason', () => {
    for (const language of LANGUAGES) {
      expect(describeCode(-25, 'new-$&-thing', language).title).toContain('-25 new-$&-thing')
    }
  })

  it.each(SILENCES)('has a sentence for the silence %s', (why) => {
    const outcome = { kind: 'unknown', why: why as 'timeout', sent: 'perhaps', detail: '' } as const
    for (const language of LANGUAGES) {
      expect(describeOutcome(outcome, ERROR_TEXTS[language]).title.length).toBeGreaterThan(9)
    }
  })
})
