/** Whether the browser has this database; true where it doesn't tell, for looking is then the only way to know. */
export async function exists(name: string): Promise<boolean> {
  if (typeof indexedDB.databases !== 'function') return true
  return (await indexedDB.databases()).some((database) => database.name === name)
}
