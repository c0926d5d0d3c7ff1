// `handrail expr --jsonl`: one answer a line, whatever the line is. The questions and answers stand in
// tests/golden/expr/lines.txt; UPDATE=1 writes the answers anew. Provokes E0211, E0212, E0213 and E0214.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = path.resolve(root, process.env.HANDRAIL ?? path.join(root, 'build/release/handrail'));
const golden = path.join(root, 'tests/golden/expr/lines.txt');
const flags = ['expr', '--jsonl', '--now', '2026-11-22T10:00:00Z'];

function answers(input) {
    const ran = spawnSync(program, [...flags, '-'], { input, maxBuffer: 1 << 26 });
    assert.equal(ran.status, 0, ran.stderr.toString());
    const lines = ran.stdout.toString().split('\n');
    assert.equal(lines.pop(), '');
    return lines;
}

test('every question gets the answer of the golden file', () => {
    const [head, ...rest] = fs.readFileSync(golden, 'utf8').split('\n\n');
    const lines = rest.join('\n\n').trimEnd().split('\n');
    const questions = lines.filter((_, at) => at % 2 === 0);
    const wanted = lines.filter((_, at) => at % 2 === 1);
    const said = answers(`${questions.join('\n')}\n`);
    if (process.env.UPDATE) {
        const pairs = questions.flatMap((question, at) => [question, said[at]]);
        fs.writeFileSync(golden, `${head}\n\n${pairs.join('\n')}\n`);
        return;
    }
    assert.equal(said.length, questions.length);
    questions.forEach((question, at) => assert.equal(said[at], wanted[at], question));
    for (const code of ['E0211', 'E0212', 'E0213', 'E0214']) {
        assert.ok(wanted.some((answer) => answer.includes(`"code":"${code}"`)), code);
    }
});

test('an answer is a value that vars takes again', () => {
    const value = "[1, 2u, 1.5, 1.0, 'a', b'a', null, true, {'k': [1]}, {1: {2u: 3}}, duration('-1.5s'), timestamp(7), "
        + "int, optional.of(optional.none()), ip('::1'), cidr('10.0.0.0/8'), {'type': 'int', 'value': 1}]";
    const first = JSON.parse(answers(`${JSON.stringify({ expr: value })}\n`)[0]);
    // JSON.parse makes one number of 1.0 and 1: what JSON has no two words for is passed on as text
    const text = answers(`${JSON.stringify({ expr: value })}\n`)[0];
    const list = text.slice(text.indexOf('"value":') + 8, -1);
    const again = answers(`{"expr": "x == ${value.replaceAll('"', '\\"')}", "vars": {"x": ${list}}}\n`);
    assert.equal(first.type, 'list');
    assert.deepEqual(JSON.parse(again[0]), { type: 'bool', value: true });
});

test('lines that are none get an error each, and the lines behind them their answers', () => {
    const lines = [
        Buffer.from(''), Buffer.from('   '), Buffer.from('\r'), Buffer.from([0xff, 0xfe, 0x00, 0x22]), Buffer.from('{'),
        Buffer.from('['.repeat(100_000)), Buffer.from(`{"expr": "${'('.repeat(3000)}"}`),
        Buffer.from(`{"expr": "${'a'.repeat(2_000_000)}"}`), Buffer.from('{"expr": "\\u0000"}'),
        Buffer.from(`{"expr": "x", "vars": {"x": ${'['.repeat(60)}${']'.repeat(60)}}}`),
        Buffer.from(`{"expr": "size(x)", "vars": {"x": [${'1,'.repeat(100_000)}1]}}`),
        Buffer.from('{"expr": "1", "vars": {"a\\u0000b": 1}}'),
    ];
    for (const line of lines) {
        const said = answers(Buffer.concat([line, Buffer.from('\n{"expr": "1 + 1"}')]));
        assert.equal(said.length, 2, line.subarray(0, 40).toString());
        const answer = JSON.parse(said[0]);
        assert.ok('value' in answer || /^E\d{4}$/.test(answer.error.code), said[0]);
        assert.equal(said[1], '{"type":"int","value":2}');
    }
});

test('an answer comes before the next question is asked', async () => {
    const child = spawn(program, flags);
    const said = await new Promise((done, fail) => {
        child.stdout.once('data', (data) => done(data.toString()));
        setTimeout(() => fail(new Error('no answer within 10 s')), 10_000).unref();
        child.stdin.write('{"expr": "6 * 7"}\n');
    });
    child.stdin.end();
    assert.equal(said, '{"type":"int","value":42}\n');
});

test('files, single expressions, types and the table of functions', () => {
    const run = (...words) => spawnSync(program, ['expr', ...words], { encoding: 'utf8' });
    assert.equal(run('1 + 1').stdout, '{"type":"int","value":2}\n');
    assert.equal(run('[[1u]]', '--types').stdout,
        '{"type":"list","value":[[{"type":"uint","value":"1"}]],"checked":"list(list(uint))"}\n');
    assert.equal(run('1 +').status, 3);
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-expr-')), 'e.cel');
    fs.writeFileSync(file, '[1, 2]\n  .map(x, x * 2)\n');
    assert.equal(run(file).stdout, '{"type":"list","value":[2,4]}\n');
    assert.equal(spawnSync(program, ['expr', '-'], { encoding: 'utf8', input: '1 + 2\n' }).stdout, '{"type":"int","value":3}\n');
    assert.equal(spawnSync(program, ['expr', '-'], { encoding: 'utf8', input: '1 +\n' }).status, 3);
    fs.rmSync(path.dirname(file), { recursive: true });
    assert.equal(run('--jsonl', '/nowhere/at/all').status, 2);
    assert.equal(run().status, 2);
    const functions = run('--functions').stdout;
    assert.match(functions, /^string\.startsWith\(string\) -> bool +the text begins with another$/m);
    assert.match(functions, /^within\(timestamp, string\) -> bool /m);
});
