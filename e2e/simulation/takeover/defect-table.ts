/** Deliberate defects of a takeover, as patches of its source: each has to be noticed by some history. */
import type { Patch } from '../patched.ts'

export interface TakeoverDefect {
  readonly name: string
  readonly patches: readonly Patch[]
}

const TAKEOVER = 'takeover.ts'

const one = (name: string, file: string, find: string, put: string): TakeoverDefect => ({
  name,
  patches: [{ file, find, put }],
})

export const TAKEOVER_DEFECTS: readonly TakeoverDefect[] = [
  one(
    'what the server knows as queued is sent blindly',
    TAKEOVER,
    "    case 'registration':\n",
    "    case 'registration':\n      if (entry.state === 'queued') return entry\n",
  ),
  one(
    'cash that waited is sent blindly',
    TAKEOVER,
    "    case 'deposit':\n",
    "    case 'deposit':\n      if (entry.state === 'queued') return entry\n",
  ),
  one(
    'a report that may be on paper is printed without a question',
    TAKEOVER,
    "    case 'xReport':\n",
    "    case 'xReport':\n      return entry\n",
  ),
  one('the order of the receipts is not looked at', TAKEOVER, 'if (alone && inOrder)', 'if (alone)'),
  one(
    'a receipt that was recognised is taken for a further one',
    TAKEOVER,
    'behind.filter(({ cheque }) => !known.has(cheque.number))',
    'behind',
  ),
  one(
    'the track that the lost tablet was about to use is not looked up',
    TAKEOVER,
    '...further, ...(next ? [next] : [])',
    '',
  ),
  one(
    'a track that was only planned is not looked up',
    TAKEOVER,
    '...leg.attempts.map(started), ...further, ...(next ? [next] : [])',
    '...(leg.attempts.length === 0 && next ? [next] : leg.attempts)',
  ),
  one(
    'a receipt whose card was paid goes out without a look at the register',
    'types.ts',
    '  if (entry.taken) return true\n',
    '',
  ),
  one('what was decided stays in doubt', 'audit.ts', '    ...(entry.taken && { taken: null }),\n', ''),
]
