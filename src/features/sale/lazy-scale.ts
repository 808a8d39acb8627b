/** The scale beside a weight that is asked for: fetched where the browser has serial lines at all. */
import { services } from '../../till/services.ts'
import { fetchedComponent } from '../common/fetched.ts'

export const hasScale = (): boolean => services().serial !== undefined

export const ScaleReading = fetchedComponent(() => import('../scale/ScaleReading.vue'))
