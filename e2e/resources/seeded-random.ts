/** Numbers in [0, 1) that are the same for the same seed, so that a failure can be replayed (xorshift, 32 bits). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return state / 4_294_967_296;
  };
}

/** The seed of this run: a new one each time unless `E2E_SEED` names it. */
export const runSeed = (): number => Number(process.env.E2E_SEED ?? (Date.now() % 1_000_000) + 1);
