/** Whether nothing lies over an element: every dialog that is open holds it. Keys belong to what is in front. */
export const isInFront = (element: Element): boolean =>
  [...document.querySelectorAll('[role="dialog"], [role="alertdialog"]')].every((dialog) =>
    dialog.contains(element),
  );

/** Marks lists of questions, which take the keys while one is there. */
export const waitingListMark = 'data-waiting-list';
