/** How an operation of the queue or the journal is called and marked. */
import type { ReceiptKind } from '../../domain/receipt.ts'
import type { MessageKey } from '../../i18n/schema.ts'
import type { Entry } from '../../queue/types.ts'
import type { ChipTone } from '../../ui/UiChip.vue'
import type { IconName } from '../../ui/icons.ts'

export interface EntryLook {
  readonly tone: ChipTone
  readonly icon: IconName
  readonly word: MessageKey
}

/** What it was: a receipt by its kind, anything else by its own. */
export function entryTitle(entry: Entry): MessageKey {
  return `queue.kind.${entry.receipt?.kind ?? entry.kind}`
}

const ENTRY_ICONS: Readonly<Record<ReceiptKind | Entry['kind'], IconName>> = {
  sale: 'receipt',
  saleReturn: 'returned',
  buy: 'box',
  buyReturn: 'returned',
  registration: 'receipt',
  deposit: 'plus',
  withdrawal: 'minus',
  xReport: 'chart',
  zReport: 'shift',
  bank: 'card',
  bankClose: 'bank',
  print: 'printer',
  debt: 'wallet',
}

export function entryIcon(entry: Entry): IconName {
  return ENTRY_ICONS[entry.receipt?.kind ?? entry.kind]
}

/** State while it isn't settled; a question outranks everything. */
export function queueLook(entry: Entry): EntryLook {
  if (entry.question !== null && entry.state !== 'refused')
    return { tone: 'danger', icon: 'alert', word: 'queue.state.asked' }
  switch (entry.state) {
    case 'queued':
      return { tone: 'neutral', icon: 'clock', word: 'queue.state.queued' }
    case 'sending':
      return { tone: 'warn', icon: 'refresh', word: 'queue.state.sending' }
    case 'acked':
      return { tone: 'info', icon: 'refresh', word: 'queue.state.acked' }
    case 'recon':
      return { tone: 'warn', icon: 'unknown', word: 'queue.state.recon' }
    case 'refused':
      return { tone: 'danger', icon: 'alert', word: 'queue.state.refused' }
    case 'done':
      return { tone: 'ok', icon: 'check', word: 'queue.state.done' }
  }
}

/** `data-state` of a journal row. */
export type JournalState = 'open' | 'registered' | 'refused' | 'writtenOff' | 'corrected'

export function journalState(entry: Entry): JournalState {
  if (entry.state === 'done') return 'registered'
  if (entry.state !== 'refused') return 'open'
  return entry.resolution?.kind ?? 'refused'
}

/** Only a receipt is registered; cash, reports and the bank are done. */
export function doneWord(entry: Entry): MessageKey {
  return entry.receipt === null ? 'journal.state.executed' : 'journal.state.registered'
}

export function journalLook(entry: Entry): EntryLook {
  const state = journalState(entry)
  const word: MessageKey = `journal.state.${state}`
  switch (state) {
    case 'registered':
      return { tone: 'ok', icon: 'check', word: doneWord(entry) }
    case 'open':
      return { tone: 'warn', icon: 'queue', word }
    case 'refused':
      return { tone: 'danger', icon: 'alert', word }
    case 'writtenOff':
    case 'corrected':
      return { tone: 'neutral', icon: 'close', word }
  }
}

/** Reasons that the queue itself writes down; a person's own words stand as they are. */
const OWN_REASONS: Readonly<Record<string, MessageKey>> = {
  'card-given-up': 'queue.ownReason.cardGivenUp',
  'shift-left-open': 'queue.ownReason.shiftLeftOpen',
}

/** Why an entry was written off. */
export function reasonText(reason: string, t: (key: MessageKey) => string): string {
  const own = OWN_REASONS[reason]
  return own === undefined ? reason : t(own)
}
