import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReply } from './reply.ts';
import { createReplySplitter, FOREIGN } from './reply-splitter.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('replies', () => {
  it.each([
    ['ATI', 'ATI\rELM327 v1.5\r\r', [], ['reset']],
    ['ATE0', 'ATE0\rOK\r\r', [], ['ok']],
    ['01 0C', '010c\r41 0C 14 5F \r\r', ['41 0C 14 5F'], []],
    ['0100', 'SEARCHING...\r41 00 BE 3F A8 13 \r\r', ['41 00 BE 3F A8 13'], []],
    ['0100', 'SEARCHING...4100BE3FA813\r\r', ['4100BE3FA813'], []],
    ['0100', 'SEARCHING...\rUNABLE TO CONNECT\r\r', [], ['no_bus']],
    ['0100', 'SEARCHING... ERROR\r\r', [], ['bus_error']],
    ['0100', 'BUS INIT: ...OK\r48 6B 10 41 00 BE 1F A8 13 CK\r', ['48 6B 10 41 00 BE 1F A8 13 CK'], []],
    ['0100', 'BUS INIT: OK\r\n4100BE1FA813\r\n', ['4100BE1FA813'], []],
    ['0100', 'BUS INIT: ERROR\r\r', [], ['bus_error']],
    ['0100', 'BUS INIT: ...ERROR\r\r', [], ['bus_error']],
    ['010D', 'NO DATA\r\r', [], ['no_data']],
    ['010D', 'NODATA\r\r', [], ['no_data']],
    ['010D', '41 0D 2A <DATA ERROR\r\r', [], ['bus_error']],
    ['010D', '41 0D <RX ERROR\r41 0D 2A\r', ['41 0D 2A'], ['bus_error']],
    ['010D', 'CAN ERROR\r\r', [], ['bus_error']],
    ['010D', 'BUS BUSY\r\r', [], ['bus_error']],
    ['010D', 'FB ERROR\r\r', [], ['bus_error']],
    ['010D', 'STOPPED\r\r', [], ['stopped']],
    ['010D', 'BUFFER FULL\r\r', [], ['buffer_full']],
    ['010D', '!ACT ALERT\r\r', [], ['alert']],
    ['010D', 'LP ALERT\r\r', [], ['alert']],
    ['010D', 'LV RESET\r\r', [], ['reset']],
    ['010D', 'OBDII v1.5\r\r', [], ['reset']],
    ['010D', 'ERR94\r\r', [], ['fault']],
    ['010D', 'ERR71\r\r', [], ['bus_error']],
    ['010D', 'NOT CONNECTED\r\r', [], ['no_data']],
    ['ATXX', '?\r\r', [], ['not_understood']],
    ['03', '43 NO DATA', [], ['no_data']],
  ])('%s: %j', (command, text, lines, notices) => {
    const reply = readReply(command, text);
    expect(reply.lines).toEqual(lines);
    expect([...reply.notices]).toEqual(notices);
  });

  it('knows a bare prompt, with or without an echo', () => {
    expect(readReply('010D', '\r\r').empty).toBe(true);
    expect(readReply('010D', '010D\r\r').empty).toBe(true);
    expect(readReply('010D', 'NO DATA\r').empty).toBe(false);
  });

  it('is cut at the prompt however the bytes are split', () => {
    const text = 'ATI\rELM327 v1.5\r\r>41 0C 14 5F \r\r>rest';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const splitter = createReplySplitter();
        const edges = [0, ...cuts.sort((a, b) => a - b), text.length];
        const replies = edges.slice(1).flatMap((edge, i) => splitter.push(bytes(text.slice(edges[i], edge))));
        expect(replies.map((reply) => reply.text)).toEqual(['ATI\rELM327 v1.5\r\r', '41 0C 14 5F \r\r']);
        expect(splitter.pending()).toBe('rest');
      }),
    );
  });

  it('leaves NULs out and marks other foreign bytes, so that a line that lost a digit falls', () => {
    const splitter = createReplySplitter();
    expect(splitter.push(bytes('4\u00001 0D\u0000 2A\r>'))[0]?.text).toBe('41 0D 2A\r');
    expect(splitter.push(bytes('41 0D \u00f3A\r>'))[0]?.text).toBe(`41 0D ${FOREIGN}A\r`);
  });

  it('holds no more than its limit, and says that the beginning is gone', () => {
    const splitter = createReplySplitter(100);
    for (let i = 0; i < 1000; i += 1) splitter.push(bytes('0123456789'));
    expect(splitter.pending().length).toBeLessThanOrEqual(100);
    expect(splitter.push(bytes('>'))[0]?.overflowed).toBe(true);
    expect(splitter.push(bytes('OK\r>'))[0]).toEqual({ text: 'OK\r', overflowed: false });
  });
});
