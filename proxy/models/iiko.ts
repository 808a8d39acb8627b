/**
 * iikoServer as one pure model at the level of its HTTP calls (sources 000 and 002). The emulator puts it behind real
 * HTTP, the proxy's demo mode calls it directly. The clock is handed in.
 */
import { isRecord, parseJson } from '../../src/contract/json.ts'
import {
  ACCOUNTS,
  allShifts,
  EMPLOYEES,
  generatedPayments,
  GROUP,
  localTime,
  samplePayments,
  SUPPLIERS,
  uuid,
  DEPARTMENT,
  type WirePayments,
  type WireRecord,
  type WireShift,
} from './iiko-data.ts'
import { directoryResult, olapResult } from './iiko-directories.ts'
import { DOCUMENT_SAMPLE } from './iiko-samples.ts'
import { jsonResult, textResult, type UpstreamCall, type UpstreamResult } from './wire.ts'

export interface IikoModelOptions {
  readonly login: string
  /** Lower-case hexadecimal SHA-1 of the password. */
  readonly passwordHash: string
  /** ms since 1970. */
  readonly now: () => number
  /** Generated shifts besides the three samples. */
  readonly shifts: number
  /** Licence slots: more tokens at a time are refused with 403. */
  readonly slots?: number
}

export interface IikoModel {
  handle(call: UpstreamCall): UpstreamResult
  /** Forgets all tokens, as a restart or an hour of silence does. */
  expireTokens(): void
  /** Tokens that hold a slot at this moment. */
  activeTokens(): number
  /** Acceptance documents that exist: reading shifts must not make one. */
  documentCount(): number
}

type Document = Record<string, unknown> & { id: string; items: Record<string, unknown>[] }

const MODULE = '28008806'
const COUNTERAGENT_TYPES = [
  'ACCOUNTS_RECEIVABLE',
  'DEBTS_OF_EMPLOYEES',
  'EMPLOYEES_LIABILITY',
  'ACCOUNTS_PAYABLE',
  'CLIENTS_LIABILITY',
]

interface FieldError {
  readonly value: string
  readonly code: string
}

function accountErrors(accountId: unknown, counteragentId: unknown): FieldError[] {
  const account = ACCOUNTS.find((row) => row.id === accountId)
  const agent = [...EMPLOYEES, ...SUPPLIERS].find((row) => row.id === counteragentId)
  const errors: FieldError[] = []
  if (accountId === null || accountId === undefined) errors.push({ value: 'account', code: 'ACCOUNT_NOT_SPECIFIED' })
  else if (account === undefined || account.deleted) errors.push({ value: String(accountId), code: 'ACCOUNT_DELETED' })
  else if (account.type === 'INVENTORY_ASSETS')
    errors.push({ value: account.id, code: 'INVENTORY_ASSETS_TYPE_NOT_ALLOWED' })
  else if (COUNTERAGENT_TYPES.includes(account.type)) {
    if (counteragentId === null || counteragentId === undefined)
      errors.push({ value: account.id, code: 'COUNTERAGENT_MISSED_FOR_ACCOUNT' })
  } else if (counteragentId !== null && counteragentId !== undefined) {
    errors.push({ value: account.id, code: 'COUNTERAGENT_NOT_ALLOWED_FOR_ACCOUNT' })
  }
  if (agent?.deleted === true) errors.push({ value: agent.id, code: 'COUNTERAGENT_DELETED' })
  return errors
}

function documentErrors(document: Record<string, unknown>): FieldError[] {
  const errors: FieldError[] = []
  for (const side of ['Shortage', 'Surplus']) {
    const account = document[`account${side}Id`]
    const known = ACCOUNTS.some((row) => row.id === account)
    if (account === null || account === undefined) errors.push({ value: `account${side}`, code: 'EMPTY_FIELD' })
    else if (!known) errors.push({ value: String(account), code: `ACCOUNT_${side.toUpperCase()}_NOT_FOUND` })
    const agent = document[`counteragent${side}Id`]
    if (agent === null || agent === undefined) errors.push({ value: `counteragent${side}`, code: 'EMPTY_FIELD' })
  }
  return errors
}

function statusOf(items: readonly Record<string, unknown>[]): string {
  if (items.some((item) => item.status === 'HASWARNINGS')) return 'HASWARNINGS'
  return items.every((item) => item.status === 'ACCEPTED') ? 'ACCEPTED' : 'UNACCEPTED'
}

const STATUS_FILTERS: Readonly<Record<string, (shift: WireShift) => boolean>> = {
  ANY: () => true,
  OPEN: (shift) => shift.sessionStatus === 'OPEN',
  CLOSED: (shift) => shift.sessionStatus !== 'OPEN',
  ACCEPTED: (shift) => shift.sessionStatus === 'ACCEPTED',
  UNACCEPTED: (shift) => shift.sessionStatus === 'UNACCEPTED',
  HASWARNINGS: (shift) => shift.sessionStatus === 'HASWARNINGS',
}

class Iiko implements IikoModel {
  private readonly shifts: WireShift[]
  private readonly payments = new Map<string, WirePayments>()
  private readonly documents = new Map<string, Document>()
  private tokens = new Set<string>()
  private issued = 0

  constructor(private readonly options: IikoModelOptions) {
    this.shifts = allShifts(options.shifts, options.now())
    this.documents.set(DOCUMENT_SAMPLE.session.sessionId, structuredClone(DOCUMENT_SAMPLE))
  }

  expireTokens(): void {
    this.tokens.clear()
  }

  activeTokens(): number {
    return this.tokens.size
  }

  documentCount(): number {
    return this.documents.size
  }

  handle(call: UpstreamCall): UpstreamResult {
    if (!call.path.startsWith('/resto/api/')) {
      return {
        status: 404,
        contentType: 'text/html;charset=utf-8',
        body: '<!doctype html><html><body><h1>HTTP Status 404 – Not Found</h1></body></html>',
      }
    }
    if (call.path === '/resto/api/auth') return this.login(call)
    if (call.path === '/resto/api/licence/info') return textResult(String(this.slots() - this.tokens.size))
    const token = /(?:^|;\s*)key=([^;]+)/.exec(call.headers.cookie ?? '')?.[1] ?? call.query.get('key')
    if (token === null || !this.tokens.has(token)) return textResult('Token is expired or invalid', 401)
    if (call.path === '/resto/api/logout') {
      this.tokens.delete(token)
      return textResult(token)
    }
    return this.shiftCall(call) ?? directoryResult(call) ?? this.report(call)
  }

  private slots(): number {
    return this.options.slots ?? 1
  }

  private report(call: UpstreamCall): UpstreamResult {
    if (call.path === '/resto/api/v2/reports/olap' && call.method === 'POST') return olapResult(call, this.shifts)
    return textResult(`Not found: ${call.path}`, 404)
  }

  private login(call: UpstreamCall): UpstreamResult {
    const form = new URLSearchParams(call.body)
    const value = (name: string) => call.query.get(name) ?? form.get(name)
    if (value('login') !== this.options.login || value('pass') !== this.options.passwordHash) {
      return textResult('Wrong login or password', 401)
    }
    if (this.tokens.size >= this.slots()) {
      return textResult(`License enhancement is required: no connections available for module ${MODULE}`, 403)
    }
    this.issued += 1
    const token = uuid(0x70, this.issued)
    this.tokens.add(token)
    return { ...textResult(token), headers: { 'set-cookie': `key=${token}; Path=/resto; HttpOnly` } }
  }

  private shiftCall(call: UpstreamCall): UpstreamResult | null {
    const base = '/resto/api/v2/cashshifts/'
    if (!call.path.startsWith(base)) return null
    const rest = call.path.slice(base.length)
    if (rest === 'list') return this.list(call.query)
    if (rest === 'save' && call.method === 'POST') return this.save(parseJson(call.body))
    const id = decodeURIComponent(rest.slice(rest.lastIndexOf('/') + 1))
    const shift = this.shifts.find((row) => row.id === id)
    if (shift === undefined) return textResult(`Cash session not found: ${id}`, 404)
    if (rest.startsWith('byId/')) {
      // The sample of this call spells the manager differently from the list's.
      const { managerId, ...fields } = shift
      return jsonResult({ ...fields, manager: managerId })
    }
    if (rest.startsWith('payments/list/')) return this.paymentList(shift, call.query.get('hideAccepted') === 'true')
    if (rest.startsWith('closedSessionDocument/')) return this.document(shift)
    return textResult(`Not found: ${call.path}`, 404)
  }

  private list(query: URLSearchParams): UpstreamResult {
    const from = query.get('openDateFrom') ?? ''
    const to = query.get('openDateTo') ?? ''
    for (const date of [from, to]) {
      if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(Date.parse(date)))
        return textResult(`Wrong date format: ${date}`, 400)
    }
    const matches = STATUS_FILTERS[query.get('status') ?? '']
    if (matches === undefined) return textResult('Argument for @NotNull parameter status must not be null', 400)
    const departments = query.getAll('departmentId')
    const groups = query.getAll('groupId')
    const rows = this.shifts.filter((shift) => {
      const day = shift.openDate.slice(0, 10)
      if (day < from || day > to || !matches(shift)) return false
      return (
        (departments.length === 0 || departments.includes(DEPARTMENT.id)) &&
        (groups.length === 0 || groups.includes(GROUP.id))
      )
    })
    return jsonResult(rows)
  }

  private paymentsOf(shift: WireShift): WirePayments {
    const known = this.payments.get(shift.id)
    if (known !== undefined) return known
    const sample = samplePayments()
    const made = shift.id === sample.sessionId ? sample : generatedPayments(shift, Number(shift.sessionNumber))
    this.payments.set(shift.id, made)
    return made
  }

  private paymentList(shift: WireShift, hideAccepted: boolean): UpstreamResult {
    const payments = this.paymentsOf(shift)
    const visible = (rows: WireRecord[]) => (hideAccepted ? rows.filter((row) => row.status !== 'ACCEPTED') : rows)
    return jsonResult({
      ...payments,
      cashlessRecords: visible(payments.cashlessRecords),
      payInRecords: visible(payments.payInRecords),
      payOutsRecords: visible(payments.payOutsRecords),
    })
  }

  private document(shift: WireShift): UpstreamResult {
    if (shift.sessionStatus === 'OPEN') return textResult('Кассовая смена ещё не закрыта.', 409)
    let document = this.documents.get(shift.id)
    if (document === undefined) {
      document = {
        id: uuid(0xd0, this.documents.size + 1),
        session: { sessionId: shift.id, groupId: GROUP.id, number: shift.sessionNumber },
        accountShortageId: ACCOUNTS[0].id,
        counteragentShortageId: EMPLOYEES[0].id,
        accountSurplusId: ACCOUNTS[0].id,
        counteragentSurplusId: EMPLOYEES[0].id,
        departmentId: DEPARTMENT.id,
        items: [],
      }
      this.documents.set(shift.id, document)
    }
    return jsonResult(document)
  }

  private save(body: unknown): UpstreamResult {
    if (!isRecord(body) || !isRecord(body.session) || !Array.isArray(body.items))
      return textResult('Cannot deserialize ClosedSessionDocument', 400)
    const shift = this.shifts.find((row) => isRecord(body.session) && row.id === body.session.sessionId)
    const stored = shift === undefined ? undefined : this.documents.get(shift.id)
    if (shift === undefined || stored === undefined || stored.id !== body.id)
      return textResult(`Document not found: ${String(body.id)}`, 404)
    const items = body.items.filter(isRecord)
    const ofDocument = documentErrors(body)
    const ofItems = items
      .map((item) => ({ identifier: item.num, error: this.itemErrors(shift, item) }))
      .filter((row) => row.error.length > 0)
    if (ofDocument.length > 0 || ofItems.length > 0) {
      return jsonResult({
        importResult: 'ERROR',
        status: null,
        errors: { documentError: ofDocument, itemError: ofItems },
        document: body,
      })
    }
    const status = statusOf(items)
    this.documents.set(shift.id, { ...structuredClone(body), id: stored.id, items: structuredClone(items) })
    shift.sessionStatus = status
    shift.acceptDate = status === 'ACCEPTED' ? localTime(this.options.now()) : null
    this.applyToPayments(shift, items)
    return jsonResult({ importResult: 'SUCCESS', status, errors: null, document: body })
  }

  private itemErrors(shift: WireShift, item: Record<string, unknown>): FieldError[] {
    const errors = accountErrors(item.accountOverrideId, item.counteragentOverrideId)
    if (typeof item.sumReal === 'number' && item.sumReal < 0)
      errors.push({ value: String(item.sumReal), code: 'ONLY_POSITIVE_VALUES_ALLOWED' })
    const known = this.records(shift).some((row) => row.info.id === item.transactionId)
    if (!known) errors.push({ value: String(item.transactionId), code: 'TRANSACTION_NOT_FOUND' })
    return errors
  }

  private records(shift: WireShift): WireRecord[] {
    const payments = this.paymentsOf(shift)
    return [...payments.cashlessRecords, ...payments.payInRecords, ...payments.payOutsRecords]
  }

  private applyToPayments(shift: WireShift, items: readonly Record<string, unknown>[]): void {
    for (const row of this.records(shift)) {
      const item = items.find((candidate) => candidate.transactionId === row.info.id)
      if (item === undefined) continue
      row.status = String(item.status)
      row.editableComment = typeof item.comment === 'string' ? item.comment : ''
      if (typeof item.sumReal === 'number') row.actualSum = item.sumReal
      if (typeof item.accountOverrideId === 'string') row.editedPayAccountId = item.accountOverrideId
    }
  }
}

export function createIikoModel(options: IikoModelOptions): IikoModel {
  return new Iiko(options)
}
