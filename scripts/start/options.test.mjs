import { expect, test } from 'vitest';
import { HELP, readOptions } from './options.mjs';

const complaintOf = (args) => {
  try {
    readOptions(args);
  } catch (error) {
    return { code: error.exitCode, words: error.message };
  }
};

test('nothing given starts the demonstration', () => {
  expect(readOptions([])).toMatchObject({
    port: 8480,
    host: '127.0.0.1',
    data: '.temoin',
    vehicles: 25,
    demo: true,
    once: false,
    open: true,
    speed: 1,
  });
});

test('the environment stands in for what is not given, and no further', () => {
  expect(readOptions(['--port', '9000'], { TEMOIN_PORT: '9001', TEMOIN_DATA: '/d' })).toMatchObject({
    port: 9000,
    data: '/d',
  });
});

test('a replay at full speed, once, opens no browser', () => {
  expect(readOptions(['--replay', 'drives', '--speed', 'max', '--once'])).toMatchObject({
    replay: 'drives',
    speed: 'max',
    once: true,
    open: false,
  });
});

test.each([
  [['--port', '0'], '--port takes a whole number from 1 to 65535, not "0"'],
  [['--port', 'http'], '--port takes a whole number'],
  [['--vehicles', '-1'], 'vehicles'],
  [['--speed', '20'], '--speed needs --replay'],
  [['--replay', 'x', '--speed', 'fast'], '"max", not "fast"'],
  [['--replay', 'x', '--speed', '0'], 'above 0'],
  [['--once'], '--once needs --replay'],
  [['--prot', '80'], '--prot'],
  [['drives'], 'drives'],
])('%j is refused in words, with exit code 2', (args, words) => {
  const complaint = complaintOf(args);
  expect(complaint?.code).toBe(2);
  expect(complaint?.words).toContain(words);
  expect(complaint?.words).toContain('--help');
});

test('the help names every option that is understood', () => {
  for (const option of [
    'port',
    'host',
    'data',
    'vehicles',
    'replay',
    'speed',
    'once',
    'no-demo',
    'fresh',
    'no-open',
    'help',
  ]) {
    expect(HELP).toContain(`--${option}`);
  }
});
