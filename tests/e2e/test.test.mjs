// `handrail test`: a workspace's own tests, carried out by the program a person has, without a daemon.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {program} from './support/daemon.mjs';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const office = fileURLToPath(new URL('../scenario/office', import.meta.url));
const school = fileURLToPath(new URL('../scenario/school', import.meta.url));

function run(folder, ...words) {
    const env = {...process.env, HANDRAIL_DIR: '', NO_COLOR: '1'};
    const done = spawnSync(program, ['test', ...words, '--dir', folder], {env, encoding: 'utf8'});
    return {code: done.status, out: done.stdout, err: done.stderr};
}

/** A workspace of the stories, with tests of its own. */
function withTests(t, lines, from = office) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-test-'));
    t.after(() => fs.rmSync(folder, {recursive: true, force: true}));
    fs.cpSync(from, folder, {recursive: true});
    fs.writeFileSync(path.join(folder, 'tests.yaml'), `tests:\n${lines.join('\n')}\n`);
    return folder;
}

const asks = '    given: [{event: lead.came, with: {offer: big}}]';
const GOOD = ['  - name: Whoever asks is a lead', asks, "    expect: [{holds: contact.stage == 'lead'}]"];
const BAD = ['  - name: Nobody is hot within a day', asks, "    expect: [{holds: contact.heat == 'hot', within: 1 day}]"];

test('what passes is one line, and exit code 0', (t) => {
    const said = run(withTests(t, GOOD));
    assert.equal(said.code, 0, said.err);
    assert.equal(said.out, 'ok       Whoever asks is a lead\n\n1 passed, 0 failed, 0 not available yet\n');
});

test('what fails says where, what was expected and seen, and what had happened', (t) => {
    const said = run(withTests(t, [...GOOD, ...BAD]));
    assert.equal(said.code, 1, said.err);
    assert.match(said.out, /^ok {7}Whoever asks is a lead\nFAIL {5}Nobody is hot within a day\n/);
    assert.match(said.out, /tests\.yaml:7: expected: heat is hot, within 1 day\n +seen, 10 Jun 10:00:00: heat is "warm"\n +up to there:\n/);
    assert.match(said.out, / 9 Jun 10:00:00 {2}automation follow_up moved stage to lead, since email is known and offer is known\n/);
    assert.match(said.out, /\n1 passed, 1 failed, 0 not available yet\n$/);
});

test('programs read the same, and one test is called by a part of its name', (t) => {
    const folder = withTests(t, [...GOOD, ...BAD]);
    const said = run(folder, 'HOT', '--json');
    assert.equal(said.code, 1, said.err);
    const all = JSON.parse(said.out);
    assert.deepEqual([all.passed, all.failed, all.not_available_yet, all.tests.length], [0, 1, 0, 1]);
    const [one] = all.tests;
    assert.deepEqual([one.name, one.verdict, path.basename(one.file), one.line], ['Nobody is hot within a day', 'failed', 'tests.yaml', 5]);
    assert.deepEqual([one.lines[0].expected, one.lines[0].seen, one.lines[0].line], ['heat is hot, within 1 day', 'heat is "warm"', 7]);
    assert.ok(one.timeline.length > 3 && one.timeline.every((moment) => moment.at <= one.lines[0].at));
    const none = run(folder, 'nobody wrote this one', '--json');
    assert.equal(none.code, 2);
    assert.equal(JSON.parse(none.out).errors[0].code, 'E0640');
});

const paid = '    given: [{event: money.paid, with: {payment_id: p1}}]';
const EFFECTS = [
    '  - name: Money opens the course, and a person says yes to the welcome', paid,
    '    expect:',
    '      - {called: course.open, times: 1}',
    '      - {sent: welcome, times: 1}',
    '      - {sent: service, times: 1}',
    "      - holds: contact.access == 'active'",
    '  - name: The course is down for an hour', paid,
    '    break: {tool: course, for: 1 hour}',
    '    expect:',
    '      - {called: course.open, times: 1}',
    '      - {sent: welcome, within: 50 minutes, times: 0}',
    "      - {holds: contact.access == 'active', within: 70 minutes}",
    '      - {issue: course, times: 1}',
    '  - name: Nobody gets news who did not agree',
    '    given: [{event: lead.came, with: {offer: big, news: withdrawn}}]',
    '    expect: [{called: crm.note, times: 1}, {sent: marketing, times: 0}]',
    '  - name: Who agreed gets news',
    '    given: [{event: lead.came, with: {offer: big, news: given, form_version: "7"}}]',
    '    expect: [{sent: news, times: 1}, {sent: service, times: 0}]',
    '  - name: Two welcomes', paid,
    '    expect: [{sent: welcome, times: 2}, {called: crm.note}]',
];

test('what leaves is counted; tools do what they are asked but for one that is broken, people say yes', (t) => {
    const said = run(withTests(t, EFFECTS, school));
    assert.equal(said.code, 1, said.err);
    assert.match(said.out, /^(ok {7}[^\n]*\n){4}FAIL {5}Two welcomes\n/);
    assert.match(said.out, /expected: welcome is sent twice\n +seen, [^\n]*: welcome \(confirmed\)\n/);
    assert.match(said.out, /expected: crm\.note is called at least once\n +seen, [^\n]*: course\.open \(confirmed\)\n/);
});

const LOOK = `automations:
  look:
    title: Look whether they are known
    goal: Everybody who comes is noted
    avoids: Somebody who is not noted because another tool is slow
    owner: dan
    failure_owner: maya
    trigger: lead.came
    reenter: every event
    steps:
      - call: course.look
        with: {email: contact.email}
        up_to: 20 seconds
        if_fails: continue
      - call: crm.note
        with: {email: contact.email}
        if_fails: open_issue
    metric: {success: known(contact.email), within: 1 minute}
    systems: [course, crm]
    data: [email]
    rollout: {mode: automatic}
    left_out: {when: all, wait: none, branch: one way, stop: over at once, task_owner: none, approval: none}
`;

test('a step waits no longer for an answer than it says, and the tool is an issue', (t) => {
    const folder = withTests(t, [
        '  - name: The course is down, and everybody is noted all the same',
        '    given: [{event: lead.came, with: {offer: big}}, {event: lead.came, after: 1 hour, with: {offer: small}}]',
        '    break: {tool: course, for: 1 day}',
        '    expect:',
        '      - {called: crm.note, within: 19 seconds, times: 1}',
        '      - {called: crm.note, within: 21 seconds, times: 2}',
        '      - {issue: course, times: 1}',
    ], school);
    fs.writeFileSync(path.join(folder, 'look.yaml'), LOOK);
    const words = fs.readFileSync(path.join(folder, 'handrail.yaml'), 'utf8');
    fs.writeFileSync(path.join(folder, 'handrail.yaml'), words.replace(/\n {2}news:\n {4}title: Tell news[^]*$/, '\n'));
    const said = run(folder);
    assert.equal(said.code, 0, said.out + said.err);
});

test('what is not available yet is never passed', () => {
    const said = run(path.join(examples, 'b2b'), 'from the website and a list');
    assert.equal(said.code, 5, said.err);
    assert.match(said.out, /^not yet {2}The same lead from the website and a list [^\n]*\n +not available yet: [^\n]*\bimport\b/);
    assert.match(said.out, /\n0 passed, 0 failed, 1 not available yet\n$/);
});

test('files with errors are not tried, a recording that is none is said', (t) => {
    const folder = withTests(t, GOOD);
    fs.writeFileSync(path.join(folder, 'recorded', 'broken.json'), '{"type": ');
    assert.match(run(folder).err, /1 of the files in recorded\/ is no JSON, and left out/);
    fs.writeFileSync(path.join(folder, 'tests.yaml'), 'tests:\n  - name: It\n    given: [{event: nothing}]\n    expect: []\n');
    assert.equal(run(folder).code, 3);
});

test('the examples are carried out as far as Handrail goes, and none of their tests fails', () => {
    for (const example of ['coaching', 'b2b']) {
        const said = run(path.join(examples, example), '--json');
        const all = JSON.parse(said.out);
        assert.equal(all.failed, 0, said.out);
        assert.equal(all.tests.length, 4);
        assert.equal(said.code, all.not_available_yet > 0 ? 5 : 0);
    }
});
