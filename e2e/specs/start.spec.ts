import { expect, test } from '../fixtures.ts'
import { documents } from '../pages/selling.ts'

test('without HTTPS the terminal says that it is needed and how, in every language, with a way on', async ({
  page,
  app,
  watch,
}) => {
  watch.allow(/secure context/)
  await page.addInitScript(`Object.defineProperty(globalThis, 'isSecureContext', { value: false })`)
  await page.goto(app.origin)
  const failed = page.getByTestId('failed-start')
  await expect(failed).toHaveAttribute('data-cause', 'insecure')
  await expect(failed.getByRole('alert')).toHaveCount(3)
  await expect(failed).toContainText('https://localhost')
  await expect(failed).not.toContainText(/инкогнито|private window/)
  await expect(failed.getByRole('link').first()).toHaveAttribute('href', /^https:/)
})

/** Lets a test close every database connection of the page, as a browser does whose storage process ended. */
const KEEP_CONNECTIONS = `(() => {
  const real = IDBFactory.prototype.open
  globalThis.connections = []
  IDBFactory.prototype.open = function (...given) {
    const request = real.apply(this, given)
    request.addEventListener('success', () => globalThis.connections.push(request.result))
    return request
  }
})()`

test('a database connection that is lost under the page is opened again: the sale is stored at the first tap, once', async ({
  terminal,
  device,
  page,
}) => {
  await page.addInitScript(KEEP_CONNECTIONS)
  await terminal.setUp()
  await terminal.tapProducts(0)
  await page.evaluate('connections.splice(0).forEach((connection) => connection.close())')
  await terminal.byId('pay').click()
  await terminal.byId('tender-cash-exact').click()
  await terminal.expectResult('registered')
  expect(documents(device, 'sale')).toHaveLength(1)
  await page.reload()
  await terminal.ready()
  await expect(terminal.byId('queue-count')).toBeHidden()
})

test('what nobody caught is said with a number, kept, and shown on the device page without secrets', async ({
  terminal,
  page,
  watch,
}) => {
  watch.allow(/planned defect/)
  await terminal.setUp()
  await page.evaluate(`void Promise.reject(new Error('allowed: planned defect key=12345678'))`)
  await expect(page.getByText(/Ошибка программы № 1\./)).toBeVisible()
  await terminal.goto('/device')
  await terminal.byId('kept-error').click()
  await expect(terminal.byId('kept-error')).toContainText('planned defect')
  await expect(terminal.byId('kept-error')).not.toContainText('12345678')
})
