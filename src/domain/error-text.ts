/** What was thrown, in technical words: its name tells a full disk from a broken database. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
