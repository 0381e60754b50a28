export const settingsFr = { title: '' };
