/**
 * The machine's steps that an ordinary sale doesn't take: cards, cash in and out, reports, prints, the end of a shift, a
 * person's answers, and the device's own list where a receipt is in doubt. One piece, fetched once the first screen
 * stands, or when one of them is due (effect `load`).
 */
export { stepBank } from './bank-leg.ts'
export { stepCash } from './cash.ts'
export { answerEntry } from './question-answers.ts'
export { proveWithoutShift } from './first-shift.ts'
export { stepPrintout } from './printouts.ts'
export { readList, reconcileAll } from './reconcile.ts'
export { reconcileTaken } from './takeover.ts'
export { beginShiftClose, stepShiftClose } from './shift-close.ts'
