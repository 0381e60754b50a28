import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { startTestSite } from '../testing/test-site.ts';
import { enrol } from './enrol.ts';
import { findIdentity } from './identity.ts';

const root = temporaryFolder('enrol');
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('enrolment', () => {
  it('proves its key, keeps its identity and asks only once', async () => {
    const site = await startTestSite();
    closing.push(() => site.close());
    site.addCode('K7QF-2MZD-X4PA', 'FR-123-XY');
    const folder = join(root, 'good');
    const identity = await enrol({ folder, sites: [site.origin], code: ' k7qf2mzdx4pa ', serial: 's1' });
    expect(identity).toMatchObject({ vehicleLabel: 'FR-123-XY', sites: [site.origin] });
    expect([...site.keys.keys()]).toEqual([identity.boxId]);
    expect(await findIdentity(folder)).toEqual(identity);
    expect(await enrol({ folder, sites: ['http://127.0.0.1:9'], code: 'whatever' })).toEqual(identity);
  });

  it("gives the service's reason when the code is wrong, and does not ask again", async () => {
    const site = await startTestSite();
    closing.push(() => site.close());
    const options = { folder: join(root, 'bad'), sites: [site.origin], code: 'K7QF-2MZD-X4PA' };
    await expect(enrol(options)).rejects.toMatchObject({ code: 'enrolment_code_invalid' });
    await expect(enrol({ ...options, code: 'nonsense' })).rejects.toMatchObject({ code: 'enrolment_code_invalid' });
    expect(await findIdentity(options.folder)).toBeUndefined();
  });

  it('goes on to the next site, past portals and dead ones, and gives up after its rounds', async () => {
    const portal = await serve((_request, response) => response.end('<html>sign in</html>'));
    const broken = await serve((_request, response) =>
      response.writeHead(500).end('{"code":"internal_error","message":"x"}'),
    );
    const good = await startTestSite();
    closing.push(() => good.close());
    good.addCode('K7QF-2MZD-X4PA', 'A');
    const code = 'K7QF-2MZD-X4PA';
    const identity = await enrol({
      folder: join(root, 'third'),
      sites: [portal, 'http://127.0.0.1:9', broken, good.origin],
      code,
    });
    expect(identity.vehicleLabel).toBe('A');
    const failing = enrol({ folder: join(root, 'none'), sites: [broken], code, rounds: 2 });
    await expect(failing).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('says what to do with a damaged identity', async () => {
    const folder = temporaryFolder('damaged');
    writeFileSync(join(folder, 'identity.json'), '{');
    await expect(findIdentity(folder)).rejects.toThrow(/Remove it and enrol/);
  });
});
