import { checkPolicy, type PolicyProblem } from '@mcp-acp/policy/check-policy';
import { visible } from '@mcp-acp/shared/visible';

export const policyProblems = (text: string, file: string): readonly PolicyProblem[] => {
  const check = checkPolicy(text, file);
  return check.ok ? [] : check.problems;
};

/** `FILE:LINE:COLUMN: what is wrong. what to write instead`, as editors read it. */
export const problemLine = (file: string, { line, column, message, fix }: PolicyProblem): string =>
  `${visible(file, 500)}:${line}:${column}: ${visible(message, 1000)}${fix === undefined ? '' : ` ${visible(fix, 1000)}`}`;
