// Somebody leaves by the link of a letter, over real HTTP; what they said stands in a ledger, and nobody says yes for them.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import path from 'node:path';
import {test} from 'node:test';
import {Daemon, assertProblem, build} from './support/daemon.mjs';
import {form, fresh, nowS} from './support/shop.mjs';

const ONE_CLICK = 'List-Unsubscribe=One-Click';
const FORM = 'application/x-www-form-urlencoded';
const agrees = (email, options = {}) => form(email, {consent: 'given', formVersion: '7', ...options});
const ledger = (daemon, name) => daemon.get(`/v1/contacts/${encodeURIComponent(name)}/consent`);
const marketing = async (daemon, name) => (await ledger(daemon, name)).purposes.find((each) => each.purpose === 'marketing');

/** The path of the link in a letter to a contact. */
async function linkOf(daemon, email, purpose = 'marketing') {
    const {contact} = await daemon.contact(email);
    return execFileSync(path.join(build, 'tests/leave'), [daemon.data, contact, purpose], {encoding: 'utf8'}).trim();
}

const click = (daemon, link, {body = ONE_CLICK, type = FORM} = {}) =>
    fetch(daemon.url(link), {method: 'POST', body, headers: {'content-type': type}, redirect: 'error'});

async function assertPage(answer, status, says) {
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    assert.match(answer.headers.get('content-type'), /^text\/html/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
    assert.match(answer.headers.get('content-security-policy'), /^default-src 'none'/);
    assert.equal(answer.headers.get('set-cookie'), null);
    assert.doesNotMatch(text, /<script|ada@example\.com/i, 'no script, and nothing of the customer');
    assert.match(text, says);
}

test('one click, and no message of that purpose leaves any more', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', form('ada@example.com', {atS: nowS() - 120}));
    assert.deepEqual([(await marketing(daemon, 'ada@example.com')).may, (await marketing(daemon, 'ada@example.com')).why], [false, 'never agreed']);
    await daemon.tell('website_form', agrees('ada@example.com', {atS: nowS() - 60}));
    assert.deepEqual([(await marketing(daemon, 'ada@example.com')).may, (await marketing(daemon, 'ada@example.com')).why], [true, 'given']);

    const link = await linkOf(daemon, 'ada@example.com');
    const before = await daemon.settled();
    // scanners and previews open every link of a mail
    for (let i = 0; i < 3; i++) await assertPage(await fetch(daemon.url(link)), 200, /News and offers/);
    assert.equal((await fetch(daemon.url(link), {method: 'HEAD'})).status, 200);
    for (const [what, status] of [[{body: ''}, 400], [{body: 'List-Unsubscribe=yes'}, 400], [{type: 'application/json', body: '{}'}, 415]]) {
        assert.equal((await click(daemon, link, what)).status, status);
    }
    await assertProblem(await click(daemon, link, {body: 'x'.repeat(5000)}), 413);
    await assertProblem(await fetch(daemon.url(link), {method: 'DELETE'}), 405);
    assert.equal(await daemon.settled(), before, 'nothing of that changed anything');
    assert.equal((await marketing(daemon, 'ada@example.com')).may, true);

    await assertPage(await click(daemon, link), 200, /News and offers/);
    const left = await marketing(daemon, 'ada@example.com');
    assert.deepEqual([left.may, left.why, left.writer_kind], [false, 'withdrawn', 'unsubscribe page'], 'the answer came after the commit');
    assert.match(left.words, /^withdrew from marketing on \d{4}-\d\d-\d\dT\S+Z by the link in a letter$/);
    const {said} = await ledger(daemon, 'ada@example.com');
    assert.deepEqual(said.map((each) => [each.said, each.writer_kind, each.purpose]), [['no', 'unsubscribe page', 'marketing'], ['yes', 'tool', 'marketing']]);
    assert.deepEqual(said[1].proof, {form_version: '7', ip_hash: '9f2c'});
    assert.equal((await daemon.contact('ada@example.com')).fields.find((each) => each.field === 'consent_email').value, 'withdrawn');

    const after = await daemon.settled();
    await assertPage(await click(daemon, link), 200, /News and offers/);
    assert.equal(await daemon.settled(), after, 'a second click changes nothing, and is told the same');
    const boundary = 'b0undary';
    const multipart = `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`;
    await assertPage(await click(daemon, link, {body: multipart, type: `multipart/form-data; boundary=${boundary}`}), 200, /News and offers/);
    daemon.assertVerifies();
});

test('an opt-out is sticky: no late message, no file of rows and no person brings them back', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', agrees('ada@example.com', {atS: nowS() - 600}));
    await click(daemon, await linkOf(daemon, 'ada@example.com'));
    await daemon.tell('website_form', agrees('ada@example.com', {atS: nowS() - 300}));
    const row = JSON.stringify({type: 'form.submitted', timestamp: new Date().toISOString(),
        data: {submission_id: fresh('sub'), email: 'ada@example.com', first_name: 'Ada', offer: 'group_program', consent: 'given', form_version: '9', ip_hash: '1'}});
    const handed = await daemon.runLive(['send', 'website_form', '-'], row);
    assert.equal(handed.code, 0, handed.err);
    assert.equal(daemon.run('contact', 'set', 'ada@example.com', 'consent_email=given').code, 4);
    assert.deepEqual([(await marketing(daemon, 'ada@example.com')).may, (await marketing(daemon, 'ada@example.com')).why], [false, 'withdrawn']);

    await daemon.tell('website_form', agrees('ada@example.com', {formVersion: '8', atS: nowS() + 1}));
    const again = await marketing(daemon, 'ada@example.com');
    assert.deepEqual([again.may, again.why, again.writer], [true, 'given', 'website_form'], 'she herself, later, with proof');
});

test('forgotten and back: the address is suppressed still, and it is said why', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', agrees('ada@example.com', {atS: nowS() - 600}));
    const link = await linkOf(daemon, 'ada@example.com');
    await click(daemon, link);
    assert.equal(daemon.run('forget', 'ada@example.com', '--yes').code, 0);
    await assertPage(await click(daemon, link), 200, /News and offers/);
    await daemon.tell('website_form', agrees('Ada@Example.com', {atS: nowS() - 500}));
    const back = await marketing(daemon, 'ada@example.com');
    assert.deepEqual([back.may, back.why], [false, 'suppressed']);
    assert.match(back.words, /^an address of theirs left marketing on \S+ by the link in a letter$/);
    daemon.assertVerifies();
    await daemon.stop();
    const rebuilt = daemon.run('rebuild');
    assert.equal(rebuilt.code, 0, rebuilt.out + rebuilt.err);
    await daemon.start();
    assert.equal((await marketing(daemon, 'ada@example.com')).why, 'suppressed');
});

test('a link works for ever: after a restart, and when its purpose is gone from the files', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', agrees('ada@example.com', {atS: nowS() - 60}));
    const link = await linkOf(daemon, 'ada@example.com');
    await daemon.stop();
    await daemon.start();
    await assertPage(await fetch(daemon.url(link)), 200, /News and offers/);
    daemon.change({'policies.yaml': [['marketing: {title: News and offers', 'marketing: {title: Tips and dates']]});
    assert.equal(daemon.run('reload').code, 0);
    await assertPage(await click(daemon, link), 200, /Tips and dates/);
    assert.equal((await marketing(daemon, 'ada@example.com')).why, 'withdrawn');
});

test('a crowd leaves at once, and each is gone when they are answered', async (t) => {
    const daemon = await Daemon.serve(t);
    const crowd = Array.from({length: 40}, (_, i) => `reader${i}@example.com`);
    for (const email of crowd) await daemon.tell('website_form', agrees(email, {atS: nowS() - 60}));
    const links = [];
    for (const email of crowd) links.push(await linkOf(daemon, email));
    const begun = Date.now();
    const seen = await Promise.all(links.map(async (link, i) => {
        const answer = await click(daemon, link);
        return [answer.status, (await marketing(daemon, crowd[i])).why];
    }));
    assert.deepEqual(seen, crowd.map(() => [200, 'withdrawn']));
    t.diagnostic(`40 left, and were looked up, in ${Date.now() - begun} ms`);
    daemon.assertVerifies();
});

test('who tries tokens learns nothing', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', agrees('ada@example.com', {atS: nowS() - 60}));
    const link = await linkOf(daemon, 'ada@example.com');
    const last = link.at(-1) === 'A' ? 'B' : 'A';
    for (const wrong of [link.slice(0, -1) + last, link + '/', link + 'A', '/u/', '/u/..%2f..%2fv1%2ffigures', '/u/' + 'x'.repeat(4000)]) {
        for (const answer of [await fetch(daemon.url(wrong)), await click(daemon, wrong)]) await assertPage(answer, 404, /link/i);
    }
    assert.equal((await marketing(daemon, 'ada@example.com')).may, true);
});

test('a person notes a wish with a reason, and never a consent', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', agrees('ada@example.com', {atS: nowS() - 60}));
    const shown = daemon.run('consent', 'show', 'ada@example.com');
    assert.equal(shown.code, 0, shown.err);
    assert.match(shown.out, /^C-\w+ \(ada@example\.com\)\n\nMessages by email, now\n {2}marketing \(News and offers\): may be sent: agreed to marketing on /);
    assert.match(shown.out, /\n {2}service \(Part of what they bought\): may be sent: service needs no consent\n/);
    assert.match(shown.out, /What was said, newest first\n {2}\S.* yes to marketing {2}Website form \(entry \d+\); proof: form_version "7", ip_hash "9f2c"\n$/);

    assert.match(daemon.run('consent', 'withdraw', 'ada@example.com', 'marketing').err, /E0622.*--reason TEXT/);
    assert.match(daemon.run('consent', 'withdraw', 'ada@example.com', 'marketin', '--reason', 'x').err, /E0706.*did you mean `marketing`\?/);
    assert.match(daemon.run('consent', 'withdraw', 'nobody@example.com', 'marketing', '--reason', 'x').err, /E0700/);
    assert.equal(daemon.run('consent', 'give', 'ada@example.com', 'marketing').code, 2, 'there is no such command');
    const done = daemon.run('consent', 'withdraw', 'ada@example.com', 'marketing', '--reason', 'she called');
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /^C-\w+ gets no messages of marketing any more, not even what is queued\n/);
    const told = daemon.run('consent', 'show', 'ada@example.com', '--json');
    const {purposes, said} = JSON.parse(told.out);
    assert.match(purposes.find((each) => each.purpose === 'marketing').words, /^withdrew from marketing on \S+ by maya$/);
    assert.deepEqual([said[0].said, said[0].writer_kind, said[0].writer, said[0].reason], ['no', 'person', 'maya', 'she called']);
    assert.match(daemon.run('contact', 'show', 'ada@example.com').out, /no message of News and offers may come, noted Maya Okafor: she called/);
    const api = await daemon.api('POST', '/v1/contacts/ada@example.com/consent/withdraw', {purpose: 'service', reason: 'and no receipts'});
    assert.match(api.undo, /^only they themselves/);
    assert.equal((await ledger(daemon, 'ada@example.com')).purposes.find((each) => each.purpose === 'service').may, false);
    const bare = await fetch(daemon.url('/v1/contacts/ada@example.com/consent'));
    await assertProblem(bare, 401);
});
