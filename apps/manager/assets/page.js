// The page of a manager that has no dashboard beside it: what proxies there are and what happens, as text. Whatever is
// shown was written by others: it goes through `visible` and is set as text, never as markup.

import { proveManager } from './prove-manager.js';

const endpoint = '/trpc';
const tokenKey = 'mcp-acp-token';
const shownEvents = 200;
const refreshMs = 1000;
const pingMs = 15_000;
const silentMs = 45_000;
/** A manager that starts waits somewhat longer for the pages of the one before, before it opens another. */
const mostRetryMs = 5_000;
const lockedCode = 4401;

const invisible =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|\u115F|\u1160|\u3164|\uFFA0|\u2800|\u034F|[\u180B-\u180D]|[\uFE00-\uFE0F]/gu;

/** Text of others as one line on which nothing hides: control characters as escapes, long blanks as their number. */
export function visible(value, maxLength = 256) {
  const text = String(value);
  const shown = text
    .slice(0, maxLength)
    .replace(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/\p{Zs}{4,}/gu, (blanks) => ` (${blanks.length} blanks) `);
  return text.length > maxLength ? `${shown}… (${text.length} characters)` : shown;
}

const place = (id) => document.getElementById(id);

/** An element with text in it, or with other elements. */
function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** What answers here is not the manager of this page, which was shown nothing. */
class NotProven extends Error {}

/** The manager has proved itself, and nothing has been lost since. */
let isProven = false;

/** The token, once it is the manager that it would be shown to. Throws `Refused`, `NotProven`. */
async function provenToken() {
  const token = localStorage.getItem(tokenKey);
  if (token === null || isProven) return token;
  const answer = await proveManager(endpoint, token);
  if (answer === 'locked') throw new Refused(401, 'The session of this page is over.');
  if (answer !== 'proven') throw new NotProven();
  isProven = true;
  return token;
}

/** One operation by itself, in tRPC's form of a batch. Throws `Refused`, `NotProven`. */
async function call(kind, path, input) {
  // Who unlocks has no session, or one that is over.
  const token = path === 'access.unlock' ? null : await provenToken();
  const headers = token === null ? {} : { 'x-mcp-acp-token': token };
  const inputs = input === undefined ? {} : { 0: input };
  const answers = await exchange(
    kind === 'query'
      ? [`${endpoint}/${path}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`, { headers }]
      : [
          `${endpoint}/${path}?batch=1`,
          {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(inputs),
          },
        ],
  );
  const answer = Array.isArray(answers) ? answers[0] : answers;
  if (answer.error !== undefined) {
    throw new Refused(answer.error.data?.httpStatus ?? 500, answer.error.message);
  }
  return answer.result.data;
}

async function exchange(request) {
  try {
    return await (await fetch(...request)).json();
  } catch (error) {
    isProven = false;
    throw error;
  }
}

let socket;
let lastEventId;
let refreshTimer;
let retryMs = 1000;
let retryTimer;

function say(text) {
  place('state').textContent = text;
}

function showLocked(problem = '') {
  localStorage.removeItem(tokenKey);
  stop();
  place('unlocked').hidden = true;
  place('lock').hidden = true;
  place('locked').hidden = false;
  place('problem').textContent = visible(problem);
  say('Locked');
}

function stop() {
  clearTimeout(refreshTimer);
  clearTimeout(retryTimer);
  refreshTimer = undefined;
  const closing = socket;
  socket = undefined;
  isProven = false;
  closing?.close();
}

const columns = [
  ({ name }) => name,
  ({ connection, enabled }) => (enabled ? connection : `${connection}, disabled`),
  ({ instances }) => instances.length,
  ({ instances }) => instances.map(({ status }) => status.client?.name ?? '–').join(', '),
  ({ instances }) => instances.map(({ status }) => status.backend.state).join(', '),
  (proxy) => sum(proxy, ({ statistics }) => statistics.requests),
  (proxy) => sum(proxy, ({ statistics }) => statistics.denied),
  (proxy) => sum(proxy, ({ pending }) => pending),
  ({ instances, last }) => {
    const medians = (instances.length > 0 ? instances : last === undefined ? [] : [last])
      .map(({ status }) => status.statistics.latency.call.medianMs)
      .filter((median) => median !== undefined);
    return medians.map((median) => `${median.toPrecision(3)} ms`).join(', ');
  },
];

/** Of the instances that run, else of the one that ended last. */
function sum({ instances, last }, figure) {
  const seen = instances.length > 0 ? instances : last === undefined ? [] : [last];
  return seen.reduce((total, { status }) => total + figure(status), 0);
}

async function refresh() {
  refreshTimer = undefined;
  try {
    const proxies = await call('query', 'proxies.list');
    const rows = proxies.map((proxy) =>
      element('tr', ...columns.map((column) => element('td', visible(column(proxy))))),
    );
    place('proxies').replaceChildren(...rows);
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) showLocked('The session of this page is over.');
    else if (error instanceof NotProven)
      say('Another program answers in place of the manager. It was shown nothing; trying again.');
    else say('The manager does not answer; trying again.');
    return false;
  }
}

function showEvent({ type, time, proxy, ...rest }) {
  const about = proxy === undefined ? '' : ` ${proxy.name}`;
  const more = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
  const item = element('li', element('time', visible(time, 32)), visible(`${type}${about}${more}`, 600));
  const list = place('events');
  list.prepend(item);
  while (list.childElementCount > shownEvents) list.lastElementChild.remove();
}

function take({ result, error }) {
  if (error !== undefined) {
    socket?.close();
    return;
  }
  if (result?.type !== 'data') return;
  lastEventId = result.id ?? lastEventId;
  for (const [, event] of result.id === undefined ? result.data : result.data.data) showEvent(event);
  refreshTimer ??= setTimeout(refresh, refreshMs);
}

/** Subscribes to what happens, from behind the last event this page has had. */
function connect() {
  const opened = new WebSocket(`ws://${location.host}${endpoint}?connectionParams=1`);
  socket = opened;
  let heard = Date.now();
  const watch = setInterval(() => {
    if (Date.now() - heard > silentMs) opened.close();
    else if (opened.readyState === WebSocket.OPEN) opened.send('PING');
  }, pingMs);
  opened.onopen = () => {
    if (!isProven) return opened.close();
    const input = lastEventId === undefined ? {} : { lastEventId };
    opened.send(
      JSON.stringify({ method: 'connectionParams', data: { token: localStorage.getItem(tokenKey) } }),
    );
    opened.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'events.live', input } }));
    retryMs = 1000;
    say('Connected');
    place('events').dataset.live = 'yes';
  };
  opened.onmessage = ({ data }) => {
    heard = Date.now();
    if (data === 'PING') opened.send('PONG');
    else if (data !== 'PONG') take(JSON.parse(data));
  };
  opened.onclose = ({ code }) => {
    clearInterval(watch);
    if (socket !== opened) return;
    socket = undefined;
    isProven = false;
    delete place('events').dataset.live;
    if (code === lockedCode) return showLocked('The session of this page was ended.');
    say('The connection to the manager is lost; trying again.');
    retryTimer = setTimeout(open, retryMs);
    retryMs = Math.min(mostRetryMs, retryMs * 2);
  };
}

async function open() {
  place('locked').hidden = true;
  place('unlocked').hidden = false;
  place('lock').hidden = false;
  if (await refresh()) connect();
  else if (localStorage.getItem(tokenKey) !== null) retryTimer = setTimeout(open, retryMs);
}

async function isUnlocked() {
  if (localStorage.getItem(tokenKey) === null) return false;
  try {
    return (await call('query', 'access.state')).unlocked;
  } catch {
    return false;
  }
}

async function begin() {
  const code = /^#code=([\w-]{16,128})$/.exec(location.hash)?.[1];
  // Before anything else, so that the code is not in the address while something is waited for.
  if (location.hash !== '') history.replaceState(null, '', location.pathname);
  stop();
  // Where a page is unlocked, a code is not tried: anybody may link to here with a wrong one.
  if (code !== undefined && !(await isUnlocked())) {
    try {
      const { token } = await call('mutation', 'access.unlock', { code });
      localStorage.setItem(tokenKey, token);
    } catch (error) {
      return showLocked(error instanceof Refused ? error.message : 'The manager does not answer.');
    }
  }
  if (localStorage.getItem(tokenKey) === null) showLocked();
  else await open();
}

place('lock').addEventListener('click', async () => {
  try {
    await call('mutation', 'access.lock');
  } catch {
    // Without its token this page is locked, whatever became of the session.
  }
  showLocked();
});
addEventListener('hashchange', begin);
// Another page of this browser was unlocked, or locked.
addEventListener('storage', ({ key }) => {
  if (key === tokenKey || key === null) begin();
});
begin();
