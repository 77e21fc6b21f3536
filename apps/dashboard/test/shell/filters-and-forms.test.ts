import { errorTable } from '@mcp-acp/shared/errors';
import { expect, it } from 'vitest';
import { isFiltered, queryOf, readFilters } from '../../src/features/incidents/incident-filters.ts';
import { linkOfIncident } from '../../src/features/incidents/incident-record-link.ts';
import { knownCodes, whatToDo } from '../../src/features/incidents/what-to-do.ts';
import {
  draftOf,
  emptyForm,
  namesIn,
  problemsLeft,
  problemsOf,
} from '../../src/features/proxies/add/proxy-form.ts';
import { browserOf } from '../../src/features/settings/browser-of.ts';

it('takes filters that were kept for what they are, whatever stands there', () => {
  for (const kept of [null, '', '{', '[]', '"x"', '{"span":"constructor","proxy":7}']) {
    expect(readFilters(kept), String(kept)).toEqual({ span: 'all', unreadOnly: false });
  }
  const filters = readFilters('{"proxy":"files","span":"day","unreadOnly":true}');
  expect(isFiltered(filters)).toBe(true);
  expect(queryOf(filters, 100 * 3_600_000 + 5)).toEqual({
    proxy: 'files',
    since: 76 * 3_600_000,
    unreadOnly: true,
    limit: 50,
  });
});

it('says what to do about any code, with the name of the proxy in commands', () => {
  expect(knownCodes.filter((code) => !Object.hasOwn(errorTable, code))).toEqual([]);
  expect(whatToDo('audit_tampered', 'files').steps.join(' ')).toContain('audit verify --proxy files');
  expect(whatToDo('constructor', undefined)).toMatchObject({
    title: 'constructor',
    steps: [expect.any(String)],
  });
});

it('leads from an incident to where something of it is seen: its record, the audit log, the calls of its instance', () => {
  const at = (place: Parameters<typeof linkOfIncident>[0]) => linkOfIncident(place)?.href;
  const crash = { code: 'internal', proxy: 'a b', instance: 'inst_x' };
  expect(at({ ...crash, seq: 3 })).toBe(
    '/proxy/a%20b?tab=activity&kind=system&instance=inst_x&record=inst_x.3',
  );
  expect(at(crash)).toBe('/proxy/a%20b?tab=activity&instance=inst_x');
  for (const code of ['audit_tampered', 'audit_unavailable', 'records_missing']) {
    expect(linkOfIncident({ ...crash, code, seq: 3 })).toEqual({
      href: '/proxy/a%20b?tab=audit',
      label: 'See its audit log',
    });
  }
  expect(at({ code: 'policy_invalid', proxy: 'files' })).toBe('/proxy/files?tab=policy');
  expect(at({ code: 'constructor', proxy: 'files' })).toBe('/proxy/files?tab=activity');
  expect(at({ code: 'internal' })).toBeUndefined();
});

it('finds what is wrong with a proxy before it is made, and lets no value through', () => {
  const form = { ...emptyForm, name: 'files', command: 'npx server', environment: 'TOKEN, OTHER\nTOKEN' };
  expect(problemsOf(form, [])).toEqual({});
  expect(Object.keys(problemsOf(form, ['files']))).toEqual(['name']);
  expect(problemsOf({ ...form, environment: 'TOKEN=secret' }, []).environment).toMatch(/Names only/);
  expect(Object.keys(problemsOf({ ...emptyForm, name: '-', reached: 'url', url: 'ftp://x' }, []))).toEqual([
    'name',
    'url',
  ]);
  expect(namesIn(form.environment)).toEqual(['TOKEN', 'OTHER']);
  expect(draftOf({ ...form, template: 'strict' })).toEqual({
    name: 'files',
    template: 'strict',
    backend: { transport: 'stdio', commandLine: 'npx server', environment: ['TOKEN', 'OTHER'] },
  });
});

it('says of a command that a quote is open or that it has two lines, and no more once the field was changed', () => {
  const of = (command: string) => problemsOf({ ...emptyForm, name: 'files', command }, []).command;
  expect(of('npx "a b')).toBe('A quote is not closed.');
  expect(of('npx one\nnpx two')).toBe('It is one line.');
  for (const fine of [`a 'it"s'`, 'a "x\\"y"', "a \\'b", `"a\\\\" 'b\\'`])
    expect(of(fine), fine).toBeUndefined();
  const problems = { name: 'A proxy needs a name.', command: 'A quote is not closed.' };
  expect(problemsLeft(problems, { name: 'files' })).toEqual({ command: problems.command });
});

it('names browsers', () => {
  expect(browserOf('Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36')).toBe(
    'Chrome 156 on Linux',
  );
  expect([browserOf(undefined), browserOf('curl/8')]).toEqual(['Unknown browser', 'curl/8']);
});
