import * as z from 'zod';

/** A secret a page or a scraper shows. Base64url. */
const secret = z.string().min(16).max(128);

export const oneTimeCodeSchema = z.object({ code: secret, expiresInMs: z.number() });
export type OneTimeCode = z.infer<typeof oneTimeCodeSchema>;

/** A session begins: the page keeps `token`; `cookie` is set for it. */
export interface Unlocked {
  readonly session: string;
  readonly cookie: string;
  readonly token: string;
}

export const pageSessionSchema = z.object({
  id: z.string().max(64),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  userAgent: z.string().max(256).optional(),
});
export type PageSession = z.infer<typeof pageSessionSchema>;

export const tokenScopeSchema = z.enum(['metrics']);
export type TokenScope = z.infer<typeof tokenScopeSchema>;

export const tokenSchema = z.object({
  id: z.string().max(64),
  scope: tokenScopeSchema,
  name: z.string().max(64).optional(),
  createdAt: z.string(),
});
export type Token = z.infer<typeof tokenSchema>;

/** A page asks whether it is its manager that answers. */
export const proofQuestionSchema = z.object({
  /** The name of the page: see web-names. Hexadecimal, as all of these. */
  page: z.string().regex(/^[0-9a-f]{64}$/),
  nonce: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ProofQuestion = z.infer<typeof proofQuestionSchema>;

/** Who may use the HTTP side: one-time codes, sessions of pages, tokens of scrapers. Nothing is kept but hashes. */
export interface AccessPort {
  createCode(): OneTimeCode;
  /** Throws AcpError: 'unlock_refused', 'too_many_requests'. A second use of a code also ends the session of its first. */
  unlock(code: string): Promise<Unlocked>;
  /** What only who holds the digest of the page's token can answer, for the host that was asked; undefined where no session has that name. */
  prove(question: ProofQuestion, host: string): string | undefined;
  sessions(): readonly PageSession[];
  revoke(id: string): boolean;
  createToken(scope: TokenScope, name?: string): { readonly id: string; readonly token: string };
  tokens(): readonly Token[];
  revokeToken(id: string): boolean;
}
