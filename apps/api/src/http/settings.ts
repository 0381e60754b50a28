import * as z from 'zod';
import type { Config } from '../config/config.ts';
import type { App } from './build-app.ts';

/** What a page must know before anybody has signed in. */
export const Settings = z
  .object({
    version: z.string(),
    tileUrl: z.string().optional(),
    tileAttribution: z.string(),
    demo: z.boolean(),
    /** Only in demo mode, where the password is public by design. */
    demoAccounts: z
      .array(z.object({ email: z.string(), name: z.string(), role: z.string(), password: z.string() }))
      .optional(),
  })
  .meta({ id: 'Settings' });
export type Settings = z.infer<typeof Settings>;

export interface SettingsDeps {
  readonly config: Pick<Config, 'tiles'>;
  readonly version: string;
  readonly demoAccounts: Settings['demoAccounts'];
}

export function registerSettings(app: App, { config, version, demoAccounts }: SettingsDeps): void {
  app.get('/v1/settings', { schema: { tags: ['settings'], response: { 200: Settings } } }, async () => ({
    version,
    ...(config.tiles.url && { tileUrl: config.tiles.url }),
    tileAttribution: config.tiles.attribution,
    demo: demoAccounts !== undefined,
    ...(demoAccounts && { demoAccounts }),
  }));
}
