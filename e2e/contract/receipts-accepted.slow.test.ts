/**
 * The domain's promise to the device: every receipt that it builds is one that the device takes, registered with the
 * same total, rows, payments, change and drawer to the tiyn.
 */
import { describe, expect, it } from 'vitest'
import { IkkmDevice, newDeviceState } from '../../src/device-model/device.ts'
import type { LedgerEntry } from '../../src/device-model/device.ts'
import { buildReceipt } from '../../src/domain/build-receipt.ts'
import { cartTotals } from '../../src/domain/cart.ts'
import { includedTax, tiyn } from '../../src/domain/money.ts'
import { takesCashOut } from '../../src/domain/payment.ts'
import { TENDERS } from '../../src/domain/receipt.ts'
import type { Receipt, ReceiptKind } from '../../src/domain/receipt.ts'
import { buildReturn, returnableReceipt, selectAllLeft } from '../../src/domain/returns.ts'
import {
  pick,
  randomCart,
  randomPayments,
  randomWholePayments,
  seededRandom,
} from '../../src/domain/testing/random-cart.ts'
import type { Random } from '../../src/domain/testing/random-cart.ts'
import { decodeRegistrationReply, encodeRegistration, withKey } from '../../src/ikkm/codec.ts'
import { checkReceipt } from '../../src/ikkm/receipt-check.ts'

const NOW = Date.UTC(2026, 10, 22, 6)
/** A device for so many receipts: its ledger keeps every document whole. */
const RECEIPTS_A_DEVICE = 5_000
const DRAWER = 100_000_000_000

function newDevice(seed: number, rounding: 'no' | 'tenge'): IkkmDevice {
  return new IkkmDevice(newDeviceState({ seed, nowMs: NOW, cashTiyn: DRAWER, paperLimit: 0, rounding }))
}

/** A receipt as a cashier could make it, null where the domain holds the cart back. */
function randomReceipt(random: Random, wholeTenge: boolean): Receipt | null {
  const kind = pick<ReceiptKind>(random, ['sale', 'sale', 'sale', 'buy', 'saleReturn', 'buyReturn'])
  const cart = { ...randomCart(random, { kind }), wholeTenge }
  const { total } = cartTotals(cart)
  const payments = wholeTenge ? randomWholePayments(random, kind, total) : randomPayments(random, kind, total)
  const built = buildReceipt(cart, payments, { texts: { discount: 'Скидка' }, drawer: tiyn(DRAWER) })
  if (built.kind !== 'receipt') return null
  if (kind !== 'sale' || random() < 0.8) return built.receipt
  // Now and then the whole sale comes back.
  const basis = { number: 1, registeredAt: NOW, total: built.receipt.total }
  const returnable = returnableReceipt(built.receipt, basis, [], { wholeTenge })
  if (returnable === null) throw new Error('a sale is always returnable')
  const texts = { discount: 'Скидка', rounding: 'Округление' }
  const returned = buildReturn(returnable, selectAllLeft(returnable), pick(random, TENDERS), { texts })
  if (returned.kind !== 'receipt') throw new Error(JSON.stringify(returned))
  return returned.receipt
}

/** What the device noted that isn't what the receipt says. */
function differences(receipt: Receipt, entry: LedgerEntry | undefined): string[] {
  if (entry === undefined) return ['nothing registered']
  const found: string[] = []
  if (entry.kind !== receipt.kind) found.push('kind')
  if (entry.totalTiyn !== receipt.total) found.push('total')
  if (entry.changeTiyn !== receipt.change) found.push('change')
  if (TENDERS.some((tender, index) => entry.payments[index] !== (receipt.payments[tender] ?? 0))) found.push('payments')
  if (entry.taxTiyn !== includedTax(receipt.total, 1600)) found.push('tax')
  const rows = entry.rows ?? []
  const sum = rows.reduce((total, row) => total + row.sum - (row.discount ?? 0), 0)
  if (rows.length !== receipt.rows.length || entry.onlineRows !== rows.length) found.push('rows')
  if (sum !== receipt.total) found.push('sum of rows')
  return found
}

describe('100 000 random receipts of the domain', () => {
  it('are all accepted by the device and registered to the tiyn', () => {
    let accepted = 0
    let device = newDevice(1, 'no')
    let drawer = DRAWER
    let rounds = false
    for (let seed = 1; accepted < 100_000; seed++) {
      if (device.state.ledger.length === RECEIPTS_A_DEVICE) {
        // Every other device rounds to whole tenge.
        rounds = !rounds
        device = newDevice(seed, rounds ? 'tenge' : 'no')
        drawer = DRAWER
      }
      const receipt = randomReceipt(seededRandom(seed), rounds)
      if (receipt === null) continue
      const fail = (why: string): never => {
        throw new Error(`seed ${seed}: ${why}\n${JSON.stringify(receipt)}`)
      }
      const objections = checkReceipt(receipt)
      if (objections.length > 0) fail(JSON.stringify(objections))
      const request = withKey(encodeRegistration(receipt, { mark: 'A-0137' }), device.state.key)
      const outcome = decodeRegistrationReply({ ...device.handle(request, NOW + seed) })
      if (outcome.kind !== 'key') fail(JSON.stringify(outcome))
      const wrong = differences(receipt, device.state.ledger.at(-1))
      const cash = (receipt.payments.cash ?? 0) - receipt.change
      drawer += takesCashOut(receipt.kind) ? -cash : cash
      if (device.state.cashTiyn !== drawer) wrong.push('drawer')
      if (wrong.length > 0) fail(wrong.join(', '))
      accepted++
      if (device.state.ledger.length !== ((accepted - 1) % RECEIPTS_A_DEVICE) + 1) fail('documents')
    }
    expect(accepted).toBe(100_000)
  }, 180_000)
})
