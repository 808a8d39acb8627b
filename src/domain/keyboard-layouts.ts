/** The same keys on the Latin and the Russian keyboard layout, in the same order. */
export const LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
export const RUSSIAN_KEYS = 'ёйцукенгшщзхъфывапролджэячсмитьбю'
