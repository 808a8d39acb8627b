/**
 * What stood in the fields before a burst of keys. The first keys of a scan reach the focused field, because nothing
 * tells them from a person's yet; once they are known for a scan, the field gets back exactly what it had: its text,
 * its selection and, where it keeps a state of its own (`UiAmountField`), that state.
 */

/** Sent to the window before the first key of a burst arrives, and when that burst turned out to be a scan. */
const BURST_BEGINS = 'scan-burst'
const BURST_UNDONE = 'scan-undo'

type TextField = HTMLInputElement | HTMLTextAreaElement

interface FieldText {
  readonly field: TextField
  readonly value: string
  readonly from: number | null
  readonly to: number | null
}

/** Fields that answer the two events themselves. */
const OWN_MEMORY = '.amount-input'

function focusedText(): TextField | null {
  const element = document.activeElement
  const isText = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
  return isText && !element.matches(OWN_MEMORY) ? element : null
}

/** Sets the text past a framework's own view of the field, as typing would, and tells it so. */
function setText(field: TextField, value: string): void {
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value)
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'historyUndo' }))
}

export function createFieldMemory() {
  let before: FieldText | null = null
  return {
    /** A burst may begin: called before its first key reaches anything. */
    remember(): void {
      const field = focusedText()
      before = field === null ? null : { field, value: field.value, from: field.selectionStart, to: field.selectionEnd }
      window.dispatchEvent(new Event(BURST_BEGINS))
    },
    /** The burst was a scan: everything is as it was before. */
    restore(): void {
      window.dispatchEvent(new Event(BURST_UNDONE))
      if (before === null || before.field.value === before.value) return
      const { field, value, from, to } = before
      setText(field, value)
      // Fields for e-mail and the like know no selection.
      if (from !== null && to !== null) field.setSelectionRange(from, to)
    },
  }
}
