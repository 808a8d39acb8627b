import type { RestMessages } from '../schema.ts'

export const rest: RestMessages = {
  queue: {
    title: 'Очередь',
  },
}
