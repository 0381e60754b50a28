import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchMessages, parseRequest } from '../answers/request.ts';
import { readReply } from '../line/reply.ts';
import { linesOf, type StandInCar } from '../testing/stand-in-car.ts';
import { assemble } from './assemble.ts';
import { hex } from './hex.ts';
import type { LineForm } from './message.ts';

const FORMS = ['can11', 'can29', 'legacy', 'bare', 'any'] as const;
const readable = (lines: readonly string[], mode: number, form: LineForm = 'any') =>
  assemble(lines, mode, form).messages.map(({ ecu, data }) => `${ecu} ${hex(data)}`);

describe('frames', () => {
  it('separates computers whose long answers interleave', () => {
    const lines = [
      '7E8 10 0A 43 04 01 08 01 18',
      '7E9 10 08 43 03 02 01 02 02',
      '7E9 21 02 03 00 00 00 00 00',
      '7E8 21 01 19 01 20 AA AA AA',
    ];
    expect(readable(lines, 0x03)).toEqual(['7E8 43040108011801190120', '7E9 4303020102020203']);
  });

  it('counts consecutive frames past their fifteenth', () => {
    const data = Array.from({ length: 150 }, (_, i) => (i * 7) & 0xff);
    const car = carWith('can11', { '0655': data });
    expect(readable(linesOf(car, '0655', true, true), 0x06)).toEqual([`7E8 4655${hex(data)}`]);
  });

  it('reads 29-bit headers, with and without spaces', () => {
    expect(readable(['18 DA F1 10 03 41 0D 2A'], 1)).toEqual(['18DAF110 410D2A']);
    expect(readable(['18DAF11003410D2A'], 1)).toEqual(['18DAF110 410D2A']);
  });

  it('reads KWP lines whose first byte is their length', () => {
    expect(readable(['83 F1 10 41 0D 2A F6'], 1, 'legacy')).toEqual(['10 410D2A']);
    expect(readable(['84 F1 10 41 0D 2A F6'], 1, 'legacy')).toEqual([]);
  });

  it.each([
    ['a digit too many', ['7E803410D2A1']],
    ['two digits between', ['7E80341AB0D2A']],
    ['a digit lost', ['7E803410D2']],
    ['its beginning lost', ['410D2A']],
    ['two replies run together', ['7E803410D2A7E804410C0000']],
    ['a line number in the middle', ['41011:7E803410D2A']],
    ['a length that is not there', ['7E804410D2A']],
  ])('drops a frame with %s', (_, lines) => {
    expect(assemble(lines, 1, 'can11')).toMatchObject({ messages: [], dropped: lines.length });
  });

  it('drops a long answer with a doubled frame, or with two beginnings', () => {
    const lines = ['7E8100A430401080118', '7E82101190120000000'];
    expect(readable(lines, 3)).toHaveLength(1);
    expect(readable([...lines, '7E82101190120000000'], 3)).toEqual([]);
    expect(readable(['7E8100A430401080118', ...lines], 3)).toEqual([]);
  });

  it.each(FORMS)('survives any text as %s', (form) => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[0-9A-F :]{0,40}$/),
      fc.stringMatching(/^7E[89][0-2][0-9A-F]{1,16}$/),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom(1, 2, 3, 9), (lines, mode) => {
        const { messages } = assemble(lines, mode, form);
        for (const { data } of messages) for (const byte of data) expect(byte >= 0 && byte <= 255).toBe(true);
      }),
    );
  });

  it('takes from a damaged reply the right value or none', () => {
    // One byte inserted or removed anywhere in the reply of a computer with a known value.
    const damage = fc.record({ at: fc.nat(), byte: fc.option(fc.integer({ min: 0, max: 255 })) });
    fc.assert(
      fc.property(
        fc.constantFrom('can11' as const, 'can29' as const),
        fc.boolean(),
        damage,
        (form, spaces, { at, byte }) => {
          const car = carWith(form, { '010C': [0x1a, 0xf8] });
          const text = `${linesOf(car, '010C', true, spaces).join('\r')}\r\r`;
          const where = at % text.length;
          const rest = byte === null ? text.slice(where + 1) : String.fromCharCode(byte) + text.slice(where);
          const reply = readReply('010C', (text.slice(0, where) + rest).replaceAll('\0', ''));
          const { messages } = assemble(reply.lines, 1, form);
          const { answers } = matchMessages(parseRequest('010C'), messages);
          for (const answer of answers) expect(hex(answer.data)).toBe('1AF8');
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('answers', () => {
  it('belong to the request that has their service and PID, wherever they stand', () => {
    const { messages } = assemble(['7E803410D2A', '7E804410C1AF8', '7E9037F0112'], 1);
    const speed = matchMessages(parseRequest('010D'), messages);
    expect(speed).toMatchObject({ answers: [{ ecu: '7E8', data: [0x2a] }], refusals: [0x12], strangers: 1 });
    expect(matchMessages(parseRequest('0105'), messages).answers).toEqual([]);
  });

  it('wait for what a computer announces with 78', () => {
    const { messages } = assemble(['7E8037F0178', '7E803410D2A'], 1);
    expect(matchMessages(parseRequest('010D'), messages)).toMatchObject({ answers: [{ data: [0x2a] }], refusals: [] });
  });

  it('of a freeze frame name PID and frame', () => {
    const { messages } = assemble(['7E805420C001AF8'], 2);
    expect(matchMessages(parseRequest('020C00'), messages).answers).toEqual([{ ecu: '7E8', data: [0x1a, 0xf8] }]);
    expect(matchMessages(parseRequest('020C01'), messages).strangers).toBe(1);
  });
});

function carWith(form: StandInCar['form'], answers: Record<string, number[]>): StandInCar {
  const id = form === 'can29' ? '18DAF110' : form === 'can11' ? '7E8' : '10';
  return {
    form,
    protocol: '6',
    ecus: [{ id, answers }],
    isIgnitionOn: () => true,
    voltageV: () => 13.9,
    cleared: 0,
  };
}
