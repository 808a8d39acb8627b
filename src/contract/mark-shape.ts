/** The letters before the running number of a mark: one to three capitals or digits, the first a letter. */
const CAPITAL = 'A-ZА-ЯЁӘІҢҒҮҰҚӨҺ'

/** Source of a regular expression with the flag `u`, to be put into others. */
export const PREFIX_SHAPE = `[${CAPITAL}][${CAPITAL}0-9]{0,2}`
export const MARK_PREFIX = new RegExp(`^${PREFIX_SHAPE}$`, 'u')
