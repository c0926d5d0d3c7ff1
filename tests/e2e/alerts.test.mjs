// Alerts to a real mail server: they arrive, and when they do not, that is seen too.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {Daemon, sleep, until} from './support/daemon.mjs';
import {readMail, serveMail, smtpError} from './support/mail.mjs';
import {form, payment, quick} from './support/shop.mjs';

const PRIYA = 'priya@bright.example.com';
const MAYA = 'maya@bright.example.com';

/** A mail server and a daemon whose payments must open the course within a second. */
async function prepare(t, {refuse, change = {}, settings = '', secrets = {}, trusted = true} = {}) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-mail-'));
    t.after(() => fs.rmSync(folder, {recursive: true, force: true}));
    const server = await serveMail(t, {folder, refuse});
    const daemon = await Daemon.serve(t, {
        settings: (trusted ? server.settings : server.settings.replace(/ {2}ca_file.*\n/, '')) + settings,
        secrets: {...server.secrets, ...secrets},
        change: {...quick(), ...change},
    });
    return {daemon, mails: server.mails};
}

/** Somebody pays and the course stays locked. */
async function breakOne(daemon, email = 'ada@example.com') {
    await daemon.tell('website_form', form(email));
    await daemon.tell('checkout', payment(email));
}

const byCause = async (daemon, cause) => (await daemon.issues()).find((issue) => issue.cause === cause);

test('alert arrived', async (t) => {
    const {daemon, mails} = await prepare(t, {settings: 'url: https://handrail.bright.example.com\n'});
    await breakOne(daemon);
    await until('the mail arrives', () => mails.length > 0);
    const [mail] = mails;
    const {headers, text} = readMail(mail.raw);
    assert.deepEqual(mail.to, [PRIYA]);
    assert.equal(mail.from, 'handrail@bright.example.com');
    assert.ok(mail.secure && mail.user, 'over STARTTLS, signed in');
    assert.ok(Math.abs(Date.parse(headers.date) - Date.now()) < 60_000, headers.date);
    assert.match(headers['message-id'], /^<[0-9a-f]{32}@bright\.example\.com>$/);
    assert.equal(headers['auto-submitted'], 'auto-generated');
    assert.equal(headers['mime-version'], '1.0');
    assert.match(headers['content-type'], /^text\/plain; *charset="?utf-8/i);
    assert.match(headers.to, /Priya Shah.*<priya@bright\.example\.com>/);
    assert.match(headers.subject, /^\[Handrail\] urgent: /);
    assert.match(text, /H-1/);
    assert.match(text, /grant access again/, 'it says what to do');
    assert.match(text, /https:\/\/handrail\.bright\.example\.com\//);
    assert.doesNotMatch(mail.raw, /ada@example\.com/, 'no customer is named');
    await until('it is confirmed', async () => (await daemon.figures()).alerts_confirmed === 1);
    const issue = await byCause(daemon, 'no proof');
    const {told} = await daemon.get(`/v1/issues/${issue.issue}`);
    assert.equal(told[0].state, 'confirmed');
    await daemon.stop();
    daemon.assertVerifies();
});

test('deputy when away', async (t) => {
    const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    const {daemon, mails} = await prepare(t, {
        change: {'handrail.yaml': [['{from: "2026-12-24", to: "2027-01-03"}', `{from: "${day(-2)}", to: "${day(2)}"}`]]},
    });
    await breakOne(daemon);
    await until('the mail arrives', () => mails.length > 0);
    assert.deepEqual(mails[0].to, [MAYA], 'priya is away, maya is her deputy');
});

test('a mail server that is busy is asked again', async (t) => {
    const {daemon, mails} = await prepare(t, {
        refuse: (mail, count) => (count === 1 ? smtpError(451, 'greylisted, come back later') : null),
    });
    await breakOne(daemon);
    await until('it was refused for now', () => mails.length === 1);
    await until('it comes again', () => mails.length === 2, 20);
    const ids = mails.map((mail) => readMail(mail.raw).headers['message-id']);
    assert.equal(ids[0], ids[1], 'the same effect, the same id');
    await until('it is confirmed', async () => (await daemon.figures()).alerts_confirmed === 1);
    assert.equal(await byCause(daemon, 'alert failed'), undefined);
});

test('an alert that is refused is itself an issue', async (t) => {
    const {daemon, mails} = await prepare(t, {
        refuse: (mail) => (mail.to[0] === PRIYA ? smtpError(550, 'no such mailbox') : null),
    });
    await breakOne(daemon);
    const issue = await until('the issue is there', () => byCause(daemon, 'alert failed'));
    assert.match(issue.text, /priya|alert/i);
    const shown = await daemon.get(`/v1/issues/${(await byCause(daemon, 'no proof')).issue}`);
    assert.equal(shown.told[0].state, 'refused');
    assert.match(shown.told[0].answer, /550/);
    await until('somebody else is told of that', () => mails.some((mail) => mail.to[0] === MAYA));
    assert.equal(mails.filter((mail) => mail.to[0] === PRIYA).length, 1, 'a refusal is not tried again');
});

test('a connection that dies after the final dot leaves it unknown, and one mail only', async (t) => {
    const {daemon, mails} = await prepare(t, {refuse: (mail) => (mail.to[0] === PRIYA ? 'vanish' : null)});
    await breakOne(daemon);
    const issue = await until('the issue is there', () => byCause(daemon, 'alert unknown'), 40);
    assert.ok(issue.owner, 'somebody owns it');
    const shown = await daemon.get(`/v1/issues/${(await byCause(daemon, 'no proof')).issue}`);
    assert.equal(shown.told[0].state, 'unknown');
    await sleep(7000); // longer than the first pause before a repeat
    assert.equal(mails.filter((mail) => mail.to[0] === PRIYA).length, 1, 'never sent again on a guess');
});

/** What became of the first alert about the locked course, once it was tried. */
const tried = (daemon) => until('it was tried', async () => {
    const issue = await byCause(daemon, 'no proof');
    const shown = issue && (await daemon.get(`/v1/issues/${issue.issue}`));
    return shown?.told[0]?.answer && shown.told[0];
});

test('a wrong password sends nothing and says so', async (t) => {
    const {daemon, mails} = await prepare(t, {secrets: {mail_secret: 'another password'}});
    await breakOne(daemon);
    const told = await tried(daemon);
    assert.match(told.answer, /535/);
    assert.equal(told.state, 'planned', 'it will be tried again');
    assert.equal(mails.length, 0);
});

test('a certificate of nobody who is trusted sends nothing and says so', async (t) => {
    const {daemon, mails} = await prepare(t, {trusted: false});
    await breakOne(daemon);
    const told = await tried(daemon);
    assert.match(told.answer, /TLS|certificate/i);
    assert.equal(mails.length, 0);
});

test('an alert under way when the daemon is killed is not sent twice', async (t) => {
    let arrived;
    const first = new Promise((done) => (arrived = done));
    const {daemon, mails} = await prepare(t, {
        refuse: (mail) => {
            if (mail.to[0] === PRIYA) arrived();
            return null;
        },
    });
    await breakOne(daemon);
    await first;
    await daemon.kill(); // at the moment the server took it
    await daemon.start();
    await sleep(3000);
    assert.equal(mails.filter((mail) => mail.to[0] === PRIYA).length, 1);
    await daemon.stop();
    daemon.assertVerifies();
});
