export const signInFr = { title: '' };
