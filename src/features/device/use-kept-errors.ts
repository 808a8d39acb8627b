/** What went wrong in the program itself, for a screen that shows it. */
import { onMounted, shallowRef, type ShallowRef } from 'vue'
import { keptErrors } from '../common/error-report.ts'
import type { KeptError } from '../common/error-ring.ts'

/** The kept errors, the newest first: none while they are read, and none where they can't be read. */
export function useKeptErrors(): Readonly<ShallowRef<readonly KeptError[]>> {
  const errors = shallowRef<readonly KeptError[]>([])
  onMounted(async () => {
    errors.value = await keptErrors().catch(() => [])
  })
  return errors
}
