'use strict';
// Loads the bundles of dist/ with V8's code cache: compiling them is a third of a proxy's start. The cache lies beside
// the code it belongs to (dist/.cache), so whoever could change it could change the code; where that folder is not
// ours, or cannot be written, the bundles are compiled as usual.
const { hash } = require('node:crypto');
const { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { basename, dirname, join } = require('node:path');
const { Script } = require('node:vm');

/** Bundles loaded by this process, by file. */
const loaded = new Map();
/** Those whose cache is missing or stale. */
const uncached = [];

const cacheFolder = (file) => join(dirname(file), '.cache');
const cacheFile = (file) => join(cacheFolder(file), `${basename(file)}.${process.version}-${process.arch}`);

const digestOf = (bytes) => Buffer.from(hash('sha256', bytes, 'hex'), 'hex');

/** The cache's data, where it was made by us for exactly this source. V8 itself compares no more than the length. */
function readCache(file, source) {
  try {
    const folder = statSync(cacheFolder(file));
    if (folder.uid !== process.getuid() || (folder.mode & 0o077) !== 0) return undefined;
    const bytes = readFileSync(cacheFile(file));
    const data = bytes.subarray(64);
    const isOurs =
      bytes.subarray(0, 32).equals(digestOf(source)) && bytes.subarray(32, 64).equals(digestOf(data));
    return isOurs ? data : undefined;
  } catch {
    return undefined;
  }
}

/** The exports of a bundle. What it requires from beside it is loaded the same way. */
function loadBundle(file) {
  const known = loaded.get(file);
  if (known !== undefined) return known.exports;
  const source = readFileSync(file, 'utf8');
  const cachedData = readCache(file, source);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected) uncached.push({ file, source, script });
  const module = { exports: {} };
  loaded.set(file, module);
  const requireFrom = createRequire(file);
  const require = (id) => (id.startsWith('./') ? loadBundle(join(dirname(file), id)) : requireFrom(id));
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  return module.exports;
}

/** Writes the caches that are missing, with every function compiled so far. To be called when all work is done. */
function keepCompiledCode() {
  for (const { file, source, script } of uncached.splice(0)) {
    try {
      mkdirSync(cacheFolder(file), { recursive: true, mode: 0o700 });
      chmodSync(cacheFolder(file), 0o700);
      const data = script.createCachedData();
      const temporary = `${cacheFile(file)}.${process.pid}`;
      writeFileSync(temporary, Buffer.concat([digestOf(source), digestOf(data), data]), { mode: 0o600 });
      renameSync(temporary, cacheFile(file));
    } catch {
      // A folder that cannot be written: the next start compiles again.
    }
  }
}

module.exports = { loadBundle, keepCompiledCode };
