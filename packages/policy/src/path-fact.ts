import type { NameTraits } from './argument-names.ts';
import type { PathFact, PathResolver } from './facts.ts';
import { climbs, folded, maxPathLength, normalPath, readingsOfPath } from './path-forms.ts';
import { canonicalHost, readUri, type UriForm } from './uri-forms.ts';

/** Reads one path or URI. `paths` is absent for HTTP backends, whose paths are compared as text. */
export function readPathFact(text: string, paths: PathResolver | undefined, traits: NameTraits): PathFact {
  const role = traits.role === undefined ? undefined : { role: traits.role };
  const trimmed = text.trim();
  // Browsers drop tabs and line breaks inside a URI; a tool may do the same.
  const uri = readUri(/[\t\r\n]/.test(trimmed) ? trimmed.replace(/[\t\r\n]/g, '') : trimmed);
  if (uri !== undefined) {
    if (uri.scheme === 'file') return fileFact(text, uri, { paths, role });
    return alsoAsPath(uriFact(text, uri, role), { paths, role });
  }
  if (traits.uri && !traits.path && !/^[/\\.~]/.test(trimmed)) {
    const guessed = guessUri(trimmed);
    const path = pathFact(text, [text], { paths, role });
    const forms = guessed === undefined ? path.forms : [...path.forms, folded(guessed.text)];
    return {
      ...path,
      kind: 'uri',
      certain: false,
      forms,
      ...(guessed?.host === undefined ? undefined : { uri: { scheme: '', host: guessed.host } }),
    };
  }
  return pathFact(text, [text], { paths, role });
}

/**
 * `scheme://../x` is a URI to one program and a path to another, which takes the scheme for a folder that `..` leaves
 * again. Only a URI that climbs can lead out of the working folder in that way.
 */
function alsoAsPath(fact: PathFact, where: Surroundings): PathFact {
  if (where.paths === undefined || !climbs(fact.text)) return fact;
  const path = pathFact(fact.text, [fact.text], where);
  return { ...fact, certain: false, forms: [...fact.forms, ...path.forms], places: path.readings };
}

/** A host named by itself: judged by rules on hosts, never needed by an allow. */
export function hostFact(text: string): PathFact | undefined {
  if (text === '' || text.length > 300 || /[\s/]/.test(text)) return undefined;
  const host = canonicalHost(text.replace(/:\d{1,5}$/, ''));
  return { text, kind: 'uri', uri: { scheme: '', host }, readings: [], certain: false, forms: [] };
}

/** `example.com/a` under an argument called `url`: some clients put `https://` before it. */
function guessUri(text: string): UriForm | undefined {
  return text.length > maxPathLength ? undefined : readUri(`http://${text}`);
}

interface Surroundings {
  readonly paths: PathResolver | undefined;
  readonly role: { readonly role: 'source' | 'dest' } | undefined;
}

function pathFact(text: string, starts: readonly string[], where: Surroundings): PathFact {
  const { paths, role } = where;
  const forms: string[] = [];
  const readings: string[] = [];
  let certain = true;
  let resolved: string | undefined;
  const addForm = (form: string): void => {
    const compared = folded(form);
    if (!forms.includes(compared)) forms.push(compared);
  };
  for (const start of starts) {
    const read = readingsOfPath(start);
    certain &&= read.certain;
    for (const reading of read.readings) {
      const normal = normalPath(reading);
      addForm(normal);
      if (paths === undefined) {
        // Nobody here knows the other machine's links and home, so only a plain absolute path is what it says.
        certain &&= !climbs(reading) && !reading.startsWith('~');
        if (!readings.includes(normal)) readings.push(normal);
        continue;
      }
      const places = paths.places(reading);
      certain &&= places.length === 1;
      for (const place of places) {
        resolved ??= place;
        addForm(place);
        if (!readings.includes(place)) readings.push(place);
      }
    }
  }
  const more = resolved === undefined ? undefined : { resolved };
  return { text, kind: 'path', ...more, ...role, readings, certain, forms };
}

function fileFact(text: string, uri: UriForm, where: Surroundings): PathFact {
  const local = uri.host === undefined || uri.host === 'localhost';
  const starts = new Set<string>();
  starts.add(uri.path);
  // As a reader would that only cuts the scheme off.
  const cut = text.trim().replace(/^file:(?:\/\/(?:localhost)?(?=[/\\]))?/i, '');
  if (cut !== uri.path && local) starts.add(cut);
  if (/^\/[A-Za-z]:/.test(uri.path)) starts.add(uri.path.slice(1));
  if (!local) starts.add(`//${uri.host}${uri.path}`);
  const fact = pathFact(text, [...starts], where);
  const host = uri.host === undefined ? undefined : { host: uri.host };
  return { ...fact, certain: fact.certain && local, uri: { scheme: 'file', ...host } };
}

function uriFact(
  text: string,
  uri: UriForm,
  role: { readonly role: 'source' | 'dest' } | undefined,
): PathFact {
  const bare = uri.text.slice(0, uri.queryAt);
  const forms: string[] = [];
  const add = (form: string): void => {
    const compared = folded(form);
    if (!forms.includes(compared)) forms.push(compared);
  };
  add(uri.text);
  add(bare);
  // A rule on paths must not be passed by putting a scheme before the path.
  for (const reading of readingsOfPath(uri.path).readings) {
    const path = normalPath(reading);
    add(path);
    if (uri.host !== undefined && path.startsWith('/')) add(`${uri.scheme}://${uri.host}${path}`);
    if (uri.host !== undefined && path !== '/' && path !== '.') add(normalPath(`${uri.host}/${reading}`));
  }
  const host = uri.host === undefined ? undefined : { host: uri.host };
  // Readers disagree which folder an encoded or climbing path is in; its host is the same to all.
  const climbing = climbs(text) || /%(?:25|2e|2f|5c)/i.test(text.split(/[?#]/, 1)[0] ?? '');
  return {
    text,
    kind: 'uri',
    uri: { scheme: uri.scheme, ...host },
    ...(uri.certain ? undefined : { otherHosts: hostsIn(text) }),
    ...role,
    readings: climbing ? [] : [uri.text],
    certain: uri.certain && text.length <= maxPathLength * 2,
    forms,
  };
}

/** Every part of an ambiguous authority, since readers disagree which of them is the host. */
function hostsIn(text: string): readonly string[] {
  const authority =
    /^\s*[A-Za-z][A-Za-z0-9+.-]*:[/\\]*([^/?#]*)/.exec(text.slice(0, maxPathLength))?.[1] ?? '';
  return authority
    .split(/[@\\\s]+/, 16)
    .map((part) => canonicalHost(part.replace(/:[^:\]]*$/, '')))
    .filter((host) => host !== '');
}
