import 'fake-indexeddb/auto'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { openAppDatabase, type AppDatabase } from '../storage/app-db.ts'
import { createKeyValueStore } from '../storage/key-value.ts'
import { refusalFor } from '../till/guard.ts'
import { provideServices, type Services } from '../till/services.ts'
import { readSettings, useSettingsStore } from './settings.ts'

let database: AppDatabase
let names = 0

/** A window that was just started over what the database holds. */
async function start() {
  setActivePinia(createPinia())
  const store = useSettingsStore()
  provideServices({ keyValues: createKeyValueStore(database), refusal: refusalFor } as unknown as Services)
  await store.load()
  return store
}

const stored = async () => readSettings((await database.get('settings', 'settings'))?.value)
const DEMO = { transport: 'demo', origin: '', relayId: '', deviceId: 'demo:' } as const
const REAL = { transport: 'direct', origin: 'http://10.0.0.5:8080', relayId: '', deviceId: 'direct:' } as const

describe('settings written by two windows', () => {
  beforeEach(async () => {
    database = await openAppDatabase(`settings-${++names}`)
  })

  it('change only the field that a person changed: a window that began in the demo takes no register back', async () => {
    await (await start()).change({ device: DEMO })
    const second = await start()
    await (await start()).change({ device: REAL, shopName: 'Дүкен' })
    await second.change({ theme: 'dark' })
    expect(await stored()).toMatchObject({ device: REAL, shopName: 'Дүкен', theme: 'dark' })
    // The second window shows what is true now, and knows that it still works with the demo.
    expect(second.values).toMatchObject({ device: REAL, shopName: 'Дүкен', theme: 'dark' })
    expect([second.isDemo, second.moved]).toEqual([true, true])
  })

  it('are not moved for the window that changed the way itself, nor by a change of anything else', async () => {
    const first = await start()
    await first.change({ device: DEMO })
    const second = await start()
    await first.change({ footerText: 'Рахмет' })
    await second.load()
    expect([first.moved, second.moved, second.values.footerText]).toEqual([false, false, 'Рахмет'])
    await first.change({ device: REAL })
    expect([first.moved, first.isDemo]).toEqual([false, false])
  })

  it('keep what a newer version wrote and this one doesn’t know', async () => {
    const store = await start()
    await database.put('settings', { key: 'settings', value: { theme: 'dark', later: 1 } })
    await store.change({ shopName: 'А' })
    expect((await database.get('settings', 'settings'))?.value).toEqual({ theme: 'dark', later: 1, shopName: 'А' })
  })

  it('have no ways to pay of the shop’s own where an older version or a broken record has none', async () => {
    const way = {
      id: 'w',
      name: 'Kaspi QR',
      icon: 'qr',
      colour: 2,
      tender: 'bank',
      change: false,
      asks: 'digits',
    } as const
    expect(readSettings({ theme: 'dark' })).toMatchObject({ theme: 'dark', ways: [], blindCount: false })
    expect(readSettings({ shopName: 'А', ways: 'none' })).toMatchObject({
      shopName: 'А',
      ways: [],
    })
    const store = await start()
    await store.change({ ways: [way] })
    expect((await stored()).ways).toEqual([way])
  })

  it('show every letter of a text that is typed faster than the disk writes', async () => {
    const store = await start()
    const writes = ['Д', 'Дү', 'Дүк'].map((shopName) => store.change({ shopName }))
    const seen: string[] = [store.values.shopName]
    for (const write of writes) {
      await write
      seen.push(store.values.shopName)
    }
    expect(seen).toEqual(['Дүк', 'Дүк', 'Дүк', 'Дүк'])
    expect((await stored()).shopName).toBe('Дүк')
  })

  it('show what is stored where a change couldn’t be', async () => {
    const store = await start()
    await store.change({ shopName: 'А' })
    const keyValues = createKeyValueStore(database)
    provideServices({
      refusal: refusalFor,
      keyValues: { ...keyValues, update: () => Promise.reject(new Error('QuotaExceededError')) },
    } as unknown as Services)
    await expect(store.change({ shopName: 'Б' })).rejects.toThrow('QuotaExceededError')
    expect(store.values.shopName).toBe('А')
  })
})
