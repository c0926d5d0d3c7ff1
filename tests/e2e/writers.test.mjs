// Who may write a field, and who does: handrail writers, before a workspace is served.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from './support/daemon.mjs';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));

function writers(example, ...words) {
    const env = { ...process.env, HANDRAIL_DIR: '', NO_COLOR: '1' };
    const done = spawnSync(program, ['writers', ...words, '--dir', path.join(examples, example)], { env, encoding: 'utf8' });
    return { code: done.status, out: done.stdout, err: done.stderr };
}

test('writers tells who may write a field, who does, where and when', () => {
    const said = writers('coaching', 'lifecycle');
    assert.equal(said.code, 0, said.err);
    assert.match(said.out, /^contact\.lifecycle, stage\n/);
    assert.match(said.out, /may write it +automations and people, who move it\n/);
    assert.match(said.out, /automation payment_to_access: step \S+, move_stage client {2}\(\S*payment_to_access\.yaml:\d+\)\n +when offer is group_program or one_to_one\n/);
});

test('writers says the same for programs', () => {
    const said = JSON.parse(writers('b2b', 'segment', '--json').out);
    assert.equal(said.record, 'contact');
    assert.deepEqual(said.may_write, ['automation route_lead', 'people']);
    assert.equal(said.on_conflict, 'people_win');
    assert.ok(said.writes.some((one) => one.writer === 'automation route_lead' && one.line > 0));
});

test('writers says a condition as automation show does', () => {
    const group = /none of \(email ends with @northwind\.example\.com; the last writer of owner is people\)/;
    const shown = spawnSync(program, ['automation', 'show', 'route_lead', '--dir', path.join(examples, 'b2b')], { encoding: 'utf8' });
    assert.match(shown.stdout, group);
    assert.match(writers('b2b', 'segment').out, group);
    assert.match(JSON.parse(writers('b2b', 'segment', '--json').out).writes.find((one) => one.writer === 'automation route_lead').when, group);
});

test('writers of a field that is not there offers the nearest', () => {
    const said = writers('coaching', 'lifecicle');
    assert.equal(said.code, 3);
    assert.match(said.err, /there is no field `lifecicle`/);
    assert.match(said.err, /did you mean `lifecycle`\?/);
});
