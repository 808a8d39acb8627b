/** Names for iiko's ids, with the fallback for lists that the server didn't give. */

const SHORT_ID_LENGTH = 8

/** Enough of an id to tell two rows apart and to read it out to a support line. */
function shortId(id: string): string {
  return id.length <= SHORT_ID_LENGTH ? id : `${id.slice(0, SHORT_ID_LENGTH)}…`
}

/** Name of `id` in a list of `iikoNamesSchema`; the shortened id where there is none; null for no id. */
export function nameOrShortId(
  rows: readonly { readonly id: string; readonly name: string }[],
  id: string | null,
): string | null {
  if (id === null) return null
  return rows.find((row) => row.id === id)?.name ?? shortId(id)
}
