/** The period inside a stored question, for a sentence about data that stand in for others. */
import * as v from 'valibot'
import { wireMs } from './wire-time.ts'

const asked = v.object({ from: v.string(), to: v.string() })

function parse(question: string): unknown {
  try {
    return JSON.parse(question) as unknown
  } catch {
    return null
  }
}

/** `01.11.2026 – 07.11.2026`; the question itself where it holds no period. */
export function periodText(question: string, date: (ms: number) => string): string {
  const parsed = v.safeParse(asked, parse(question))
  if (!parsed.success) return question
  const [from, to] = [parsed.output.from, parsed.output.to].map((day) => {
    const ms = wireMs(day)
    return ms === null ? day : date(ms)
  })
  return `${from ?? ''} – ${to ?? ''}`
}
