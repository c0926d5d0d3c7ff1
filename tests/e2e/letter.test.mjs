// Letters to customers through a real mail server (STARTTLS, AUTH), as a real mail program reads them: built by the
// program `letter` (tests/e2e/letter.c) from the coaching example, parsed by mailparser, which knows nothing of us.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';
import {simpleParser} from 'mailparser';
import {build, root} from './support/daemon.mjs';
import {PASSWORD, USER, serveMail, smtpError} from './support/mail.mjs';

const run = promisify(execFile);
const LINK = /^https:\/\/handrail\.bright\.example\.com\/u\/([A-Za-z0-9_-]{40})$/;

/** A mail server, a copy of the coaching example, and a way to send one letter of it. */
async function prepare(t, {refuse, hideSMTPUTF8} = {}) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-letter-'));
    t.after(() => fs.rmSync(folder, {recursive: true, force: true}));
    const workspace = path.join(folder, 'workspace');
    fs.cpSync(path.join(root, 'examples/coaching'), workspace, {recursive: true});
    const server = await serveMail(t, {folder, refuse, hideSMTPUTF8});
    const send = async (message, {address = 'ada@example.com', name = 'Ada', purpose = '-', password = PASSWORD,
        url = 'https://handrail.bright.example.com'} = {}) => {
        const words = [workspace, message, purpose, address, name, 'localhost', String(server.port), USER, password, server.ca, url];
        const {stdout} = await run(path.join(build, 'tests/letter'), words);
        return JSON.parse(stdout);
    };
    return {mails: server.mails, workspace, send};
}

const CONFIRMED = 0, REFUSED = 1, AGAIN = 2, UNKNOWN = 3;

test('a marketing letter arrives whole, with both of its parts and both ways out', async (t) => {
    const {mails, send} = await prepare(t);
    const name = 'Zoë "Z" Lovelace, *die Ältere*';
    const sent = await send('lead_nudge', {name});
    assert.deepEqual([sent.reached, sent.reply], [CONFIRMED, 250], sent.text);
    assert.equal(mails.length, 1);
    assert.ok(mails[0].secure && mails[0].user, 'over STARTTLS, signed in');
    assert.deepEqual([mails[0].from, mails[0].to], ['hello@bright.example.com', ['ada@example.com']]);
    assert.match(mails[0].raw, /^[\x00-\x7f]*$/, 'ASCII alone, whatever the server takes');
    assert.ok(mails[0].raw.split('\r\n').every((line) => line.length <= 998));

    const mail = await simpleParser(mails[0].raw);
    assert.equal(mail.subject, 'Shall we talk?');
    assert.deepEqual(mail.from.value, [{address: 'hello@bright.example.com', name: 'Bright Coaching'}]);
    assert.deepEqual(mail.to.value, [{address: 'ada@example.com', name}]);
    assert.match(mail.text, /^Hello Zoë "Z" Lovelace, \*die Ältere\*,\n/);
    assert.match(mail.html, /<p>Hello Zoë &quot;Z&quot; Lovelace, \*die Ältere\*,<\/p>/);
    assert.equal(mail.attachments.length, 0);
    assert.match(mail.headers.get('content-type').value, /^multipart\/alternative$/);

    // the way out: in the head, and below both parts the same
    const [, token] = mail.headers.get('list').unsubscribe.url.match(LINK);
    assert.match(mails[0].raw, new RegExp(`\r\nList-Unsubscribe: <https://handrail\\.bright\\.example\\.com/u/${token}>\r\n`));
    assert.match(mails[0].raw, /\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n/);
    assert.match(mail.text, new RegExp(`\n1 High Street, Leeds, UK\nUnsubscribe: https://handrail\\.bright\\.example\\.com/u/${token}\n$`));
    assert.match(mail.html, new RegExp(`1 High Street, Leeds, UK</p>\n<p[^>]*><a href="https://handrail\\.bright\\.example\\.com/u/${token}"[^>]*>Unsubscribe</a>`));
    assert.equal(mail.headers.get('list').id.name, 'marketing.bright.example.com');
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
    assert.equal(mail.headers.has('precedence'), false);
    for (const hidden of ['71234', 'ada%40', 'ada@example.com']) assert.ok(!token.includes(hidden));

    const again = await send('lead_nudge', {name});
    assert.equal(again.digest, sent.digest, 'the same letter, the same digest');
    const second = await simpleParser(mails[1].raw);
    assert.equal(second.messageId, mail.messageId, 'the same effect, the same id');
    assert.notEqual((await send('lead_nudge', {name: 'Eve'})).digest, sent.digest);
});

test('what somebody bought is told without a way out, unless the step says what needs one', async (t) => {
    const {mails, workspace, send} = await prepare(t);
    assert.equal((await send('member_welcome')).reached, CONFIRMED);
    const mail = await simpleParser(mails[0].raw);
    assert.match(mail.text, /Sign in with this address, ada@example\.com\./);
    assert.doesNotMatch(mails[0].raw, /List-|High Street|Unsubscribe/);
    const file = path.join(workspace, 'messages/lead_nudge.md');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('purpose: marketing\n', ''));
    // its automation says no purpose either: then the workspace is refused, and nothing can go out
    await assert.rejects(send('lead_nudge'), /the workspace cannot be used/);
});

test('HTML of one’s own keeps its form, and every value its place', async (t) => {
    const {mails, workspace, send} = await prepare(t);
    const html = '<!DOCTYPE html>\n<html><head><style>p { color: #222 }</style></head>\n<body>\n' +
        `<p title="{{ contact.first_name }}">Hello {{ contact.first_name }}, ${'a long line '.repeat(200)}</p>\n</body></html>\n`;
    fs.rmSync(path.join(workspace, 'messages/lead_nudge.md'));
    fs.appendFileSync(path.join(workspace, 'policies.yaml'),
        `\nmessages:\n  lead_nudge:\n    subject: "Курс, {{ contact.first_name }} — 待ち 🎓"\n    purpose: marketing\n    html: |\n${html.replace(/^/gm, '      ')}`);
    const name = '<b>"Ada"</b>\r\nBcc: eve@example.com';
    assert.equal((await send('lead_nudge', {name})).reached, CONFIRMED);
    assert.deepEqual(mails[0].to, ['ada@example.com']);
    const mail = await simpleParser(mails[0].raw);
    assert.equal(mail.subject, 'Курс, <b>"Ada"</b> Bcc: eve@example.com — 待ち 🎓');
    assert.equal(mail.bcc, undefined);
    assert.equal(mail.to.value[0].name, '', 'a name that cannot stand in a head is left out');
    assert.match(mail.html, /<p title="&lt;b&gt;&quot;Ada&quot;&lt;\/b&gt;/);
    assert.match(mail.html, /Unsubscribe<\/a><\/p>\n<\/div>\n<\/body><\/html>/);
    assert.match(mail.text, /^Hello <b>"Ada"<\/b>/);
    assert.equal(mail.html.split('a long line ').length, 201);
});

test('nothing half empty goes out, and nothing that nobody could leave', async (t) => {
    const {mails, send} = await prepare(t);
    assert.deepEqual(await send('lead_nudge', {address: ''}), {outcome: 1, code: 460, part: 'recipient', name: 'contact.email'});
    for (const url of ['', 'http://localhost:8080', 'handrail.example']) {
        const {outcome, code} = await send('lead_nudge', {url});
        assert.deepEqual([outcome, code], [8, 542]);
    }
    assert.equal(mails.length, 0);
});

test('an address beyond ASCII goes through a server that takes it, and through no other', async (t) => {
    const takes = await prepare(t);
    assert.equal((await takes.send('member_welcome', {address: 'zoë@bücher.example'})).reached, CONFIRMED);
    assert.deepEqual(takes.mails[0].to, ['zoë@bücher.example'], 'the server shows its ASCII form so');
    assert.match(takes.mails[0].raw, /<zoë@xn--bcher-kva\.example>/);
    assert.equal((await takes.send('member_welcome', {address: 'zoe@bücher.example'})).reached, CONFIRMED);
    assert.match(takes.mails[1].raw, /\r\nTo: "Ada" <zoe@xn--bcher-kva\.example>\r\n/);
    const plain = await prepare(t, {hideSMTPUTF8: true});
    const sent = await plain.send('member_welcome', {address: 'zoë@example.com'});
    assert.equal(sent.reached, REFUSED);
    assert.equal(plain.mails.length, 0);
});

test('each end of a sending is told apart', async (t) => {
    const {mails, send} = await prepare(t, {
        refuse: (mail, count) => [smtpError(451, 'later'), smtpError(554, 'no'), 'vanish', null][count - 1],
    });
    assert.equal((await send('lead_nudge')).reached, AGAIN);
    assert.equal((await send('lead_nudge')).reached, REFUSED);
    assert.equal((await send('lead_nudge')).reached, UNKNOWN);
    assert.equal((await send('lead_nudge', {password: 'wrong'})).reached, AGAIN);
    assert.equal(mails.length, 3);
    assert.equal((await send('lead_nudge')).reached, CONFIRMED);
});

test('the one style of the unsubscribe page is the one that its policy names', async (t) => {
    const {send} = await prepare(t);
    const {policy} = await send('lead_nudge');
    for (const name of ['ask', 'done', 'unknown', 'unread', 'later']) {
        const page = fs.readFileSync(path.join(root, `tests/golden/letter/page_${name}.html`), 'utf8');
        const [, style] = page.match(/<style>([^<]*)<\/style>/);
        assert.ok(policy.includes(`'sha256-${createHash('sha256').update(style).digest('base64')}'`), name);
    }
});
