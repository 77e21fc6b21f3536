/** What the table can show, each with the types of records it is made of. */
export const recordKinds = {
  calls: { title: 'Calls', types: ['decision'] },
  approvals: { title: 'Approvals', types: ['approval'] },
  sessions: { title: 'Sessions', types: ['session'] },
  policy: { title: 'Policy', types: ['policy'] },
  config: { title: 'Config', types: ['config'] },
  system: { title: 'System', types: ['incident', 'recovered', 'tool'] },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly types: readonly string[] }>>;

export type RecordKind = keyof typeof recordKinds;

export const isRecordKind = (text: string): text is RecordKind => Object.hasOwn(recordKinds, text);
