import { newMemoryData, MemoryStore } from './memory-store.ts'
import { describeQueueStore } from './testing/store-contract.ts'

describeQueueStore('the store in memory', () => {
  const data = newMemoryData()
  return Promise.resolve({
    store: new MemoryStore(data),
    reopen: () => Promise.resolve(new MemoryStore(data)),
    close: () => Promise.resolve(),
  })
})
