/** How an entry of another tablet looks here: what that tablet was still waiting for isn't waiting here. */
import { isSettled, type Entry } from '../../queue/types.ts'
import { journalLook } from '../common/entry-look.ts'

export function importedLook(entry: Entry): ReturnType<typeof journalLook> {
  return isSettled(entry) ? journalLook(entry) : { tone: 'neutral', icon: 'unknown', word: 'journal.unconfirmed' }
}
