import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const folder = temporaryFolder('lock');

describe('folder lock', () => {
  it('keeps a second agent out until the first lets go', async () => {
    const release = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(/in use by another agent/);
    await release();
    await (await lockFolder(folder))();
  });

  it.each([
    ['a process that is gone', '999999999 123'],
    ['a number that lives again as another process', `${process.pid} 1`],
    ['nothing that can be read', 'garbage'],
    ['an empty file', ''],
  ])('takes over from %s', async (_name, content) => {
    writeFileSync(join(folder, 'agent.lock'), content);
    await (await lockFolder(folder))();
  });
});
