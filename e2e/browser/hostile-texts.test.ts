import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.ts';
import { hostileServer } from '../resources/fixtures.ts';
import { hostileText, hostileTexts, ranMark } from '../resources/hostile-texts.ts';
import { decisions, eventually } from '../resources/journal.ts';
import type { LineClient } from '../resources/line-client.ts';
import { allowAll } from '../resources/temp-home.ts';
import { approvalsIn } from './resources/approvals.ts';
import { confirmInTerminal, prepare, wizard } from './resources/new-proxy.ts';
import { placesOf } from './resources/places.ts';
import { patientHold } from './resources/policies.ts';
import { flow } from './resources/stage.ts';

const textCount = 1_000;
const cardCount = 100;
const textsInCard = textCount / cardCount;

const asksForAll = `version: 1
rules:
  - id: every-call
    effect: ask
    description: "<img src=x onerror=globalThis.${ranMark}=-1>"
    when: { mcp_method: "tools/call" }
`;

/** A call of the stateless era, in which every request says anew who the client is. */
const callFrom = (client: string, id: number, tool: string, args: object): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: {
      name: tool,
      arguments: args,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: client, version: '1.0.0' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  });

/** As a name or a key: one that holds a NUL or half a character is refused at the door, so that no page shows it. */
const hostileName = (index: number): string => hostileText(index).replace(/[\0\p{Cs}]/gu, '');

async function listTools(client: LineClient): Promise<void> {
  const { params } = JSON.parse(callFrom('lister', 0, 'x', {}));
  const { result } = await client.request('tools/list', { _meta: params._meta });
  expect(result).toMatchObject({ tools: { length: textCount } });
}

/** What only a text that was taken for more than text leaves in a page. */
const leftInPage = `(() => {
  const ours = (url) => url === '' || new URL(url, location.href).origin === location.origin || url.startsWith('data:image/');
  const elements = [...document.querySelectorAll('*')];
  return {
    ran: globalThis.${ranMark},
    elements: elements
      .filter(({ localName }) => ['iframe', 'object', 'embed', 'base', 'math', 'marquee', 'noembed'].includes(localName))
      .map(({ outerHTML }) => outerHTML.slice(0, 200)),
    attributes: elements.flatMap((element) =>
      [...element.attributes]
        .filter(({ name, value }) => name.startsWith('on') || /^(?:href|src|action|formaction|data)$/.test(name) && !ours(value))
        .map(({ name, value }) => element.localName + ' ' + name + '=' + value.slice(0, 200))),
    hidden: (document.body.innerText.match(/[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]/g) ?? []).length,
  };
})()`;

async function holdsOnlyText(page: Page, where: string): Promise<void> {
  expect(await page.evaluate(leftInPage), where).toEqual({
    ran: undefined,
    elements: [],
    attributes: [],
    hidden: 0,
  });
}

it(
  verifies(
    ['DASH-HOSTILE-TEXT', 'WEB-TEXT-IS-TEXT', 'DASH-ONE-ORIGIN'],
    'tool names, titles, descriptions, arguments, results and client names of the worst kind are text on every page',
  ),
  flow(async (stage) => {
    const { home } = stage;
    const texts = join(home.base, 'texts.json');
    home.write(texts, JSON.stringify(hostileTexts(textCount)));
    home.addProxy('loud', { backend: hostileServer(texts), policy: allowAll, durability: 'flush' });
    home.addProxy('asking', {
      backend: hostileServer(texts),
      policy: asksForAll,
      approvals: patientHold,
      durability: 'flush',
    });
    await stage.startManager();
    const visit = await stage.visit();
    const { page } = visit;
    const approvals = approvalsIn(page);

    await using loud = home.start('loud');
    await listTools(loud);
    for (let index = 0; index < textCount; index++) {
      const args = { [hostileName(index + 1)]: hostileText(index + 2), path: hostileText(index + 3) };
      await loud.sendLine(callFrom(hostileName(index + 4), index + 1, hostileName(index), args));
    }
    await using asking = home.start('asking');
    await listTools(asking);
    for (let card = 0; card < cardCount; card++) {
      const from = card * textsInCard;
      const args = Object.fromEntries(
        Array.from({ length: textsInCard }, (_, index) => [
          hostileName(from + index),
          { list: [hostileText(from + index + 1)], path: hostileText(from + index + 2) },
        ]),
      );
      await asking.sendLine(callFrom(hostileName(from + 3), card + 1, hostileName(from + 4), args));
    }
    await eventually('the answers of all calls', () => loud.messages.length > textCount);
    expect(decisions(home, 'loud').filter(({ tool }) => tool !== undefined)).toHaveLength(textCount);

    await expect.poll(() => page.title()).toBe(`(${cardCount}) mcp-acp`);
    await approvals.review();
    await eventually('all cards or groups of them', async () => (await approvals.cards().count()) > 0);
    await holdsOnlyText(page, 'the drawer');
    expect(await approvals.drawer.innerText()).toContain('<script>globalThis');
    await page.keyboard.press('Escape');

    const decided = decisions(home, 'loud').filter(({ tool }) => tool !== undefined);
    for (const { instance, seq } of decided.filter((_, index) => index % 97 === 0)) {
      await visit.go(`/proxy/loud?tab=activity&record=${instance}.${seq}`);
      await page.getByRole('dialog', { name: 'Record' }).getByText(instance).first().waitFor();
      await holdsOnlyText(page, `record ${seq}`);
    }
    await visit.go('/proxy/loud?tab=policy&part=playground');
    for (const index of [0, 1, 23, 24, 53, 55]) {
      await page.getByLabel('Tool', { exact: true }).fill(hostileName(index));
      const args = { [hostileName(index + 1)]: hostileText(index + 2), path: hostileText(index) };
      await page.getByLabel('Arguments (JSON)').fill(JSON.stringify(args));
      await page.getByRole('button', { name: 'Decide' }).click();
      await expect
        .poll(() => page.getByRole('region', { name: 'Decision' }).innerText())
        .toContain('everything');
      await holdsOnlyText(page, `playground ${index}`);
    }

    for (const proxy of ['loud', 'asking']) {
      for (const { name, path, isThere } of placesOf(proxy)) {
        await visit.go(path);
        await isThere(page);
        await holdsOnlyText(page, `${name} of ${proxy}`);
      }
    }
  }),
);

it(
  verifies(
    ['DASH-HOSTILE-TEXT', 'WEB-TEXT-IS-TEXT', 'DASH-ONE-ORIGIN'],
    'what a new server calls its tools, and how it refuses, is text in the dialog that adds it',
  ),
  flow(async (stage) => {
    const { home } = stage;
    const texts = join(home.base, 'texts.json');
    home.write(texts, JSON.stringify(hostileTexts(textCount)));
    await stage.startManager();
    const { page } = await stage.visit();
    const add = async (name: string, ...more: readonly string[]): Promise<void> => {
      await page.getByRole('button', { name: 'Add proxy' }).first().click();
      await prepare(page, name, hostileServer(texts, ...more), /allow-all/i);
      await wizard(page).getByText(`mcp-acp proxy trust ${name}`).first().waitFor();
      await confirmInTerminal(stage, name, texts);
    };

    await add('loud');
    const found = wizard(page).getByRole('region', { name: 'Tools found' });
    await found.getByText(`${textCount.toLocaleString('en')} tools found`).waitFor();
    expect(await found.getByRole('listitem').count()).toBe(textCount);
    expect(await found.innerText()).toContain('<script>globalThis');
    await holdsOnlyText(page, 'the tools found');
    await page.keyboard.press('Escape');

    await add('refusing', '--refuses');
    await wizard(page).getByRole('alert').waitFor();
    await holdsOnlyText(page, 'what the server refused with');
  }),
);
