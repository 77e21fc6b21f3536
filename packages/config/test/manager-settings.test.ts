import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ManagerConfig, readManagerConfig } from '../src/manager-config.ts';
import { managerSettings } from '../src/manager-settings.ts';
import { checkSettingsText } from '../src/read-settings.ts';
import { temporaryHome } from './temporary-home.ts';

const problemsOf = (value: unknown): readonly string[] => {
  const check = checkSettingsText(managerSettings, JSON.stringify(value), 'manager.json');
  return check.ok ? [] : check.problems.map(({ message }) => message);
};

test('[CONFIG-STRICT] manager.json: without the file every default, unknown names and wrong values are refused', () => {
  using home = temporaryHome();
  const defaults: ManagerConfig = {
    format: 1,
    port: 8765,
    autoStart: true,
    idleExit: 30,
    openBrowser: true,
    notifications: true,
    retention: { days: 90, megabytes: 1024 },
  };
  expect(readManagerConfig(home.paths)).toEqual(defaults);
  mkdirSync(home.paths.home);
  const telemetry = { otlpEndpoint: 'http://127.0.0.1:4318' };
  writeFileSync(home.paths.managerConfig, JSON.stringify({ retention: { days: 7 }, telemetry }));
  expect(readManagerConfig(home.paths)).toEqual({
    ...defaults,
    retention: { days: 7, megabytes: 1024 },
    telemetry,
  });
  expect(problemsOf({ retention: { dayz: 7 } })).toEqual(['Unknown setting "retention.dayz".']);
  expect(problemsOf({ retention: { days: 0 } })).toHaveLength(1);
  expect(problemsOf({ idleExit: 0 })).toEqual([]);
});

test('the address for traces is one that can be posted to and holds no secret', () => {
  for (const otlpEndpoint of ['http://localhost:4318', 'https://otlp.example.com/base', 'http://[::1]:4318/'])
    expect(problemsOf({ telemetry: { otlpEndpoint } })).toEqual([]);
  for (const otlpEndpoint of [
    '',
    'localhost:4318',
    '127.0.0.1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://user:secret@host/',
    'http://@host/',
    'http://host/?key=1',
    'http://host/#part',
    'http://ho st/',
    'http://host/\n',
  ])
    expect(problemsOf({ telemetry: { otlpEndpoint } })).toHaveLength(1);
});
