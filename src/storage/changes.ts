/** What this window changed in database `terminal`, told to the other windows of the till: what they show is read again. */

export interface Changes {
  /** Says after a write that `topic` (the key of a record, `catalog`, `parked`) is another now. */
  tell(topic: string): void
  /** Hears what other windows changed, never this one. */
  listen(listener: (topic: string) => void): void
}

export function createChanges(channel: Pick<BroadcastChannel, 'postMessage' | 'onmessage'>): Changes {
  return {
    tell: (topic) => {
      channel.postMessage(topic)
    },
    listen(listener) {
      channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        listener(String(data))
      }
    },
  }
}
