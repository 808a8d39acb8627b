import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { UploadView, Uploader } from '../till/upload.ts'
import { DEFAULT_SETTINGS, useSettingsStore } from './settings.ts'
import { useUploadStore } from './upload.ts'

const HOUR = 3_600_000

/** A till that the server knows; `sinceMs` is when its oldest change began to wait. */
function uploaderWith(view: Partial<UploadView>): Uploader {
  const whole: UploadView = { state: 'away', waiting: 1, sinceMs: 0, heardAtMs: 1, ...view }
  let told = (): void => undefined
  return {
    changed: () => undefined,
    retry: () => undefined,
    view: () => whole,
    look() {
      told()
      return Promise.resolve()
    },
    subscribe(listener) {
      told = listener
      return () => undefined
    },
    run: () => Promise.resolve(),
    stop: () => undefined,
  }
}

describe('what the shop server has of this till', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
  })

  it('is late after as many hours as the settings say', () => {
    const upload = useUploadStore()
    expect(upload.lateSinceMs(100 * HOUR)).toBeNull()
    upload.follow(uploaderWith({ sinceMs: 10 * HOUR }), false)
    expect(upload.lateSinceMs(34 * HOUR)).toBeNull()
    expect(upload.lateSinceMs(34 * HOUR + 1)).toBe(10 * HOUR)
    useSettingsStore().values = { ...DEFAULT_SETTINGS, uploadAlarmHours: 0 }
    expect(upload.lateSinceMs(1_000 * HOUR)).toBeNull()
  })

  it.each([
    ['no server ever took anything', { heardAtMs: null }],
    ['nothing waits', { sinceMs: null, waiting: 0 }],
  ] as const)('is never late where %s', (_what, view) => {
    const upload = useUploadStore()
    upload.follow(uploaderWith(view), false)
    expect(upload.lateSinceMs(1_000 * HOUR)).toBeNull()
  })

  it('is never late with practice receipts', () => {
    const upload = useUploadStore()
    upload.follow(uploaderWith({}), true)
    expect(upload.lateSinceMs(1_000 * HOUR)).toBeNull()
  })
})
