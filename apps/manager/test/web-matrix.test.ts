import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bodies, methods, secrets, targets } from './forms-of-content.ts';
import { hosts, origins, sources, upgrades } from './forms-of-source.ts';
import type { Words } from './request-forms.ts';
import { sendRaw, type WebScene, webScene } from './web-scene.ts';

let scene: WebScene;
beforeAll(async () => {
  scene = await webScene();
});
afterAll(() => scene[Symbol.asyncDispose]());

const forms = { hosts, origins, sources, secrets, methods, bodies, targets, upgrades };

async function wordsNow(): Promise<Words> {
  const page = await scene.page();
  const other = await scene.page();
  return {
    ...page,
    port: scene.port,
    code: scene.access.createCode().code,
    otherToken: other.token,
    otherCookie: other.cookie,
  };
}

for (const [group, rows] of Object.entries(forms)) {
  describe(`request forms: ${group}`, () => {
    for (const [title, status, bytes] of rows) {
      it(`[WEB-MATRIX] ${status} ${title}`, async () => {
        const words = await wordsNow();
        // Wrong codes of one row must not count against the next.
        scene.clock.pass(60_001);
        const before = { sessions: scene.access.sessions().length, effects: scene.effects.length };
        const code = scene.access.createCode().code;
        const answer = await sendRaw(scene.port, bytes({ ...words, code }));
        expect(answer.status).toBe(status);
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
        expect(scene.faults).toEqual([]);
        if (status >= 400) {
          expect(scene.effects.slice(before.effects)).toEqual([]);
          expect(scene.access.sessions()).toHaveLength(before.sessions);
          expect(answer.headers.get('set-cookie')).toBeUndefined();
        }
      });
    }
  });
}

it('[WEB-MATRIX] is at least 200 forms, each different', () => {
  const rows = Object.values(forms).flat();
  const words: Words = {
    port: 1,
    code: 'c',
    session: 's',
    cookie: 'k',
    token: 'T',
    otherToken: 'o',
    otherCookie: 'p',
  };
  expect(new Set(rows.map(([, , bytes]) => bytes(words))).size).toBeGreaterThanOrEqual(rows.length - 8);
  expect(rows.length).toBeGreaterThanOrEqual(400);
  expect(rows.filter(([, status]) => status >= 400).length).toBeGreaterThanOrEqual(200);
});
