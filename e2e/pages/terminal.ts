/** The terminal as a test drives it: only by what a person can see, and by the stable hooks of screens.md. */
import { expect, type Locator, type Page } from '@playwright/test'
import type { IkkmEmulator } from '../emulators/ikkm.ts'
import { setUpOnce } from './set-up.ts'

export class Terminal {
  constructor(
    readonly page: Page,
    readonly origin: string,
    readonly device: IkkmEmulator,
    readonly watch: { allow(pattern: RegExp): void; allowOrigin(origin: string): void },
    /** Which devices are alike at their start; null: every setup goes through the screens. */
    private readonly kind: string | null = null,
  ) {}

  /** The same tablet over another cash register. */
  over(device: IkkmEmulator): Terminal {
    return new Terminal(this.page, this.origin, device, this.watch)
  }

  byId(id: string): Locator {
    return this.page.getByTestId(id)
  }

  /** The setup link that a technician scans: the key stands in the fragment, which no server sees. */
  setupLink(options: { readonly key?: string; readonly origin?: string; readonly lang?: string } = {}): string {
    const key = options.key ?? this.device.device.currentKey()
    const query = new URLSearchParams({
      device: options.origin ?? this.device.origin,
      transport: 'direct',
      lang: options.lang ?? 'ru',
    })
    return `${this.origin}/setup?${query.toString()}#key=${key}`
  }

  /** A set-up terminal on the sale screen with the device ready. */
  setUp(): Promise<void> {
    return this.kind === null ? this.setUpByLink() : setUpOnce(this, this.kind)
  }

  /** First start by link; ends on the sale screen with the device ready. */
  async setUpByLink(): Promise<void> {
    await this.page.goto(this.setupLink())
    await this.ready()
  }

  async ready(): Promise<void> {
    await expect(this.byId('product').first()).toBeVisible({ timeout: 30_000 })
    await expect(this.byId('device-state')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 })
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(this.origin + path)
  }

  product(code: string): Locator {
    return this.page.locator(`[data-testid="product"][data-code="${code}"]`)
  }

  /** Taps products by their place in the grid. */
  async tapProducts(...indexes: readonly number[]): Promise<void> {
    for (const index of indexes) await this.byId('product').nth(index).click()
  }

  /** Product, Pay, Exact: the shortest sale. Returns the result's state. */
  async sellExact(index = 0): Promise<void> {
    await this.tapProducts(index)
    await this.byId('pay').click()
    await this.byId('tender-cash-exact').click()
  }

  async expectResult(state: 'registered' | 'queued' | 'rejected' | 'unknown'): Promise<void> {
    await expect(this.byId('payment-result')).toHaveAttribute('data-state', state, { timeout: 45_000 })
  }

  async receiptNumber(): Promise<number> {
    const text = (await this.byId('receipt-number').first().textContent()) ?? ''
    return Number(/\d+/.exec(text)?.[0])
  }
}
