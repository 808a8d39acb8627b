/** The pairing dialog with its words, fetched when somebody opens it. */
import { loadPart } from '../../i18n/i18n.ts'
import { fetchedComponent } from '../common/fetched.ts'

export const LazyPairDialog = fetchedComponent(async () => {
  const [dialog] = await Promise.all([import('./PairDialog.vue'), loadPart('office')])
  return dialog.default
})
