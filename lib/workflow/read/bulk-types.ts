/** What became of the rows of one order in a file. */
export interface BulkOutcome {
  /** Lines of the file, counted as a text editor does. */
  readonly rows: readonly number[]
  readonly orderId: string
  readonly state: 'created' | 'repeated' | 'ready' | 'refused'
  readonly rmaId: string
  readonly code: string
  readonly message: string
}
