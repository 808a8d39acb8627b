/** The help is read now and then: fetched with its words when it is asked for. */
import { loadPart } from '../../i18n/i18n.ts'
import { fetchedComponent } from './fetched.ts'

export const LazyHelpDialog = fetchedComponent(async () => {
  const [dialog] = await Promise.all([import('./HelpDialog.vue'), loadPart('help'), loadPart('guide')])
  return dialog
})
