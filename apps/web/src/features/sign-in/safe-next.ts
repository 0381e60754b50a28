/** Where to go after signing in: a page of ours, never an address that someone put into a link. */
export function safeNext(next: string | null): string {
  if (!next?.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/';
  const url = new URL(next, 'https://temoin.invalid');
  return url.origin === 'https://temoin.invalid' && !url.pathname.startsWith('/sign-in')
    ? `${url.pathname}${url.search}`
    : '/';
}
