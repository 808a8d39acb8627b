/** The client of the proxy, fetched when a back-office screen first asks something: a till that only sells never needs it. */
import type { BackofficeClient, BackofficeOptions } from '../backoffice/client.ts'

export function lazyBackoffice(options: BackofficeOptions): BackofficeClient {
  let made: Promise<BackofficeClient> | null = null
  const client = () =>
    (made ??= import('../backoffice/client.ts').then(
      ({ createBackofficeClient }) => createBackofficeClient(options),
      (error: unknown) => {
        // A chunk that couldn't be fetched is asked for again at the next call.
        made = null
        throw error
      },
    ))
  return {
    config: async () => (await client()).config(),
    pair: async (code) => (await client()).pair(code),
    iikoShifts: async (filters, progress) => (await client()).iikoShifts(filters, progress),
    iikoShift: async (id) => (await client()).iikoShift(id),
    iikoPayments: async (id, hideAccepted) => (await client()).iikoPayments(id, hideAccepted),
    iikoDocument: async (id) => (await client()).iikoDocument(id),
    iikoSave: async (document) => (await client()).iikoSave(document),
    iikoNames: async (fresh) => (await client()).iikoNames(fresh),
    iikoLicence: async (moduleId) => (await client()).iikoLicence(moduleId),
    iikoLogout: async () => (await client()).iikoLogout(),
    iikoSales: async (period, detail, progress) => (await client()).iikoSales(period, detail, progress),
    iikoCatalogue: async (day, departmentId) => (await client()).iikoCatalogue(day, departmentId),
    atolDevices: async (page) => (await client()).atolDevices(page),
    atolDevice: async (serial) => (await client()).atolDevice(serial),
  }
}
