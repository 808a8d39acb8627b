import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { openAppDatabase } from '../storage/app-db.ts'
import { createKeyValueStore } from '../storage/key-value.ts'
import { keepNewItem, lastNewItem } from './new-item.ts'
import { provideServices, type Services } from './services.ts'

it('remembers tax and category of the last new item, and nothing where nothing readable is stored', async () => {
  const database = await openAppDatabase('new-item')
  provideServices({ keyValues: createKeyValueStore(database) } as unknown as Services)
  expect(await lastNewItem()).toEqual({ categoryId: null, taxId: null })
  await keepNewItem({ categoryId: 'own:1', taxId: '7' })
  expect(await lastNewItem()).toEqual({ categoryId: 'own:1', taxId: '7' })
  await database.put('settings', { key: 'new-item', value: 'broken' })
  expect(await lastNewItem()).toEqual({ categoryId: null, taxId: null })
})
