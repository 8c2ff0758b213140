import type pg from 'pg'
import { contentOf, ENTRY_COLUMNS, type EntryRow, leafHash } from './entry'
import { publicKeys } from './key'
import { inclusionProof } from './merkle'
import { BLOCK_COLUMNS, type BlockRow } from './seal'

/** What of the log leaves: whole blocks by when they were sealed, or the entries of one return, each with the path that proves it. */
export interface ExportAsked {
  readonly from?: Date | undefined
  readonly until?: Date | undefined
  readonly rmaId?: string | undefined
}

const hex = (bytes: Buffer): string => bytes.toString('hex')

const blockLine = (block: BlockRow) => ({
  ...{
    type: 'block',
    n: block.n.toString(),
    previous: hex(block.previous),
    root: hex(block.root),
    hash: hex(block.hash),
  },
  ...{ count: block.count, size: block.size.toString() },
  ...{ firstAt: block.first_at.getTime(), lastAt: block.last_at.getTime(), sealedAt: block.sealed_at.toISOString() },
  ...{ keyId: block.key_id, signature: block.signature.toString('base64') },
})

/**
 * The log as lines of JSON: a head with the public keys, then every block with its entries after it. Of one return: its blocks as well, and of their
 * entries only those of the return, each with its place and its Merkle path. scripts/audit/verify-export.mjs checks either, alone.
 */
export async function* exportLog(client: pg.PoolClient, asked: ExportAsked): AsyncGenerator<string> {
  const keys = Object.fromEntries(
    [...publicKeys()].map(([id, key]) => [id, key.export({ type: 'spki', format: 'pem' }).toString()]),
  )
  yield `${JSON.stringify({ type: 'export', format: 'backhaul-audit/1', keys, of: asked.rmaId ?? null })}\n`
  const { rows: wanted } = await client.query<{ n: bigint }>(
    asked.rmaId === undefined
      ? {
          text: `SELECT n FROM audit_block WHERE sealed_at >= coalesce($1::timestamptz, '-infinity') AND sealed_at < coalesce($2::timestamptz, 'infinity') ORDER BY n`,
          values: [asked.from ?? null, asked.until ?? null],
        }
      : {
          text: 'SELECT DISTINCT block AS n FROM audit_entry WHERE rma_id = $1 AND block IS NOT NULL ORDER BY 1',
          values: [asked.rmaId],
        },
  )
  for (const { n } of wanted) {
    const {
      rows: [block],
    } = await client.query<BlockRow>(`SELECT ${BLOCK_COLUMNS} FROM audit_block WHERE n = $1`, [n.toString()])
    const { rows } = await client.query<EntryRow>(
      `SELECT ${ENTRY_COLUMNS} FROM audit_entry WHERE block = $1 ORDER BY leaf`,
      [n.toString()],
    )
    if (!block) continue
    const leaves = asked.rmaId === undefined ? [] : rows.map((row) => leafHash(contentOf(row)))
    const entries = rows.flatMap((row, index) =>
      asked.rmaId === undefined
        ? [{ type: 'entry', content: contentOf(row) }]
        : row.rma_id === asked.rmaId
          ? [{ type: 'entry', content: contentOf(row), leaf: index, path: inclusionProof(leaves, index).map(hex) }]
          : [],
    )
    yield [blockLine(block), ...entries].map((line) => `${JSON.stringify(line)}\n`).join('')
  }
}
