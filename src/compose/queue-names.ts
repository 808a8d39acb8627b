/** Names that the queue of a device and the setup share. */

/** Where a key waits that was typed in the setup while the device's own was bound to a request in doubt. */
export const pendingKeyName = (deviceId: string): string => `pending-key:${deviceId}`

/** Channel over which all windows of one queue talk. */
export const queueChannelName = (ledger: string, deviceId: string): string => `queue:${ledger}:${deviceId}`
