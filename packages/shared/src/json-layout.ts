import { endOfString } from './json-text.ts';

/**
 * JSON text as indented lines, each of its strings and numbers as it was written: nothing is parsed and written again, so
 * nothing is lost, a number of many digits included. For text that is JSON; any other comes out as some lines.
 */
export function layOutJson(text: string, indent = '  '): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  const breakLine = (): void => {
    lines.push(line);
    line = indent.repeat(depth);
  };
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    switch (character) {
      case '"': {
        const end = endOfString(text, index);
        line += text.slice(index, end);
        index = end - 1;
        break;
      }
      case '{':
      case '[': {
        const next = afterSpace(text, index + 1);
        line += character;
        if (text.charAt(next) === (character === '{' ? '}' : ']')) {
          line += text.charAt(next);
          index = next;
          break;
        }
        depth++;
        breakLine();
        break;
      }
      case '}':
      case ']':
        depth = Math.max(0, depth - 1);
        breakLine();
        line += character;
        break;
      case ',':
        line += character;
        breakLine();
        break;
      case ':':
        line += ': ';
        break;
      case ' ':
      case '\n':
      case '\r':
      case '\t':
        break;
      default:
        line += character;
    }
  }
  lines.push(line);
  return lines;
}

function afterSpace(text: string, start: number): number {
  let index = start;
  while (' \n\r\t'.includes(text.charAt(index)) && index < text.length) index++;
  return index;
}
