// Secrets: from the environment or a sealed file whose key lies elsewhere, and never printed by anything.
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {assertProblem, Daemon, program, sleep, until} from './support/daemon.mjs';
import {serveMail} from './support/mail.mjs';
import {access, booking, form, nowS, payment, paymentBody, quick, SECRETS, signHmac, signStandard, signStripe} from './support/shop.mjs';

const sealedFile = (daemon) => path.join(daemon.data, 'secrets.sealed');
const keyFile = (daemon) => JSON.parse(daemon.run('secret', 'ls', '--json').out).key;

function folder(t) {
    const made = fs.mkdtempSync(path.join(os.tmpdir(), 'handrail-secrets-'));
    t.after(() => fs.rmSync(made, {recursive: true, force: true}));
    return made;
}

/** Runs a command with other variables; `without` are taken away. */
function runWith(daemon, words, outside = {}, without = []) {
    const env = {...daemon.env(), ...outside};
    for (const name of without) delete env[name];
    const done = spawnSync(program, ['--dir', daemon.folder, ...words], {encoding: 'utf8', env, input: ''});
    assert.doesNotMatch(done.stderr, /Sanitizer|runtime error|a bug:/);
    return {code: done.status, out: done.stdout, err: done.stderr};
}

// ---- never printed ------------------------------------------------------------------------------------

/** All that would give a value away: as it is, in hex, in base64 wherever it begins, in a URL; of whsec_ also the key. */
function formsOf(value) {
    const bodies = [Buffer.from(value)];
    if (value.startsWith('whsec_')) bodies.push(Buffer.from(value.slice(6)), Buffer.from(value.slice(6), 'base64'));
    return bodies.flatMap((body) => {
        const coded = [0, 1, 2].map((before) =>
            Buffer.concat([Buffer.alloc(before), body]).toString('base64').slice(before === 0 ? 0 : 4).replace(/.{0,3}=*$/, ''));
        const hex = body.toString('hex');
        return [body, ...[hex, hex.toUpperCase(), encodeURIComponent(body.toString('latin1')), ...coded,
            ...coded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))].map((text) => Buffer.from(text))];
    });
}

/** Collects bytes from everywhere, and says where a marked value turned up. */
class Watch {
    constructor(values) {
        this.forms = Object.entries(values).flatMap(([name, value]) => formsOf(value).map((bytes) => ({name, bytes})));
        this.hits = [];
        this.bytes = 0;
    }

    look(where, bytes) {
        const all = Buffer.from(bytes);
        this.bytes += all.length;
        for (const form of this.forms) if (all.includes(form.bytes)) this.hits.push(`${form.name} in ${where}`);
    }

    lookAtFolder(base) {
        let files = 0;
        for (const item of fs.readdirSync(base, {withFileTypes: true, recursive: false})) {
            const name = path.join(base, item.name);
            if (item.isDirectory()) files += this.lookAtFolder(name);
            else if (item.isFile()) {
                this.look(name, fs.readFileSync(name));
                files += 1;
            }
        }
        return files;
    }
}

/** Every command, with words that do something; secret set is told a value and keeps it to itself. */
const commands = (daemon, other) => ({
    'init': [[path.join(other, 'made')], ['--example', 'b2b', path.join(other, 'sales')]],
    'serve': [['--port', '0'], ['--port', 'x']],
    'check': [[], ['--sarif']],
    'fmt': [[]],
    'writers': [['course_access']],
    'diff': [[daemon.folder]],
    'automation ls': [[]],
    'automation show': [['payment_to_access']],
    'schema': [[]],
    'explain': [['E0505'], ['E0660']],
    'expr': [['1 + 1']],
    'send': [['website_form', path.join(other, 'form.json')], ['website_form', path.join(other, 'form.json'), '--sign', daemon.url('')],
        ['website_form', path.join(other, 'form.json'), '--sign', 'http://127.0.0.1:1']],
    'exceptions ls': [[], ['--all']],
    'exceptions show': [['H-1']],
    'exceptions assign': [['H-1', 'maya']],
    'exceptions snooze': [['H-1']],
    'exceptions resolve': [['H-9', '--reason', 'none']],
    'exceptions note': [['H-1', 'seen']],
    'exceptions ack': [['H-1']],
    'recover': [['H-1']],
    'why': [['ada@example.com'], ['--not', 'payment_to_access', 'ada@example.com']],
    'trace': [['1'], ['2'], ['5'], ['9']],
    'contact show': [['ada@example.com']],
    'path show': [[], ['--files']],
    'message preview': [['member_welcome'], ['lead_welcome', '--contact', 'ada@example.com']],
    'verify': [[]],
    'rebuild': [[]],
    'forget': [['ben@example.com', '--yes']],
    'doctor': [[], ['--promises']],
    'secret set': [],
    'secret ls': [[]],
    'secret rm': [['nothing_so_called']],
    'secret rotate-key': [[]],
    'secret seal': [[]],
    'token add': [['priya']],
    'token ls': [[]],
    'token remove': [['5f12ab34cd56']],
    'reload': [[]],
    'completion': [['bash'], ['words', '--', 'secret', 'set', '']],
    'openapi': [[]],
    'help': [[], ['secret', 'set']],
    'version': [[]],
});

/** For a command that is not in the table: something of each kind that its words name. */
function wordsOf(usage) {
    const some = [[/^TOOL\.ACTION/, 'course_platform.grant_access'], [/^TOOL/, 'course_platform'], [/^CONTACT/, 'ada@example.com'],
        [/^ISSUE/, 'H-1'], [/^PERSON/, 'maya'], [/^AUTOMATION/, 'payment_to_access'], [/^PATH/, 'form_to_member'], [/^FIELD/, 'offer']];
    return usage.replace(/\[[^\]]*\]/g, '').split(' ').filter(Boolean).map((word) => some.find(([kind]) => kind.test(word))?.[1] ?? '1');
}

test('a secret is never printed', async (t) => {
    const other = folder(t);
    const standard = (words) => 'whsec_' + Buffer.from(words).toString('base64');
    const values = {
        form_secret: standard('MARKED form secret, 32 bytes or so'),
        email_secret: standard('MARKED email secret, 32 bytes or so'),
        checkout_secret: 'whsec_MARKED_checkout_secret_0123456789',
        calendar_secret: 'MARKED calendar secret & more',
        course_secret: 'MARKED/course?secret=1',
        course_token: 'MARKED.course.token.of.the.platform',
        priya_secret: standard('MARKED alert secret, 32 bytes or so'),
        mail_secret: 'MARKED mail password: 100% "safe"',
    };
    const outside = {unused_outside: 'MARKED value of the environment'};
    const watch = new Watch({...values, ...outside});
    const heard = [];
    const receiver = http.createServer((request, answer) => {
        heard.push(JSON.stringify(request.headers));
        request.on('data', (bytes) => heard.push(String(bytes))).on('end', () => answer.writeHead(heard.length % 2 ? 200 : 500).end('no'));
    }).listen(0, '127.0.0.1');
    await new Promise((done) => receiver.once('listening', done));
    t.after(() => receiver.close());
    const mail = await serveMail(t, {folder: other, password: values.mail_secret});
    const daemon = await Daemon.make({
        secrets: values,
        sealed: true,
        settings: `${mail.settings}allow: ["127.0.0.1:${receiver.address().port}"]\n`,
        change: {...quick(), 'handrail.yaml': [['    role: operator\n',
            `    role: operator\n    webhook: {url: "http://127.0.0.1:${receiver.address().port}/alerts", secret: priya_secret}\n`]]},
    });
    t.after(() => daemon.end());
    daemon.outside.HANDRAIL_SECRET_UNUSED_OUTSIDE = outside.unused_outside;
    await daemon.start();

    // messages, good and refused for every reason
    const body = (message) => message.body;
    const tell = async (tool, message) => watch.look(`answer to ${tool}`, await (await daemon.post(tool, message)).text());
    await tell('website_form', signStandard(values.form_secret, body(form('ada@example.com'))));
    await tell('website_form', signStandard(values.form_secret, body(form('ben@example.com'))));
    await tell('checkout', signStripe(values.checkout_secret, paymentBody('ada@example.com')));
    await tell('calendar', signHmac('x-signature', values.calendar_secret, body(booking('ada@example.com'))));
    await tell('website_form', form('ada@example.com')); // another secret's signature
    await tell('website_form', signStandard(values.form_secret, body(form('ada@example.com')), {atS: nowS() - 4000}));
    await tell('checkout', {body: '{}', headers: {'stripe-signature': 't=1,v1=zz'}});
    await tell('course_platform', {body: '{}', headers: {}});
    await tell('course_platform', signHmac('x-course-signature', values.course_secret, '{"type": '));
    await tell('nobody', {body: '{}', headers: {}});
    await until('alerts go out', () => heard.length > 0 && mail.mails.length > 0);

    // every command, with its JSON; the daemon is reached and then is not
    fs.writeFileSync(path.join(other, 'form.json'), body(form('ada@example.com')));
    const {verbs} = JSON.parse(daemon.run('help', '--json').out);
    const table = commands(daemon, other);
    for (const {verb, words} of verbs) table[verb] ??= [wordsOf(words)];
    const runAll = (when) => {
        for (const [verb, ways] of Object.entries(table)) {
            for (const words of ways) {
                if (verb === 'serve' && !daemon.child) continue; // it would stay
                for (const more of [[], ['--json']]) {
                    const done = daemon.run(...verb.split(' '), ...words, ...more);
                    watch.look(`${verb} ${words.join(' ')} ${when}`, done.out + done.err);
                }
            }
        }
    };
    runAll('while it serves');
    const given = await daemon.runLive(['secret', 'set', 'form_secret'], values.form_secret);
    watch.look('secret set', given.out + given.err);
    const refusedValue = await daemon.runLive(['secret', 'set', 'form_secret', '--json'], `${values.checkout_secret}\ttab`);
    assert.equal(refusedValue.code, 2);
    watch.look('secret set, refused', refusedValue.out + refusedValue.err);

    // the API: each route, by somebody and by nobody
    const {paths} = JSON.parse(daemon.run('openapi').out);
    let routes = 0;
    for (const [where, methods] of Object.entries(paths)) {
        const at = where.replace('{contact}', 'ada@example.com').replace('{path}', 'form_to_member').replace('{issue}', 'H-1')
            .replace('{position}', '3').replace(/\{\w+\}/, 'website_form');
        for (const method of Object.keys(methods)) {
            for (const headers of [{}, {authorization: `Bearer ${daemon.token}`}, {authorization: 'Bearer hrt_wrong'}]) {
                const answer = await fetch(daemon.url(at), {method: method.toUpperCase(), headers: {...headers, 'content-type': 'application/json'},
                    body: method === 'get' ? undefined : '{"odd": '});
                watch.look(`${method} ${at}`, JSON.stringify([...answer.headers]) + await answer.text());
                routes += 1;
            }
        }
    }
    assert.ok(routes > 60, `${routes}`);

    // a secret that somebody pastes into a file is an error, which does not show it
    const file = path.join(daemon.folder, 'tools.yaml');
    const kept = fs.readFileSync(file);
    fs.writeFileSync(file, String(kept).replace('secret: form_secret', `secret: ${values.form_secret}`));
    for (const words of [['check'], ['check', '--json'], ['check', '--sarif'], ['check', '--fix'], ['reload'], ['doctor'], ['secret', 'ls'], ['diff', daemon.folder]]) {
        const done = daemon.run(...words);
        watch.look(`${words.join(' ')} of a file with a secret`, done.out + done.err);
    }
    daemon.child.kill('SIGHUP');
    await until('it says that the files were not taken', () => /not taken/.test(daemon.output));
    fs.writeFileSync(file, kept);

    // a key that is gone, a value that cannot be one
    for (const variables of [{HANDRAIL_KEY_FILE: '/nowhere/key'}, {HANDRAIL_KEY_FILE: path.join(daemon.data, 'key')},
        {HANDRAIL_SECRET_FORM_SECRET: `${values.form_secret}\x01`}]) {
        for (const words of [['secret', 'ls'], ['doctor'], ['send', 'website_form', path.join(other, 'form.json'), '--sign', daemon.url('')]]) {
            const done = runWith(daemon, words, variables);
            watch.look(`${words.join(' ')} with ${Object.keys(variables)}`, done.out + done.err);
        }
    }

    // what it leaves on the disk, while it runs, after it stopped, and in a rebuilt state
    watch.look('mails', JSON.stringify(mail.mails));
    watch.look('what the receiver heard', heard.join('\n'));
    const some = watch.lookAtFolder(daemon.base);
    await daemon.stop();
    runAll('without the daemon');
    assert.ok(some > 15 && watch.lookAtFolder(daemon.base) >= some - 3, `${some} files`);
    watch.lookAtFolder(other);
    watch.look('what the daemon said', daemon.output);
    assert.deepEqual([...new Set(watch.hits)], []);
    assert.ok(watch.bytes > 500_000, `${watch.bytes} bytes were looked through`);
    t.diagnostic(`${watch.bytes} bytes, ${watch.forms.length} forms of ${Object.keys(values).length + 1} secrets: 0 hits`);

    // the watch itself sees: each form is found where it is
    for (const [name, value] of Object.entries(values)) {
        const seeing = new Watch({[name]: value});
        for (const text of [value, Buffer.from(value).toString('hex'), `x${Buffer.from(`ab${value}cd`).toString('base64')}`, encodeURIComponent(value)]) {
            seeing.hits = [];
            seeing.look('here', `before ${text} after`);
            assert.ok(seeing.hits.length > 0, `${name} as ${text}`);
        }
    }
});

// ---- where each comes from ----------------------------------------------------------------------------

test('secret ls says for each who needs it and where it comes from', async (t) => {
    const daemon = await Daemon.make({sealed: true});
    t.after(() => daemon.end());
    const list = () => Object.fromEntries(JSON.parse(daemon.run('secret', 'ls', '--json').out).secrets.map((one) => [one.name, one]));
    daemon.outside.HANDRAIL_SECRET_CALENDAR_SECRET = 'new one\nold one';
    daemon.outside.HANDRAIL_SECRET_COURSE_TOKN = 'misspelt';
    const found = list();
    assert.deepEqual([found.form_secret.from, found.form_secret.needed_by, found.form_secret.values], ['sealed', ['tool website_form'], 1]);
    assert.ok(Math.abs(Date.parse(found.form_secret.set_at) - Date.now()) < 120_000);
    assert.deepEqual([found.calendar_secret.from, found.calendar_secret.values, found.calendar_secret.set_at], ['environment', 2, null]);
    assert.deepEqual([found.course_token.from, found.course_token.needed_by], ['missing', ['calls to course_platform']]);
    assert.equal((await daemon.runLive(['secret', 'set', 'left_over'], 'x')).code, 0);
    const said = daemon.run('secret', 'ls');
    assert.match(said.out, /^left_over +sealed \d+ m?s ago +nobody$/m);
    assert.match(said.out, /^course_token +missing +calls to course_platform$/m);
    assert.match(said.out, /^course_tokn +environment +nobody$/m);
    assert.match(said.out, /^calendar_secret +environment, two values +tool calendar$/m);
    assert.match(said.err, /^The key is .*\.key\.$/m);

    const gone = daemon.run('secret', 'rm', 'form_secret');
    assert.deepEqual([gone.code, gone.out], [0, '']);
    assert.match(gone.err, /Without it tool website_form has no endpoint/);
    assert.equal(list().form_secret.from, 'missing');
    const again = daemon.run('secret', 'rm', 'form_secret');
    assert.equal(again.code, 1);
    assert.match(again.err, /E0665/);
    assert.match(daemon.run('secret', 'rm', 'left_ovr').err, /did you mean `left_over`/);

    const doctor = JSON.parse(daemon.run('doctor', '--json').out).checks;
    const verdict = (part) => doctor.find(({says}) => says.includes(part))?.verdict;
    assert.equal(verdict('form_secret has no value: tool website_form has no endpoint'), 'bad');
    assert.equal(verdict('course_token has no value: calls to course_platform cannot sign in'), 'look');
    assert.equal(verdict('sealed; the key is '), 'ok');
    await daemon.start();
    assert.match(daemon.output, /tool website_form has no endpoint: handrail secret set form_secret/);
    assert.match(daemon.output, /calls to course_platform cannot sign in: handrail secret set course_token/);
    await assertProblem(await daemon.post('website_form', form('ada@example.com')), 404);
    await daemon.tell('calendar', signHmac('x-signature', 'old one', booking('ada@example.com').body));
});

test('init makes what can be made, and says what is left to a person', async (t) => {
    const base = folder(t);
    const run = (...words) => spawnSync(program, words, {encoding: 'utf8', env: {...process.env, HOME: base, XDG_CONFIG_HOME: '', HANDRAIL_DIR: ''}});
    const made = run('init', '--example', 'coaching', path.join(base, 'shop'));
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stderr, /The secrets are sealed\. Their key is ~\/\.config\/handrail\/keys\/bright_coaching-[0-9a-f]{16}\.key:/);
    assert.match(made.stderr, /^ {2}form_secret +tool website_form$/m);
    assert.match(made.stderr, /Still to be set with `handrail secret set NAME`:\n {2}course_token +calls to course_platform/);
    const told = JSON.parse(run('init', '--json', path.join(base, 'small')).stdout);
    assert.deepEqual([told.secrets, told.unset], [1, []]);
    assert.equal(fs.statSync(told.key).mode & 0o777, 0o600);
    assert.equal(path.dirname(told.key), path.join(base, '.config/handrail/keys'));
    for (const name of fs.readdirSync(path.join(base, 'shop/.handrail'))) assert.notEqual(name, 'secrets');
});

// ---- a thief, and whoever restores a backup ------------------------------------------------------------

test('a copy of the data folder opens nothing without the key, and everything with it', async (t) => {
    const daemon = await Daemon.make({sealed: true});
    t.after(() => daemon.end());
    const key = keyFile(daemon);
    assert.ok(!key.startsWith(daemon.folder));
    const thief = new Daemon();
    Object.assign(thief, {base: folder(t), port: daemon.port, token: daemon.token, outside: {XDG_CONFIG_HOME: folder(t)}, output: ''});
    thief.folder = path.join(thief.base, 'copy');
    thief.data = path.join(thief.folder, '.handrail');
    fs.cpSync(daemon.folder, thief.folder, {recursive: true});
    for (const [words, exit] of [[['serve', '--port', '0'], 1], [['secret', 'ls'], 1], [['secret', 'set', 'form_secret', '--generate'], 1], [['secret', 'rotate-key'], 1]]) {
        const done = thief.run(...words);
        assert.equal(done.code, exit, `${words.join(' ')}: ${done.err}`);
        assert.match(done.err, /E0660.*bright_coaching-[0-9a-f]{16}\.key, is not there/);
        assert.match(done.err, /HANDRAIL_KEY_FILE/);
    }
    assert.match(thief.run('doctor').out, /^bad +secrets +the key of the secrets, .* is not there$/m);
    assert.ok(fs.readFileSync(sealedFile(thief)).equals(fs.readFileSync(sealedFile(daemon))), 'nothing of it was touched');

    const brought = path.join(thief.base, 'brought.key');
    fs.copyFileSync(key, brought);
    fs.chmodSync(brought, 0o644);
    thief.outside.HANDRAIL_KEY_FILE = brought;
    assert.match(thief.run('secret', 'ls').err, /E0662.*rights are 644/);
    fs.chmodSync(brought, 0o600);
    t.after(() => thief.stop());
    await thief.start();
    await thief.tell('website_form', form('ada@example.com'));
    thief.outside.HANDRAIL_KEY_FILE = path.join(thief.data, 'inside.key');
    fs.copyFileSync(brought, thief.outside.HANDRAIL_KEY_FILE);
    assert.match(thief.run('secret', 'ls').err, /E0663/);
});

test('the daemon leaves no core file, unless somebody asks', {skip: process.platform === 'linux' ? false : 'limits of a process are read in /proc'}, async (t) => {
    const daemon = await Daemon.serve(t);
    const core = (pid) => fs.readFileSync(`/proc/${pid}/limits`, 'utf8').match(/^Max core file size +(\w+) +(\w+)/m).slice(1, 3);
    assert.deepEqual(core(daemon.child.pid), ['0', '0']);
    await daemon.stop();
    const before = core('self');
    const child = spawn(program, ['serve', '--dir', daemon.folder, '--core-dumps'], {env: daemon.env(), stdio: 'ignore'});
    const ended = new Promise((done) => child.once('exit', done));
    await until('it is there', () => fetch(daemon.url('/v1/health')).then(() => true, () => false), 20);
    assert.deepEqual(core(child.pid), before);
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
});

// ---- changes -------------------------------------------------------------------------------------------

test('the key changes while tools send, and no good message is refused', async (t) => {
    const daemon = await Daemon.serve(t, {sealed: true});
    const key = keyFile(daemon);
    const before = fs.readFileSync(key, 'utf8');
    let sent = 0;
    let over = false;
    const sending = (async () => {
        for (; !over; sent += 1) await daemon.tell('website_form', form(`p${sent}@example.com`));
    })();
    for (let i = 0; i < 10; i += 1) {
        const done = daemon.run('secret', 'rotate-key');
        assert.equal(done.code, 0, done.err);
        assert.match(done.err, /^5 secrets are sealed under a new key/);
        assert.equal((await daemon.runLive(['reload'])).code, 0);
        await sleep(20);
    }
    over = true;
    await sending;
    assert.ok(sent > 10, `${sent}`);
    const after = fs.readFileSync(key, 'utf8');
    assert.equal(after.match(/^\S+ hrk_/gm).length, 1, 'the old keys are gone');
    assert.notEqual(after, before);
    fs.writeFileSync(key, before);
    assert.match(daemon.run('secret', 'ls').err, /E0661/);
    const reload = daemon.run('reload');
    assert.notEqual(reload.code, 0);
    assert.match(reload.err, /E0661/);
    await daemon.tell('website_form', form('last@example.com')); // what was in force stays
    fs.writeFileSync(key, after);
    await daemon.stop();
    await daemon.start();
    await daemon.tell('checkout', payment('ada@example.com'));
});

test('killed at any moment, a change of the key or of a secret loses nothing', async (t) => {
    const daemon = await Daemon.make({sealed: true});
    t.after(() => daemon.end());
    const env = daemon.env();
    const begin = Date.now();
    assert.equal(daemon.run('secret', 'rotate-key').code, 0);
    const long = Date.now() - begin;
    const run = (words, input) => new Promise((done) => {
        const child = spawn(program, ['--dir', daemon.folder, ...words], {env, stdio: ['pipe', 'ignore', 'ignore']});
        child.stdin.on('error', () => {});
        child.stdin.end(input);
        const wait = setTimeout(() => child.kill('SIGKILL'), Math.random() * long * 1.3);
        child.once('close', (code) => {
            clearTimeout(wait);
            done(code);
        });
    });
    let killed = 0;
    let last = SECRETS.course_secret;
    for (let i = 0; i < 60; i += 1) {
        killed += await run(['secret', 'rotate-key'], '') !== 0;
        const next = `course secret ${i}`;
        const code = await run(['secret', 'set', 'course_secret', '--replace'], next);
        killed += code !== 0;
        const listed = daemon.run('secret', 'ls', '--json');
        assert.equal(listed.code, 0, listed.err);
        const {secrets} = JSON.parse(listed.out);
        assert.deepEqual(secrets.filter(({from}) => from === 'sealed').map(({name}) => name).sort(), Object.keys(SECRETS).sort());
        if (code === 0) last = next;
    }
    assert.ok(killed > 10, `${killed} of 120 were killed`);
    assert.equal((await daemon.runLive(['secret', 'set', 'course_secret', '--replace'], last)).code, 0);
    assert.equal(daemon.run('secret', 'rotate-key').code, 0);
    await daemon.start();
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('course_platform', signHmac('x-course-signature', last, access('ada@example.com').body));
    t.diagnostic(`${killed} of 120 were killed`);
});

test('two people set secrets at once, and both are kept', async (t) => {
    const daemon = await Daemon.make();
    t.after(() => daemon.end());
    const names = Array.from({length: 12}, (_, i) => `at_once_${i}`);
    const done = await Promise.all(names.map((name) => daemon.runLive(['secret', 'set', name], name)));
    assert.deepEqual(done.map(({code}) => code), names.map(() => 0));
    const {secrets} = JSON.parse(daemon.run('secret', 'ls', '--json').out);
    assert.equal(secrets.filter(({name}) => names.includes(name)).length, names.length);
});

test('plain files of an older release are sealed by one command, and until then refused', async (t) => {
    const daemon = await Daemon.make();
    t.after(() => daemon.end());
    daemon.outside = {};
    fs.rmSync(sealedFile(daemon));
    const plain = path.join(daemon.data, 'secrets');
    fs.mkdirSync(plain);
    for (const [name, value] of Object.entries(SECRETS)) fs.writeFileSync(path.join(plain, name), `${value}\n`, {mode: 0o600});
    for (const words of [['serve', '--port', '0'], ['secret', 'ls'], ['secret', 'set', 'form_secret', '--generate']]) {
        const done = daemon.run(...words);
        assert.equal(done.code, 4, done.err);
        assert.match(done.err, /E0664[^]*handrail secret seal/);
    }
    const sealed = daemon.run('secret', 'seal');
    assert.equal(sealed.code, 0, sealed.err);
    assert.match(sealed.err, /^5 secrets are sealed in .*secrets\.sealed, and the plain files are deleted/);
    assert.ok(!fs.existsSync(plain));
    await daemon.start();
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('checkout', payment('ada@example.com'));
});
