// Runs before anything is drawn.

// Scripts are loaded from here only, whoever asks for them, and not while the connection is lost: another program may
// listen in the manager's place. Text becomes markup nowhere: a style that a component brings along is none.
globalThis.trustedTypes?.createPolicy('default', {
  createHTML: (text) => (/[<&]/.test(text) ? undefined : text),
  createScriptURL: (text) => {
    const url = new URL(text, location.origin);
    if (document.documentElement.dataset.connection === 'lost') return undefined;
    // As a path: the loader of scripts knows each by the path it asked for, and waits for ever for another spelling of it.
    const isOurs = url.origin === location.origin && url.pathname.startsWith('/_next/');
    return isOurs ? `${url.pathname}${url.search}` : undefined;
  },
});

// Light or dark as the system has it, unless the settings say otherwise.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const show = () => {
    let wanted;
    try {
      wanted = localStorage.getItem('mcp-acp-appearance');
    } catch {
      // A browser that keeps nothing shows what the system has.
    }
    const isDark = wanted === 'dark' || (wanted !== 'light' && dark.matches);
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  };
  show();
  dark.addEventListener('change', show);
  addEventListener('storage', show);
  addEventListener('appearance', show);
})();
