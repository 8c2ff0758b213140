import type pg from 'pg'
import { failpoint } from '../failpoint'
import { type Anchor, appendAnchors, readAnchors } from './anchor'
import { blockHash, GENESIS } from './block'
import { contentOf, ENTRY_COLUMNS, type EntryRow, leafHash } from './entry'
import { type SealKey, sealKey } from './key'
import { merkleRoot } from './merkle'

/** Entries in a block at most. */
export const MOST = 1_000

/** A row of audit_block as the driver gives it. */
export interface BlockRow {
  readonly n: bigint
  readonly previous: Buffer
  readonly root: Buffer
  readonly hash: Buffer
  readonly count: number
  readonly size: bigint
  readonly first_at: Date
  readonly last_at: Date
  readonly sealed_at: Date
  readonly signature: Buffer
  readonly key_id: string
}

export const BLOCK_COLUMNS = 'n, previous, root, hash, count, size, first_at, last_at, sealed_at, signature, key_id'

export const anchorOf = (block: BlockRow): Anchor => ({
  n: block.n.toString(),
  size: block.size.toString(),
  root: block.root.toString('hex'),
  hash: block.hash.toString('hex'),
  at: block.sealed_at.toISOString(),
  keyId: block.key_id,
  signature: block.signature.toString('base64'),
})

/**
 * Seals what is committed and not sealed yet into one signed block, and anchors it. Claims rows by their state and not by a number, so a transaction
 * that commits late is in a later block and in none twice. Returns how many entries it sealed. The caller holds the sealer's lock.
 */
export async function sealOnce(client: pg.PoolClient, key: SealKey = sealKey()): Promise<number> {
  await client.query('BEGIN')
  try {
    const { rows } = await client.query<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM audit_entry WHERE block IS NULL ORDER BY seq LIMIT ${MOST}`,
    )
    if (rows.length === 0) {
      await client.query('COMMIT')
      return 0
    }
    const {
      rows: [last],
    } = await client.query<BlockRow>(`SELECT ${BLOCK_COLUMNS} FROM audit_block ORDER BY n DESC LIMIT 1`)
    const times = rows.map(({ at }) => at.getTime())
    const content = {
      n: (last?.n ?? 0n) + 1n,
      previous: last?.hash ?? GENESIS,
      root: merkleRoot(rows.map((row) => leafHash(contentOf(row)))),
      count: rows.length,
      size: (last?.size ?? 0n) + BigInt(rows.length),
      firstAt: Math.min(...times),
      lastAt: Math.max(...times),
    }
    const hash = blockHash(content)
    const block: BlockRow = {
      ...{
        n: content.n,
        previous: content.previous,
        root: content.root,
        hash,
        count: content.count,
        size: content.size,
      },
      ...{ first_at: new Date(content.firstAt), last_at: new Date(content.lastAt), sealed_at: new Date() },
      ...{ signature: key.sign(hash), key_id: key.id },
    }
    await client.query(
      `INSERT INTO audit_block (${BLOCK_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        block.n,
        block.previous,
        block.root,
        block.hash,
        block.count,
        block.size,
        block.first_at,
        block.last_at,
        block.sealed_at,
        block.signature,
        block.key_id,
      ],
    )
    await client.query(
      `UPDATE audit_entry e SET block = $1, leaf = s.leaf - 1 FROM unnest($2::int8[]) WITH ORDINALITY AS s (seq, leaf) WHERE e.seq = s.seq`,
      [block.n, rows.map(({ seq }) => seq.toString())],
    )
    await client.query('COMMIT')
    failpoint('after_seal_before_anchor')
    appendAnchors([anchorOf(block)])
    return rows.length
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** Anchors what was sealed and, for a crash in between, not anchored. Called when sealing begins. */
export async function anchorMissing(client: pg.PoolClient): Promise<number> {
  const last = readAnchors().reduce((most, { n }) => (BigInt(n) > most ? BigInt(n) : most), 0n)
  const { rows } = await client.query<BlockRow>(`SELECT ${BLOCK_COLUMNS} FROM audit_block WHERE n > $1 ORDER BY n`, [
    last.toString(),
  ])
  appendAnchors(rows.map(anchorOf))
  return rows.length
}
