/** Words for a posting: its title and the line under it, the same in the list and in the acceptance document. */
import type { IikoPayment, IikoPaymentList } from '../../contract/iiko.ts'
import { useText } from '../../i18n/use-text.ts'
import { useIikoNames } from './use-iiko-names.ts'
import { wireMs } from './wire-time.ts'

const GROUPS = ['CARD', 'CREDIT', 'PAYOUT', 'PAYIN'] as const
const FLOWS = ['OPERATIONAL', 'INVESTMENT', 'FINANCE'] as const

export const POSTING_LISTS: readonly {
  readonly list: IikoPaymentList
  readonly title: 'cashless' | 'payIns' | 'payOuts'
}[] = [
  { list: 'cashless', title: 'cashless' },
  { list: 'payIn', title: 'payIns' },
  { list: 'payOut', title: 'payOuts' },
]

export function usePostings() {
  const { t, time, date } = useText()
  const { nameOf } = useIikoNames()

  function group(payment: IikoPayment): string {
    const known = GROUPS.find((name) => name === payment.group)
    return known === undefined ? (payment.group ?? '') : t(`iiko.groups.${known}`)
  }

  function flow({ cashFlowCategory }: IikoPayment): string {
    if (cashFlowCategory === null || cashFlowCategory.code === null) return ''
    const type = FLOWS.find((name) => name === cashFlowCategory.type)
    const word = type === undefined ? cashFlowCategory.type : t(`iiko.cashFlowTypes.${type}`)
    return `${t('iiko.cashFlow', { code: cashFlowCategory.code })}${word === null ? '' : `, ${word}`}`
  }

  /** When it was made; the accounting day of payments has no hour. */
  function moment(payment: IikoPayment): string {
    const ms = wireMs(payment.creationDate ?? payment.date)
    return ms === null ? (payment.creationDate ?? payment.date ?? '') : `${date(ms)} ${time(ms)}`
  }

  return {
    title(payment: IikoPayment): string {
      const kind = nameOf('paymentType', payment.paymentTypeId) || group(payment)
      return kind === '' ? (payment.type ?? '—') : kind
    },
    note(payment: IikoPayment): string {
      return [moment(payment), nameOf('person', payment.cashierId), payment.comment, flow(payment)]
        .filter((part) => part !== null && part !== '')
        .join(' · ')
    },
  }
}
