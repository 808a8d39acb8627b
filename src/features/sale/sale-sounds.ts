/** The tones of a sale, for a shop that switched them on. */
import { watch } from 'vue'
import { usePaymentStore } from '../../stores/payment.ts'
import { useSettingsStore } from '../../stores/settings.ts'
import { playSound, type Sound } from '../common/sounds.ts'

/**
 * `hear` takes who plays what the commands of the sale have to say; what became of a receipt is followed here. A code of no
 * goods that is a receipt's (`isReceipt`) was understood.
 */
export function useSaleSounds(hear: (play: (sound: Sound) => void) => void, isReceipt: () => boolean): void {
  const payment = usePaymentStore()
  const settings = useSettingsStore()
  const play = (sound: Sound): void => {
    if (settings.values.sounds) playSound(sound === 'unknown' && isReceipt() ? 'scan' : sound)
  }
  hear(play)
  watch(
    () => payment.resultState,
    (state) => {
      if (state === 'registered') play('paid')
      if (state === 'rejected') play('error')
    },
  )
}
