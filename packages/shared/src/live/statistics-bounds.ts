/** Rows of the counts by kind. There are fewer combinations of effect and disposition. */
export const mostDecidedRows = 64;
export const mostToolRows = 500;
/** Stands for the tools that came when there was no row left for them. */
export const otherTools = 'other';
/** A tool's name in a row is cut there. UTF-16 units. */
export const mostToolName = 128;
