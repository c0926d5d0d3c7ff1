// A workspace folder beside which somebody types commands: no daemon, nothing served.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { program } from './daemon.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The coaching example (or another) in a folder `shop` of its own; changes: {file: [[from, to], ...]}. */
export function shop(t, changes = {}, example = 'coaching') {
    const base = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-desk-'));
    t.after(() => fs.rmSync(base, { recursive: true, force: true }));
    const folder = path.join(base, 'shop');
    fs.cpSync(path.join(root, 'examples', example), folder, { recursive: true });
    for (const [name, pairs] of Object.entries(changes)) {
        const file = path.join(folder, name);
        let text = fs.readFileSync(file, 'utf8');
        for (const [from, to] of pairs) {
            assert.ok(text.includes(from), `${name} has ${from}`);
            text = text.replace(from, to);
        }
        fs.writeFileSync(file, text);
    }
    const run = (words, { cwd = base, input } = {}) => {
        const env = { ...process.env, HANDRAIL_DIR: '', HANDRAIL_TOKEN: '', NO_COLOR: '1' };
        const done = spawnSync(program, words, { cwd, env, input, encoding: 'utf8' });
        assert.doesNotMatch(done.stderr, /Sanitizer|runtime error|a bug:/);
        return { code: done.status, out: done.stdout, err: done.stderr };
    };
    return { base, folder, run, read: (name) => fs.readFileSync(path.join(folder, name), 'utf8'), file: (name) => path.join(folder, name) };
}
