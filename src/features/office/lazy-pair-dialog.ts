/** The pairing dialog with its words, fetched when somebody opens it. */
import { defineAsyncComponent } from 'vue'
import { loadPart } from '../../i18n/i18n.ts'

export const LazyPairDialog = defineAsyncComponent(async () => {
  const [dialog] = await Promise.all([import('./PairDialog.vue'), loadPart('office')])
  return dialog.default
})
