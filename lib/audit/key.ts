import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { env } from '../env'
import { UserError } from '../errors'

/** The key that blocks are signed with: outside the database, so that whoever can write there cannot seal. */
export interface SealKey {
  readonly id: string
  sign(hash: Buffer): Buffer
}

const keyFile = () => env().BACKHAUL_AUDIT_KEY ?? join(env().BACKHAUL_DATA, 'audit-key.pem')

/** Where anchors and public keys lie: beside the database's folder, or on another disk or mount by BACKHAUL_AUDIT_ANCHORS. */
export const anchorFolder = (): string => env().BACKHAUL_AUDIT_ANCHORS ?? join(env().BACKHAUL_DATA, 'anchors')

/** First 16 hexadecimal digits of the SHA-256 of the public key (SPKI, DER). */
export const keyId = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)

/** The signing key, made on first use; its public half is put beside the anchors, where it stays when the key is replaced. */
export function sealKey(): SealKey {
  const file = keyFile()
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  }
  const privateKey = createPrivateKey(readFileSync(file))
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new UserError(
      'audit_key',
      `${file} holds no Ed25519 key. Put one there, or take the file away and one is made.`,
      500,
    )
  const publicKey = createPublicKey(privateKey)
  const id = keyId(publicKey)
  mkdirSync(anchorFolder(), { recursive: true })
  const known = join(anchorFolder(), `${id}.pem`)
  if (!existsSync(known)) writeFileSync(known, publicKey.export({ type: 'spki', format: 'pem' }))
  return { id, sign: (hash) => sign(null, hash, privateKey) }
}

/** The public keys beside the anchors, by id; a file that holds another key than its name says is left out. */
export function publicKeys(folder = anchorFolder()): ReadonlyMap<string, KeyObject> {
  if (!existsSync(folder)) return new Map()
  const keys = readdirSync(folder)
    .filter((file) => file.endsWith('.pem'))
    .map((file) => [file.slice(0, -4), createPublicKey(readFileSync(join(folder, file)))] as const)
  return new Map(keys.filter(([id, key]) => keyId(key) === id))
}

export const isSigned = (hash: Buffer, signature: Buffer, key: KeyObject | undefined): boolean =>
  key !== undefined && verify(null, hash, key, signature)
