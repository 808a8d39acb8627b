/** Classes of the eight colour marks; a category keeps its place's colour while the catalogue keeps its order. */
export const MARKS = ['mark-0', 'mark-1', 'mark-2', 'mark-3', 'mark-4', 'mark-5', 'mark-6', 'mark-7'] as const
