/** Where on the page somebody is, as the address bar says it: a few addresses need no router. */
import { PERIOD_NAMES, typedPeriod, type ChosenPeriod } from './period.ts'

export const TABS = ['overview', 'receipts', 'tills'] as const
export type Tab = (typeof TABS)[number]

export interface Route {
  readonly tab: Tab
  /** The receipt that lies open over its list. */
  readonly receipt: { readonly till: string; readonly id: string } | null
  readonly period: ChosenPeriod
}

const ROOT = '/shop'

function periodIn(query: URLSearchParams): ChosenPeriod {
  const name = PERIOD_NAMES.find((period) => period === query.get('period'))
  const from = query.get('from') ?? ''
  return name ?? typedPeriod(from, query.get('to') ?? from) ?? 'today'
}

/** Any address below `/shop`; what it doesn't know is the overview of today. */
export function readRoute(pathname: string, search: string): Route {
  const [name = '', till, id] = pathname.slice(ROOT.length + 1).split('/')
  const period = periodIn(new URLSearchParams(search))
  const tab = TABS.find((known) => known === name) ?? 'overview'
  const receipt = tab === 'receipts' && till && id ? { till: decoded(till), id: decoded(id) } : null
  return { tab, receipt, period }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The address of a place; the plain one for today's overview. */
export function addressOf({ tab, receipt, period }: Route): string {
  const path = tab === 'overview' ? ROOT : `${ROOT}/${tab}`
  const place = receipt === null ? '' : `/${encodeURIComponent(receipt.till)}/${encodeURIComponent(receipt.id)}`
  const query = typeof period === 'string' ? { period } : { from: period.from, to: period.to }
  return path + place + (period === 'today' ? '' : `?${new URLSearchParams(query).toString()}`)
}

/** A code that came in the address (`/shop#pair=12345678`): in the fragment, which no server sees. */
export function codeIn(hash: string): string | null {
  const code = new URLSearchParams(hash.replace(/^#/, '')).get('pair')
  return code === null || code === '' ? null : code
}
