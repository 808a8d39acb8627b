/** A line in which tasks wait for their turn: one after another, or a few at once. */

export class LineFullError extends Error {}

export interface TaskLine {
  /** Runs the task when its turn comes. Rejects with LineFullError when too many wait already. */
  run<T>(task: () => Promise<T>): Promise<T>
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>
}

export function createTaskLine(width: number, maxWaiting: number): TaskLine {
  const waiting: (() => void)[] = []
  const onIdle: (() => void)[] = []
  let running = 0

  const next = () => {
    const start = waiting.shift()
    if (start !== undefined) start()
    else if (running === 0) for (const resolve of onIdle.splice(0)) resolve()
  }

  return {
    async run(task) {
      if (running >= width) {
        if (waiting.length >= maxWaiting) throw new LineFullError()
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
      running += 1
      try {
        return await task()
      } finally {
        running -= 1
        next()
      }
    },
    idle() {
      if (running === 0 && waiting.length === 0) return Promise.resolve()
      return new Promise((resolve) => onIdle.push(resolve))
    },
  }
}
