/** Loading the catalogue from the device and from iiko, with what to tell the person about each. */
import { computed, ref, shallowRef } from 'vue'
import { loadPart } from '../../i18n/i18n.ts'
import { useText } from '../../i18n/use-text.ts'
import type { Failure } from '../../contract/errors.ts'
import { calendarDay } from '../../domain/calendar-day.ts'
import { useCatalogStore, type CatalogLoad } from '../../stores/catalog.ts'
import { services } from '../../till/services.ts'
import { showToast } from '../../ui/toasts.ts'
import { useDeviceErrors } from '../common/device-errors.ts'
import { catalogFromIiko } from './iiko-items.ts'

export function useCatalogLoads() {
  const { t } = useText()
  const catalog = useCatalogStore()
  const errors = useDeviceErrors()
  const outcome = shallowRef<CatalogLoad | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const demo = ref(false)
  const fromIiko = ref(false)
  /** Another list was taken while this one was read, and stays. */
  const overtaken = ref(false)

  function forget(): void {
    outcome.value = null
    failure.value = null
    demo.value = false
    overtaken.value = false
  }

  function loaded(count: number): void {
    showToast(t('catalog.done', { count }), { key: 'catalog', icon: 'check' })
  }

  /** Why the last load from the device changed nothing; empty when it did. */
  const trouble = computed(() => {
    const result = outcome.value
    if (overtaken.value || result?.kind === 'overtaken') return t('catalog.overtaken')
    if (result === null || result.kind === 'loaded') return ''
    return result.kind === 'noKey' ? t('catalog.noKey') : `${t('catalog.failed')} ${errors.describe(result)}`
  })

  async function loadFromDevice(): Promise<void> {
    forget()
    outcome.value = await catalog.loadFromDevice()
    if (outcome.value.kind === 'loaded') loaded(outcome.value.items)
  }

  async function loadFromIiko(): Promise<void> {
    forget()
    fromIiko.value = true
    try {
      const over = await services().catalog.version()
      const answer = await services().backoffice.iikoCatalogue(calendarDay(services().now()))
      if (!answer.ok) {
        await loadPart('office')
        failure.value = answer.failure
        return
      }
      const goods = catalogFromIiko(answer.value.data)
      demo.value = answer.value.demo
      overtaken.value = !(await catalog.replace(goods, over))
      if (!overtaken.value) loaded(goods.items.length)
    } finally {
      fromIiko.value = false
    }
  }

  return { trouble, failure, demo, fromIiko, loadFromDevice, loadFromIiko }
}
