/** Words of the screens outside the selling path; loaded with the first of them. */
export const rest = {
  queue: {
    title: 'Очередь',
  },
} as const
