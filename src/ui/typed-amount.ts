/**
 * What a keypad types: text of digits with at most one comma. Pure, so that a keypad tap, a physical key and
 * a paste give the same text. What the text is worth is the business of whoever asked for it.
 */
import { computed, ref, type ComputedRef, type Ref } from 'vue'

export interface TypingRules {
  /** Digits after the comma; 0 takes no comma. */
  readonly decimals: number
  /** Digits before the comma. */
  readonly whole: number
}

export type TypedKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '00' | 'comma' | 'back' | 'clear'

const NARROW_SPACE = '\u202f'

function pressDigit(text: string, digit: string, rules: TypingRules): string {
  const [whole = '', fraction] = text.split(',')
  if (fraction !== undefined) return fraction.length < rules.decimals ? text + digit : text
  if (whole === '0') return digit
  return whole.length < rules.whole ? whole + digit : text
}

/** The text after one key. A digit that doesn't fit is ignored; a comma first becomes `0,`. */
export function pressKey(text: string, key: TypedKey, rules: TypingRules): string {
  switch (key) {
    case 'clear':
      return ''
    case 'back':
      return text.slice(0, -1)
    case 'comma':
      if (rules.decimals === 0 || text.includes(',')) return text
      return text === '' ? '0,' : `${text},`
    case '00':
      return text === '' ? '0' : pressDigit(pressDigit(text, '0', rules), '0', rules)
    default:
      return pressDigit(text, key, rules)
  }
}

/** The text after several typed or pasted characters; what is neither digit, comma nor dot is left out. */
export function typeText(text: string, characters: string, rules: TypingRules): string {
  let result = text
  for (const character of characters) {
    if (character === ',' || character === '.') result = pressKey(result, 'comma', rules)
    else if (character >= '0' && character <= '9') result = pressKey(result, character as TypedKey, rules)
  }
  return result
}

/** `10000,5` as `10 000,5` with narrow no-break spaces. */
export function groupTyped(text: string): string {
  const [whole = '', fraction] = text.split(',')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE)
  return fraction === undefined ? grouped : `${grouped},${fraction}`
}

export interface TypedAmount {
  readonly text: Ref<string>
  readonly grouped: ComputedRef<string>
  readonly rules: TypingRules
  press(key: TypedKey): void
  type(characters: string): void
  /** Fills in a proposal: the next digit replaces it instead of being added to it. */
  propose(text: string): void
  /** Remembers text and proposal as they are; the function that comes back puts them back. */
  remember(): () => void
}

/** One number being typed. `initial` is a proposal (see `propose`). */
export function useTypedAmount(rules: TypingRules, initial = ''): TypedAmount {
  const text = ref(initial)
  const proposed = ref(initial !== '')

  function base(): string {
    const start = proposed.value ? '' : text.value
    proposed.value = false
    return start
  }

  return {
    text,
    grouped: computed(() => groupTyped(text.value)),
    rules,
    press(key) {
      text.value = pressKey(key === 'back' ? ((proposed.value = false), text.value) : base(), key, rules)
    },
    type(characters) {
      text.value = typeText(base(), characters, rules)
    },
    propose(value) {
      text.value = value
      proposed.value = value !== ''
    },
    remember() {
      const before = { text: text.value, proposed: proposed.value }
      return () => {
        text.value = before.text
        proposed.value = before.proposed
      }
    },
  }
}
