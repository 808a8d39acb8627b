/** Everything below `/dump`: directories, reports, receipt and bank details (source 004, chapters 6.2 and 9). */
import type { DeviceReply } from '../contract/device.ts'
import { bankResult } from './card-terminal.ts'
import { refusedWith, wrongKey, type Execution } from './execution.ts'
import { catalogOf, itemRows } from './goods.ts'
import { shiftDump, shiftsReport, transaction } from './reports.ts'
import { accepted } from './wire.ts'

function byId(rows: readonly { id: number; name: string }[]): string {
  return JSON.stringify(Object.fromEntries(rows.map((row) => [String(row.id), row.name])))
}

function table(execution: Execution, name: string, rest: readonly string[]): DeviceReply {
  const { state } = execution
  if (name === 'shifts') {
    if (rest.length === 0) return shiftsReport(execution)
    return rest.length === 2 ? shiftDump(execution, rest[0] ?? '', rest[1] ?? '') : refusedWith(-8)
  }
  if (rest.length > 0) return refusedWith(-8)
  const taxIds = state.taxes.map((tax) => tax.id)
  switch (name) {
    case 'items':
      return accepted('OK', JSON.stringify(itemRows(state.options, taxIds)))
    case 'catalog':
      return accepted('OK', JSON.stringify(catalogOf(state.options)))
    case 'taxes':
      return accepted('OK', byId(state.taxes))
    case 'cashiers':
      return accepted('OK', byId(state.cashiers))
    default:
      return refusedWith(-8)
  }
}

/** Answers `/dump/...`. `path` has no trailing slash. */
export function dump(execution: Execution, path: string): DeviceReply {
  if (execution.state.readings.dumpChecksKey) {
    const refusal = wrongKey(execution)
    if (refusal !== null) return refusal
  }
  const [, , section, name = '', ...rest] = path.split('/')
  if (section === 'table') return table(execution, name, rest)
  if (section === 'bank' && rest.length === 1 && rest[0] === 'trackdocument') return bankResult(execution, name)
  if (section === 'transaction' && name !== '' && rest.length === 0) return transaction(execution, name)
  return refusedWith(-8)
}
