/** The dialog that lies over everything: what is said meanwhile has to be said in it, because the rest takes no tap. */
import { shallowRef } from 'vue'

const open: HTMLElement[] = []

export const topDialog = shallowRef<HTMLElement | null>(null)

/** A modal dialog came over the others. */
export function dialogOpens(dialog: HTMLElement): void {
  open.push(dialog)
  topDialog.value = dialog
}

/** It is about to go. */
export function dialogCloses(dialog: HTMLElement): void {
  open.splice(open.indexOf(dialog), 1)
  topDialog.value = open.at(-1) ?? null
}
