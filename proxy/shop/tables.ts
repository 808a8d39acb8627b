/** The tables as they are after the last migration: their columns, and the key in whose order they are read. */
import type { RowWrite } from './database.ts'

export interface Table {
  readonly table: string
  readonly columns: RowWrite['columns']
  readonly key: readonly string[]
}

const kept = { till: 'text', id: 'text', revision: 'whole', received_ms: 'whole', record: 'text' } as const

export const TABLES = {
  meta: { table: 'meta', columns: { name: 'text', value: 'text' }, key: ['name'] },
  tills: {
    table: 'tills',
    columns: {
      till: 'text',
      letter: 'text',
      name: 'text',
      shop: 'text',
      tenure: 'whole',
      token: 'text',
      register: 'text',
      first_contact_ms: 'whole',
      last_contact_ms: 'whole',
      waiting: 'whole',
      entries: 'whole',
      revision: 'whole',
      changes: 'whole',
      became: 'text',
    },
    key: ['till'],
  },
  till_tokens: {
    table: 'till_tokens',
    columns: { till: 'text', token: 'text', since_ms: 'whole' },
    key: ['till', 'token'],
  },
  entries: {
    table: 'entries',
    columns: {
      till: 'text',
      id: 'text',
      revision: 'whole',
      sequence: 'whole',
      mark: 'text',
      kind: 'text',
      state: 'text',
      settled: 'whole',
      number: 'whole',
      amount: 'whole',
      cashier: 'text',
      register: 'text',
      created_ms: 'whole',
      registered_ms: 'whole',
      at_ms: 'whole',
      received_ms: 'whole',
      day: 'text',
      hour: 'text',
      record: 'text',
    },
    key: ['till', 'id'],
  },
  cashiers: { table: 'cashiers', columns: { name: 'text' }, key: ['name'] },
  devices: { table: 'devices', columns: { ...kept, serial: 'text' }, key: ['till', 'id'] },
  conflicts: { table: 'conflicts', columns: kept, key: ['till', 'id', 'revision'] },
  quarantine: {
    table: 'quarantine',
    columns: { ...kept, kind: 'text', reason: 'text' },
    key: ['till', 'id', 'revision', 'kind'],
  },
  configurations: {
    table: 'configurations',
    columns: { till: 'text', name: 'text', value: 'text', received_ms: 'whole' },
    key: ['till', 'name'],
  },
  totals: {
    table: 'totals',
    columns: {
      report: 'text',
      block: 'whole',
      key: 'text',
      receipts: 'whole',
      returned: 'whole',
      total: 'whole',
      quantity: 'whole',
      tax: 'whole',
    },
    key: ['block', 'report', 'key'],
  },
} as const satisfies Record<string, Table>
