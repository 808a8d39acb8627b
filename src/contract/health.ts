/** `GET /api/health`: what a monitor is told. No address, no name of a person, no secret. */
import * as v from 'valibot'

export const HEALTH_PATH = '/api/health'

const upstream = {
  /** ISO 8601; null when there was none since the start. */
  lastSuccess: v.nullable(v.string()),
  lastFailure: v.nullable(v.object({ at: v.string(), kind: v.string() })),
}
export const upstreamHealthSchema = v.object(upstream)
export type UpstreamHealth = v.InferOutput<typeof upstreamHealthSchema>

const server = v.object({ configured: v.boolean(), ...upstream })

export const healthSchema = v.object({
  status: v.literal('ok'),
  version: v.string(),
  startedAt: v.string(),
  /** Resident memory in bytes. */
  memoryBytes: v.number(),
  iiko: server,
  atol: server,
  devices: v.array(v.object({ id: v.string(), ...upstream })),
})
export type HealthReply = v.InferOutput<typeof healthSchema>
