import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { addFreeLine } from '../domain/cart-commands.ts'
import { createCart, type Cart } from '../domain/cart.ts'
import { tiyn } from '../domain/money.ts'
import type { DeviceAnswer } from '../contract/device.ts'
import { json, reply } from '../ikkm/testing/device-replies.ts'
import { provideServices, type Services } from './services.ts'

let reads: number
let taxes: () => DeviceAnswer

/** Each test starts as the terminal does: nothing remembered. */
async function freshPlan() {
  vi.resetModules()
  return import('./pay-plan.ts')
}

function cartWith(taxId: string | null): Cart {
  const made = addFreeLine(createCart({ id: 'c', createdAt: 0 }), { name: 'Чай', price: tiyn(50_000), taxId })
  if (made.kind !== 'done') throw new Error(made.kind)
  return made.cart
}

beforeEach(() => {
  reads = 0
  taxes = () => json({ 15: 'НДС 16%', 16: 'Без НДС' })
})

async function start() {
  const plan = await freshPlan()
  const { provideServices: provide } = await import('./services.ts')
  for (const hand of [provide, provideServices]) {
    hand({
      newId: () => 'id',
      device: {
        read: (_request: unknown, decode: (answer: DeviceAnswer) => unknown) => {
          reads += 1
          return Promise.resolve(decode(taxes()))
        },
      },
    } as unknown as Services)
  }
  setActivePinia(createPinia())
  return plan
}

describe('the taxes behind a plan', () => {
  it('are not read for goods of the default tax', async () => {
    const { planFor } = await start()
    expect(await planFor(cartWith(null))).toMatchObject({ kind: 'ready' })
    expect(reads).toBe(0)
  })

  it('are read once for a tax that is written out, and again only for one that is not among them', async () => {
    const { planFor } = await start()
    expect(await planFor(cartWith('16'))).toMatchObject({ kind: 'ready' })
    expect(await planFor(cartWith('16'))).toMatchObject({ kind: 'ready' })
    expect(reads).toBe(1)
    taxes = () => json({ 15: 'НДС 16%', 16: 'Без НДС', 17: 'НДС 8%' })
    expect(await planFor(cartWith('17'))).toMatchObject({ kind: 'ready' })
    expect(reads).toBe(2)
  })

  it('show an unknown one, which is replaced without a question once a person agreed', async () => {
    const { planFor, rememberReplaced } = await start()
    expect(await planFor(cartWith('12'))).toMatchObject({ kind: 'unknownTax', taxIds: ['12'] })
    rememberReplaced(['12'])
    expect(await planFor(cartWith('12'))).toMatchObject({ kind: 'ready' })
    expect(await planFor(cartWith('12'), true)).toMatchObject({ kind: 'unknownTax' })
  })

  it('are read anew for a receipt that corrects a refused one', async () => {
    const { planFor } = await start()
    await planFor(cartWith('16'))
    taxes = () => json({ 15: 'НДС 16%', 17: 'НДС 8%' })
    expect(await planFor({ ...cartWith('16'), corrects: 'refused' })).toMatchObject({ kind: 'unknownTax' })
  })

  it('stand in nobody’s way while the device can not say them', async () => {
    const { planFor } = await start()
    taxes = () => reply(400, 'only-master-cashier', '-16')
    expect(await planFor(cartWith('12'))).toMatchObject({ kind: 'ready' })
  })
})
