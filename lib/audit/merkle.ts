import { createHash } from 'node:crypto'

const NODE = Buffer.from([1])

const node = (left: Buffer, right: Buffer): Buffer =>
  createHash('sha256').update(NODE).update(left).update(right).digest()

/** The largest power of two below n, for n > 1. */
const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1))

/** The Merkle tree hash of leaf hashes (RFC 6962 §2.1); of none it is the hash of nothing. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves
  if (!first) return createHash('sha256').digest()
  if (leaves.length === 1) return first
  const k = split(leaves.length)
  return node(merkleRoot(leaves.slice(0, k)), merkleRoot(leaves.slice(k)))
}

/** The audit path of leaf `index` (RFC 6962 §2.1.1): the hashes beside it, from the bottom up. */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  if (leaves.length <= 1) return []
  const k = split(leaves.length)
  return index < k
    ? [...inclusionProof(leaves.slice(0, k), index), merkleRoot(leaves.slice(k))]
    : [...inclusionProof(leaves.slice(k), index - k), merkleRoot(leaves.slice(0, k))]
}

/** The root that a leaf, its place and its path lead to (RFC 9162 §2.1.3.2); undefined when the path has a wrong length. */
export function rootOf(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | undefined {
  let [fn, sn] = [index, size - 1]
  let hash = leaf
  for (const each of path) {
    if (sn === 0) return undefined
    if (fn % 2 === 1 || fn === sn) {
      hash = node(each, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
    } else hash = node(hash, each)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 ? hash : undefined
}
