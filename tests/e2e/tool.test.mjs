// Actions of a tool, tried by hand: what would leave, what leaves, and what the answer is taken for. Against a receiver
// that fails in every way, and tokens of a server of other people.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { OAuth2Server } from 'oauth2-mock-server';
import { Daemon, program } from './support/daemon.mjs';
import { shop } from './support/desk.mjs';
import { FAULTS, Receiver } from './support/receiver.mjs';

const TOKEN = 'the-token-of-the-course-platform-4711';
const who = ['--with', 'email=ada@example.com', '--with', 'course=group_program'];
const granted = { method: 'PUT', url: '/members/ada%40example.com/courses/group_program' };

/** A workspace whose course platform is called at the receiver; settings: further lines below the tool. */
function bench(t, receiver, changes = {}, settings = '') {
    const made = shop(t, changes);
    fs.mkdirSync(path.join(made.folder, '.handrail'), { recursive: true });
    fs.writeFileSync(path.join(made.folder, '.handrail/settings.yaml'), `tools:\n  course_platform:\n    base: ${receiver.url}\n${settings}`);
    made.secret = TOKEN;
    made.call = (...words) =>
        new Promise((done) => {
            const env = { ...process.env, HANDRAIL_DIR: made.folder, HANDRAIL_TOKEN: '' };
            if (made.secret) env.HANDRAIL_SECRET_COURSE_TOKEN = made.secret;
            const child = spawn(program, ['tool', 'call', ...words, '--json'], { env });
            const said = { out: '', err: '' };
            child.stdout.on('data', (bytes) => (said.out += bytes));
            child.stderr.on('data', (bytes) => (said.err += bytes));
            child.stdin.end();
            child.once('close', (code) => {
                assert.doesNotMatch(said.err, /Sanitizer|runtime error|a bug:/);
                assert.ok(!(said.out + said.err).includes(TOKEN), 'the secret is told nobody');
                done({ code, ...JSON.parse(said.out || '{}'), err: said.err });
            });
        });
    made.grant = (...words) => made.call('course_platform.grant_access', ...who, ...words);
    return made;
}

const keyed = { 'tools.yaml': [['    limit: 5 per second\n', '    limit: 5 per second\n    repeat_protection: key for 24 hours\n']] };
/** With a test of success that reads the body. */
const tested = {
    'tools.yaml': [
        ...keyed['tools.yaml'],
        ['        undo: revoke_access\n', '        undo: revoke_access\n        success: answer.status == 200 && answer.body.ok\n'],
        ['    timeout: 20 seconds', '    timeout: 1 second'],
    ],
};

test('a dry run shows what would leave, without the secret, and nothing leaves', async (t) => {
    const receiver = await Receiver.serve(t);
    const { grant, call, folder } = bench(t, receiver, keyed);
    const shown = await grant('--dry-run', '--key', 'k-1');
    assert.equal(shown.code, 0, shown.err);
    assert.deepEqual(shown.request.split('\n'), [
        `PUT ${receiver.url}/members/ada%40example.com/courses/group_program`, 'Idempotency-Key: k-1', 'Accept: application/json',
        'Authorization: Bearer (the secret course_token)', '',
    ]);
    const aloud = JSON.parse(spawnSync(program, ['tool', 'show', 'course_platform', '--dir', folder, '--json'], { encoding: 'utf8' }).stdout);
    assert.match(aloud.text, /called at +https:\/\/course\.example\.com\n[^]*may be told +email, offer, and no other field\n[^]*taken back by +revoke_access/);
    const read = await call('course_platform.grant_access', ...who, '--check', '--dry-run');
    assert.match(read.request, /^GET .*\/members\/ada%40example\.com\n/);
    assert.doesNotMatch(read.request, /Idempotency-Key/, 'what only reads needs no key');

    fs.rmSync(path.join(folder, '.handrail/settings.yaml'));
    const own = await grant('--dry-run');
    assert.match(own.request, /^PUT https:\/\/course\.example\.com\/members\//);
    assert.deepEqual(receiver.seen, []);
});

test('a call is made once, signed in, and judged; asking again with its key does nothing more', async (t) => {
    const receiver = await Receiver.serve(t, { accepts: ({ authorization }) => authorization === `Bearer ${TOKEN}` });
    const made = bench(t, receiver, keyed);
    const { grant } = made;
    const unasked = await grant('--key', 'k-1');
    assert.deepEqual([unasked.code, unasked.errors[0].code], [4, 'E0628'], 'no terminal says yes');
    assert.equal(receiver.seen.length, 0);

    assert.equal((await grant('--check')).found, 'not done');
    const first = await grant('--yes', '--key', 'k-1');
    assert.deepEqual([first.code, first.reached, first.class, first.status], [0, 'confirmed', 'none', 200], first.err);
    const { method, url, headers } = receiver.seen.at(-1);
    assert.deepEqual({ method, url }, granted);
    assert.equal(headers['content-length'], '0');
    await grant('--yes', '--key', 'k-1');
    assert.equal(receiver.applied('k-1'), 1);
    const check = await grant('--check');
    assert.deepEqual([check.code, check.found], [0, 'done']);

    made.secret = '';
    const unset = await grant('--yes');
    assert.deepEqual([unset.code, unset.class, unset.words], [4, 'permission', 'the secret `course_token` is not set']);
});

const terminal = spawnSync('script', ['--version']).error ? 'script is not there' : false;
test('on a terminal it asks, and only a yes sends', { skip: terminal }, async (t) => {
    const receiver = await Receiver.serve(t);
    const { folder } = bench(t, receiver);
    for (const [typed, sent] of [['no', 0], ['', 0], ['yes', 1]]) {
        const env = { ...process.env, HANDRAIL_DIR: folder, HANDRAIL_TOKEN: '', HANDRAIL_SECRET_COURSE_TOKEN: TOKEN };
        const command = `${program} tool call course_platform.grant_access ${who.join(' ')}`;
        const child = spawn('script', ['-qfec', command, '/dev/null'], { env });
        let screen = '';
        child.stdout.on('data', (bytes) => {
            const asked = screen.includes('Type yes:');
            screen += bytes;
            if (!asked && screen.includes('Type yes:')) child.stdin.write(`${typed}\r`);
        });
        const code = await new Promise((done) => child.once('close', done));
        assert.match(screen, new RegExp(`This asks Course platform for grant_access, for real, at ${receiver.url}\\.`));
        assert.deepEqual([code, receiver.seen.length], [sent ? 0 : 4, sent], screen);
        assert.ok(!screen.includes(TOKEN));
    }
});

test('each way to fail is told for what it is', async (t) => {
    const canary = await Receiver.serve(t); // where a redirect would take the secret
    const receiver = await Receiver.serve(t, { elsewhere: `${canary.url}/` });
    const { grant } = bench(t, receiver, tested);
    // what is said, whose turn it is, and what is true
    const expected = {
        ok: ['confirmed', 'none', 1], 500: ['unknown', 'transient', 0], '500_after': ['unknown', 'transient', 1],
        429: ['again', 'rate', 0], '429_retry': ['again', 'rate', 0], '503_retry': ['again', 'transient', 0],
        503: ['unknown', 'transient', 0], drip_200: ['unknown', 'transient', 1], reset_mid: ['unknown', 'transient', 1],
        long_200: ['unknown', 'transient', 1], not_http: ['unknown', 'transient', 1], 307: ['refused', 'permanent', 0],
        slow_after: ['unknown', 'transient', 1], reset_before: ['unknown', 'transient', 0], reset_after: ['unknown', 'transient', 1],
        error_200: ['refused', 'permanent', 0], html_200: ['unknown', 'transient', 1], short_200: ['unknown', 'transient', 1],
        401: ['refused', 'permission', 0], 403: ['refused', 'permission', 0], 422: ['refused', 'permanent', 0], 302: ['refused', 'permanent', 0],
    };
    const waits = { '429_retry': 7, '503_retry': 3 };
    assert.deepEqual(Object.keys(expected).sort(), [...FAULTS].sort());
    for (const [fault, [reached, turn, applied]] of Object.entries(expected)) {
        receiver.next(fault);
        const before = receiver.seen.length;
        const said = await grant('--yes', '--key', `k-${fault}`);
        assert.deepEqual([said.reached, said.class], [reached, turn], `${fault}: ${JSON.stringify(said)}`);
        assert.equal(said.not_before_s, waits[fault] ?? 0, fault);
        assert.equal(receiver.seen.length, before + 1, `${fault}: sent once`);
        assert.equal(receiver.applied(`k-${fault}`), applied, fault);
        // silence is never taken for a no
        if (applied) assert.ok(['confirmed', 'unknown'].includes(said.reached), fault);
        assert.doesNotMatch(said.words, /ada|group_program|no such course/, 'no word of inputs or answers');
    }
    assert.deepEqual(canary.seen, []);
});

test('a check whose answer says nothing decides nothing', async (t) => {
    const receiver = await Receiver.serve(t);
    const { grant } = bench(t, receiver, keyed);
    for (const [fault, found, turn] of [['500', 'unclear', 'transient'], ['429_retry', 'unclear', 'rate'], ['html_200', 'unclear', 'none'],
        ['401', 'unclear', 'permission'], ['reset_before', 'unclear', 'transient'], ['ok', 'not done', 'none']]) {
        receiver.next(fault);
        const said = await grant('--check');
        assert.deepEqual([said.found, said.class], [found, turn], `${fault}: ${JSON.stringify(said)}`);
    }
});

test('nothing that is given leads to another path or host, or into a header', async (t) => {
    const receiver = await Receiver.serve(t);
    const { call } = bench(t, receiver, {
        'tools.yaml': [['        undo: revoke_access\n', '        undo: revoke_access\n        headers: {X-Note: input.course}\n']],
    });
    for (const email of ['..', '.', '', 'a\r\nHost: evil.example', 'a\u0000b', 'a\nb']) {
        if (email.includes('\u0000')) continue; // no command line can say it
        const said = await call('course_platform.grant_access', '--with', `email=${email}`, '--with', 'course=x', '--yes');
        assert.deepEqual([said.code, said.reached], [4, 'refused'], JSON.stringify(said));
    }
    for (const course of ['x\r\nX-Evil: 1', 'x\u007f']) {
        const said = await call('course_platform.grant_access', '--with', 'email=a', '--with', `course=${course}`, '--yes');
        assert.deepEqual([said.code, said.reached], [4, 'refused'], JSON.stringify(said));
    }
    assert.equal(receiver.seen.length, 0);
    for (const email of ['@evil.example', '/../../x', '?a=b#c', '%2e%2e', 'a:b@c', '\\\\evil.example', '..%2f']) {
        const said = await call('course_platform.grant_access', '--with', `email=${email}`, '--with', 'course=x', '--yes');
        assert.equal(said.reached, 'confirmed', JSON.stringify(said));
        assert.equal(receiver.seen.at(-1).url, `/members/${encodeURIComponent(email)}/courses/x`);
        assert.equal(receiver.seen.at(-1).headers.host, `127.0.0.1:${receiver.port}`);
    }
    const wrong = await call('course_platform.grant_access', '--with', 'email=..', '--with', 'course=x', '--dry-run');
    assert.deepEqual([wrong.code, wrong.errors[0].code], [2, 'E0644']);
});

test('a body is made of the inputs, and what is not known stays out', async (t) => {
    const receiver = await Receiver.serve(t);
    const { call } = bench(t, receiver, {
        'tools.yaml': [['      member_has_course:\n', '      invite:\n        method: POST\n        path: "/invitations"\n        body:\n'
            + "          member: \"{'email': input.email, 'seats': input.seats + 1}\"\n          note: input.note\n        headers: {X-Api-Version: \"'7'\"}\n      member_has_course:\n"]],
    });
    receiver.next('422');
    const said = await call('course_platform.invite', '--with', 'email=ada@example.com', '--with', 'seats:=2', '--yes');
    assert.deepEqual([said.reached, said.class], ['refused', 'permanent'], JSON.stringify(said));
    const { body, headers } = receiver.seen.at(-1);
    assert.deepEqual(JSON.parse(body), { member: { email: 'ada@example.com', seats: 3 } });
    assert.deepEqual([headers['content-type'], headers['x-api-version']], ['application/json', '7']);
});

test('the inside is called only where this machine says so', async (t) => {
    const receiver = await Receiver.serve(t);
    const { grant, folder } = bench(t, receiver, { 'tools.yaml': [['allow: [https://course.example.com]', `allow: [http://127.0.0.1:${receiver.port}]`]] });
    fs.rmSync(path.join(folder, '.handrail/settings.yaml'));
    const said = await grant('--yes');
    assert.deepEqual([said.code, said.reached, said.class], [4, 'refused', 'permanent'], JSON.stringify(said));
    assert.match(said.words, /inside the own network/);
    assert.equal(receiver.seen.length, 0);

    for (const base of ['ftp://127.0.0.1/', 'http://me@127.0.0.1/', 'http://127.0.0.1/?a', 'nonsense']) {
        fs.writeFileSync(path.join(folder, '.handrail/settings.yaml'), `tools: {course_platform: {base: "${base}"}}\n`);
        const refused = await grant('--yes');
        assert.equal(refused.errors?.[0]?.code, 'E0601', JSON.stringify(refused));
    }
    assert.equal(receiver.seen.length, 0);
});

test('doctor names a tool that is called elsewhere', async (t) => {
    const daemon = await Daemon.make({ settings: 'tools:\n  course_platform: {base: "http://127.0.0.1:9/"}\n' });
    t.after(() => daemon.end());
    assert.match(daemon.run('doctor', '--plain').out, /look +tools +course_platform is called at http:\/\/127\.0\.0\.1:9, not at its own address/);
});

test('doctor says through which mail server letters go, and whose settings serve nothing', async (t) => {
    const mail = 'mail: {host: smtp.example.com, user: me, password: letters_password}';
    const daemon = await Daemon.make({ settings: `tools:\n  email: {${mail}}\n  emial: {${mail}}\n` });
    t.after(() => daemon.end());
    const { out } = daemon.run('doctor', '--plain');
    assert.match(out, /ok +mail +letters of email go out through smtp\.example\.com/);
    assert.match(out, /look +mail +no tool of kind email is called emial, so nothing goes out through smtp\.example\.com/);
    assert.match(out, /letters_password has no value: letters of email cannot sign in/);
});

/* ---- OAuth 2.0 ------------------------------------------------------------------------------------------ */

async function serveTokens(t) {
    const server = new OAuth2Server();
    await server.issuer.keys.generate('RS256');
    await server.start(0, '127.0.0.1');
    t.after(() => server.stop());
    const asked = [];
    server.service.on('beforeResponse', (answer, request) => {
        asked.push({ headers: request.headers, body: request.body });
        answer.body.expires_in = 600;
    });
    return { server, asked, url: `http://127.0.0.1:${server.address().port}/token` };
}

const oauth = (credentials) => ({
    'tools.yaml': [['    auth: {bearer: course_token}\n',
        `    auth: {oauth: course_token, token_url: "https://login.example.com/token", client_id: "hand rail", scope: "courses.write", credentials: ${credentials}}\n`]],
});

test('client credentials: a token is asked for, signs in, and is asked for anew once when it is refused', async (t) => {
    for (const credentials of ['basic', 'body']) {
        const tokens = await serveTokens(t);
        let refuse = 1;
        const receiver = await Receiver.serve(t, {
            accepts: ({ authorization }) => /^Bearer eyJ/.test(authorization ?? '') && refuse-- <= 0,
        });
        const { grant } = bench(t, receiver, oauth(credentials), `    token_url: ${tokens.url}\n`);
        const said = await grant('--yes');
        assert.deepEqual([said.code, said.reached], [0, 'confirmed'], JSON.stringify(said));
        assert.equal(tokens.asked.length, 2, 'the first was refused with 401');
        assert.equal(receiver.seen.length, 2);
        const { headers, body } = tokens.asked[0];
        const basic = `Basic ${Buffer.from(`hand%20rail:${encodeURIComponent(TOKEN)}`).toString('base64')}`;
        assert.equal(headers.authorization, credentials === 'basic' ? basic : undefined);
        assert.deepEqual({ ...body }, {
            grant_type: 'client_credentials', scope: 'courses.write',
            ...(credentials === 'body' ? { client_id: 'hand rail', client_secret: TOKEN } : {}),
        });
        assert.ok(!JSON.stringify(receiver.seen).includes(TOKEN), 'the secret goes to the token server alone');
        assert.ok(!JSON.stringify(said).includes('eyJ'), 'the token is told nobody');

        refuse = 2;
        const twice = await grant('--yes');
        assert.deepEqual([twice.reached, twice.class, receiver.seen.length], ['refused', 'permission', 4], 'refused twice: no third try');
    }
});

test('no token: refused is permission, and a server that is down is later', async (t) => {
    const tokens = await serveTokens(t);
    const receiver = await Receiver.serve(t);
    const { grant } = bench(t, receiver, oauth('basic'), `    token_url: ${tokens.url}\n`);
    for (const [status, reached, turn] of [[401, 'refused', 'permission'], [400, 'refused', 'permission'], [500, 'again', 'transient'], [429, 'again', 'rate']]) {
        tokens.server.service.once('beforeResponse', (answer) => {
            answer.statusCode = status;
            answer.body = { error: 'invalid_client', error_description: `no client with ${TOKEN}` };
        });
        const said = await grant('--yes');
        assert.deepEqual([said.reached, said.class], [reached, turn], `${status}: ${JSON.stringify(said)}`);
        assert.match(said.words, /^no token: /);
    }
    await tokens.server.stop();
    const down = await grant('--yes');
    assert.deepEqual([down.reached, down.class], ['again', 'transient']);
    await tokens.server.start(0, '127.0.0.1');
    assert.equal(receiver.seen.length, 0);
});
