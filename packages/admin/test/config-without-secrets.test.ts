import { expect, test } from 'vitest';
import { withoutSecrets } from '../src/config-without-secrets.ts';

test('[WEB-NO-CONFIG-SECRETS] arguments named as secrets show their names alone', () => {
  const args = [
    '--api-key',
    's3cret',
    '--token=s3cret',
    'DB_PASSWORD=s3cret',
    '--verbose',
    '--path',
    '/tmp/a',
  ];
  expect(withoutSecrets(args, 'backend.args')).toEqual([
    '--api-key',
    '[redacted]',
    '--token=[redacted]',
    'DB_PASSWORD=[redacted]',
    '--verbose',
    '--path',
    '/tmp/a',
  ]);
  expect(withoutSecrets({ backend: { args, env: { API_KEY: 's3cret', LANG: 'C' } } })).toMatchObject({
    backend: { env: { API_KEY: '[redacted]', LANG: 'C' } },
  });
  expect(JSON.stringify(withoutSecrets({ backend: { args } }))).not.toContain('s3cret');
});
