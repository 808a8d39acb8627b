/** The words of every screen that isn't the first: one file of the built app. */
export { atol } from './atol.ts'
export { cashiers } from './cashiers.ts'
export { catalog } from './catalog.ts'
export { iiko } from './iiko.ts'
export { office } from './office.ts'
export { rest } from './rest.ts'
export { shift } from './shift.ts'
