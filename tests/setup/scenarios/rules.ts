import { randomBytes } from 'node:crypto'
import { db, pool } from '../../../lib/db/client'
import { textRows } from '../../../lib/returns/policy-text'
import { addEvidence } from '../../../lib/workflow/evidence/add'
import { activePolicy } from '../../../lib/workflow/policies'
import { somebody } from '../cases'
import { farah, fresh, hugo, jo, oscar, paul, received, rows, run, type Scenario, sam } from './scenario'

/** A draft of the returns policy by somebody who has no other, changed in one cell. */
async function draft(edited = true) {
  const actor = somebody(fresh('heidi'), ['compliance_officer'])
  const { version } = await run<{ version: number }>(actor, 'policy.draft', { kind: 'returns' })
  const [row] = await rows<{ hash: string }>("SELECT hash FROM policy WHERE kind = 'returns' AND version = $1", version)
  const lines = textRows((await activePolicy(db(), 'returns', new Date())).table).map((line) =>
    line.id === 'abuse' ? { ...line, when: { ...line.when, returns_90d: `${20 + version} ..` } } : line,
  )
  const about = { kind: 'returns', version }
  const edit = { ...about, seen: row?.hash, rows: lines }
  if (edited) await run(actor, 'policy.edit', edit)
  return { actor, about, edit }
}
async function submitted(): Promise<string> {
  const { actor, about } = await draft()
  return (await run(actor, 'policy.submit', { ...about, note: 'Loyal customers return more.' })).approvalId ?? ''
}

/** A photo; `old` when its retention is over. */
async function photo(old = false): Promise<string> {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(300)])
  const { sha256 } = await addEvidence(jo, { bytes, subjectType: 'unit', subjectId: await received('photo') })
  if (old)
    await pool().query(
      `BEGIN; ALTER TABLE evidence DISABLE TRIGGER USER; UPDATE evidence SET keep_until = now() - interval '1 day' WHERE sha256 = '${sha256}';
       ALTER TABLE evidence ENABLE TRIGGER USER; COMMIT`,
    )
  return sha256
}
const HOLD = { reason: 'A case at court.' }

/** What decides, and what is kept. */
export const RULES: readonly Scenario[] = [
  {
    command: 'policy.draft',
    build: async () => ({ actor: somebody(fresh('heidi'), ['compliance_officer']), input: { kind: 'returns' } }),
  },
  {
    command: 'policy.edit',
    async build() {
      const { actor, edit } = await draft(false)
      return { actor, input: edit }
    },
  },
  {
    command: 'policy.discard',
    async build() {
      const { actor, about } = await draft()
      return { actor, input: about }
    },
  },
  {
    command: 'policy.submit',
    async build() {
      const { actor, about } = await draft()
      return { actor, input: { ...about, note: 'Loyal customers return more.' } }
    },
  },
  {
    command: 'approval.approve',
    about: 'a policy, the second of two',
    async build() {
      const id = await submitted()
      await run(farah, 'approval.approve', { ids: [id] })
      return { actor: oscar, input: { ids: [id] } }
    },
  },
  {
    command: 'approval.reject',
    about: 'a policy',
    build: async () => ({ actor: farah, input: { ids: [await submitted()], reason: 'It is too generous.' } }),
  },
  {
    command: 'automation.switch',
    build: async () => ({
      actor: sam,
      input: { id: 'vendor_claim', enabled: false, reason: 'The agreement is being renewed.' },
    }),
  },
  {
    command: 'setting.change',
    build: async () => ({
      actor: sam,
      input: { key: 'late_hours', value: '36', reason: 'Carriers are slow in winter.' },
    }),
  },
  { command: 'evidence.hold', build: async () => ({ actor: hugo, input: { files: [await photo()], ...HOLD } }) },
  {
    command: 'evidence.release_hold',
    async build() {
      const files = [await photo()]
      await run(hugo, 'evidence.hold', { files, ...HOLD })
      return { actor: hugo, input: { files, reason: 'The case is over.' } }
    },
  },
  {
    command: 'evidence.purge',
    build: async () => ({ actor: paul, input: { files: [await photo(true)], reason: 'Two years are over.' } }),
  },
]
