/** The attention bar's sentence in the current language. */
import type { useText } from '../../i18n/use-text.ts'
import { formatDeviceDay } from '../../ikkm/device-time.ts'
import type { Attention, AttentionValue } from './attention.ts'

type Words = Pick<ReturnType<typeof useText>, 't' | 'money' | 'time' | 'dateTime' | 'duration'>

function valueText(value: AttentionValue, words: Words): string {
  switch (value.kind) {
    case 'text':
      return value.text
    case 'money':
      return words.money(value.tiyn)
    case 'time':
      return words.time(value.ms)
    case 'dateTime':
      return words.dateTime(value.ms)
    case 'registerTime':
      return formatDeviceDay(value.ms)
    case 'duration':
      return words.duration(value.ms)
    case 'message':
      return words.t(value.key, value.named)
  }
}

export function attentionSentence(attention: Attention, words: Words): string {
  const named = Object.entries(attention.values).map(([name, value]) => [name, valueText(value, words)])
  return words.t(attention.text, Object.fromEntries(named) as Record<string, string>)
}
