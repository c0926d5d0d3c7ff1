// The main job, seen: the example plays from start to end without a person, checks itself, cleans up, and what README.md
// shows on its first screen is what it says.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { plain } from './support/said.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = () => fs.readdirSync(path.join(root, 'build')).filter((name) => name.startsWith('run-once-'));

/** Ages and times as words, so that two runs can be compared. */
const timeless = (line) => plain(line).replace(/entry \d+/g, 'ENTRY');

test('the example plays from start to end, and README.md shows what it says', () => {
    const before = folders();
    const done = spawnSync(path.join(root, 'scripts/run'), ['--once'], { encoding: 'utf8', timeout: 120_000, cwd: root });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    assert.match(done.stdout, /All of it happened/);
    assert.deepEqual(folders(), before, 'it leaves its folder behind');

    const said = new Set(done.stdout.split('\n').map(timeless));
    const [, shown] = fs.readFileSync(path.join(root, 'README.md'), 'utf8').match(/```text\n([^]*?)```/);
    const lines = shown.split('\n');
    assert.ok(lines.length > 20, 'README.md shows a recording');
    assert.deepEqual(lines.filter((line) => !said.has(timeless(line))), [], 'README.md shows lines that are not said');
});
