/** What runs in every page of a walk: what is shown there is written down, and found for a finger. */

/** A hook that a person sees and could reach now. */
export interface Hook {
  readonly id: string
  readonly disabled: boolean
  readonly text: string
  readonly data: Readonly<Record<string, string>>
}

/** The result of a payment as it stood on the screen. */
export interface ShownResult {
  /** Counts the results that came onto this page. */
  readonly nth: number
  readonly state: string
  readonly numbers: readonly number[]
  readonly marks: readonly string[]
  readonly changeTiyn: number | null
  /** On the page's clock, ms. */
  readonly sinceMs: number
  /** When it left the screen; null while it stands. */
  readonly leftMs: number | null
}

export interface ShownLine {
  readonly name: string
  readonly tiyn: number
}

/** One look at a window. */
export interface Look {
  readonly path: string
  readonly hooks: readonly Hook[]
  readonly dialogs: number
  /** Something can be pressed or filled, in the innermost dialog where one is open. */
  readonly canGoOn: boolean
  /** What the bar says of what waits. */
  readonly waiting: number
  readonly lines: readonly ShownLine[]
  readonly title: string
  /** Name on the bar of whoever is signed in; empty for nobody. */
  readonly cashier: string
  /** The bar says that this is a demo. */
  readonly isDemo: boolean
  readonly results: readonly ShownResult[]
  readonly atMs: number
  /** What stands there when nothing can be done; else empty. */
  readonly words: string
}

/** A place on the screen, or why a finger can't get there. */
export type Place = { readonly x: number; readonly y: number } | { readonly problem: string }

export const PAGE_SIDE = `(() => {
  if (globalThis.__walk || window.top !== window) return
  const all = (selector, from = document) => [...from.querySelectorAll(selector)]
  const hook = (id) => '[data-testid="' + id + '"]'
  const clock = () => globalThis.__walkClock?.now() ?? Date.now()
  const results = []
  let current = null
  function watchResult() {
    const element = document.querySelector(hook('payment-result'))
    if (element === null || element === undefined) {
      if (current !== null) { current.leftMs = clock(); current = null }
      return
    }
    // A card's progress gives way to the receipt's result without a gap: one sale.
    if (current !== null) current.element = element
    else {
      current = { element, nth: results.length + 1, sinceMs: clock(), leftMs: null, state: '', numbers: [], marks: [], changeTiyn: null }
      results.push(current)
    }
    current.state = element.getAttribute('data-state') ?? ''
    const texts = all('.result-number', element).map((one) => one.textContent ?? '')
    current.numbers = all(hook('receipt-number'), element).map((one) => Number(one.getAttribute('data-number') ?? /\\d+/.exec(one.textContent)?.[0]))
    for (const text of texts) {
      const mark = /\\p{L}[\\p{L}\\d]{0,2}-\\d{4,}/u.exec(text)?.[0]
      if (mark !== undefined && !current.marks.includes(mark)) current.marks.push(mark)
    }
    const change = element.querySelector(hook('change'))?.getAttribute('data-tiyn')
    current.changeTiyn = change === null || change === undefined ? null : Number(change)
  }
  new MutationObserver(watchResult).observe(document, {
    subtree: true, childList: true, attributes: true, characterData: true,
    attributeFilter: ['data-state', 'data-number', 'data-tiyn'],
  })
  const visible = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0
  const topLayer = () => all('dialog[open]').filter((one) => one.matches(':modal') && visible(one)).at(-1) ?? null
  const reachable = (element, top) => (top === null ? element.closest('[inert]') === null : top.contains(element)) && visible(element)
  const isDisabled = (element) => element.disabled === true || element.getAttribute('aria-disabled') === 'true'
  function look() {
    watchResult()
    const top = topLayer()
    const hooks = all('[data-testid]').filter((one) => reachable(one, top)).map((one) => ({
      id: one.dataset.testid,
      disabled: isDisabled(one),
      text: String(one.matches('input, textarea') ? one.value : one.textContent).trim().slice(0, 120),
      data: { ...one.dataset },
    }))
    const isControl = (one) => !isDisabled(one) && reachable(one, top)
    const canGoOn = all('button, a[href], input, select, textarea', top ?? document).some(isControl)
    return {
      path: location.pathname,
      hooks,
      dialogs: all('dialog[open]').length,
      canGoOn,
      waiting: Number(document.querySelector(hook('queue-count'))?.dataset.count ?? '0'),
      lines: all(hook('cart-line')).map((one) => ({
        name: one.querySelector('.line-name')?.textContent?.trim() ?? '',
        tiyn: Number(one.dataset.tiyn),
      })),
      title: document.querySelector('.receipt-title')?.textContent?.trim() ?? '',
      isDemo: document.querySelector('.demo-mark') !== null,
      cashier: document.querySelector('.cashier-name')?.textContent?.trim() ?? '',
      results: results.map(({ element, ...rest }) => rest),
      atMs: clock(),
      words: canGoOn ? '' : (top ?? document.body).innerText.replaceAll(/\\s+/g, ' ').slice(0, 400),
    }
  }
  function find({ id, nth = 0, data = {}, selector = null }) {
    const top = topLayer()
    const wanted = all(selector ?? hook(id)).filter((one) => reachable(one, top) && Object.entries(data).every(([name, value]) => one.dataset[name] === value))
    return wanted.at(nth) ?? null
  }
  function place(wanted) {
    const element = find(wanted)
    if (element === null) return { problem: 'is not there' }
    if (isDisabled(element)) return { problem: 'is disabled' }
    element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' })
    const box = element.getBoundingClientRect()
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    const hit = document.elementFromPoint(x, y)
    if (hit === null || !(element.contains(hit) || hit.contains(element))) {
      return { problem: 'is covered by ' + (hit === null ? 'nothing' : hit.tagName + '.' + hit.className) }
    }
    return { x, y }
  }
  globalThis.__walk = { look, place, find }
})()`
