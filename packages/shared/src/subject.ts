/** Who is calling. `local:<name>` is the operating system's user; other kinds come with sign-in. */
export interface Subject {
  readonly id: string;
  readonly kind: 'local';
}

/** Tells who is calling at this moment. A refusal to tell is an exception: an unknown caller is no caller. */
export interface SubjectSource {
  current(): Subject;
}
