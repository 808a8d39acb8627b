/** A page behind a right: the page isn't even made before somebody at the till has it, so nothing of it runs. */
import { defineComponent, h, type Component } from 'vue'
import type { Right } from '../../domain/cashier.ts'
import type { MessageKey } from '../../i18n/schema.ts'
import { text } from '../../i18n/use-text.ts'
import RightGate from './RightGate.vue'

export function gatedPage(right: Right, title: MessageKey, page: Component): Component {
  return defineComponent({
    name: 'GatedPage',
    render: () => h(RightGate, { right, title: text(title) }, { default: () => h(page) }),
  })
}
