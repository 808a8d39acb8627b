import type { BackofficeMessages } from '../schema.ts'
import { backoffice as russian } from '../ru/backoffice.ts'

export const backoffice: BackofficeMessages = russian
