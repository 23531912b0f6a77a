import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The portal that `npm run dev -w console` works against. */
const PORTAL = process.env['PORTAL_URL'] ?? 'http://127.0.0.1:4000';

/** In development the page is Vite's: what the portal would write into it is taken from the portal's own page. */
const portalSettings: Plugin = {
  name: 'portal-settings',
  apply: 'serve',
  async transformIndexHtml(html) {
    const page = await (await fetch(`${PORTAL}/console`)).text();
    const settings = /<script id="settings"[^>]*>[^<]*/;
    return html.replace(settings, () => settings.exec(page)?.[0] ?? '');
  },
};

export default defineConfig({
  base: '/console/',
  plugins: [react(), portalSettings],
  // React 18 at the root of the repository is GraphiQL's.
  resolve: { dedupe: ['react', 'react-dom'] },
  build: {
    target: 'es2023',
    manifest: true,
    // An inlined image or a polyfill would be script or data that the page's policy has no place for.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'renewed.html'] },
  },
  server: {
    proxy: Object.fromEntries(['/graphql', '/console/development'].map((path) => [path, { target: PORTAL }])),
  },
});
