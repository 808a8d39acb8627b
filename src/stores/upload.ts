/** What the shop server has of this till, for the screens. The uploading itself is `till/upload.ts`, begun by `compose`. */
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { UploadView, Uploader } from '../till/upload.ts'
import { useSettingsStore } from './settings.ts'

const HOUR_MS = 3_600_000

export const useUploadStore = defineStore('upload', () => {
  const settings = useSettingsStore()
  /** Null until this window knows. */
  const view = shallowRef<UploadView | null>(null)
  let uploader: Uploader | null = null
  let practice = false

  /** `demo`: its receipts are practice. */
  function follow(next: Uploader, demo: boolean): void {
    uploader = next
    practice = demo
    next.subscribe(() => {
      view.value = next.view()
    })
    void next.look()
  }

  /** Reads what waits now; another window may be the one that uploads. */
  function look(): void {
    void uploader?.look()
  }

  /** Asks the server now: the tablet was paired, or a person wants to know. */
  function retry(): void {
    uploader?.retry()
  }

  /**
   * Since when a change waits for a server that took something before, where that is longer than the settings allow; else
   * null. Practice receipts are missed by nobody. `nowMs`: ms since the epoch.
   */
  function lateSinceMs(nowMs: number): number | null {
    const hours = settings.values.uploadAlarmHours
    const { sinceMs = null, heardAtMs = null } = view.value ?? {}
    if (hours === 0 || practice || sinceMs === null || heardAtMs === null) return null
    return nowMs - sinceMs > hours * HOUR_MS ? sinceMs : null
  }

  return { view, follow, look, retry, lateSinceMs }
})
