/** Finds an icon's drawing: those of the sale are there, the others are fetched when the first of them is shown. */
import { shallowRef } from 'vue'
import { SALE_ICONS } from './icon-paths.ts'
import type { LATER_ICONS } from './later-icons.ts'

export type IconName = keyof typeof SALE_ICONS | keyof typeof LATER_ICONS

const later = shallowRef<Readonly<Record<string, string>>>({})
let asked = false

function ask(): void {
  asked = true
  import('./later-icons.ts').then(
    ({ LATER_ICONS: all }) => (later.value = all),
    () => (asked = false),
  )
}

/** The path of the drawing, empty until it has come and for a name that none has. */
export function iconPath(name: string): string {
  const path = (SALE_ICONS as Readonly<Record<string, string>>)[name] ?? later.value[name]
  if (path === undefined && !asked) ask()
  return path ?? ''
}
