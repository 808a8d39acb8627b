import { categoryKey } from '../../domain/catalog.ts'

/** Classes of the eight colour marks. */
export const MARKS = ['mark-0', 'mark-1', 'mark-2', 'mark-3', 'mark-4', 'mark-5', 'mark-6', 'mark-7'] as const

/**
 * The place in `MARKS` of each category's colour, by category id. A colour comes from the category's name, so that it
 * stays when the catalogue is loaded anew or its order changes; while there are colours left, no two share one. `own`: what
 * the shop chose instead, by `categoryKey`; it changes no other category's.
 */
export function categoryMarks(
  categories: readonly { readonly id: string; readonly name: string }[],
  own: Readonly<Record<string, number>> = {},
): ReadonlyMap<string, number> {
  const used = new Set<number>()
  return new Map(
    categories.map(({ id, name }) => {
      let mark = [...name].reduce((sum, char) => sum + char.charCodeAt(0), 0) % MARKS.length
      while (used.size < MARKS.length && used.has(mark)) mark = (mark + 1) % MARKS.length
      used.add(mark)
      return [id, own[categoryKey(name)] ?? mark] as const
    }),
  )
}
