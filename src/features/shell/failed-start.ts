/** The screen of a terminal that couldn't start: what is wrong in every language, and the way on. Fetched for that alone. */
import { loadPart, LOCALES, setLocale } from '../../i18n/i18n.ts'
import { text } from '../../i18n/use-text.ts'
import { reportError } from '../common/error-report.ts'
import { startCause } from './start-cause.ts'

/** Shows it in `place`. Which language the person reads isn't known: none was read. */
export async function showFailedStart(error: unknown, place: Element): Promise<void> {
  const cause = startCause(error, { secure: isSecureContext, hasStorage: hasStorage() })
  const number = cause === 'defect' ? (await reportError(error, 'start')).number : null
  const shown = document.createElement('main')
  shown.className = 'failed-start'
  shown.dataset.testid = 'failed-start'
  shown.dataset.cause = cause
  for (const locale of LOCALES) {
    await setLocale(locale)
    await loadPart('dialogs')
    const part = document.createElement('section')
    part.lang = locale
    part.setAttribute('role', 'alert')
    const title = document.createElement('h1')
    title.textContent = text('failure.title')
    const words = document.createElement('p')
    words.textContent = text(`start.${cause}`, { number: number ?? 0, address: `https://${location.hostname}` })
    part.append(title, words, wayOn(cause === 'insecure'))
    shown.append(part)
  }
  place.replaceChildren(shown)
}

function wayOn(toHttps: boolean): HTMLElement {
  if (toHttps) {
    const link = document.createElement('a')
    link.href = location.href.replace(/^http:/, 'https:')
    link.textContent = text('start.openSecure')
    return link
  }
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = text('attention.reloadAction')
  button.addEventListener('click', () => location.reload())
  return button
}

/** Some browsers throw where others have nothing. */
function hasStorage(): boolean {
  try {
    return typeof indexedDB === 'object' && indexedDB !== null
  } catch {
    return false
  }
}
