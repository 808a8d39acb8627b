/** What of a page can't be reached by a finger, looked at by geometry: runs in the page, one readable line a finding. */

/**
 * Every control of the topmost layer can be brought into view, is neither covered nor cut, and lies over no other one.
 * Self-contained, because it is sent to the page as its own text.
 */
export async function findUnreachable(): Promise<string[]> {
  // Drawn at its new size, and what follows that: another arrangement, rows that fit the new width, their movements.
  window.scrollTo(0, 0)
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame)
  const moving = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
  await Promise.allSettled(moving.map(({ finished }) => finished))

  const CONTROLS =
    'button, a[href], input:not([type="hidden"], [type="file"]), select, textarea, summary, [role="button"], [role="radio"], [role="switch"], [role="tab"]'
  /** Rounded to what a screen can draw. */
  const SLACK = 1.5
  interface Box {
    readonly left: number
    readonly top: number
    readonly right: number
    readonly bottom: number
  }

  const layer: Element = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body
  const found: string[] = []

  const nameOf = (element: Element): string => {
    const { testid, code } = (element as HTMLElement).dataset
    const words = (element.getAttribute('aria-label') ?? element.textContent).replace(/\s+/g, ' ').trim().slice(0, 40)
    const id = testid ?? element.className.toString().split(' ')[0] ?? element.tagName
    return `${id}${code === undefined ? '' : ` ${code}`} "${words}"`
  }
  /** What is around an element: the boxes that cut it, and whether it stays while others scroll. Siblings share it. */
  interface Around {
    readonly clips: readonly Element[]
    readonly floats: boolean
  }
  const known = new Map<Element, Around>()
  const around = (element: Element): Around => {
    const parent = element.parentElement
    if (parent === null) return { clips: [], floats: false }
    const cached = known.get(parent)
    if (cached !== undefined) return cached
    const above = parent === layer ? { clips: [], floats: false } : around(parent)
    const { overflowX, position } = getComputedStyle(parent)
    const result = {
      clips: overflowX === 'visible' ? above.clips : [parent, ...above.clips],
      floats: above.floats || position === 'fixed' || position === 'sticky',
    }
    known.set(parent, result)
    return result
  }
  /** The part of an element that is in sight where everything stands now. */
  const seen = (element: Element): Box => {
    const box = element.getBoundingClientRect()
    let { left, top, right, bottom } = box
    for (const above of around(element).clips) {
      const clip = above.getBoundingClientRect()
      left = Math.max(left, clip.left)
      top = Math.max(top, clip.top)
      right = Math.min(right, clip.right)
      bottom = Math.min(bottom, clip.bottom)
    }
    return { left, top, right: Math.min(right, innerWidth), bottom: Math.min(bottom, innerHeight) }
  }

  // Of many alike some tell enough.
  const ALIKE = 14
  const alike = new Map<string, number>()
  const controls = [...layer.querySelectorAll<HTMLElement>(CONTROLS)].filter((element) => {
    if (element.closest('.visually-hidden, .skip, .toasts, [inert], [aria-hidden="true"]') !== null) return false
    if (!element.checkVisibility({ visibilityProperty: true })) return false
    const { width, height } = element.getBoundingClientRect()
    if (width <= 1 || height <= 1) return false
    const kind = element.className.toString()
    alike.set(kind, (alike.get(kind) ?? 0) + 1)
    return (alike.get(kind) ?? 0) <= ALIKE
  })

  if (document.documentElement.scrollWidth > innerWidth + SLACK) found.push('the page is wider than the screen')

  // Two targets in one place: only where both are in sight at once.
  const boxes = controls.map((element) => ({ element, box: seen(element), floats: around(element).floats }))
  for (const [index, one] of boxes.entries()) {
    for (const other of boxes.slice(index + 1)) {
      if (one.floats !== other.floats || one.element.contains(other.element)) continue
      const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
      const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
      if (width > SLACK && height > SLACK) found.push(`${nameOf(one.element)} lies over ${nameOf(other.element)}`)
    }
  }

  for (const element of controls) {
    const before = seen(element)
    const size = element.getBoundingClientRect()
    const inSight = before.right - before.left > size.width - 1 && before.bottom - before.top > size.height - 1
    if (!inSight) element.scrollIntoView({ block: 'center', inline: 'center' })
    const box = element.getBoundingClientRect()
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
    const hit = document.elementFromPoint(x, y)
    const label = hit?.closest('label') ?? null
    const isHit = hit !== null && (element.contains(hit) || (label !== null && label.contains(element)))
    const isLabelled =
      hit !== null && [...((element as HTMLInputElement).labels ?? [])].some((one) => one.contains(hit))
    if (!isHit && !isLabelled) {
      const by = hit === null ? 'out of sight' : `covered by ${hit.tagName.toLowerCase()}.${hit.className.toString()}`
      found.push(`${nameOf(element)} is ${by}`)
    } else {
      const part = seen(element)
      const room = Math.min(innerHeight, ...around(element).clips.map((above) => above.clientHeight))
      const cutX = box.width - (part.right - part.left)
      const cutY = Math.min(box.height, room) - (part.bottom - part.top)
      if (cutX > SLACK || cutY > SLACK)
        found.push(`${nameOf(element)} is cut by ${Math.round(Math.max(cutX, cutY))} px`)
    }
    // What only a script can scroll nobody can.
    for (const above of around(element).clips) {
      const { overflowX, overflowY } = getComputedStyle(above)
      if ((overflowY === 'hidden' && above.scrollTop > SLACK) || (overflowX === 'hidden' && above.scrollLeft > SLACK)) {
        found.push(`${nameOf(element)} is hidden in .${above.className.toString().split(' ')[0] ?? ''}`)
        above.scrollTo(0, 0)
      }
    }
    // Words that don't fit: cut off, or spilling over what stands beside them.
    if (element.matches('input, textarea, select')) continue
    for (const part of [element, ...element.querySelectorAll<HTMLElement>('*')]) {
      if (!(part instanceof HTMLElement) || part.closest('.visually-hidden') !== null) continue
      const style = getComputedStyle(part)
      if (style.display === 'inline' || style.clipPath !== 'none' || part.clientWidth === 0) continue
      const isShortened = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none'
      if (isShortened && part.closest('[title], [aria-label]') !== null) continue
      const wide = part.scrollWidth - part.clientWidth
      const high = part.scrollHeight - part.clientHeight
      if (wide > SLACK || high > Math.max(SLACK, parseInt(style.fontSize, 10) * 0.35)) {
        found.push(
          `${nameOf(element)}: the words of .${part.className.split(' ')[0] ?? ''} don't fit by ${wide} x ${high} px`,
        )
      }
    }
  }
  return [...new Set(found)]
}
