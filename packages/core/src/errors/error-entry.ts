/** What a code means, for the reference: why it happens and what to do about it. */
export interface ErrorEntry {
  readonly title: string;
  readonly explanation: string;
}
