import { describe, expect, it } from 'vitest';
import { createDrafts, isEdited } from '../../src/features/policy/draft/drafts.ts';

const first = { text: 'a\nb\nc\n', digest: '1' };
const second = { text: 'a\nb\nC\n', digest: '2' };

describe('the draft of a policy', () => {
  it('[POLICY-DRAFT] follows the file until it is edited, and then stays', () => {
    const drafts = createDrafts();
    drafts.saw('files', first);
    drafts.saw('files', second);
    expect(drafts.of('files')).toEqual({ base: second, text: second.text });
    drafts.edit('files', 'A\nb\nC\n');
    drafts.saw('files', first);
    expect(drafts.of('files')).toEqual({ base: second, text: 'A\nb\nC\n' });
    expect(drafts.anyEdited).toBe(true);
    drafts.discard('files', first);
    expect(drafts.of('files')).toEqual({ base: first, text: first.text });
    expect(drafts.anyEdited).toBe(false);
  });

  it('[POLICY-DRAFT] is put on top of what someone else saved', () => {
    const drafts = createDrafts();
    drafts.saw('files', first);
    drafts.edit('files', 'A\nb\nc\n');
    drafts.saw('files', second);
    expect(drafts.reapply('files', second)).toBe(0);
    expect(drafts.of('files')).toEqual({ base: second, text: 'A\nb\nC\n' });
  });

  it('is no edit any more where the file has come to say the same', () => {
    const drafts = createDrafts();
    drafts.saw('files', first);
    drafts.edit('files', second.text);
    drafts.saw('files', second);
    const draft = drafts.of('files');
    expect(draft && isEdited(draft)).toBe(false);
    expect(draft?.base.digest).toBe('2');
  });

  it('is one for each proxy, and tells who listens', () => {
    const drafts = createDrafts();
    let told = 0;
    const stop = drafts.subscribe(() => {
      told += 1;
    });
    drafts.saw('files', first);
    drafts.saw('web', second);
    drafts.edit('files', 'x');
    expect(drafts.of('web')?.text).toBe(second.text);
    stop();
    drafts.edit('files', 'y');
    expect(told).toBe(3);
  });
});
