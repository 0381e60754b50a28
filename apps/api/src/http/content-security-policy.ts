import { createHash } from 'node:crypto';
import type { Config } from '../config/config.ts';

// A static export carries its start-up scripts inline. They are allowed by their hash, page by page, so that no other inline
// script runs: what an attacker might get into a page's text stays text.

export type Directives = Record<string, string[]>;

/** The policy of every answer; `scriptHashes` are those of the page that it belongs to. */
export function contentSecurityPolicy(config: Pick<Config, 'tiles'>, scriptHashes: readonly string[] = []): Directives {
  const tiles = tileOrigins(config.tiles.url);
  return {
    'default-src': ["'self'"],
    'script-src': ["'self'", ...scriptHashes.map((hash) => `'${hash}'`)],
    // Leaflet and the component library set styles on elements.
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:', ...tiles],
    'font-src': ["'self'", 'data:'],
    'connect-src': ["'self'", ...tiles],
    'worker-src': ["'self'", 'blob:'],
    'media-src': ["'self'", 'blob:'],
    'manifest-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
}

export const policyText = (directives: Directives): string =>
  Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join('; ');

/** SHA-256 of each inline script of a page, as a policy names it. */
export function inlineScriptHashes(html: string): string[] {
  const hashes = new Set<string>();
  for (const [, attributes = '', code = ''] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    if (/\bsrc\s*=/i.test(attributes) || code === '') continue;
    hashes.add(`sha256-${createHash('sha256').update(code).digest('base64')}`);
  }
  return [...hashes];
}

function tileOrigins(template: string | undefined): string[] {
  if (!template) return [];
  // `{s}` is one of several host names.
  const sample = template.replaceAll('{s}', 'sub-placeholder');
  if (!URL.canParse(sample)) return [];
  return [new URL(sample).origin.replace('sub-placeholder', '*')];
}
