// What people hold in their hands around workspace files: check with its fixes and its forms for programs, fmt,
// explain.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from './support/daemon.mjs';
import { shop } from './support/desk.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const load = createRequire(import.meta.url);

const PATH = 'paths/form_to_member.yaml';
const slips = {
    'handrail.yaml': [['version: 1\n', ''], ['role: builder', 'role: biulder'], ['from: "09:00"', 'from: 9:00'], ['country: GB', 'country: gb']],
    [PATH]: [['late_is: urgent', 'late_is: urgnet'], ['carries: [email]', 'carries: email'], ['failure_owner: priya', 'falure_owner: priya'],
        ['event.template == \'member_welcome\'"', 'event.tmplate == \'member_welcome\'"']],
};

// ---- check ---------------------------------------------------------------------------------------------------------

test('check says when a file that cannot be read kept it from checking the others', (t) => {
    const desk = shop(t, { 'contacts.yaml': [['match_on: [email, phone]', 'match_on: [email, phone']], 'tools.yaml': [['owner: dan', 'owner: nobody']] });
    const broken = desk.run(['check', 'shop']);
    assert.equal(broken.code, 3);
    assert.match(broken.out, /1 error, 0 warnings in 16 files \(\d+ ms\)\n1 file cannot be read, so what the others say was not checked yet\n$/);
    fs.writeFileSync(desk.file('big.yaml'), '#'.repeat(1 << 21));
    fs.writeFileSync(desk.file('big2.yaml'), '#'.repeat(1 << 21));
    const large = desk.run(['check', 'shop']);
    assert.match(large.out, /2 errors, 0 warnings in 18 files \(\d+ ms\)\n2 files cannot be read/);
    const json = JSON.parse(desk.run(['check', 'shop', '--json']).out);
    assert.deepEqual([json.files, json.unread, json.error_count], [18, 2, 2]);
    const whole = shop(t, { 'tools.yaml': [['owner: dan', 'owner: nobody']] }).run(['check', 'shop']);
    assert.match(whole.out, /1 error, 0 warnings in 16 files \(\d+ ms\)\n$/);
});

test('what is lacking is told at the head of the workspace, with its own harm', (t) => {
    const done = shop(t, { 'handrail.yaml': [['timezone: Europe/London\n', '']] }).run(['check', 'shop']);
    assert.match(done.out, /E0104\]: the workspace has no `timezone`\n +--> shop\/handrail\.yaml:\d+:1[^]*for example: "09:00" would be another hour/);
});

test('names asked for are suggested by their beginning, without the harm of a file', (t) => {
    const desk = shop(t);
    const show = desk.run(['automation', 'show', 'welcome'], { cwd: desk.folder });
    assert.match(show.err, /E0168[^]*did you mean `welcome_lead`\?/);
    assert.doesNotMatch(show.err, /for example/);
    const writers = desk.run(['writers', 'account.segment'], { cwd: desk.folder });
    assert.match(writers.err, /E0140[^]*`accounts\.fields`/);
});

test('path show --files --json tells what the text tells', (t) => {
    const desk = shop(t);
    const [way] = JSON.parse(desk.run(['path', 'show', 'form_to_member', '--files', '--json'], { cwd: desk.folder }).out).paths;
    assert.deepEqual([way.begins_with, way.ends_with, way.review], ['form.submitted', 'course.access_granted', '90 days']);
    const paid = way.handoffs.find((each) => each.handoff.endsWith('payment_to_access'));
    assert.deepEqual([paid.carries, paid.one_for_each, paid.fail_after, paid.late_is, paid.escalate],
        [['email', 'offer', 'payment_id'], 'payment id', '1 hour', 'urgent', [{ after: '30 minutes', to: 'maya' }]]);
});

// ---- check --fix ---------------------------------------------------------------------------------------------------

test('check --fix mends what is certain, says what it did, and what is left', (t) => {
    const desk = shop(t, slips);
    fs.chmodSync(desk.file(PATH), 0o640);
    const wrong = desk.run(['check', 'shop']);
    assert.equal(wrong.code, 3);
    const done = desk.run(['check', 'shop', '--fix']);
    assert.equal(done.code, 3, 'one slip is left: an attribute may be a new one');
    for (const line of [/^mended\[E0104\] shop\/handrail\.yaml:\d+:1: `version: 1` is added$/m, /`biulder` is now `builder`/,
        /`9:00` is now `"09:00"`/, /`gb` is now `GB`/, /`urgnet` is now `urgent`/, /`email` is now `\[email\]`/,
        /`falure_owner` is now `failure_owner`/]) {
        assert.match(done.out, line);
    }
    assert.match(done.out, /E0202[^]*tmplate[^]*1 error, 0 warnings in 16 files/);
    assert.equal(fs.statSync(desk.file(PATH)).mode & 0o777, 0o640);
    assert.deepEqual(fs.readdirSync(path.join(desk.folder, 'paths')), ['form_to_member.yaml'], 'nothing is left beside');
    const [, field] = slips[PATH].at(-1);
    fs.writeFileSync(desk.file(PATH), desk.read(PATH).replace('event.tmplate', 'event.template'));
    assert.ok(field.includes('tmplate'));
    for (const name of ['handrail.yaml', PATH]) {
        assert.equal(desk.read(name), fs.readFileSync(path.join(root, 'examples/coaching', name), 'utf8'), 'as it was before the slips');
    }
});

test('check --fix tells what it wrote before the disk refused the rest', (t) => {
    const padding = `# ${'x'.repeat(9000)}\n`;
    const slipped = () => {
        const desk = shop(t, { 'contacts.yaml': [['owner: maya', 'ownr: maya']], 'tools.yaml': [['owner: dan', 'ownr: dan']] });
        fs.appendFileSync(desk.file('tools.yaml'), padding);
        return desk;
    };
    const limited = (desk, ...words) => spawnSync('bash', ['-c', 'trap "" XFSZ; ulimit -f 8; exec "$0" "$@"', program, 'check', '--fix', 'shop', ...words],
        { cwd: desk.base, encoding: 'utf8', env: { ...process.env, HANDRAIL_DIR: '', NO_COLOR: '1' } });
    const desk = slipped();
    const before = desk.read('tools.yaml');
    const done = limited(desk);
    assert.equal(done.status, 1, done.stderr);
    assert.match(done.stdout, /^mended\[E0103\] shop\/contacts\.yaml:\d+:\d+: `ownr` is now `owner`\n\n$/);
    assert.match(done.stderr, /E0634[^]*shop\/tools\.yaml cannot be written: File too large/);
    assert.match(desk.read('contacts.yaml'), /owner: maya/);
    assert.equal(desk.read('tools.yaml'), before);
    const json = JSON.parse(limited(slipped(), '--json').stdout);
    assert.deepEqual([json.mended.map(({ file }) => file), json.errors.map(({ code }) => code)], [['shop/contacts.yaml'], ['E0634']]);
});

test('check --fix with nothing to mend writes nothing', (t) => {
    const desk = shop(t);
    const before = fs.statSync(desk.file('handrail.yaml'));
    const done = desk.run(['check', '--fix', 'shop', '--json']);
    assert.equal(done.code, 0, done.err);
    assert.deepEqual(JSON.parse(done.out).mended, []);
    const after = fs.statSync(desk.file('handrail.yaml'));
    assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
});

test('check --fix: quotes and tabs', (t) => {
    const quoted = shop(t, { [PATH]: [
        ['recovery: Call the lead, or book for them and choose "same person".', 'recovery: Then: call the lead # now'],
        ['- known(contact.offer)', '- !known(contact.source) || known(contact.offer)'],
    ] });
    const done = quoted.run(['check', '--fix', 'shop', '--json']);
    const said = JSON.parse(done.out);
    assert.equal(said.mended.length, 2, done.out);
    assert.match(quoted.read(PATH), /recovery: "Then: call the lead" # now\n/);
    assert.match(quoted.read(PATH), /- "!known\(contact\.source\) \|\| known\(contact\.offer\)"\n/);

    const base = { 'version.yaml': 'version: 1\nworkspace: shop\ntimezone: UTC\n' };
    for (const [text, mended] of [
        ['people:\n\tana:\n\t\tname: Ana\n\t\temail: ana@example.com\n\t\trole:\tadmin\t# first\n',
            'people:\n  ana:\n    name: Ana\n    email: ana@example.com\n    role: admin # first\n'],
        ['people:\n  ana:\n\t  name: Ana\n', null], // tabs and spaces: nobody knows how wide
        ['people:\n\tana: {name: "A\tna"}\n', null], // a tab that may be text
    ]) {
        const desk = shop(t);
        for (const name of ['handrail.yaml', 'contacts.yaml', 'tools.yaml', PATH]) fs.rmSync(desk.file(name));
        for (const [name, bytes] of Object.entries(base)) fs.writeFileSync(desk.file(name), bytes);
        fs.writeFileSync(desk.file('people.yaml'), text);
        const fixed = desk.run(['check', '--fix', 'shop']);
        assert.equal(desk.read('people.yaml'), mended ?? text, fixed.out);
        assert.equal(fixed.out.includes('mended[E0011]'), mended !== null);
        assert.equal(/mended\[E0011\] [^\n]*: no more: a tab stands in the file$/m.test(fixed.out), mended !== null, fixed.out);
    }
});

test('check --fix leaves what would only move the trouble', (t) => {
    const desk = shop(t, { 'handrail.yaml': [['role: admin\n', 'role: admin and: owner\n']] });
    const before = desk.read('handrail.yaml');
    const done = desk.run(['check', '--fix', 'shop']);
    assert.equal(done.code, 3);
    assert.equal(desk.read('handrail.yaml'), before, 'in quotes it would be no role either');
});

// ---- for programs --------------------------------------------------------------------------------------------------

test('check --json has one documented form', (t) => {
    const desk = shop(t, { [PATH]: [['late_is: urgent', 'late_is: urgnet'], ['owner: maya\n', 'owner: maya\n    owner: dan\n']] });
    const two = JSON.parse(desk.run(['check', 'shop', '--json']).out);
    assert.deepEqual([two.ok, two.files, two.error_count, two.warning_count, two.warnings], [false, 16, 1, 0, []]);
    const [twice] = two.errors;
    assert.deepEqual(Object.keys(twice), ['code', 'severity', 'message', 'file', 'line', 'column', 'end_column', 'example', 'help', 'second']);
    assert.deepEqual(twice.second, { label: 'here first', file: `shop/${PATH}`, line: 7, column: 5, end_column: 10 });
    fs.writeFileSync(desk.file(PATH), desk.read(PATH).replace('    owner: dan\n', ''));
    const done = desk.run(['check', 'shop', '--json']);
    assert.equal(done.code, 3);
    const [found] = JSON.parse(done.out).errors;
    const line = desk.read(PATH).split('\n').findIndex((each) => each.includes('urgnet')) + 1;
    assert.deepEqual(found, {
        code: 'E0106', severity: 'error', message: '`urgnet` is no kind of lateness', file: `shop/${PATH}`, line, column: 18, end_column: 24,
        example: 'a misspelt `urgent` would be told like any other day\'s news', help: 'did you mean `urgent`?', fix: { line, column: 18, end_line: line, end_column: 24, replacement: 'urgent' },
    });
});

test('many errors are all found in one run, with those that stand between automations', (t) => {
    const desk = shop(t, {
        'automations/first_week.yaml': [['      - wait: 3 days\n', '      - wait: 3 dasy\n'.repeat(49)]],
        'automations/welcome_lead.yaml': [['      - wait: 2 days\n', '      - wait_for: booking.confirmed\n      - wait: 2 days\n']],
        'automations/refund_to_revoke.yaml': [['systems: [', 'systems: [calendar, ']],
    });
    const text = desk.run(['check', 'shop']);
    assert.equal(text.code, 3);
    assert.equal(text.out.match(/^error\[/gm).length, 20, 'a terminal gets the first');
    const json = JSON.parse(desk.run(['check', 'shop', '--json']).out);
    assert.equal(json.errors.length, json.error_count);
    assert.ok(json.error_count > 48, `${json.error_count}`);
    assert.match(text.out, new RegExp(`^and ${json.error_count + json.warning_count - 20} more; --json tells them all$`, 'm'));
    const codes = new Set([...json.errors, ...json.warnings].map(({ code }) => code));
    for (const code of ['E0468', 'W0443']) assert.ok(codes.has(code), `${code}, in ${[...codes]}`);
    const { results } = JSON.parse(desk.run(['check', 'shop', '--sarif']).out).runs[0];
    assert.equal(results.length, json.errors.length + json.warnings.length);
});

test('check --sarif is valid SARIF 2.1.0', (t) => {
    const Ajv = load('ajv');
    const schema = load('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    const ajv = new Ajv({ schemaId: 'auto' });
    ajv.addMetaSchema(load('ajv/lib/refs/json-schema-draft-04.json'));
    const validate = ajv.compile(schema);
    const assertValid = (text) => {
        const sarif = JSON.parse(text);
        assert.ok(validate(sarif), JSON.stringify(validate.errors));
        return sarif.runs[0];
    };
    assert.equal(validate({ version: '2.1.0', runs: [{ results: [{}] }] }), false, 'the schema refuses what it must');

    const clean = shop(t);
    const none = clean.run(['check', 'shop', '--sarif']);
    assert.equal(none.code, 0);
    assert.deepEqual(new Set(assertValid(none.out).results.map(({ ruleId }) => ruleId)), new Set(['W0110']), 'nothing is wrong with the example');

    const desk = shop(t, { ...slips, 'tools.yaml': [['title: Booking calendar', 'title: Booking calendar\n    titel: x']] });
    fs.renameSync(desk.file(PATH), desk.file('paths/a b#é.yaml'));
    const done = desk.run(['check', 'shop', '--sarif']);
    assert.equal(done.code, 3, 'exit codes are those of check');
    const run = assertValid(done.out);
    assert.ok(run.results.length >= 7, `${run.results.length}`);
    for (const result of run.results) {
        const rule = run.tool.driver.rules[result.ruleIndex];
        assert.equal(rule.id, result.ruleId);
        assert.ok(rule.fullDescription.text.length > 80 && rule.help.text.length > 5, 'the page of explain');
        const { artifactLocation: { uri }, region } = result.locations[0].physicalLocation;
        const bytes = fs.readFileSync(path.join(desk.base, decodeURIComponent(uri)), 'utf8');
        assert.ok(region.startLine >= 1 && region.startLine <= bytes.split('\n').length, uri);
    }
    assert.ok(run.results.some((each) => each.locations[0].physicalLocation.artifactLocation.uri === 'shop/paths/a%20b%23%C3%A9.yaml'));
    const misspelt = run.results.find((each) => each.message.text.includes('urgnet'));
    assert.equal(misspelt.fixes[0].artifactChanges[0].replacements[0].insertedContent.text, 'urgent');
});

test('paths are shown as they can be opened from where one stands', (t) => {
    const desk = shop(t, { [PATH]: [['late_is: urgent', 'late_is: urgnet']] });
    fs.mkdirSync(desk.file('.handrail'));
    const shown = (words, cwd) => desk.run(words, { cwd }).out.match(/--> (\S+?):\d+:\d+/)?.[1];
    for (const [words, cwd] of [[['check', 'shop'], desk.base], [['check', './shop/'], desk.base], [['check'], desk.folder],
        [['check', '.'], desk.folder], [['check'], path.join(desk.folder, 'paths')], [['check', '--dir', desk.folder], desk.base]]) {
        const file = shown(words, cwd);
        assert.ok(fs.existsSync(path.resolve(cwd, file)), `${words.join(' ')} in ${cwd} shows ${file}`);
    }
    assert.equal(shown(['check'], path.join(desk.folder, 'paths')), '../paths/form_to_member.yaml');
    assert.equal(shown(['check', 'shop'], desk.base), 'shop/paths/form_to_member.yaml');
});

// ---- fmt -----------------------------------------------------------------------------------------------------------

test('fmt lays files out and names those that changed', (t) => {
    const desk = shop(t);
    assert.deepEqual(desk.run(['fmt', 'shop']), { code: 0, out: '', err: '0 of 12 files changed\n' }, 'the example is laid out');
    const untidy = desk.read('tools.yaml').replace('    owner: dan\n', '    owner:   dan  \n\n\n').replaceAll('\n', '\r\n');
    fs.writeFileSync(desk.file('tools.yaml'), untidy);
    fs.chmodSync(desk.file('tools.yaml'), 0o604);
    const checked = desk.run(['fmt', '--check', 'shop']);
    assert.deepEqual(checked, { code: 3, out: 'shop/tools.yaml\n', err: '1 of 12 files would change\n' });
    assert.equal(desk.read('tools.yaml'), untidy);
    assert.deepEqual(JSON.parse(desk.run(['fmt', '--check', '--json', 'shop']).out), { files: 12, changed: ['shop/tools.yaml'], errors: [], warnings: [] });
    assert.equal(desk.run(['fmt'], { cwd: desk.folder }).out, 'tools.yaml\n');
    assert.equal(fs.statSync(desk.file('tools.yaml')).mode & 0o777, 0o604);
    assert.equal(desk.read('tools.yaml').replace('    owner: dan\n\n', '    owner: dan\n'), fs.readFileSync(path.join(root, 'examples/coaching/tools.yaml'), 'utf8'));
    assert.equal(desk.run(['fmt', '--check'], { cwd: desk.folder }).code, 0);
});

test('fmt leaves a file with errors alone, and does the others', (t) => {
    const desk = shop(t, { 'tools.yaml': [['title: Website form', 'title: [Website form']], 'contacts.yaml': [['owner: maya', 'owner:  maya']] });
    const broken = desk.read('tools.yaml');
    const done = desk.run(['fmt', 'shop/tools.yaml', 'shop/contacts.yaml', 'shop/missing.yaml']);
    assert.equal(done.code, 3);
    assert.equal(done.out, 'shop/contacts.yaml\n');
    assert.match(done.err, /E0010[^]*shop\/tools\.yaml:\d+:\d+[^]*\^[^]*E0627.*missing\.yaml/);
    assert.equal(desk.read('tools.yaml'), broken);
    assert.match(desk.read('contacts.yaml'), /owner: maya\n/);
    const json = JSON.parse(desk.run(['fmt', 'shop', '--json']).out);
    assert.deepEqual([json.changed, json.errors.map((each) => each.code)], [[], ['E0010']]);
});

test('fmt touches nothing where no workspace is', (t) => {
    const desk = shop(t);
    const foreign = 'services:\n    web:   {image: nginx}\n';
    fs.mkdirSync(path.join(desk.base, 'other/sub'), { recursive: true });
    fs.writeFileSync(path.join(desk.base, 'other/docker-compose.yaml'), foreign);
    fs.writeFileSync(path.join(desk.base, 'other/sub/docker-compose.yaml'), foreign);
    for (const words of [['fmt'], ['fmt', '--check'], ['fmt', '--json']]) {
        const done = desk.run(words, { cwd: path.join(desk.base, 'other') });
        assert.equal(done.code, 3, done.err);
        assert.match(done.err + done.out, /E0101[^]*no workspace here/);
        assert.doesNotMatch(done.err, /changed/);
    }
    for (const name of ['other/docker-compose.yaml', 'other/sub/docker-compose.yaml']) assert.equal(fs.readFileSync(path.join(desk.base, name), 'utf8'), foreign);
    fs.mkdirSync(path.join(desk.base, 'empty'));
    for (const verb of [['fmt'], ['check'], ['path', 'show', 'x'], ['automation', 'show', 'x']]) {
        const done = desk.run(verb, { cwd: path.join(desk.base, 'empty') });
        assert.match(done.out + done.err, /E0101[^]*no workspace here/, verb.join(' '));
        assert.equal(done.code, 3);
    }
    const warned = desk.run(['check', 'shop']);
    assert.doesNotMatch(warned.out, /E0639|W0639/);
    fs.renameSync(desk.file('tests.yaml'), desk.file('tests.yml'));
    assert.match(desk.run(['check', 'shop']).out, /W0639[^]*tests\.yml is passed over[^]*rename it/);
});

test('fmt - is a filter', (t) => {
    const desk = shop(t);
    assert.deepEqual(desk.run(['fmt', '-'], { input: 'a:\n   -   b # c' }), { code: 0, out: 'a:\n  - b # c\n', err: '' });
    assert.deepEqual(desk.run(['fmt', '--check', '-'], { input: 'a: 1\n' }), { code: 0, out: '', err: '' });
    assert.equal(desk.run(['fmt', '--check', '-'], { input: 'a:  1\n' }).code, 3);
    const broken = desk.run(['fmt', '-'], { input: 'a: [\n' });
    assert.deepEqual([broken.code, broken.out], [3, ''], 'an editor would take it for the result');
    assert.match(broken.err, /stdin:\d+:\d+/);
});

test('fmt follows a link and keeps it; a file that may not be written stays', (t) => {
    const desk = shop(t);
    fs.renameSync(desk.file('tools.yaml'), path.join(desk.base, 'elsewhere.yaml'));
    fs.symlinkSync('../elsewhere.yaml', desk.file('tools.yaml'));
    fs.appendFileSync(path.join(desk.base, 'elsewhere.yaml'), '\n\n');
    assert.equal(desk.run(['fmt', 'shop']).out, 'shop/tools.yaml\n');
    assert.ok(fs.lstatSync(desk.file('tools.yaml')).isSymbolicLink());
    assert.ok(!desk.read('tools.yaml').endsWith('\n\n'));
});

// ---- explain -------------------------------------------------------------------------------------------------------

test('explain has a page with why, example and fix', (t) => {
    const desk = shop(t);
    for (const code of ['E0119', 'W0110', '14', 'e0600']) {
        const done = desk.run(['explain', code]);
        assert.equal(done.code, 0, done.err);
        assert.match(done.out, /^[EW]\d{4} \(\w+\): [^\n]+\n\nWhy\n {2}\S[^]*\n\nExample\n {2}\S[^]*\n\nFix\n {2}\S[^]*\n$/);
        assert.ok(done.out.split('\n').every((line) => line.length <= 100), done.out);
        assert.ok(JSON.parse(desk.run(['explain', code, '--json']).out).page.length > 80);
    }
});
