import type { DeviceReadings } from '../../src/device-model/device.ts'
import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'

const SALES = 20

/** Far from the document's examples, where it leaves the point open. */
const OTHER_READINGS: Partial<DeviceReadings> = {
  checks: 'before-key',
  statusChecksKey: false,
  dumpChecksKey: false,
  replayComparesBody: true,
  transactionKey: 'returned',
  chequeDiscounts: 'omitted',
  cashTakesNumbers: false,
  busyScope: 'operations',
}

const CASES = [
  { seed: 11, name: "the document's examples", readings: {} },
  { seed: 12, name: 'other readings of the document', readings: OTHER_READINGS },
] as const

for (const { seed, name, readings } of CASES) {
  test.describe(`a device after ${name}`, () => {
    test.use({ deviceOptions: { seed, readings } })
    test(`${SALES} sales with answers lost at random, on a device after ${name}, leave ${SALES} receipts with the terminal's numbers`, async ({
      terminal,
      device,
    }) => {
      test.setTimeout(400_000)
      await terminal.setUp()
      device.faults.random(seed, {
        'drop-after': 0.12,
        'drop-before': 0.08,
        cut: 0.05,
        'empty-reason': 0.1,
        html: 0.03,
      })
      for (let sale = 0; sale < SALES; sale += 1) {
        await terminal.tapProducts(sale % 5)
        await terminal.byId('pay').click()
        await terminal.byId('tender-cash-exact').click()
        await expect(terminal.byId('payment-result')).toBeVisible()
      }
      await expect(terminal.byId('queue-count')).toBeHidden({ timeout: 300_000 })
      device.faults.random(seed, {})

      const receipts = documents(device, 'sale')
      expect(receipts).toHaveLength(SALES)
      await terminal.goto('/journal')
      const rows = terminal.byId('journal-entry')
      await expect(rows).toHaveCount(SALES)
      const shown = await rows.evaluateAll((elements) =>
        elements.map((row) => [Number(row.getAttribute('data-number')), Number(row.getAttribute('data-tiyn'))]),
      )
      expect(shown.sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual(
        receipts.map((receipt) => [receipt.number, receipt.totalTiyn]).sort((a, b) => Number(a[0]) - Number(b[0])),
      )
    })
  })
}
