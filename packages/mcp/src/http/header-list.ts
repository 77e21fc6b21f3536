/** Names and values in turn: the form in which HTTP headers are cheapest to send. */
export type HeaderList = readonly string[];

export const headerList = (headers: Readonly<Record<string, string>>): HeaderList =>
  Object.entries(headers).flat();
