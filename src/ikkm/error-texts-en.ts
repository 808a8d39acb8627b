/** The error catalogue in English: what happened, and what the cashier does now. */
import type { ErrorTexts } from './errors.ts'

const correct = 'Correct the amount and try again. If it happens again, call support.'
const payAgain = 'Check the payment and register the receipt again.'
const support = 'The operation is set aside and kept. Call support and read this message to them.'
const automatic = 'The terminal repeats the same request by itself. Do not ring up a new receipt instead.'
const amountRange = 'Enter an amount above zero and up to 20 000 000 ₸.'

export const errorTextsEn: ErrorTexts = {
  '-1': {
    title: 'The cash register did not accept the key',
    hint: 'Read the 8-digit key on the screen of the cash register and type it, or scan the QR code there.',
  },
  '-2': {
    title: 'The cash register is busy',
    hint: 'It is registering or taking a card payment. Wait, the terminal tries again by itself.',
  },
  '-3': {
    title: 'The shift has been open too long',
    hint: 'Close the shift with a Z report; the receipt is then sent by itself.',
  },
  '-4': {
    title: 'The cash register has had no server for over 72 hours',
    hint: 'Restore its internet connection and unlock it. Nothing can be registered before that.',
  },
  '-5': { title: 'The battery is almost empty', hint: 'Connect the charger, then press Continue.' },
  '-6': { title: 'The printer is not ready', hint: 'Check paper and printer cover, then press Continue.' },
  '-7': { title: 'The cash register did not understand the request', hint: support },
  '-8': { title: 'The cash register does not know this operation', hint: support },
  '-9': { title: 'The cash register received a wrong number', hint: correct },
  '-10': { title: 'Less was paid than the receipt is for', hint: payAgain },
  '-11': {
    title: 'Another cashier opened the shift',
    hint: 'Sign in on the cash register as that cashier, or close the shift with a Z report.',
  },
  '-12': { title: 'Less cash than the receipt with its tax', hint: payAgain },
  '-13': { title: 'Paid without cash more than the receipt is for', hint: payAgain },
  '-14': {
    title: 'The cash register has no such tax',
    hint: 'Reload the directories: the number of a tax changes when it is edited. Then register the receipt again.',
  },
  '-15': {
    title: 'Not enough cash in the register',
    hint: 'Put cash in with a deposit, then register the return or purchase again.',
  },
  '-16': {
    title: 'Only the senior cashier may do this',
    hint: 'Sign in on the cash register as senior cashier and try again.',
  },
  '-17': { title: 'The cash register could not read the list of goods', hint: support },
  '-18': {
    title: 'The cash register is locked to another device',
    hint: 'Work from that device, or restart the cash register: a restart removes the lock.',
  },
  '-99': {
    title: 'Internal error of the cash register',
    hint: 'The terminal checks what happened. If it happens again, open the event log in its status menu.',
  },
  blocked: {
    title: 'Blocked by the tax authority: code {code}, their number {taxCode}',
    hint: 'Selling is stopped. Ask support or the tax authority with both numbers. All receipts are kept.',
  },
  undocumented: {
    title: 'The cash register answered with an unknown code {code} {reason}',
    hint: 'Do not ring up the receipt again. Call support and tell them the code.',
  },
  notCarried: {
    title: 'The terminal’s server did not take this request: it is too long. Nothing was sent to the cash register',
    hint: 'Shorten the names and texts of the receipt, or split it into several.',
  },
  heldByTill: {
    title: 'Another tablet sells at this cash register. Nothing was sent to it',
    hint: 'Sell on that tablet, or take the cash register over on the page “Cash register”.',
  },
  handedOn: {
    title: 'The cash register was handed to another tablet meanwhile. Nothing was sent to it',
    hint: 'The terminal looks at the cash register again and goes on by itself.',
  },
  'no-web-api-key-provided': { title: 'The cash register received no key', hint: support },
  'incorrect-web-api-key': {
    title: 'The key of the cash register has changed',
    hint: 'Read the 8-digit key on the screen of the cash register and type it, or scan the QR code there.',
  },
  'check-external-printer': {
    title: 'No connection to the external printer',
    hint: 'Check its power and cable or switch to the internal printer, then press Continue.',
  },
  'check-printer-or-batt': {
    title: 'Out of paper, or the battery is low',
    hint: 'Load paper, connect the charger, then press Continue.',
  },
  'sale-param-error': { title: 'The amount of the sale could not be read', hint: correct },
  'buy-param-error': { title: 'The amount of the purchase could not be read', hint: correct },
  'saleRet-param-error': { title: 'The amount of the sale return could not be read', hint: correct },
  'buyRet-param-error': { title: 'The amount of the purchase return could not be read', hint: correct },
  'check-all-params': { title: 'There is a mistake in the request', hint: support },
  'payment-params-missed': {
    title: 'The cash register received no payment',
    hint: 'Choose how it is paid and try again. If it happens again, call support.',
  },
  'cache-param-error': { title: 'The cash amount could not be read', hint: correct },
  'bank-param-error': { title: 'The card amount could not be read', hint: correct },
  'tara-param-error': { title: 'The tare amount could not be read', hint: correct },
  'credit-param-error': { title: 'The credit amount could not be read', hint: correct },
  'cache-not-in-range': { title: 'The cash amount is outside the limits', hint: amountRange },
  'bank-not-in-range': { title: 'The card amount is outside the limits', hint: amountRange },
  'tara-not-in-range': { title: 'The tare amount is outside the limits', hint: amountRange },
  'credit-not-in-range': { title: 'The credit amount is outside the limits', hint: amountRange },
  'sale-lq-one': { title: 'The receipt is below 1 ₸', hint: 'Receipts start at 1 ₸. Correct the receipt.' },
  'sale-hq-20mil': { title: 'The receipt is above 20 000 000 ₸', hint: 'Split it into several receipts.' },
  'cash-lq-sale': {
    title: 'Less cash than the receipt is for',
    hint: 'Enter what the customer gave and register the receipt.',
  },
  'bank-hq-sale': { title: 'The card payment is above the receipt', hint: payAgain },
  'tara-hq-sale': { title: 'The tare payment is above the receipt', hint: payAgain },
  'credit-hq-sale': { title: 'The credit payment is above the receipt', hint: payAgain },
  'bank-tara-credit-hq-sale': { title: 'Non-cash payments are above the receipt', hint: payAgain },
  'no-cache-hq-sale': {
    title: 'The receipt is already paid in full without cash',
    hint: 'Take the cash out of the payment and register the receipt again.',
  },
  'no-mixed-payment-allowed': {
    title: 'Mixed payment is switched off on the cash register',
    hint: 'Take one kind of payment, or switch mixed payment on in its settings.',
  },
  'change-not-allowed': {
    title: 'There is no change in this operation',
    hint: 'Enter a payment of exactly the receipt total and try again.',
  },
  'tax-invlid-num': { title: 'Wrong tax number', hint: 'Reload the directories and register the receipt again.' },
  'tax-not-found': {
    title: 'The tax was not found on the cash register',
    hint: 'Its rate was probably edited. Reload the directories and register the receipt again.',
  },
  'cash-lq-tax': { title: 'The receipt with its tax is above the payment', hint: payAgain },
  'no-cash-in-pos': {
    title: 'There is not that much cash in the register',
    hint: 'Put cash in with a deposit, then register the return or purchase again.',
  },
  'internal-error': {
    title: 'Internal error of the cash register, perhaps a damaged database',
    hint: 'The terminal checks what happened. If it happens again, call the technician.',
  },
  'wrong-cashier': {
    title: 'Another cashier opened the shift',
    hint: 'Sign in on the cash register as that cashier, or close the shift with a Z report.',
  },
  'shift-gt-24h': {
    title: 'The shift has been open for over 24 hours',
    hint: 'Close the shift with a Z report; the receipt is then sent by itself.',
  },
  'no-last-document': { title: 'There is no last document', hint: 'There is nothing to print yet.' },
  'print-lines-parse-error': {
    title: 'The text to print could not be read',
    hint: 'Remove unusual characters and commands from the text and print again.',
  },
  'only-master-cashier': {
    title: 'Only the senior cashier may do this',
    hint: 'Sign in on the cash register as senior cashier and try again.',
  },
  'shift-gt-7days': {
    title: 'The shift has been open for over 7 days',
    hint: 'Close the shift with a Z report; the receipt is then sent by itself.',
  },
  'incorrect-method': { title: 'The cash register does not know this operation', hint: support },
  'unknown-error': {
    title: 'Unknown error of the cash register',
    hint: 'The terminal checks what happened. If it happens again, open the event log in its status menu.',
  },
  timeout: {
    title: 'The cash register did not answer in time',
    hint: `Check that it is on and in web cashier mode. ${automatic}`,
  },
  network: {
    title: 'No connection to the cash register',
    hint: `Check the network, its power and the web cashier mode. ${automatic}`,
  },
  cut: { title: 'The answer was cut off', hint: automatic },
  aborted: { title: 'Waiting for the answer was interrupted', hint: automatic },
  relay: {
    title: 'The relay between terminal and cash register does not answer',
    hint: `Check the computer that it runs on. ${automatic}`,
  },
  html: {
    title: 'A web page answered at this address, not a cash register',
    hint: 'Check address and port on the Device page.',
  },
  garbage: {
    title: 'This is not an answer of a cash register',
    hint: 'Check its address. If it is right, call support.',
  },
  empty: { title: 'The cash register sent an empty answer', hint: automatic },
  status: {
    title: 'The answer came with an unexpected status',
    hint: 'Check the address, and whether another server stands between it and the terminal.',
  },
  contradiction: {
    title: 'The answer contradicts itself',
    hint: 'The terminal asks the cash register what happened. Do not ring up the receipt again.',
  },
}
