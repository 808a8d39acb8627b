/** Where a key waits that was typed in the setup until the queue of that device takes it. */
export const pendingKeyName = (deviceId: string): string => `pending-key:${deviceId}`
