/** What there is a help for: every screen by the first part of its path, and what stands over a screen. */
export const HELP_TOPICS = [
  'sale',
  'payment',
  'journal',
  'queue',
  'shift',
  'bank',
  'device',
  'catalog',
  'stock',
  'debts',
  'cashiers',
  'iiko',
  'atol',
  'settings',
  'setup',
  'replace',
  'lock',
] as const
export type HelpTopic = (typeof HELP_TOPICS)[number]

/** Screens where whoever sets the till up stands: their help leads to the technician's guide. */
export const TECHNICAL: readonly HelpTopic[] = ['device', 'settings', 'setup', 'replace']

/** The help of the screen at this path; null for a path that none belongs to. */
export function topicOf(path: string): HelpTopic | null {
  if (path === '/') return 'sale'
  const [, first = ''] = path.split('/')
  return HELP_TOPICS.find((topic) => topic === first) ?? null
}

/** Parts of the technician's guide, in the order of a first visit. */
export const GUIDE_PARTS = [
  'visit',
  'network',
  'key',
  'certificate',
  'relay',
  'tablets',
  'replace',
  'backup',
  'red',
] as const
