/** `npm run lint`: what neither ESLint nor dependency-cruiser sees. Ends with 1 where something is wrong. */
import { join, relative } from 'node:path'
import { checkStyles, sheetsOfMain } from './styles.ts'

const SRC = join(import.meta.dirname, '../../src')
const faults = checkStyles(SRC, sheetsOfMain(join(SRC, 'main.ts')))
for (const { file, line, text } of faults) console.error(`${relative(process.cwd(), file)}:${line} ${text}`)
if (faults.length > 0) process.exit(1)
