/** Hands a file to the person: the browser's own download. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Chromium reads the blob after the click returns; one turn of the event loop later it holds its own reference.
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 0)
}
