// Questions about the files alone: automation, path, writers, diff, message. What is wrong is said once, in one
// document, with places that can be opened from where one stands.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { shop } from './support/desk.mjs';

const PATH = 'paths/form_to_member.yaml';
const questions = (folder) => [
    ['automation', 'ls', '--dir', folder],
    ['automation', 'show', 'payment_to_access', '--dir', folder],
    ['path', 'show', '--files', '--dir', folder],
    ['writers', 'lifecycle', '--dir', folder],
    ['message', 'preview', 'lead_welcome', '--dir', folder],
];

test('errors are told once, as text and as one JSON document', (t) => {
    const desk = shop(t, { [PATH]: [['late_is: urgent', 'late_is: urgnet']] });
    const good = shop(t);
    for (const words of [...questions('shop'), ['diff', good.folder, 'shop'], ['diff', 'shop', good.folder]]) {
        const text = desk.run(words);
        assert.equal(text.code, 3, words.join(' '));
        assert.equal(text.out, '', words.join(' '));
        assert.equal(text.err.match(/error\[E0106\]/g)?.length, 1, `${words.join(' ')}: ${text.err}`);
        const json = desk.run([...words, '--json']);
        assert.equal(json.code, 3, words.join(' '));
        const { errors } = JSON.parse(json.out);
        assert.deepEqual(errors.map(({ code, file }) => [code, file]), [['E0106', `shop/${PATH}`]], words.join(' '));
        assert.match(text.err, new RegExp(`--> shop/${PATH}:\\d+:18\n[^]*late_is: urgnet\n`), `${words.join(' ')} draws the line`);
    }
});

test('what is told can be opened from where one stands', (t) => {
    const desk = shop(t);
    const files = (value) => (Array.isArray(value) ? value.flatMap(files)
        : value !== null && typeof value === 'object' ? [...(typeof value.file === 'string' ? [value.file] : []), ...Object.values(value).flatMap(files)] : []);
    const opened = (words, cwd) => {
        const done = desk.run([...words, '--json'], { cwd });
        assert.equal(done.code, 0, `${words.join(' ')}: ${done.err}`);
        return files(JSON.parse(done.out));
    };
    for (const words of questions('shop').filter(([verb]) => verb !== 'message')) {
        const shown = opened(words, desk.base);
        assert.ok(shown.length > 0, words.join(' '));
        for (const file of shown) assert.ok(fs.existsSync(path.join(desk.base, file)), `${words.join(' ')} tells ${file}`);
        const text = desk.run(words).out;
        for (const [, file] of text.matchAll(/(\S+\.yaml):\d+/g)) {
            assert.ok(fs.existsSync(path.join(desk.base, file.replace(/^\(/, ''))), `${words.join(' ')} says ${file}`);
        }
    }
    fs.cpSync(desk.folder, path.join(desk.base, 'old'), { recursive: true });
    fs.writeFileSync(desk.file(PATH), desk.read(PATH).replace('late_is: urgent', 'late_is: normal'));
    assert.deepEqual(opened(['diff', 'old', 'shop'], desk.base), [`shop/${PATH}`]);
    assert.deepEqual(opened(['diff', '../old'], desk.folder), [`../old/${PATH}`], 'one folder alone is the new one');
    assert.match(desk.run(['diff', '../old'], { cwd: desk.folder }).out, /late_is: normal -> urgent/);
});

test('an error inside a message is shown where it stands', (t) => {
    const desk = shop(t, { 'messages/lead_welcome.md': [['{{ contact.first_name | default: "there" }}', '{{ contact.first_name }}']] });
    const wrong = desk.run(['message', 'preview', 'lead_welcome', '--dir', 'shop']);
    assert.match(wrong.err, /E0460[^]*--> shop\/messages\/lead_welcome\.md:5:10\n[^]*5 \| Hello \{\{/, 'it is drawn');
});
