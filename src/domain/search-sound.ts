/**
 * How a word sounds, roughly and in one alphabet: `kofe` and Кофе, `shubat` and Шұбат, `баурсак` and бауырсақ become the
 * same text. Coarse on purpose: what sounds alike is offered below what is written alike.
 */

/** Letters that sound like others, each above its sound: first the Cyrillic ones, then the Latin ones. */
const LETTERS = 'йыэщ' + 'abdefghjklmnopqrstuvwyz'
const SOUNDS = 'ииеш' + 'абдефгхжклмнопкрстуввиз'

/** Letters together that are one sound, and letters that are several sounds or none; the first that fits counts. */
const GROUPS: readonly (readonly [letters: string, sounds: string])[] = [
  ['я', 'иа'],
  ['ю', 'иу'],
  ['ь', ''],
  ['ъ', ''],
  ['shch', 'ш'],
  ['sch', 'ш'],
  ['sh', 'ш'],
  ['ch', 'ч'],
  ['ck', 'к'],
  ['ce', 'се'],
  // A Latin i is an и by now.
  ['cи', 'си'],
  ['cy', 'си'],
  ['c', 'к'],
  ['ts', 'ц'],
  ['zh', 'ж'],
  ['kh', 'х'],
  ['gh', 'г'],
  ['ph', 'ф'],
]

/** Two sounds that count as one: vowels that people write in two ways or leave out (бауыр, баур), and дж. */
const MERGED = ['иое', 'иее', 'уиу', 'джж']

const unitOf = (letter: string): number => letter.charCodeAt(0)
const unitsOf = (text: string): number[] => [...text].map(unitOf)

const A_CYRILLIC = 0x430
const LAST_CYRILLIC = 0x52f
const X = unitOf('x')
const W = unitOf('w')
const U = unitOf('у')
const VOWELS = 'аеиоу'
const X_FIRST = unitsOf('х')
const X_LATER = unitsOf('кс')

/** What a letter sounds like where it belongs to no group; 0 for itself. */
const alone = new Uint16Array(LAST_CYRILLIC + 1)
for (const [place, unit] of unitsOf(LETTERS).entries()) alone[unit] = SOUNDS.charCodeAt(place)

interface Group {
  readonly letters: string
  readonly sounds: readonly number[]
}
const startsWith = (first: number): Group[] =>
  GROUPS.filter(([letters]) => unitOf(letters) === first).map(([letters, sounds]) => ({
    letters,
    sounds: unitsOf(sounds),
  }))
/** Groups by their first letter; most letters have none. */
const groups = Array.from({ length: LAST_CYRILLIC + 1 }, (_, unit) => startsWith(unit))

/** Pairs whose second sound this is, each with what they become. */
const mergedBy = (second: number) =>
  MERGED.filter((pair) => pair.charCodeAt(1) === second).map(
    (pair) => [pair.charCodeAt(0), pair.charCodeAt(2)] as const,
  )
const merged = Array.from({ length: LAST_CYRILLIC + 1 }, (_, unit) => mergedBy(unit))

const isLetter = (unit: number): boolean => unit >= A_CYRILLIC && unit <= LAST_CYRILLIC

/** Letters whose sound is looked at: more than any name that a person reads. */
const LONGEST = 2_000
/** Texts are put together here: a letter has two sounds at most. */
const units = new Uint16Array(2 * LONGEST)
let used = 0

function add(sound: number): void {
  if (used > 0 && isLetter(sound)) {
    const last = units[used - 1] ?? 0
    if (last === sound) return
    for (const [first, both] of merged[sound] ?? []) {
      if (first !== last) continue
      used--
      add(both)
      return
    }
  }
  units[used++] = sound
}

function addAll(sounds: readonly number[]): void {
  for (const sound of sounds) add(sound)
}

function groupAt(text: string, at: number, unit: number): Group | null {
  for (const group of groups[unit] ?? []) if (text.startsWith(group.letters, at)) return group
  return null
}

/** The sound of a text that is folded (`foldText`): Cyrillic letters, digits and what stands between words. */
export function soundOf(folded: string): string {
  used = 0
  const end = Math.min(folded.length, LONGEST)
  for (let at = 0; at < end; at++) {
    const unit = folded.charCodeAt(at)
    const last = used > 0 ? (units[used - 1] ?? 0) : 0
    const group = groupAt(folded, at, unit)
    if (group !== null) {
      addAll(group.sounds)
      at += group.letters.length - 1
    } else if (unit === X) {
      // Xалва begins with it as Latin letters write Kazakh, Twix ends with it.
      addAll(isLetter(last) ? X_LATER : X_FIRST)
    } else if (unit === W && VOWELS.includes(String.fromCharCode(last))) add(U)
    else add((alone[unit] ?? 0) || unit)
  }
  return String.fromCharCode.apply(null, units.subarray(0, used) as unknown as number[])
}
