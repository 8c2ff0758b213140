'use client'
import type { Entry, OpenCase } from './entry'

/** What the browser keeps of a station: survives a reload, a crash and a day without a network. */
export interface Store {
  entries(): Promise<Entry[]>
  put(entry: Entry): Promise<void>
  /** Forgets every entry up to this one. */
  forget(seq: number): Promise<void>
  openCase(): Promise<OpenCase | null>
  setOpenCase(value: OpenCase | null): Promise<void>
}

const NAME = 'backhaul-station'

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** Opens the station's store in this browser; throws where the browser keeps nothing (some private windows). */
export async function openStore(): Promise<Store> {
  const opening = indexedDB.open(NAME, 1)
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('entries', { keyPath: 'seq' })
    opening.result.createObjectStore('meta')
  }
  const database = await asked(opening)
  const within = <T>(
    name: 'entries' | 'meta',
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      // Strict: answered when it is on the disk, so that a scan that was shown is a scan that is kept.
      const transaction = database.transaction(name, mode, { durability: 'strict' })
      const request = work(transaction.objectStore(name))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
    })
  return {
    entries: () => within('entries', 'readonly', (store) => store.getAll() as IDBRequest<Entry[]>),
    async put(entry) {
      await within('entries', 'readwrite', (store) => store.put(entry))
    },
    async forget(seq) {
      await within('entries', 'readwrite', (store) => store.delete(IDBKeyRange.upperBound(seq)))
    },
    async openCase() {
      return ((await within('meta', 'readonly', (store) => store.get('case'))) as OpenCase | undefined) ?? null
    },
    async setOpenCase(value) {
      await within('meta', 'readwrite', (store) => store.put(value, 'case'))
    },
  }
}
