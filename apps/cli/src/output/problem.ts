import { AcpError, type FilePosition } from '@mcp-acp/shared/errors';
import { visible } from '@mcp-acp/shared/visible';
import type { Style } from './style.ts';

/** Something that went wrong, as text and as data. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  readonly position?: FilePosition;
}

/** An exception as a problem: what is not an AcpError is a fault of ours and says so. */
export function problemOf(error: unknown): Problem & { readonly exit: number } {
  if (error instanceof AcpError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.fix === undefined ? {} : { fix: error.fix }),
      ...(error.position === undefined ? {} : { position: error.position }),
      exit: error.exitCode,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, exit: 1 };
}

export function problemLines({ message, fix, position }: Problem, style: Style): readonly string[] {
  const lines = [`${style.red('error:')} ${visible(message, 2000)}`];
  if (position !== undefined) {
    lines.push(`  at ${visible(position.file, 500)}:${position.line}:${position.column}`);
  }
  if (fix !== undefined) lines.push(`  ${visible(fix, 2000)}`);
  return lines;
}
