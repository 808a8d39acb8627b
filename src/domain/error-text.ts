/** What was thrown, in technical words: its name tells a full disk from a broken database. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

/** What a database throws when it is given something that it can't keep: a defect of ours, not of the disk. */
const OUR_FAULT: readonly string[] = ['DataCloneError', 'DataError', 'ConstraintError', 'TypeError']

/** Whether the browser's storage failed. Everything else that is thrown is a defect of the program. */
export function isStorageError(error: unknown): boolean {
  return error instanceof DOMException && !OUR_FAULT.includes(error.name)
}
