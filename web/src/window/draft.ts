/** A report as it is kept on the phone until it has arrived: its fields, its photos, and whether it is to be sent. */
export interface Draft {
  fields: [string, string][];
  files: File[];
  queued: boolean;
  at: number;
}

const NAME = "jishi-window";
const STORE = "drafts";

export function keep(code: string, draft: Draft): Promise<unknown> {
  return within("readwrite", (store) => store.put(draft, code));
}

export function recall(code: string): Promise<Draft | undefined> {
  return within("readonly", (store) => store.get(code) as IDBRequest<Draft | undefined>);
}

export function forget(code: string): Promise<unknown> {
  return within("readwrite", (store) => store.delete(code));
}

/** One step in the phone's store; a browser without one, such as a private window, keeps nothing. */
async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const opened = await opening();
    try {
      const transaction = opened.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      await new Promise((done, failed) => {
        transaction.oncomplete = done;
        transaction.onabort = failed;
      });
      return asked.result;
    } finally {
      opened.close();
    }
  } catch {
    return undefined;
  }
}

function opening(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = failed;
  });
}
