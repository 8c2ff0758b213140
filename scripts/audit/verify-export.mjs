// Verifies an export of Backhaul's audit log with nothing but Node: node verify-export.mjs FILE [ANCHORS]
// FILE is the export; ANCHORS the anchor file (audit.ndjson) that was kept outside the database. Exit 1 names the first line that is wrong.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const [file = '/dev/null', anchorFile] = process.argv.slice(2)
const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const hex = (text) => Buffer.from(text, 'hex')
const number = (value, bytes) =>
  hex(
    BigInt.asUintN(bytes * 8, BigInt(value))
      .toString(16)
      .padStart(bytes * 2, '0'),
  )
const linesOf = (path) => readFileSync(path, 'utf8').split('\n').filter(Boolean)

/** RFC 8785, for what was parsed from JSON. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const fields = Object.keys(value).sort()
  return `{${fields.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}
const leafOf = (content) => sha(Buffer.from([0]), canonical(content))
const node = (left, right) => sha(Buffer.from([1]), left, right)

/** RFC 6962 §2.1. */
function root(leaves) {
  if (leaves.length < 2) return leaves[0] ?? sha()
  const k = 2 ** Math.floor(Math.log2(leaves.length - 1))
  return node(root(leaves.slice(0, k)), root(leaves.slice(k)))
}

/** RFC 9162 §2.1.3.2: the root that a leaf and its path lead to. */
function climb(leaf, index, size, path) {
  let [fn, sn, hash] = [index, size - 1, leaf]
  for (const each of path.map(hex)) {
    if (sn === 0) return undefined
    const right = fn % 2 === 1 || fn === sn
    hash = right ? node(each, hash) : node(hash, each)
    while (right && fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1]
    ;[fn, sn] = [fn >> 1, sn >> 1]
  }
  return sn === 0 ? hash : undefined
}

function hashOf({ n, previous, root: tree, count, size, firstAt, lastAt }) {
  const numbers = [number(count, 4), number(size, 8), number(firstAt, 8), number(lastAt, 8)]
  return sha(number(n, 8), hex(previous), hex(tree), ...numbers).toString('hex')
}
function must(holds, line, why) {
  if (holds) return
  console.error(`line ${line}: ${why}`)
  process.exit(1)
}

const [first = 'null', ...rest] = linesOf(file)
const head = JSON.parse(first)
must(head?.format === 'backhaul-audit/1', 1, 'is no export of the audit log')
const keys = new Map(Object.entries(head.keys).map(([id, pem]) => [id, createPublicKey(pem)]))
for (const [id, key] of keys) {
  const own = sha(key.export({ type: 'spki', format: 'der' }))
    .toString('hex')
    .slice(0, 16)
  must(own === id, 1, `key ${id} is another key`)
}
const anchored = anchorFile ? linesOf(anchorFile).map((text) => JSON.parse(text)) : []
const anchors = new Map(anchored.map(({ n, hash }) => [n, hash]))
let [block, leaves, at, blocks, entries] = [null, [], 1, 0, 0]

/** A whole block has all of its entries, as they were sealed; of one return each entry proved itself. */
function end() {
  if (!block || head.of) return
  must(leaves.length === block.count, at, `block ${block.n} has ${leaves.length} of ${block.count} entries`)
  must(root(leaves).equals(hex(block.root)), at, `an entry of block ${block.n} is not what was sealed`)
}
for (const [index, text] of rest.entries()) {
  const [line, place] = [JSON.parse(text), index + 2]
  if (line.type === 'block') {
    end()
    const follows = head.of || !block || (line.previous === block.hash && BigInt(line.n) === BigInt(block.n) + 1n)
    const key = keys.get(line.keyId)
    const signed = key && verify(null, hex(line.hash), key, Buffer.from(line.signature, 'base64'))
    must(hashOf(line) === line.hash, place, `block ${line.n} was changed`)
    must(follows, place, `block ${line.n} does not follow block ${block?.n}`)
    must(signed, place, `block ${line.n} is not signed`)
    must(!anchorFile || anchors.get(line.n) === line.hash, place, `block ${line.n} is not the one that was anchored`)
    ;[block, leaves, at] = [line, [], place]
    blocks += 1
  } else {
    must(block, place, 'an entry before any block')
    const leaf = leafOf(line.content)
    const within = head.of ? climb(leaf, line.leaf, block.count, line.path) : hex(block.root)
    must(within?.equals(hex(block.root)), place, `the entry is not in block ${block.n}`)
    leaves.push(leaf)
    entries += 1
  }
}
end()
console.log(`${entries} entries in ${blocks} blocks are what was sealed${anchorFile ? ' and anchored' : ''}`)
