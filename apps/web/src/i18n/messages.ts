import type { Locale } from '@temoin/shared/accounts';
import { fleetEn } from '@/features/fleet/messages.en';
import { fleetFr } from '@/features/fleet/messages.fr';
import { settingsEn } from '@/features/settings/messages.en';
import { settingsFr } from '@/features/settings/messages.fr';
import { signInEn } from '@/features/sign-in/messages.en';
import { signInFr } from '@/features/sign-in/messages.fr';
import { vehicleEn } from '@/features/vehicle/messages.en';
import { vehicleFr } from '@/features/vehicle/messages.fr';
import { shellEn } from '@/shell/messages.en';
import { shellFr } from '@/shell/messages.fr';
import { commonEn } from './common.en';
import { commonFr } from './common.fr';

// Every word of the app by language. Each feature keeps its own words beside its code; French is the shape to follow.

const fr = {
  common: commonFr,
  shell: shellFr,
  fleet: fleetFr,
  signIn: signInFr,
  settings: settingsFr,
  vehicle: vehicleFr,
};
export type Messages = typeof fr;
const en: Messages = {
  common: commonEn,
  shell: shellEn,
  fleet: fleetEn,
  signIn: signInEn,
  settings: settingsEn,
  vehicle: vehicleEn,
};

export const MESSAGES: Readonly<Record<Locale, Messages>> = { fr, en };
