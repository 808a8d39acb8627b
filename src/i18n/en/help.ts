import type { HelpMessages } from '../schema.ts'

export const help: HelpMessages = {
  help: {
    purpose: 'What this screen is for',
    red: 'When something is red or amber',
    guide: 'Technician’s guide',
    payment: {
      title: 'Payment',
      what: 'Here you choose how the buyer pays. A banknote or “Exact” registers the receipt with one tap; the big button confirms the rest. Several ways go into one receipt.',
      red: 'The red sentence says why the receipt can’t be registered: correct the sum or go back to the receipt. If the register doesn’t answer, pay all the same: the receipt is kept and will be registered by itself, once.',
    },
    replace: {
      title: 'Replacing a tablet',
      what: 'A new tablet continues the till of a lost one: journal and queue come here from the server with the owner’s code.',
      red: 'The server doesn’t answer or knows no till: check Wi-Fi and pairing. A tablet that has receipts of its own can’t continue another till: take a new one.',
    },
    lock: {
      title: 'Signing in',
      what: 'Choose yourself and type your PIN. The receipt that was begun and the queue are where they were.',
      red: 'The PIN doesn’t fit: try again; after a few mistakes the terminal asks you to wait. An administrator changes a forgotten one on the screen “Cashiers”.',
    },
    sale: {
      title: 'Sale',
      what: 'Here a receipt is put together and paid. A tap on a product adds one, a tap on a line opens its quantity, price and discount. “3*” before a scan or a tap adds three.',
      red: 'A red or amber mark above: read the bar under it, it has one sentence and one button. You may sell while Pay is green: a saved receipt is registered by itself.',
    },
    journal: {
      title: 'Receipts',
      what: 'All operations of this tablet, the newest first. Open a receipt to repeat it, print it again or give it back. The quickest way is to scan the receipt’s barcode or QR code on any screen.',
      red: 'A red entry: the register refused it. The queue says why and what to do. No money of such a receipt counts.',
    },
    queue: {
      title: 'Queue',
      what: 'What the register has not confirmed yet. It usually goes by itself, nothing has to be pressed.',
      red: 'A red entry waits for you: correct the receipt or write it off with a reason. Nothing is deleted here, and no second receipt appears.',
    },
    shift: {
      title: 'Shift',
      what: 'Totals of the shift, cash in the drawer, deposits and withdrawals, X and Z report, the comparison with the register.',
      red: 'Close a shift older than 24 hours: the register takes no receipts without it. If it can’t be closed, the list under the button names what is not confirmed yet.',
    },
    bank: {
      title: 'Bank',
      what: 'Today’s card operations through the register: payments, cancellations, refunds and the end of the bank’s day.',
      red: 'An operation without an outcome: look at the bank’s screen and slip and answer the question. Nothing is charged twice.',
    },
    device: {
      title: 'Register',
      what: 'What the register says of itself: paper, battery, the tax authority, the key. The technician’s tools are here too.',
      red: 'No connection: check it, the terminal names the cause and the steps. A key is asked for: the eight digits on the register’s screen, type or scan them. Paper is out: put it in and go on.',
    },
    debts: {
      title: 'Debts',
      what: 'Who took goods on credit, how much and how long ago. The name is written when a receipt is paid on credit. Tap a debtor to take money: cash is a deposit at the register.',
      red: '“Waits for the register”: a receipt or a deposit isn’t confirmed yet, look at the queue. “The shop owes”: more came back than was taken, give the difference out.',
    },
    catalog: {
      title: 'Catalogue',
      what: 'Products: loaded from the register, a file or iiko; prices and barcodes are edited here.',
      red: 'What would change is shown before it is loaded. Red rows are left out: the reason stands beside them.',
    },
    stock: {
      title: 'Stock',
      what: 'How much of each product is left: deliveries, stock-taking by scanner, write-offs, costs. It never affects a sale.',
      red: 'Yellow: a product runs out. A quantity below zero means that more was sold than was delivered: take stock.',
    },
    cashiers: {
      title: 'Cashiers',
      what: 'Who works at the terminal: name, PIN and rights.',
      red: 'A forgotten PIN is changed here by the administrator.',
    },
    iiko: {
      title: 'iiko',
      what: 'Shifts of iikoServer: the list of a period, the acceptance of a shift with sums and accounts.',
      red: 'A red row: the server refused it, its words stand below. Correct the value and save again.',
    },
    atol: {
      title: 'ATOL',
      what: 'Registers of ATOL Online: state, shift, storage, unsent documents. Those that need attention come first.',
      red: 'A red register: its row says why. Unsent documents go by themselves once it has a network.',
    },
    settings: {
      title: 'Settings',
      what: 'Shop name, texts and barcode of receipts, weight barcodes, scale, backup, another tablet.',
      red: 'A warning about storage: install the terminal as an app and save a backup.',
    },
    setup: {
      title: 'Connecting a register',
      what: 'Connecting the register: address and key from its screen, or its name at the server.',
      red: 'The terminal only reads the state first and names the cause if that fails. Take the steps below it and check again.',
    },
  },
}
