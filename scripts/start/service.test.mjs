import { expect, test } from 'vitest';
import { originsOf } from './service.mjs';

const interfaces = {
  lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
  eth0: [
    { address: '192.0.2.7', family: 'IPv4', internal: false },
    { address: '2001:db8::7', family: 'IPv6', internal: false },
  ],
};

test('a service for this machine alone has its two names', () => {
  expect(originsOf({ host: '127.0.0.1', port: 80 }, interfaces)).toEqual([
    'http://localhost:80',
    'http://127.0.0.1:80',
  ]);
});

test('one that others may reach has the addresses by which they do', () => {
  expect(originsOf({ host: '0.0.0.0', port: 80 }, interfaces)).toContain('http://192.0.2.7:80');
  expect(originsOf({ host: '0.0.0.0', port: 80 }, interfaces).join()).not.toContain('2001');
  expect(originsOf({ host: '::', port: 80 }, interfaces)).toContain('http://[2001:db8::7]:80');
  expect(originsOf({ host: '::1', port: 80 }, interfaces)).toContain('http://[::1]:80');
});
