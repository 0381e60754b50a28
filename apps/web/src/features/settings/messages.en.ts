import type { settingsFr } from './messages.fr';

export const settingsEn: typeof settingsFr = { title: '' };
