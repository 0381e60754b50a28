import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createConversation } from './conversation.ts';

/** An adapter played by the test: it sees what is sent and says what it likes. */
function setUp(onCommand: (command: string, say: (text: string) => void, nth: number) => void) {
  const clock = createFakeClock();
  const sent: string[] = [];
  let resyncs = 0;
  let output = (_: Uint8Array) => {};
  let close = (_: string) => {};
  const say = (text: string) => output(Buffer.from(text, 'latin1'));
  const stop = new AbortController();
  const port = {
    closed: new Promise<string>((resolve) => {
      close = resolve;
    }),
    onData: (listener: (bytes: Uint8Array) => void) => {
      output = listener;
    },
    write: async (text: string) => {
      sent.push(text);
      onCommand(text.trimEnd(), say, sent.length);
    },
    close: async () => undefined,
  };
  const conversation = createConversation(port, clock, stop.signal, () => {
    resyncs += 1;
  });
  return { clock, sent, say, close, stop, conversation, resyncs: () => resyncs };
}

const afterMs = (clock: ReturnType<typeof createFakeClock>, ms: number, act: () => void) => clock.sleep(ms).then(act);

describe('conversation', () => {
  it('takes a reply for complete only at the prompt, stamped with its arrival', async () => {
    const { clock, conversation } = setUp((_, say) => {
      void afterMs(clock, 100, () => say('41 0D 2A \r'));
      void afterMs(clock, 160, () => say('\r>'));
    });
    const startAt = clock.now();
    const reply = await clock.run(conversation.ask('010D'));
    expect(reply).toEqual({ text: '41 0D 2A \r\r', at: startAt + 160, damaged: false });
  });

  it('waits for a slow reply and sends nothing meanwhile', async () => {
    const { clock, conversation, sent } = setUp((_, say) => {
      void afterMs(clock, 14_000, () => say('41 0D 2A\r\r>'));
    });
    expect((await clock.run(conversation.ask('010D'))).damaged).toBe(false);
    expect(sent).toEqual(['010D\r']);
  });

  it('gets in step after something nobody asked for, and only then asks', async () => {
    const { clock, conversation, sent, say, resyncs } = setUp((command, answer) =>
      answer(command === 'ATI' ? 'ELM327 v1.5\r\r>' : '41 0D 2A\r\r>'),
    );
    conversation.identify('ELM327 v1.5');
    say('41 0C 00 00\r\r>');
    expect((await clock.run(conversation.ask('010D'))).text).toBe('41 0D 2A\r\r');
    expect(sent).toEqual(['ATI\r', '010D\r']);
    expect(resyncs()).toBe(1);
  });

  it('is not fooled by replies that stand one place too late', async () => {
    // Every reply is that to the command before.
    let late = '41 0C 1A F8\r\r>';
    const replies: Record<string, string> = { ATI: 'ELM327 v1.5\r\r>', ATRV: '13.1V\r\r>', '010D': '41 0D 2A\r\r>' };
    let shifts = 3;
    const { clock, conversation, resyncs } = setUp((command, say) => {
      const own = replies[command] ?? '?\r\r>';
      if (shifts > 0) {
        shifts -= 1;
        say(late);
        late = own;
        // The one that is owed arrives by itself at last.
        if (shifts === 0) void afterMs(clock, 300, () => say(late));
      } else say(own);
    });
    conversation.identify('ELM327 v1.5');
    conversation.distrust();
    expect((await clock.run(conversation.ask('010D'))).text).toBe('41 0D 2A\r\r');
    expect(resyncs()).toBe(1);
  });

  it('calls a reply damaged whose prompt got lost, and goes on in step', async () => {
    const { clock, conversation, sent } = setUp((command, say, nth) => {
      if (nth === 1) say('41 0D 2A\r\r');
      else say(command === 'ATI' ? 'ELM327 v1.5\r\r>' : '41 0D 2B\r\r>');
    });
    conversation.identify('ELM327 v1.5');
    expect((await clock.run(conversation.ask('010D'))).damaged).toBe(true);
    expect((await clock.run(conversation.ask('010D'))).text).toBe('41 0D 2B\r\r');
    expect(sent).toEqual(['010D\r', 'ATI\r', '010D\r']);
  });

  it('gives an adapter up that says nothing any more', async () => {
    const { clock, conversation, sent } = setUp(() => undefined);
    conversation.identify('ELM327 v1.5');
    const startedMs = clock.monotonicMs();
    expect((await clock.run(conversation.ask('010D'))).damaged).toBe(true);
    await expect(clock.run(conversation.ask('010D'))).rejects.toMatchObject({ trouble: 'lost' });
    expect(clock.monotonicMs() - startedMs).toBeLessThan(60_000);
    expect(sent.length).toBeLessThan(8);
  });

  it('gives a line up that never falls silent', async () => {
    const { clock, conversation, say } = setUp(() => undefined);
    const noise = async () => {
      for (let i = 0; i < 400; i += 1) await afterMs(clock, 100, () => say('\u00f0x'));
    };
    say('x');
    void noise();
    await expect(clock.run(conversation.ask('010D'))).rejects.toMatchObject({ trouble: 'lost' });
  });

  it('says that the adapter restarted when it greets unasked', async () => {
    const { clock, conversation, say } = setUp((_, answer) => answer('OK\r\r>'));
    conversation.identify('ELM327 v1.5');
    say('\r\rELM327 v1.5\r\r>');
    await expect(clock.run(conversation.ask('010D'))).rejects.toMatchObject({ trouble: 'reset' });
  });

  it('ends at once when the port closes or nobody wants it any more', async () => {
    const first = setUp(() => undefined);
    const asked = first.conversation.ask('010D');
    void afterMs(first.clock, 100, () => first.close('unplugged'));
    await expect(first.clock.run(asked)).rejects.toMatchObject({ trouble: 'lost' });
    await expect(first.conversation.ask('010D')).rejects.toMatchObject({ trouble: 'lost' });

    const second = setUp(() => undefined);
    const paused = second.conversation.pause(1e9);
    void afterMs(second.clock, 100, () => second.stop.abort());
    await expect(second.clock.run(paused)).rejects.toMatchObject({ trouble: 'stopped' });
  });
});
