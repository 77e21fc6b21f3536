/** Who does something to the files, by which way, and when: what a confirmation records. */
export interface Actor {
  /** `local:<name>` and the like. */
  readonly by: string;
  readonly channel: 'cli' | 'dashboard';
  /** RFC 3339. */
  readonly time: string;
  /** Name of the question or the record that gave rise to it. */
  readonly because?: string;
}
