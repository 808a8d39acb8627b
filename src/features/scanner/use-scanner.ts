/** The scanner of the whole terminal: installed once, it works on every screen. */
import { useCashiersStore } from '../../stores/cashiers.ts'
import { useSettingsStore } from '../../stores/settings.ts'
import { openScreen } from '../common/screens.ts'
import { deliverScan, scanOptions } from './scan-target.ts'
import { useWedge } from './use-wedge.ts'

/** Hands each code to the screen that wants it. Where none does, the sale is opened and gets it. */
export function useScanner(): void {
  const cashiers = useCashiersStore()
  const settings = useSettingsStore()

  useWedge((code) => {
    if (cashiers.locked) return
    if (!deliverScan(code) && settings.setupDone) void openScreen('/')
  }, scanOptions)
}
