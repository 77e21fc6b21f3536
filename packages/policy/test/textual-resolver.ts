import type { PathResolver } from '../src/facts.ts';

/** A resolver over a made-up disk: home /home/ann, working folder /home/ann/project, a few links, no I/O. */
export const home = '/home/ann';
const links: readonly (readonly [string, string])[] = [
  ['/home/ann/project/link', '/etc'],
  ['/home/ann/project/key', '/home/ann/.ssh/id_rsa'],
  ['/tmp', '/private/tmp'],
];

export const madeUpDisk: PathResolver = {
  places(text) {
    if (text.includes('\0') || text.startsWith('/unknown')) return [];
    const homed = text === '~' || text.startsWith('~/') ? home + text.slice(1) : text;
    const rooted = homed.startsWith('/') ? homed : `${home}/project/${homed}`;
    let place = '';
    for (const segment of rooted.split('/')) {
      if (segment === '' || segment === '.') continue;
      if (segment === '..') place = place.slice(0, Math.max(0, place.lastIndexOf('/')));
      else place += `/${segment}`;
      for (const [from, to] of links) if (place === from) place = to;
    }
    return [place === '' ? '/' : place];
  },
};
