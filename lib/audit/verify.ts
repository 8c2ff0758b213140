import type pg from 'pg'
import { readAnchors } from './anchor'
import { blockHash, GENESIS } from './block'
import { contentOf, ENTRY_COLUMNS, type EntryRow, leafHash } from './entry'
import { isSigned, publicKeys } from './key'
import { merkleRoot } from './merkle'
import { BLOCK_COLUMNS, type BlockRow } from './seal'

/** How the log can be broken. */
export const BREAKS = {
  modified: 'An entry, or the block itself, is not what was sealed.',
  deleted: 'An entry or a whole block is gone.',
  inserted: 'An entry stands in a block that was sealed without it.',
  reordered: 'Entries or blocks stand in another order than they were sealed in.',
  truncated: 'The end of the log is gone: the anchors know blocks that the database does not.',
  signature: 'A block is not signed by a key whose public half lies beside the anchors.',
  rewritten: 'A block is consistent in itself and not the one that was anchored: the log was written anew.',
  unsealed: 'An entry has waited for its block for more than a minute.',
  unaudited: 'A row of a controlled table was written by a transaction without an entry in the log.',
} as const
export type BreakKind = keyof typeof BREAKS

export interface Break {
  readonly kind: BreakKind
  /** The first block that is broken; null for what is in no block. */
  readonly block: string | null
  readonly message: string
}

export interface Verified {
  readonly blocks: number
  readonly entries: number
  readonly anchored: number
  /** Entries that wait for their block, as they may for a moment. */
  readonly unsealed: number
  readonly broken: Break | null
}

const AT_ONCE = 200

/**
 * Recomputes everything: leaves, roots, hashes, links, signatures, anchors. Stops at the first break in the order of blocks and says of which kind it
 * is. `unaudited` answers what was written without an entry (lib/workflow/controls), when the chain itself is whole.
 */
export async function verifyLog(
  client: pg.PoolClient,
  {
    hear = () => undefined,
    unaudited = async () => [],
  }: { hear?: (blocks: number, entries: number) => void; unaudited?: () => Promise<readonly string[]> } = {},
): Promise<Verified> {
  const keys = publicKeys()
  const anchors = readAnchors()
  const anchorOf = new Map(anchors.map((each) => [each.n, each]))
  let [blocks, entries] = [0, 0]
  let previous: Buffer = GENESIS
  let size = 0n
  const done = (broken: Break | null, unsealed = 0): Verified => ({
    blocks,
    entries,
    anchored: anchors.length,
    unsealed,
    broken,
  })
  for (let from = 1n; ; from += BigInt(AT_ONCE)) {
    const { rows } = await client.query<BlockRow>(
      `SELECT ${BLOCK_COLUMNS} FROM audit_block WHERE n >= $1 AND n < $2 ORDER BY n`,
      [from.toString(), (from + BigInt(AT_ONCE)).toString()],
    )
    const { rows: leaves } = await client.query<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM audit_entry WHERE block >= $1 AND block < $2 ORDER BY block, leaf, seq`,
      [from.toString(), (from + BigInt(AT_ONCE)).toString()],
    )
    const byBlock = new Map<bigint, EntryRow[]>()
    for (const row of leaves) {
      const list = byBlock.get(row.block ?? 0n)
      if (list) list.push(row)
      else byBlock.set(row.block ?? 0n, [row])
    }
    for (const block of rows) {
      const broken = breakOf(block, byBlock.get(block.n) ?? [], { previous, size, n: BigInt(blocks) + 1n })
      if (broken) return done(broken)
      if (!isSigned(block.hash, block.signature, keys.get(block.key_id)))
        return done(at(block, 'signature', `Block ${block.n} is not signed by a known key (${block.key_id}).`))
      const anchor = anchorOf.get(block.n.toString())
      if (anchor && anchor.hash !== block.hash.toString('hex'))
        return done(at(block, 'rewritten', `Block ${block.n} was anchored with another hash at ${anchor.at}.`))
      blocks += 1
      entries += block.count
      previous = block.hash
      size = block.size
    }
    hear(blocks, entries)
    const orphan = [...byBlock.keys()].find((n) => !rows.some((block) => block.n === n))
    if (orphan !== undefined) {
      const later = anchors.some(({ n }) => BigInt(n) === orphan)
      return done({
        kind: later ? 'truncated' : 'inserted',
        block: orphan.toString(),
        message: later
          ? `Block ${orphan} is gone; its entries and its anchor are here.`
          : `Entries name block ${orphan}, which was never sealed.`,
      })
    }
    if (rows.length < AT_ONCE) break
  }
  const beyond = anchors.find(({ n }) => BigInt(n) > BigInt(blocks))
  if (beyond)
    return done({
      kind: 'truncated',
      block: beyond.n,
      message: `The log ends at block ${blocks}; block ${beyond.n} was anchored at ${beyond.at}.`,
    })
  const { rows: waiting } = await client.query<{ n: string; late: string }>(
    `SELECT count(*)::text AS n, count(*) FILTER (WHERE at < now() - interval '60 seconds')::text AS late FROM audit_entry WHERE block IS NULL`,
  )
  const unsealed = Number(waiting[0]?.n ?? 0)
  if (waiting[0] && waiting[0].late !== '0')
    return done(
      {
        kind: 'unsealed',
        block: null,
        message: `${waiting[0].late} entries have waited for their block for more than a minute.`,
      },
      unsealed,
    )
  const missing = await unaudited()
  if (missing.length > 0)
    return done({ kind: 'unaudited', block: null, message: missing.slice(0, 3).join('; ') }, unsealed)
  return done(null, unsealed)
}

const at = (block: BlockRow, kind: BreakKind, message: string): Break => ({ kind, block: block.n.toString(), message })

/** What is wrong with one block, by what its own hash, its place and its entries say. */
function breakOf(
  block: BlockRow,
  rows: readonly EntryRow[],
  expected: { readonly n: bigint; readonly previous: Buffer; readonly size: bigint },
): Break | null {
  if (block.n !== expected.n)
    return { kind: 'deleted', block: expected.n.toString(), message: `Block ${expected.n} is gone.` }
  const hash = blockHash({
    ...{ n: block.n, previous: block.previous, root: block.root, count: block.count, size: block.size },
    ...{ firstAt: block.first_at.getTime(), lastAt: block.last_at.getTime() },
  })
  if (!hash.equals(block.hash)) return at(block, 'modified', `Block ${block.n} itself was changed.`)
  if (!block.previous.equals(expected.previous) || block.size !== expected.size + BigInt(block.count))
    return at(block, 'reordered', `Block ${block.n} does not follow the block before it.`)
  if (rows.length < block.count)
    return at(block, 'deleted', `Block ${block.n} has ${rows.length} of its ${block.count} entries.`)
  if (rows.length > block.count)
    return at(block, 'inserted', `Block ${block.n} was sealed with ${block.count} entries and has ${rows.length}.`)
  const leaves = rows.map((row) => leafHash(contentOf(row)))
  if (merkleRoot(leaves).equals(block.root) && rows.every(({ leaf }, index) => leaf === index)) return null
  const bySeq = rows
    .map((row, index) => ({ seq: row.seq, leaf: leaves[index] ?? Buffer.alloc(0) }))
    .sort((a, b) => (a.seq < b.seq ? -1 : 1))
    .map(({ leaf }) => leaf)
  if (merkleRoot(bySeq).equals(block.root))
    return at(block, 'reordered', `The entries of block ${block.n} stand in another order.`)
  return at(block, 'modified', `An entry of block ${block.n} is not what was sealed.`)
}
