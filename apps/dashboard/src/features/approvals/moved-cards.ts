/** Who is told that what is shown has moved: a card that grows or goes moves all that stand below it. */
export interface MovedCards {
  readonly whenMoved: (index: number, tell: () => void) => () => void;
  /** All behind this place. */
  readonly moved: (index: number) => void;
}

export function createMovedCards(): MovedCards {
  const cards = new Set<{ readonly index: number; readonly tell: () => void }>();
  return {
    whenMoved: (index, tell) => {
      const card = { index, tell };
      cards.add(card);
      return () => void cards.delete(card);
    },
    moved: (index) => {
      for (const card of [...cards]) if (card.index > index) card.tell();
    },
  };
}
