/**
 * `npx tsx proxy/tills.ts list | revoke <id> | monitor`: which tills are paired with this server and when each was last
 * used; takes one back; makes a token with which a monitor reads `/api/health` and nothing else. With the settings of the
 * proxy (`STATE_DIR`, `CONFIG_FILE`), whether it runs or not.
 */
import { loadPairingSecret, newTokenId, signToken } from './access.ts'
import { loadSettings, SettingsError } from './config.ts'
import { listRevoked, listTills, revokeTill } from './till-registry.ts'

/** In the archive of `npm run package` it is a file that Node runs as it is. */
const COMMAND = import.meta.filename.endsWith('.mjs') ? 'node tills.mjs' : 'npx tsx proxy/tills.ts'
const USAGE = `Use: ${COMMAND} list | revoke <id> | monitor`

function list(stateDir: string): void {
  const revoked = new Set(listRevoked(stateDir))
  const tills = listTills(stateDir)
  if (tills.length === 0) console.log('No till has been paired yet.')
  for (const { id, role, firstUse, lastUse, address, agent } of tills) {
    const state = revoked.has(id) ? 'revoked' : role
    console.log(`${id}  ${state}  first ${firstUse}  last ${lastUse}  ${address}  ${agent}`)
  }
}

function revoke(stateDir: string, id: string): void {
  const matches = listTills(stateDir).filter((till) => till.id === id || (id.length >= 4 && till.id.startsWith(id)))
  const [till] = matches
  if (till === undefined || matches.length > 1) {
    console.error(matches.length > 1 ? `${id} is the beginning of several: give more of it` : `No till ${id}: see list`)
    process.exitCode = 1
    return
  }
  revokeTill(stateDir, till.id)
  console.log(`${till.id} has to pair again.`)
}

function main([command = '', id = '']: readonly string[]): void {
  const { stateDir } = loadSettings(process.env)
  if (command === 'list') list(stateDir)
  else if (command === 'revoke' && id !== '') revoke(stateDir, id)
  else if (command === 'monitor')
    console.log(`Authorization: Bearer ${signToken(loadPairingSecret(stateDir).secret, 'monitor', newTokenId())}`)
  else {
    console.error(USAGE)
    process.exitCode = 1
  }
}

try {
  main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof SettingsError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
