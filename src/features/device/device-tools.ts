/** The tools of chapter 10 as the device page lists them: what each sends, and whether it bites. */
import type { MessageKey } from '../../i18n/schema.ts'
import type { FrozenRequest } from '../../ikkm/codec.ts'
import { printLastDocumentRequest, rebootRequest, sessionRequest, updateRequest } from '../../ikkm/requests.ts'
import type { IconName } from '../../ui/icons.ts'

export interface DeviceTool {
  readonly id: string
  readonly title: MessageKey
  readonly text: MessageKey
  readonly icon: IconName
  /** Asks before it is sent. */
  readonly confirm: boolean
  request(): FrozenRequest
}

export const TOOLS: readonly DeviceTool[] = [
  {
    id: 'beep',
    title: 'device.beep',
    text: 'device.beepText',
    icon: 'bell',
    confirm: false,
    request: () => sessionRequest('beep'),
  },
  {
    id: 'print-last',
    title: 'device.printLast',
    text: 'device.printLastText',
    icon: 'printer',
    confirm: false,
    request: printLastDocumentRequest,
  },
  {
    id: 'push',
    title: 'device.push',
    text: 'device.pushText',
    icon: 'cloud',
    confirm: false,
    request: () => sessionRequest('pushTheQue'),
  },
  {
    id: 'hide-web',
    title: 'device.hideWeb',
    text: 'device.hideWebText',
    icon: 'globe',
    confirm: true,
    request: () => sessionRequest('disableWebMgmt'),
  },
]

export const SERVICE: readonly DeviceTool[] = [
  {
    id: 'update',
    title: 'device.update',
    text: 'device.updateText',
    icon: 'download',
    confirm: true,
    request: updateRequest,
  },
  {
    id: 'reboot',
    title: 'device.reboot',
    text: 'device.rebootText',
    icon: 'refresh',
    confirm: true,
    request: rebootRequest,
  },
]
