/**
 * Every request of the document except the registration (source 004, chapters 5.3 to 10), without the key.
 * What changes something goes by POST, so that no cache or log on the way keeps a key; reads go by GET as the
 * document shows them. All are CORS "simple" requests: no preflight.
 */
import { MAX_AMOUNT, tiynToWire, type Tiyn } from '../domain/money.ts'
import { encodeForm, isKey, type FrozenRequest, type ReadRequest } from './codec.ts'
import { linesOf } from './print-text.ts'
import { checkCashAmount } from './receipt-check.ts'

function post(path: string, parameters: readonly (readonly [string, string])[] = []): FrozenRequest {
  return { method: 'POST', path, body: encodeForm(parameters) }
}

function read(path: string, parameters: readonly (readonly [string, string])[] = []): ReadRequest {
  return { method: 'GET', path, query: encodeForm(parameters) }
}

function cash(path: string, amount: Tiyn): FrozenRequest {
  const problem = checkCashAmount(amount)
  if (problem) throw new RangeError(`cash amount: ${problem}`)
  return post(path, [['cash', tiynToWire(amount)]])
}

/** Puts cash into the drawer (chapter 5.3). Throws RangeError for what `checkCashAmount` objects to. */
export const depositRequest = (amount: Tiyn): FrozenRequest => cash('/apideposit/', amount)
/** Takes cash out of the drawer (chapter 5.3). Throws RangeError for what `checkCashAmount` objects to. */
export const withdrawalRequest = (amount: Tiyn): FrozenRequest => cash('/apiwithdraw/', amount)
/** Prints an X report (chapter 5.3). */
export const xReportRequest = (): FrozenRequest => post('/apixreport/')
/** Closes the shift and prints the Z report (chapter 5.3); takes up to 90 s. */
export const zReportRequest = (): FrozenRequest => post('/apizreport/')

/** Operations of the bank application (chapter 6.1). */
export const BANK_OPERATIONS = ['purchase', 'refund', 'reversal', 'reconciliation'] as const
export type BankOperation = (typeof BANK_OPERATIONS)[number]
/** Largest `trackdocument` (chapter 6.1). */
export const MAX_TRACK = 999_999_999

/**
 * Starts the bank application (chapter 6.1). The track is the only handle on the result, so it is always sent.
 * Throws RangeError for a track outside 1…999 999 999 or an amount outside the limits.
 */
export function bankStartRequest(operation: BankOperation, amount: Tiyn | null, track: number): FrozenRequest {
  const amountText = amount === null ? [] : ([['amount', tiynToWire(amount)]] as const)
  if (amount === null && operation !== 'reconciliation') throw new RangeError('a bank operation needs an amount')
  if (amount !== null && (amount < 1 || amount > MAX_AMOUNT)) throw new RangeError('bank amount outside the limits')
  return post('/apibank/', [['message', operation], ...amountText, ['trackdocument', String(checkTrack(track))]])
}

/** The result of a bank operation (chapter 6.2). */
export function bankResultRequest(track: number): ReadRequest {
  return read(`/dump/bank/${checkTrack(track)}/trackdocument`)
}

function checkTrack(track: number): number {
  if (!Number.isInteger(track) || track < 1 || track > MAX_TRACK) throw new RangeError(`track: ${track}`)
  return track
}

/** Is it ready, and which receipt was the last (chapter 7). */
export const statusRequest = (): ReadRequest => read('/apicheck')
/** Details of the device as JSON; `minimum` is the lighter form that the document recommends (chapter 7.1). */
export function infoRequest(show: 'full' | 'minimum'): ReadRequest {
  return show === 'full' ? read('/apicheck/getInfo') : read('/apicheck/getInfo/', [['show', 'minimum']])
}
/** Prints the last receipt once more (chapter 7.1): only when a person asks. */
export const printLastDocumentRequest = (): FrozenRequest => post('/apicheck/printLastDocument')

/** Session variables that are switched on by `true` and forgotten at a reboot (chapter 10.1), in its spelling. */
export const SESSION_COMMANDS = [
  'beep',
  'timersFast',
  'timersNormal',
  'keepLanPrinter',
  'closeLanPrinter',
  'ofdPacketMode',
  'pushTheQue',
  'ofdNormalMode',
  'disableWebMgmt',
  'Lockhost',
] as const
export type SessionCommand = (typeof SESSION_COMMANDS)[number]
export const PRINT_MODES = ['lan-printer', 'internal-printer', 'usb-printer'] as const
export type PrintMode = (typeof PRINT_MODES)[number]

/** Sets one session variable (chapter 10.1). */
export const sessionRequest = (command: SessionCommand): FrozenRequest => post('/apicheck/', [[command, 'true']])
/** Asks where receipts are printed (chapter 10.1). */
export const printModeRequest = (): ReadRequest => read('/apicheck/', [['getPrintMode', 'true']])
/** Chooses where receipts are printed until the next reboot (chapter 10.1). */
export const setPrintModeRequest = (mode: PrintMode): FrozenRequest => post('/apicheck/', [['setPrintMode', mode]])
/** Text at the top of every receipt until the next reboot; null removes it (chapter 10.1). */
export const printHeaderRequest = (text: string | null): FrozenRequest =>
  post('/apicheck', [['printHeader', text === null ? 'clear' : linesOf(text).join('\n')]])

/** Prints free text (chapter 8); lines are separated by `\n`. */
export const printRequest = (text: string): FrozenRequest => post('/apiprint', [['print', linesOf(text).join('\n')]])

export const itemsRequest = (): ReadRequest => read('/dump/table/items')
export const catalogRequest = (): ReadRequest => read('/dump/table/catalog')
export const taxesRequest = (): ReadRequest => read('/dump/table/taxes')
export const cashiersRequest = (): ReadRequest => read('/dump/table/cashiers')

/** All shifts except archived ones (chapter 9.2). */
export const shiftsRequest = (): ReadRequest => read('/dump/table/shifts')
/** Receipts of a shift with their lines (chapter 9.2). */
export const chequesRequest = (shift: number): ReadRequest => read(`${shiftPath(shift)}/cheques`)
/** The same as one flat list (chapter 9.2). */
export const salesChequesRequest = (shift: number): ReadRequest => read(`${shiftPath(shift)}/salescheques`)
/** Lines of a shift, sorted by receipt (chapter 9.2). */
export const salesRequest = (shift: number): ReadRequest => read(`${shiftPath(shift)}/sales`)
/** Counters of a shift (chapter 9.2). */
export const reportRequest = (shift: number): ReadRequest => read(`${shiftPath(shift)}/report`)
/** Counters of a shift with taxes (chapter 9.2). */
export const reportWithTaxRequest = (shift: number): ReadRequest => read(`${shiftPath(shift)}/reportwithtax`)

function shiftPath(shift: number): string {
  if (!Number.isSafeInteger(shift) || shift < 0) throw new RangeError(`shift: ${shift}`)
  return `/dump/table/shifts/${shift}`
}

/** The receipt that belongs to a web-API key, the key sent or the key returned (chapter 9.2 leaves it open). */
export function transactionRequest(receiptKey: string): ReadRequest {
  if (!isKey(receiptKey)) throw new RangeError('the web-API key must be eight digits')
  return read(`/dump/transaction/${receiptKey}`)
}

/** Checks for new firmware and installs it (chapter 10.2). */
export const updateRequest = (): FrozenRequest => post('/apimanage/', [['doUpdate', 'true']])
/** Reboots the device (chapter 10.2). */
export const rebootRequest = (): FrozenRequest => post('/apimanage/', [['doReboot', 'true']])
