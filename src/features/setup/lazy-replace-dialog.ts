/** The dialog for a lost tablet, with the words of what can fail at the server. */
import { loadPart } from '../../i18n/i18n.ts'
import { fetchedComponent } from '../common/fetched.ts'

export const LazyReplaceTillDialog = fetchedComponent(async () => {
  const [dialog] = await Promise.all([import('./ReplaceTillDialog.vue'), loadPart('office')])
  return dialog.default
})
