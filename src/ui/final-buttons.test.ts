/** No button that can't be taken back forgets to say so: `final` is what keeps a tap from it that was meant for another. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = join(import.meta.dirname, '..')

/** Red, but only opens a dialog that asks. */
const OPENERS = ['return']
/** Registers, answers, prints, removes or throws away; what is red is looked for by itself. */
const FINAL = [
  'pay-confirm',
  'next-sale',
  'card-again',
  'card-other',
  'card-give-up',
  'card-yes',
  'card-no',
  'card-leave',
  'charged-pay',
  'charged-terminal',
  'charged-cash',
  'bank-close-day-confirm',
  'cash-save',
  'z-confirm',
  'z-done',
  'shift-x',
  'take-over',
  'register-take-confirm',
  'lock-off-confirm',
  'reprint',
  'setup-insist',
  'update-apply',
  'backup-apply',
  'csv-import',
  'item-save',
  'item-restore',
  'cashier-save',
  'cashier-remove',
  'iiko-save',
  'leave-confirm',
  'draft-drop',
]

const templates = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.vue'))
  .map((path) => readFileSync(join(SRC, path), 'utf8'))
/** Opening tags of buttons; an arrow in a handler doesn't end one. */
const buttons = templates.flatMap((text) => text.match(/<UiButton(?:=>|"[^"]*"|[^>"])*>/g) ?? [])
const testid = (tag: string): string => /data-testid="([^"]+)"/.exec(tag)?.[1] ?? tag
const isFinal = (tag: string): boolean => /\sfinal(?=[\s>])/.test(tag)

describe('buttons that can’t be taken back', () => {
  it('are final where they are red', () => {
    const forgotten = buttons.filter((tag) => tag.includes('variant="danger"') && !isFinal(tag)).map(testid)
    expect(forgotten.filter((id) => !OPENERS.includes(id))).toEqual([])
  })

  it.each(FINAL)('%s is final', (id) => {
    const found = buttons.filter((tag) => testid(tag) === id)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((tag) => !isFinal(tag))).toEqual([])
  })
})
