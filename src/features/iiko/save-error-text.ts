/** What iiko refused in a document, in words; a code that no document names is shown as it came. */
import { IIKO_SAVE_ERROR_CODES, type IikoSaveError } from '../../contract/iiko.ts'
import { text } from '../../i18n/use-text.ts'
import { shortId } from './use-iiko-names.ts'

/** Names that the server writes for its empty fields (source 002, sample of a failed import). */
const FIELDS = ['account', 'accountShortage', 'counteragentShortage', 'accountSurplus', 'counteragentSurplus'] as const

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i

/** `named` turns an id into a name and gives null where it knows none. */
export function saveErrorText(error: IikoSaveError, named: (id: string) => string | null): string {
  const code = IIKO_SAVE_ERROR_CODES.find((known) => known === error.code)
  const words = code === undefined ? error.code : text(`saveError.${code}`)
  const { value } = error
  if (value === null || value === '') return words
  const field = FIELDS.find((known) => known === value)
  const shown =
    field === undefined
      ? (named(value) ?? (UUID.test(value) ? shortId(value) : value))
      : text(`acceptance.emptyFields.${field}`)
  return `${words} ${text('acceptance.badValue', { value: shown })}`
}
