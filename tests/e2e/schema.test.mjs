// The JSON Schema that editors use, by a validator of others: it takes what `check` takes, and refuses slips of form.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from './support/daemon.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const load = createRequire(import.meta.url);
const { parse } = load('yaml');

const printed = spawnSync(program, ['schema'], { encoding: 'utf8' });
const schema = JSON.parse(printed.stdout);
const Ajv = load('ajv8/dist/2020');
const validate = new Ajv({ allErrors: false, strict: true, strictRequired: false, allowUnionTypes: true, strictTypes: false }).compile(schema);

/** The files of a text that is split by "# file: NAME" lines, the YAML ones. */
function filesOf(text) {
    const parts = text.split(/^# file: (.*)$/m);
    const files = [['workspace.yaml', parts[0]]];
    for (let i = 1; i < parts.length; i += 2) files.push([parts[i], parts[i + 1]]);
    return files.filter(([name, bytes]) => name.endsWith('.yaml') && bytes.trim() !== '');
}

/** What the schema says of a text; null when it is no YAML of one document. */
function judge(text) {
    let data;
    try {
        data = parse(text, { uniqueKeys: true });
    } catch {
        return null;
    }
    return validate(data);
}

const yamlsBelow = (folder) => fs.readdirSync(folder, { withFileTypes: true }).flatMap((item) =>
    item.isDirectory() ? yamlsBelow(path.join(folder, item.name)) : item.name.endsWith('.yaml') ? [path.join(folder, item.name)] : []);

test('the schema is one of draft 2020-12', () => {
    assert.equal(printed.status, 0);
    assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
    assert.ok(Object.keys(schema.$defs).length > 150);
});

test('both examples are taken, file by file', () => {
    const files = ['coaching', 'b2b'].flatMap((name) => yamlsBelow(path.join(root, 'examples', name)));
    assert.ok(files.length > 20);
    for (const file of files) {
        assert.ok(judge(fs.readFileSync(file, 'utf8')), `${file}: ${JSON.stringify(validate.errors)}`);
    }
});

test('what check takes is taken, what it refuses for its form is refused', () => {
    const golden = path.join(root, 'tests/golden/check');
    const forms = new Set(['0103', '0105', '0106', '0122', '0123', '0124', '0125', '0126', '0164', '0165', '0342', '0348', '0355']);
    let taken = 0;
    let refused = 0;
    for (const name of fs.readdirSync(golden).filter((each) => each.endsWith('.yaml'))) {
        const says = fs.readFileSync(path.join(golden, name.replace('.yaml', '.txt')), 'utf8');
        const verdicts = filesOf(fs.readFileSync(path.join(golden, name), 'utf8')).map(([, text]) => judge(text));
        if (!says.includes('error[')) {
            assert.ok(verdicts.every((each) => each !== false), `${name}: ${JSON.stringify(validate.errors)}`);
            taken++;
        } else if (forms.has(name.slice(0, 4))) {
            assert.ok(verdicts.some((each) => each !== true), `${name} is refused by check only`);
            refused++;
        }
    }
    assert.ok(taken > 10 && refused === forms.size, `${taken} taken, ${refused} refused`);
});

test('slips in the examples are marked', () => {
    const slips = [
        ['coaching', 'automations/welcome_lead.yaml', 'failure_owner:', 'failure_ownr:'],
        ['coaching', 'automations/welcome_lead.yaml', '- wait: 2 days', '- wiat: 2 days'],
        ['coaching', 'automations/welcome_lead.yaml', '- wait: 2 days', '- wait: two days'],
        ['coaching', 'automations/welcome_lead.yaml', 'mode: guarded', 'mode: guarde'],
        ['coaching', 'automations/welcome_lead.yaml', 'share: 20%', 'share: 0.2'],
        ['coaching', 'automations/welcome_lead.yaml', 'reenter: after 30 days', 'reenter: sometimes'],
        ['coaching', 'automations/welcome_lead.yaml', '    left_out:\n', '    leftout:\n'],
        ['coaching', 'automations/first_week.yaml', '      approval: the text', '      aproval: the text'],
        ['coaching', 'automations/payment_to_access.yaml', '    trigger: payment.succeeded\n', ''],
        ['coaching', 'contacts.yaml', 'type: consent', 'type: consnt'],
        ['coaching', 'contacts.yaml', 'unique: yes', 'unique: maybe'],
        ['coaching', 'contacts.yaml', 'match_on: [email, phone]', 'match_on: {email: phone}'],
        ['coaching', 'policies.yaml', 'most: 2 per 7 days', 'most: 2'],
        ['coaching', 'pipeline.yaml', 'skip_stages: ask', 'skip_stages: perhaps'],
        ['coaching', 'tools.yaml', 'safe_to_repeat: yes', 'safe_to_repeat: often'],
        ['coaching', 'tests.yaml', '- {event: booking.canceled', '- {evnt: booking.canceled'],
        ['b2b', 'tables.yaml', 'rows:', 'row:'],
        ['b2b', 'contacts.yaml', 'to: accounts', 'to: account'],
        ['b2b', 'automations/route_lead.yaml', '- none:', '- nobody:'],
        ['b2b', 'automations/stale_owner_check.yaml', 'if_missed: run_once', 'if_missed: once'],
    ];
    for (const [example, name, from, to] of slips) {
        const text = fs.readFileSync(path.join(root, 'examples', example, name), 'utf8');
        assert.ok(text.includes(from), `${name} has ${from}`);
        assert.equal(judge(text.replace(from, to)), false, `${name}: \`${to}\` is taken`);
    }
});
