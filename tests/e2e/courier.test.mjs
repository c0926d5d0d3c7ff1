// What a courier of the daemon makes of the world: letters and calls, built as the ledger plans them and carried by the code
// that the daemon runs (tests/e2e/carry.c), against a real mail server, a receiver that fails in every way, and tokens of a
// server of other people. Each end must be true: nothing that may have been done is called undone.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {createInterface} from 'node:readline';
import {simpleParser} from 'mailparser';
import {OAuth2Server} from 'oauth2-mock-server';
import {build, until} from './support/daemon.mjs';
import {shop} from './support/desk.mjs';
import {PASSWORD, serveMail, smtpError} from './support/mail.mjs';
import {FAULTS, Receiver} from './support/receiver.mjs';

const TOKEN = 'the-token-of-the-course-platform-4711';
const ADA = {email: 'ada.canary@example.com', course: 'group_program'};

/** A workspace with these changes and settings, and one courier at work; secrets stand in its environment. */
function hire(t, {changes = {}, settings = '', secrets = {}} = {}) {
    const made = shop(t, changes);
    const data = path.join(made.folder, '.handrail');
    fs.mkdirSync(data, {recursive: true});
    fs.writeFileSync(path.join(data, 'settings.yaml'), settings);
    const env = {...process.env, HANDRAIL_DIR: '', HANDRAIL_TOKEN: ''};
    for (const [name, value] of Object.entries(secrets)) env[`HANDRAIL_SECRET_${name.toUpperCase()}`] = value;
    const child = spawn(path.join(build, 'tests/carry'), [made.folder], {env});
    let err = '';
    child.stderr.on('data', (bytes) => (err += bytes));
    const waiting = [];
    createInterface({input: child.stdout}).on('line', (line) => waiting.shift().done(JSON.parse(line)));
    const ended = new Promise((done) => child.once('close', (code) => {
        waiting.forEach(({fail}) => fail(new Error(`carry ended with ${code}: ${err}`)));
        done(code);
    }));
    t.after(async () => {
        child.stdin.end();
        assert.equal(await ended, 0, err);
        assert.doesNotMatch(err, /Sanitizer|runtime error|a bug:/);
    });
    const carry = async (line) => {
        child.stdin.write(`${JSON.stringify(line)}\n`);
        const said = await new Promise((done, fail) => waiting.push({done, fail}));
        for (const hidden of ['canary', 'group_program', 'no such course', ...Object.values(secrets).filter(Boolean)]) {
            assert.ok(!said.answer.includes(hidden), `the answer is kept, so it names nobody and no secret: ${said.answer}`);
        }
        return said;
    };
    return {...made, data, carry};
}

/* ---- calls ------------------------------------------------------------------------------------------------ */

const keyed = ['    limit: 5 per second\n', '    limit: 5 per second\n    repeat_protection: key for 24 hours\n'];
const tested = [
    keyed,
    ['        undo: revoke_access\n', '        undo: revoke_access\n        success: answer.status == 200 && answer.body.ok\n'],
    ['    timeout: 20 seconds', '    timeout: 1 second'],
];
const at = (receiver, more = '') => `tools:\n  course_platform:\n    base: ${receiver.url}\n${more}`;
const keyOf = (key) => key + '0'.repeat(30);

test('each way a call can end is told for what it is', async (t) => {
    const canary = await Receiver.serve(t); // where a redirect would take the secret
    const receiver = await Receiver.serve(t, {elsewhere: `${canary.url}/`, accepts: ({authorization}) => authorization === `Bearer ${TOKEN}`});
    const {carry} = hire(t, {changes: {'tools.yaml': tested}, settings: at(receiver), secrets: {course_token: TOKEN}});
    // what the ledger is told, whose turn it is, when it may come again, and how often it was really done
    const expected = {
        ok: ['confirmed', 'none', 0, 1],
        500: ['unknown', 'transient', 0, 0], '500_after': ['unknown', 'transient', 0, 1], 503: ['unknown', 'transient', 0, 0],
        429: ['again', 'rate', 0, 0], '429_retry': ['again', 'rate', 7, 0], '503_retry': ['again', 'transient', 3, 0],
        slow_after: ['unknown', 'transient', 0, 1], drip_200: ['unknown', 'transient', 0, 1],
        reset_before: ['unknown', 'transient', 0, 0], reset_after: ['unknown', 'transient', 0, 1], reset_mid: ['unknown', 'transient', 0, 1],
        error_200: ['refused', 'permanent', 0, 0], html_200: ['unknown', 'transient', 0, 1],
        short_200: ['unknown', 'transient', 0, 1], long_200: ['unknown', 'transient', 0, 1], not_http: ['unknown', 'transient', 0, 1],
        401: ['refused', 'permission', 0, 0], 403: ['refused', 'permission', 0, 0], 422: ['refused', 'permanent', 0, 0],
        302: ['refused', 'permanent', 0, 0], 307: ['refused', 'permanent', 0, 0],
    };
    assert.deepEqual(Object.keys(expected).sort(), [...FAULTS].sort());
    for (const [number, [fault, [outcome, turn, retry, applied]]] of Object.entries(expected).entries()) {
        const key = (number + 1).toString(16).padStart(2, '0');
        const before = receiver.seen.length;
        receiver.next(fault);
        const said = await carry({call: 'course_platform.grant_access', inputs: ADA, key});
        assert.deepEqual([said.outcome, said.fault, said.retry_s], [outcome, turn, retry], `${fault}: ${JSON.stringify(said)}`);
        assert.equal(receiver.seen.length, before + 1, `${fault}: sent once`);
        assert.equal(receiver.seen.at(-1).headers['idempotency-key'], keyOf(key), 'the key of its row');
        assert.equal(receiver.applied(keyOf(key)), applied, fault);
        if (applied) assert.ok(['confirmed', 'unknown'].includes(said.outcome), `${fault}: silence is never taken for a no`);
    }
    assert.deepEqual(canary.seen, []);
});

test('a check says done or not done, or that nobody knows; never that it can simply be sent again', async (t) => {
    const receiver = await Receiver.serve(t);
    const {carry} = hire(t, {changes: {'tools.yaml': tested}, settings: at(receiver), secrets: {course_token: TOKEN}});
    const check = (more = {}) => carry({check: 'course_platform.grant_access', inputs: ADA, ...more});
    assert.deepEqual([(await check()).outcome], ['not done'], 'nobody of that name');
    receiver.next('reset_after');
    assert.equal((await carry({call: 'course_platform.grant_access', inputs: ADA, key: 'aa'})).outcome, 'unknown');
    const done = await check();
    assert.deepEqual([done.outcome, done.fault], ['confirmed', 'none'], 'its answer was lost, and it had been done');
    assert.equal(receiver.applied(keyOf('aa')), 1);
    assert.equal(receiver.seen.filter(({method}) => method === 'PUT').length, 1, 'checking sends nothing again');
    for (const [fault, turn, retry] of [['500', 'transient', 0], ['503_retry', 'transient', 3], ['429_retry', 'rate', 7], ['401', 'permission', 0],
        ['403', 'permission', 0], ['422', 'permanent', 0], ['302', 'permanent', 0], ['slow_after', 'transient', 0], ['reset_before', 'transient', 0], ['html_200', 'none', 0]]) {
        receiver.next(fault);
        const said = await check();
        assert.deepEqual([said.outcome, said.fault, said.retry_s], ['unknown', turn, retry], `${fault}: ${JSON.stringify(said)}`);
    }
});

test('what cannot be asked any more says why, and of what may have been done nobody says that it was not', async (t) => {
    const receiver = await Receiver.serve(t);
    const {carry} = hire(t, {changes: {'tools.yaml': tested}, settings: at(receiver), secrets: {course_token: TOKEN}});
    const call = {call: 'course_platform.grant_access', inputs: ADA};
    const check = {check: 'course_platform.grant_access', inputs: ADA};
    const cases = [
        [{other: 'course_platform.give_cake'}, 'course_platform.give_cake is no longer in the workspace'],
        [{other: 'bakery.give_cake'}, 'bakery.give_cake is no longer in the workspace'],
        [{lost: true}, 'the inputs of course_platform.grant_access were erased'],
    ];
    for (const [more, answer] of cases) {
        const asked = await carry({...call, ...more});
        assert.deepEqual([asked.outcome, asked.fault, asked.answer], ['refused', 'permanent', answer]);
        const checked = await carry({...check, ...more});
        assert.deepEqual([checked.outcome, checked.fault, checked.answer], ['unknown', 'permanent', answer]);
    }
    const unchecked = await carry({...check, other: 'course_platform.member_has_course'});
    assert.deepEqual([unchecked.outcome, unchecked.fault], ['unknown', 'permanent']);
    assert.match(unchecked.answer, /has no `check` any more/);
    const missing = await carry({...call, inputs: {email: ADA.email}});
    assert.deepEqual([missing.outcome, missing.fault], ['refused', 'permanent']);
    assert.match(missing.answer, /`course` is not known/);
    assert.deepEqual(receiver.seen, []);
});

test('without a secret nothing is asked, and what is down is later', async (t) => {
    const receiver = await Receiver.serve(t);
    const unset = hire(t, {settings: at(receiver)});
    const said = await unset.carry({call: 'course_platform.grant_access', inputs: ADA});
    assert.deepEqual([said.outcome, said.fault, said.answer], ['refused', 'permission', 'the secret `course_token` is not set']);
    const sealed = hire(t, {settings: at(receiver)});
    fs.writeFileSync(path.join(sealed.data, 'secrets.sealed'), 'not what it was\n', {mode: 0o600});
    const broken = await sealed.carry({call: 'course_platform.grant_access', inputs: ADA});
    assert.deepEqual([broken.outcome, broken.fault, broken.answer], ['again', 'permission', 'the sealed secrets cannot be opened']);
    assert.equal((await sealed.carry({check: 'course_platform.grant_access', inputs: ADA})).outcome, 'unknown');
    assert.deepEqual(receiver.seen, []);

    const down = hire(t, {settings: 'tools:\n  course_platform: {base: "http://127.0.0.1:9"}\n', secrets: {course_token: TOKEN}});
    const later = await down.carry({call: 'course_platform.grant_access', inputs: ADA});
    assert.deepEqual([later.outcome, later.fault], ['again', 'transient']);
    const inside = hire(t, {changes: {'tools.yaml': [['allow: [https://course.example.com]', `allow: [http://127.0.0.1:${receiver.port}]`]]}, secrets: {course_token: TOKEN}});
    const refused = await inside.carry({call: 'course_platform.grant_access', inputs: ADA});
    assert.deepEqual([refused.outcome, refused.fault], ['refused', 'permanent'], 'the workspace alone leads nobody inside');
    assert.deepEqual(receiver.seen, []);
});

test('a token is asked for once, anew when it is refused, and its refusals are told for what they are', async (t) => {
    const server = new OAuth2Server();
    await server.issuer.keys.generate('RS256');
    await server.start(0, '127.0.0.1');
    t.after(() => server.stop());
    let asked = 0;
    server.service.on('beforeResponse', (answer) => {
        asked++;
        answer.body.expires_in = 600;
    });
    let refuse = 0;
    const receiver = await Receiver.serve(t, {accepts: ({authorization}) => /^Bearer eyJ/.test(authorization ?? '') && refuse-- <= 0});
    const settings = at(receiver, `    token_url: http://127.0.0.1:${server.address().port}/token\n`);
    const changes = {'tools.yaml': [['    auth: {bearer: course_token}\n',
        '    auth: {oauth: course_token, token_url: "https://login.example.com/token", client_id: handrail, scope: "courses.write"}\n']]};
    const {carry} = hire(t, {changes, settings, secrets: {course_token: TOKEN}});
    const call = {call: 'course_platform.grant_access', inputs: ADA};
    for (let i = 0; i < 3; i++) assert.equal((await carry(call)).outcome, 'confirmed');
    assert.deepEqual([asked, receiver.seen.length], [1, 3]);
    refuse = 1;
    assert.equal((await carry(call)).outcome, 'confirmed');
    assert.deepEqual([asked, receiver.seen.length], [2, 5], 'refused at the door once, then let in');
    refuse = 2;
    const twice = await carry(call);
    assert.deepEqual([twice.outcome, twice.fault, receiver.seen.length], ['refused', 'permission', 7], 'no third try');
    assert.equal((await carry({...call, check: call.call, call: undefined})).outcome, 'confirmed', 'a check signs in, too');

    const fresh = (status) => {
        const other = hire(t, {changes, settings, secrets: {course_token: TOKEN}});
        server.service.once('beforeResponse', (answer) => {
            answer.statusCode = status;
            answer.body = {error: 'invalid_client', error_description: `no client with ${TOKEN}`};
        });
        return other.carry(call);
    };
    for (const [status, outcome, turn] of [[401, 'refused', 'permission'], [400, 'refused', 'permission'], [500, 'again', 'transient'], [429, 'again', 'rate']]) {
        const said = await fresh(status);
        assert.deepEqual([said.outcome, said.fault], [outcome, turn], `${status}: ${JSON.stringify(said)}`);
        assert.match(said.answer, /^no token: /);
    }
});

/* ---- letters ---------------------------------------------------------------------------------------------- */

const NUDGE = {letter: 'lead_nudge', to: 'zoe.canary@example.com', name: 'Zoë Canary', url: 'https://handrail.bright.example.com'};

/** A mail server, and a courier whose machine sends through it. */
async function post(t, options = {}) {
    const folder = fs.mkdtempSync(path.join(process.env.XDG_CONFIG_HOME, 'mail-'));
    const server = await serveMail(t, {folder, ...options});
    return {server, ...hire(t, {settings: options.settings?.(server) ?? server.settings, secrets: {mail_secret: PASSWORD, ...options.secrets}})};
}

test('a letter leaves as it was kept, whole, with the key of its row, over STARTTLS and signed in', async (t) => {
    const {server, carry} = await post(t);
    const said = await carry({...NUDGE, key: 'ab'});
    assert.deepEqual([said.outcome, said.fault, said.answer], ['confirmed', 'none', 'the mail server took it']);
    const [sent] = server.mails;
    assert.ok(sent.secure && sent.user, 'over STARTTLS, signed in');
    const mail = await simpleParser(sent.raw);
    assert.equal(mail.messageId, `<${keyOf('ab')}@bright.example.com>`);
    assert.deepEqual(mail.to.value, [{address: NUDGE.to, name: NUDGE.name}]);
    assert.deepEqual(mail.from.value, [{address: 'hello@bright.example.com', name: 'Bright Coaching'}]);
    assert.match(mail.text, /^Hello Zoë Canary,/);
    assert.match(mail.html, /<p>Hello Zoë Canary,<\/p>/);
    assert.match(mail.headers.get('list').unsubscribe.url, /^https:\/\/handrail\.bright\.example\.com\/u\//);
    assert.match(sent.raw, /\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n/);
});

test('each way a letter can end is told for what it is', async (t) => {
    const ways = [
        [smtpError(451, 'greylisted zoe.canary@example.com'), 'again', 'transient'],
        [smtpError(421, 'closing'), 'again', 'transient'],
        [smtpError(552, 'too big for canary'), 'refused', 'permanent'],
        [smtpError(554, 'spam'), 'refused', 'permanent'],
        ['vanish', 'unknown', 'transient'], // it may have arrived, and no receiver would know a second one
        [null, 'confirmed', 'none'],
    ];
    const {server, carry} = await post(t, {refuse: (mail, count) => ways[count - 1]?.[0] ?? null,
        refuseRecipient: (address) => (address.startsWith('nobody') ? smtpError(550, `no ${address}`) : null)});
    for (const [way, outcome, turn] of ways) {
        const said = await carry(NUDGE);
        assert.deepEqual([said.outcome, said.fault], [outcome, turn], `${way}: ${JSON.stringify(said)}`);
    }
    assert.equal(server.mails.length, ways.length);
    const nobody = await carry({...NUDGE, to: 'nobody.canary@example.com'});
    assert.deepEqual([nobody.outcome, nobody.fault], ['refused', 'permanent']);
    assert.match(nobody.answer, /550/);

    for (const [more, answer] of [[{lost: true}, /erased before it was sent/], [{broken: true}, /not as it was kept/],
        [{other: 'pigeons.lead_nudge'}, /^the tool pigeons, which was to send it, is no longer in the workspace$/],
        [{other: 'calendar.lead_nudge'}, /^the tool calendar, which was to send it, sends no mail any more$/]]) {
        const said = await carry({...NUDGE, ...more});
        assert.deepEqual([said.outcome, said.fault], ['refused', 'permanent'], JSON.stringify(said));
        assert.match(said.answer, answer);
    }
    assert.equal(server.mails.length, ways.length, 'none of these left');
});

test('a password that is wrong, missing or changed is our turn, and no letter is lost for it', async (t) => {
    const {server, carry} = await post(t, {secrets: {mail_secret: 'an old password'}});
    const wrong = await carry(NUDGE);
    assert.deepEqual([wrong.outcome, wrong.fault], ['again', 'permission']);
    assert.match(wrong.answer, /535/);
    const unset = await post(t, {secrets: {mail_secret: ''}});
    const said = await unset.carry(NUDGE);
    assert.deepEqual([said.outcome, said.fault, said.answer], ['again', 'permission', 'the secret `mail_secret` of the mail server is not set']);
    assert.equal(server.mails.length + unset.server.mails.length, 0);
    const none = hire(t);
    const nowhere = await none.carry(NUDGE);
    assert.deepEqual([nowhere.outcome, nowhere.fault], ['refused', 'permission']);
    assert.match(nowhere.answer, /no mail server is set/);
});

test('a password that is changed while the courier is at work is the one that counts', async (t) => {
    const {server, carry, run, folder} = await post(t, {secrets: {mail_secret: ''}});
    const set = (value) => {
        const {code, err} = run(['--dir', folder, 'secret', 'set', 'mail_secret', '--replace'], {input: value});
        assert.equal(code, 0, err);
    };
    set(PASSWORD);
    assert.equal((await carry(NUDGE)).outcome, 'confirmed');
    server.accept('the new password');
    assert.deepEqual([(await carry(NUDGE)).fault], ['permission']);
    set('the new password');
    assert.equal((await carry(NUDGE)).outcome, 'confirmed');
    assert.equal(server.mails.length, 2);
});

test('a tool has a mail server of its own, if this machine says so', async (t) => {
    const other = await serveMail(t, {folder: fs.mkdtempSync(path.join(process.env.XDG_CONFIG_HOME, 'mail-')), password: 'the password of letters'});
    const own = other.settings.replace(/^ {2}from.*\n/m, '').replace('password: mail_secret', 'password: letters_secret').replace(/^/gm, '    ').trimEnd();
    const {server, carry} = await post(t, {
        settings: (machine) => `${machine.settings}tools:\n  email:\n${own}\n`,
        secrets: {letters_secret: 'the password of letters'},
    });
    assert.equal((await carry(NUDGE)).outcome, 'confirmed');
    assert.deepEqual([server.mails.length, other.mails.length], [0, 1]);
});

test('what an automation has to tell a person goes to them by mail, and nothing breaks out of its head', async (t) => {
    const {server, carry} = await post(t);
    const note = (text, person = 'maya') => carry({note: person, text, key: 'cd'});
    assert.equal((await note('\n  Zoë paid\t€ 499.\r\n\r\nOpen the course by hand.\n')).outcome, 'confirmed');
    const [sent] = server.mails;
    assert.deepEqual([sent.from, sent.to], ['handrail@bright.example.com', ['maya@bright.example.com']]);
    const mail = await simpleParser(sent.raw);
    assert.equal(mail.subject, '[Handrail] Zoë paid\\u0009€ 499.');
    assert.match(mail.text, /Open the course by hand\./);
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
    assert.equal(mail.headers.has('list'), false, 'a colleague leaves nothing');
    for (const text of ['x\rBcc: eve@example.com', 'x\u2028Bcc: eve@example.com', 'ü'.repeat(900), '\u202eevil', '']) {
        assert.equal((await note(text)).outcome, 'confirmed', JSON.stringify(text));
        const {bcc, subject} = await simpleParser(server.mails.at(-1).raw);
        assert.equal(bcc, undefined);
        assert.ok(Buffer.byteLength(subject) <= 200, subject);
    }
    const gone = await note('hello', 'nobody');
    assert.deepEqual([gone.outcome, gone.fault, gone.answer], ['refused', 'permanent', 'the person is no longer in the workspace']);
    assert.equal((await carry({note: 'maya', text: 'hello', lost: true})).outcome, 'refused');
});

test('a courier’s memory is that of one letter, however many it carries', async (t) => {
    const {server, carry, folder} = await post(t);
    assert.ok(fs.existsSync(folder));
    const used = [];
    for (let i = 0; i < 20; i++) used.push((await carry({...NUDGE, key: (16 + i).toString(16)})).bytes);
    await until('all arrived', () => server.mails.length === 20);
    assert.ok(Math.max(...used.slice(1)) <= used[0] * 2 && used[0] < 8 << 20, `${used}`);
});
