// What happens to customers, told by the real daemon: each story is a promise by its name.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {test} from 'node:test';
import {Daemon, program, sleep, until} from './support/daemon.mjs';
import {access, booking, form, mail, payment, quick} from './support/shop.mjs';

const ADA = 'ada@example.com';

/** Where a contact's payment_to_access stands. */
async function paid(daemon, email = ADA) {
    const {handoffs} = await daemon.contact(email);
    return handoffs.find((handoff) => handoff.handoff === 'form_to_member.payment_to_access');
}

const byCause = async (daemon, cause, state = 'open') => (await daemon.issues(state)).find((issue) => issue.cause === cause);
const lateIssue = (daemon) => until('the issue is there', () => byCause(daemon, 'no proof'));
const show = (daemon, issue) => daemon.get(`/v1/issues/${issue.issue}`);
const closed = (daemon, cause) => until('it closes', () => byCause(daemon, cause, 'resolved'));

test('late-confirmed', async (t) => {
    const daemon = await Daemon.serve(t, {change: quick()});
    await daemon.tell('website_form', form(ADA));
    await daemon.tell('checkout', payment(ADA));
    const issue = await lateIssue(daemon);
    assert.equal(issue.waiting, 1);
    assert.equal((await paid(daemon)).stand, 'late');
    await sleep(1100); // tools count in seconds
    await daemon.tell('course_platform', access(ADA));
    assert.equal((await paid(daemon)).stand, 'late-confirmed');
    assert.match((await closed(daemon, 'no proof')).resolved, /by proof/);
});

test('incorrect', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', form(ADA));
    await daemon.tell('checkout', payment(ADA));
    await daemon.tell('course_platform', access(ADA, {event: 'course.access_revoked'}));
    const issue = await show(daemon, await until('the issue is there', () => byCause(daemon, 'incorrect')));
    assert.equal((await paid(daemon)).incorrect, true);
    assert.match(JSON.stringify([issue.observed, issue.mismatch]), /revoked/);
    assert.match(JSON.stringify([issue.expected, issue.mismatch]), /active/);
    await sleep(1100);
    await daemon.tell('course_platform', access(ADA));
    assert.match((await paid(daemon)).stand, /confirmed$/);
    await closed(daemon, 'incorrect');
});

test('proof before opening', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('course_platform', access(ADA));
    assert.equal(await paid(daemon), undefined);
    await daemon.tell('checkout', payment(ADA));
    assert.equal((await paid(daemon)).stand, 'confirmed');
});

test('ambiguous contact', async (t) => {
    const daemon = await Daemon.serve(t);
    const phone = '+447400123456';
    await daemon.tell('calendar', booking(ADA, {phone}));
    await daemon.tell('website_form', form('bob@example.com'));
    await daemon.tell('calendar', booking('bob@example.com', {phone})); // bob's address, ada's phone
    const issue = await until('the question is there', () => byCause(daemon, 'ambiguous contact'));
    assert.equal(issue.owner, 'maya', 'the owner of contacts is asked');
    const booked = async () => (await daemon.contact('bob@example.com')).fields.find((field) => field.field === 'booking_status');
    assert.equal(await booked(), undefined, 'nothing is guessed');
    await daemon.api('POST', `/v1/issues/${issue.issue}/resolve`, {reason: 'it is bob, he uses the same phone', contact: 'bob@example.com'});
    assert.equal((await booked()).value, 'booked');
    assert.ok(await byCause(daemon, 'ambiguous contact', 'resolved'));
});

test('returned after repair', async (t) => {
    const daemon = await Daemon.serve(t, {change: quick({within: '3 seconds'})});
    await daemon.tell('website_form', form(ADA));
    await daemon.tell('checkout', payment(ADA));
    const issue = await lateIssue(daemon);
    await daemon.api('POST', `/v1/issues/${issue.issue}/recover`, {note: 'granted by hand'});
    await until('it waits for the proof', async () => (await paid(daemon)).stand === 'recovering');
    await sleep(1100);
    await daemon.tell('course_platform', access(ADA));
    assert.equal((await paid(daemon)).stand, 'recovered');
    await closed(daemon, 'no proof');
    await daemon.tell('website_form', form('bob@example.com'));
    await daemon.tell('checkout', payment('bob@example.com'));
    const back = await lateIssue(daemon);
    assert.equal(back.issue, issue.issue, 'the same cause is the same issue');
    assert.equal(back.state, 'regressed');
    assert.equal(back.returned, 1);
});

test('silence', async (t) => {
    const daemon = await Daemon.serve(t, {change: {'tools.yaml': [['{at_least: 1, every: 2 days}', '{at_least: 1, every: 2 seconds}']]}});
    await daemon.tell('website_form', form(ADA));
    const issue = await until('silence is noticed', () => byCause(daemon, 'silence'));
    assert.equal(issue.about, 'website_form');
    assert.equal(issue.owner, 'dan');
    await daemon.tell('website_form', form('bob@example.com'));
    assert.match((await closed(daemon, 'silence')).resolved, /by proof/);
});

// ---- forgotten and still verifiable -------------------------------------------------------------------

const helper = (name) => path.join(process.env.HANDRAIL_BUILD ?? path.dirname(program), 'tests', name);
const unpack = helper('unpack');

/** How a value can be written: plain, in any case, percent-encoded, base64 at each place in a triple. */
function writings(value) {
    const bytes = Buffer.from(value);
    const found = new Map([['plain', value], ['percent-encoded', encodeURIComponent(value)],
        ['all percent-encoded', [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
        ['in JSON with escapes', JSON.stringify(value).slice(1, -1)]]);
    for (let shift = 0; shift < 3; shift++) {
        const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
        const whole = Math.floor(padded.length / 3) * 3;
        const text = padded.subarray(0, whole).toString('base64').slice(shift === 0 ? 0 : 4);
        found.set(`base64 at ${shift}`, text);
        found.set(`base64url at ${shift}`, text.replaceAll('+', '-').replaceAll('/', '_'));
    }
    return found;
}

/** All bytes of a folder: each file as it is, and archives unpacked too. */
function allBytes(folder) {
    const found = [];
    for (const item of fs.readdirSync(folder, {withFileTypes: true})) {
        const file = path.join(folder, item.name);
        if (item.isDirectory()) {
            found.push(...allBytes(file));
            continue;
        }
        found.push([item.name, fs.readFileSync(file)]);
        if (item.name.endsWith('.hrs')) {
            const plain = execFileSync(unpack, [file], {maxBuffer: 1 << 29});
            assert.ok(plain.length > 0, 'an archive can be looked into');
            found.push([`${item.name}, unpacked`, plain]);
        }
    }
    return found;
}

function places(folder, values) {
    const hits = [];
    for (const [name, bytes] of allBytes(folder)) {
        const exact = bytes.toString('latin1');
        const folded = exact.toLowerCase();
        for (const value of values) {
            for (const [how, text] of writings(value)) {
                const there = how.startsWith('base64') ? exact.includes(text) : folded.includes(Buffer.from(text).toString('latin1').toLowerCase());
                if (there) hits.push(`${value} (${how}) in ${name}`);
            }
        }
    }
    return hits;
}

test('forgotten and still verifiable', async (t) => {
    const daemon = await Daemon.serve(t, {settings: 'keep_live: 1000\n', change: quick()});
    const person = {email: 'Zelda.Quux+crm@Forget-Me.example.com', first: 'Zeldarina', phone: '07400 987654'};
    const values = [person.email, 'zelda.quux+crm@forget-me.example.com', person.first, person.phone, '+447400987654', '7400987654'];
    await daemon.tell('website_form', form(person.email, {firstName: person.first}));
    await daemon.tell('calendar', booking(person.email, {phone: person.phone}));
    await daemon.tell('checkout', payment(person.email));
    const issue = await lateIssue(daemon);
    await daemon.api('POST', `/v1/issues/${issue.issue}/note`, {text: `called ${person.first}, will write to ${person.email}`});
    await daemon.tell('website_form', form(ADA)); // who must stay
    const many = Array.from({length: 1600}, (_, i) => form(`other${i}@example.com`));
    for (let i = 0; i < many.length; i += 16) await Promise.all(many.slice(i, i + 16).map((message) => daemon.tell('website_form', message)));
    await until('the oldest entries are in an archive', () => fs.readdirSync(path.join(daemon.data, 'archive')).length > 0, 30);
    await daemon.tell('course_platform', access(person.email)); // the newest are not
    await daemon.tell('email', mail(person.email));
    assert.ok(places(daemon.data, values).length > 0, 'the search finds what is there');
    assert.ok(places(daemon.data, values).some((hit) => hit.includes('unpacked')), 'in the archive too');

    const {code, out, err} = daemon.run('forget', person.email, '--yes');
    assert.equal(code, 0, out + err);
    assert.deepEqual(places(daemon.data, values), [], 'while it runs');
    assert.doesNotMatch(daemon.output, /Zelda/i, 'nor in what it said');
    assert.notEqual(daemon.run('contact', 'show', person.email).code, 0, 'nobody of that name');
    assert.equal((await daemon.contact(ADA)).fields.find((field) => field.field === 'email').value, ADA, 'others are as they were');
    daemon.assertVerifies();
    await daemon.stop();
    assert.deepEqual(places(daemon.data, values), [], 'after it stopped');
    daemon.assertVerifies();
    const rebuilt = daemon.run('rebuild');
    assert.equal(rebuilt.code, 0, rebuilt.out + rebuilt.err);
    assert.deepEqual(places(daemon.data, values), [], 'after a rebuild');
    await daemon.start();
    await daemon.tell('website_form', form(person.email, {firstName: 'Somebody'})); // a new person
    await daemon.stop();
    daemon.assertVerifies();
});

test('forgotten while an alert is on its way to somebody slow', async (t) => {
    const asked = [];
    const server = http.createServer((request, answer) => asked.push(answer)); // and answers when the test says so
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    t.after(() => server.close());
    const {port} = server.address();
    const daemon = await Daemon.serve(t, {
        settings: `allow: ["127.0.0.1:${port}"]\n`,
        secrets: {priya_secret: 'whsec_' + Buffer.from('end-to-end alert secret 0').toString('base64')},
        change: {
            ...quick(),
            'handrail.yaml': [['    role: operator\n', `    role: operator\n    webhook: {url: "http://127.0.0.1:${port}/alerts", secret: priya_secret}\n`]],
        },
    });
    const person = {email: 'ivan@forget-me.example.com', first: 'Иван'};
    await daemon.tell('website_form', form(person.email, {firstName: person.first}));
    await daemon.tell('checkout', payment(person.email));
    await until('the alert is on its way', () => asked.length > 0);
    const {code, out, err} = await daemon.runLive(['forget', person.email, '--yes', '--json']);
    assert.equal(code, 0, out + err);
    assert.equal(JSON.parse(out).traces_left, false, 'a letter on its way reads nothing any more');
    assert.deepEqual(places(daemon.data, [person.email, person.first]), []);
    asked[0].writeHead(204).end();
    await until('it is confirmed', async () => (await daemon.figures()).alerts_confirmed === 1);
    await daemon.stop();
    daemon.assertVerifies();
});

test('forgotten while somebody reads a long report', async (t) => {
    const daemon = await Daemon.serve(t);
    const person = {email: 'li.ming@forget-me.example.com', first: '李明'};
    const values = [person.email, person.first];
    await daemon.tell('website_form', form(person.email, {firstName: person.first}));
    const report = spawn(helper('hold'), [daemon.data], {stdio: ['pipe', 'pipe', 'inherit']});
    t.after(() => report.kill());
    await new Promise((done) => report.stdout.once('data', done));
    const {code, out, err} = daemon.run('forget', person.email, '--yes', '--json');
    assert.equal(code, 0, out + err);
    assert.equal(JSON.parse(out).traces_left, true);
    assert.match(JSON.parse(out).did, /is forgotten.*go by themselves/);
    assert.notEqual(daemon.run('contact', 'show', person.email).code, 0, 'nobody of that name');
    await daemon.tell('website_form', form(ADA)); // others are heard meanwhile
    assert.ok(places(daemon.data, values).length > 0, 'the report keeps the traces');
    report.stdin.end();
    await until('the traces go by themselves', () => places(daemon.data, values).length === 0);
    await daemon.stop();
    daemon.assertVerifies();
});
