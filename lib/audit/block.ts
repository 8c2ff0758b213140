import { createHash } from 'node:crypto'

/** What a block's hash covers. Instants are milliseconds since 1970. */
export interface BlockContent {
  /** From 1. */
  readonly n: bigint
  /** Hash of the block before; 32 bytes of zero for the first. */
  readonly previous: Buffer
  /** Merkle root of its entries. */
  readonly root: Buffer
  readonly count: number
  /** Entries in all blocks up to and with this one. */
  readonly size: bigint
  readonly firstAt: number
  readonly lastAt: number
}

export const GENESIS = Buffer.alloc(32)

/** SHA-256 over n (8 bytes) ‖ previous (32) ‖ root (32) ‖ count (4) ‖ size (8) ‖ firstAt (8) ‖ lastAt (8); integers big-endian. */
export function blockHash({ n, previous, root, count, size, firstAt, lastAt }: BlockContent): Buffer {
  const numbers = Buffer.alloc(28)
  numbers.writeUInt32BE(count, 0)
  numbers.writeBigUInt64BE(size, 4)
  numbers.writeBigInt64BE(BigInt(firstAt), 12)
  numbers.writeBigInt64BE(BigInt(lastAt), 20)
  const head = Buffer.alloc(8)
  head.writeBigUInt64BE(n)
  return createHash('sha256').update(head).update(previous).update(root).update(numbers).digest()
}
