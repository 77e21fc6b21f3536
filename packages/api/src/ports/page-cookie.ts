/** Sets and clears the cookie of a page's session in the answer that is under way. */
export interface PageCookie {
  set(value: string): void;
  clear(): void;
}
