import { describe, expect, it } from 'vitest'
import { ERROR_TEXTS } from './error-texts.ts'
import { classifyCode, describeOutcome, ERROR_CATALOGUE, taxCommitteeCode } from './errors.ts'

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

const LANGUAGES = ['ru', 'kk', 'en'] as const

const describeCode = (code: number, reason: string, language: (typeof LANGUAGES)[number]) =>
  describeOutcome({ kind: 'code', code, reason }, ERROR_TEXTS[language])

describe('the error catalogue', () => {
  it('knows every code and every pair of the document, and no other', () => {
    expect(PAIRS).toHaveLength(45)
    const known = ERROR_CATALOGUE.map(({ code, reason }) => `${code} ${reason ?? ''}`)
    const documented = [...CODES.map((code) => `${code} `), ...PAIRS.map(({ code, reason }) => `${code} ${reason}`)]
    expect(new Set(known)).toEqual(new Set(documented))
  })

  it.each(LANGUAGES)('has a sentence and advice for each in %s, each its own, nothing left unfilled', (language) => {
    const seen = new Map<string, string>()
    for (const { code, reason, text } of ERROR_CATALOGUE) {
      const { title, hint, money } = describeCode(code, reason ?? '', language)
      for (const sentence of [title, hint, money]) {
        expect(sentence.length, `${code} ${reason}`).toBeGreaterThan(9)
        expect(sentence).not.toMatch(/[{}]|undefined|null/)
      }
      expect(hint, `${code} ${reason}`).toMatch(/\.$/)
      expect(title).not.toBe(hint)
      expect(seen.get(text) ?? title).toBe(title)
      seen.set(text, title)
    }
  })

  it('is written in the language that it claims', () => {
    for (const [id, text] of Object.entries(ERROR_TEXTS.en.texts)) {
      expect(`${text.title} ${text.hint}`, id).not.toMatch(/[а-яё]/i)
    }
    for (const [id, text] of Object.entries(ERROR_TEXTS.ru.texts)) {
      expect(`${text.title} ${text.hint}`, id).not.toMatch(/[әғқңөұүһі]/i)
    }
    for (const [id, text] of Object.entries(ERROR_TEXTS.kk.texts)) {
      expect(`${text.title} ${text.hint}`, id).toMatch(/[әғқңөұүһі]/i)
      expect(text.title, id).not.toBe(ERROR_TEXTS.ru.texts[id as keyof typeof ERROR_TEXTS.ru.texts].title)
    }
  })

  it('says a reason more exactly than its code, without letting it change what happened to the money', () => {
    for (const { code, reason } of PAIRS) {
      expect(classifyCode(code, reason)).toMatchObject({ code, reason })
      const { money, action } = classifyCode(code, '')
      expect(classifyCode(code, reason)).toMatchObject({ money, action })
      expect(classifyCode(code, 'shift-gt-24h')).toMatchObject({ code, money, action })
    }
  })

  it('tells the two codes of cache-param-error and cache-not-in-range apart', () => {
    for (const reason of ['cache-param-error', 'cache-not-in-range']) {
      expect(classifyCode(-7, reason)).toMatchObject({ code: -7, reason })
      expect(classifyCode(-9, reason)).toMatchObject({ code: -9, reason })
    }
  })

  it.each([
    [-1, 'unknown', 'askKey'],
    [-2, 'nothing', 'wait'],
    [-3, 'nothing', 'closeShift'],
    [-4, 'nothing', 'restoreLink'],
    [-5, 'probe', 'charge'],
    [-6, 'probe', 'askPaper'],
    [-7, 'nothing', 'park'],
    [-8, 'nothing', 'park'],
    [-9, 'nothing', 'park'],
    [-10, 'nothing', 'park'],
    [-11, 'nothing', 'changeCashier'],
    [-12, 'nothing', 'park'],
    [-13, 'nothing', 'park'],
    [-14, 'nothing', 'park'],
    [-15, 'nothing', 'park'],
    [-16, 'nothing', 'seniorCashier'],
    [-17, 'nothing', 'park'],
    [-18, 'nothing', 'releaseLock'],
    [-99, 'unknown', 'readLog'],
    [-100, 'nothing', 'unblock'],
    [-137, 'nothing', 'unblock'],
    [-199, 'nothing', 'unblock'],
    [-200, 'unknown', 'recover'],
    [-25, 'unknown', 'recover'],
  ])('code %i: %s was done with the money, the terminal will %s', (code, money, action) => {
    expect(classifyCode(code, '')).toMatchObject({ money, action })
  })

  it("shows the device's number and the tax authority's for a blocked device", () => {
    expect(taxCommitteeCode(-137)).toBe(37)
    expect(taxCommitteeCode(-99)).toBeNull()
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

  it('has a sentence for every silence, and knows when nothing was sent', () => {
    const whys = [
      'timeout',
      'network',
      'cut',
      'aborted',
      'relay',
      'html',
      'garbage',
      'empty',
      'status',
      'contradiction',
    ]
    for (const why of whys as ['timeout']) {
      const outcome = { kind: 'unknown', why, detail: '' } as const
      const { ru } = ERROR_TEXTS
      expect(describeOutcome({ ...outcome, sent: 'perhaps' }, ru)).toMatchObject({
        effect: 'unknown',
        action: 'recover',
      })
      expect(describeOutcome({ ...outcome, sent: 'never' }, ru)).toMatchObject({ money: ru.money.nothing })
      expect(describeOutcome({ ...outcome, sent: 'perhaps' }, ru).title.length).toBeGreaterThan(9)
    }
  })
})
