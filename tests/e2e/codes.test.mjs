// Error codes that only a running daemon, a real store or a real command line can say: each is provoked once. The other
// codes have golden files or unit tests; tests/golden/codes.txt lists which.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {test} from 'node:test';
import {assertProblem, Daemon, program, until} from './support/daemon.mjs';
import {form, SECRETS, signStandard} from './support/shop.mjs';

/** Replaces bytes in a file by as many others; answers how often they stood there. */
function damage(file, from, to, {first = 0, most = Infinity} = {}) {
    assert.equal(Buffer.byteLength(from), Buffer.byteLength(to));
    const bytes = fs.readFileSync(file);
    let count = 0;
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) {
        if (count >= first && count - first < most) bytes.write(to, at);
        count += 1;
    }
    fs.writeFileSync(file, bytes);
    return count;
}

/** A daemon that heard of Ada and stopped in order, with all of it in one database file. */
async function stopped(t, options) {
    const daemon = await Daemon.serve(t, options);
    await daemon.tell('website_form', form('ada@example.com', {firstName: 'Adalovelace'}));
    await daemon.stop();
    daemon.database = path.join(daemon.data, 'handrail.db');
    return daemon;
}

test('signatures that cannot be read', async (t) => {
    const daemon = await Daemon.serve(t);
    const good = form('ada@example.com');
    const signed = (signature) => ({...good, headers: {...good.headers, 'webhook-signature': signature}});
    await assertProblem(await daemon.post('website_form', signed('v1')), 401, 'E0501');
    await assertProblem(await daemon.post('website_form', signed(good.headers['webhook-signature'].replace('v1,', 'v1a,'))), 401, 'E0504');
});

test('one tool may not take all the room', async (t) => {
    const daemon = await Daemon.serve(t);
    const flood = Array.from({length: 40}, () => {
        const events = Array.from({length: 1000}, () => JSON.parse(form('ada@example.com').body));
        return daemon.post('website_form', signStandard(SECRETS.form_secret, JSON.stringify(events)));
    });
    const answers = await Promise.all(flood);
    const refused = answers.filter((each) => each.status === 429);
    assert.ok(refused.length > 0, `${answers.map((each) => each.status)}`);
    assert.ok(Number(refused[0].headers.get('retry-after')) > 0);
    await assertProblem(refused[0], 429, 'E0522');
    assert.equal((await fetch(daemon.url('/v1/health'))).status, 200);
});

test('more is kept of a person than can be forgotten at once', async (t) => {
    const columns = {
        'tools.yaml': [
            ['      id: payload.data.submission_id\n      at: timestamp(payload.timestamp)\n      contact: {email: payload.data.email}',
                '      contact: {email: payload.email}'],
            ['first_name: payload.data.first_name', 'first_name: payload.first_name'],
            ['offer: payload.data.offer', 'offer: "\'group_program\'"'],
            ['"has(payload.data.source) ? payload.data.source : \'unknown\'"', '"\'unknown\'"'],
        ],
    };
    const daemon = await Daemon.serve(t, {change: columns});
    const file = path.join(daemon.base, 'names.csv');
    fs.writeFileSync(file, 'email,first_name\n' + Array.from({length: 50_200}, (_, i) => `ada@example.com,Ada${i}\n`).join(''));
    assert.match(daemon.run('send', 'website_form', file, '--type', 'form.submitted').out, /^50200 journalled/);
    const done = daemon.run('forget', 'ada@example.com', '--yes');
    assert.match(done.err, /E0610/, done.out);
    assert.equal(done.code, 1);
});

test('a store that does not hold', async (t) => {
    const journal = await stopped(t);
    assert.ok(damage(journal.database, 'Adalovelace', 'Eveloveless') > 0);
    const verified = journal.run('verify');
    assert.match(verified.err, /E0603/, verified.out);
    assert.equal(verified.code, 1);

    const state = await stopped(t);
    const whole = fs.readFileSync(state.database);
    const places = damage(state.database, 'Adalovelace', 'Adalovelace');
    let said = '';
    for (let first = 0; first < places && !said.includes('E0635'); first += 1) { // one of them is the state's
        fs.writeFileSync(state.database, whole);
        damage(state.database, 'Adalovelace', 'Eveloveless', {first, most: 1});
        said = state.run('rebuild').err;
    }
    assert.match(said, /E0635/, `${places} places`);
    assert.equal(state.run('rebuild').code, 0, 'it is right now');
});

test('questions about what is not there', async (t) => {
    const daemon = await stopped(t);
    for (const [words, code] of [[['why', 'ada@example.com', 'shoe_size'], 'E0702'], [['path', 'show', 'form_to_nowhere'], 'E0703'],
        [['why', '--not', 'nothing', 'ada@example.com'], 'E0703']]) {
        const done = daemon.run(...words);
        assert.match(done.err, new RegExp(code), `${words}: ${done.out}`);
        assert.equal(done.code, 1);
    }
});

test('what the command line itself refuses', async (t) => {
    const daemon = await Daemon.make();
    t.after(() => daemon.end());
    const run = (words, input) => {
        const env = {...process.env, HANDRAIL_TOKEN: '', HANDRAIL_DIR: ''};
        return spawnSync(program, words, {encoding: 'utf8', env, input, cwd: daemon.base});
    };
    fs.rmSync(path.join(daemon.data, 'token'));
    fs.writeFileSync(path.join(daemon.data, 'daemon.json'), JSON.stringify({pid: process.pid, port: 9, url: 'http://127.0.0.1:9'}));
    const refuse = (words, code, exit, input) => {
        const done = run(words, input);
        assert.match(done.stderr, new RegExp(code), `${words.join(' ')}: ${done.stdout}`);
        assert.equal(done.status, exit);
    };
    refuse(['--dir', daemon.folder, 'exceptions', 'ack', 'H-1'], 'E0624', 4);
    refuse(['init', '--example', 'coaching', daemon.folder], 'E0625', 4);
    refuse(['--dir', daemon.folder, 'secret', 'set', 'Form-Secret'], 'E0630', 2, 'x\n');

    const nobody = path.join(daemon.base, 'nobody');
    fs.cpSync(daemon.folder, nobody, {recursive: true});
    fs.rmSync(path.join(nobody, '.handrail'), {recursive: true});
    const head = path.join(nobody, 'handrail.yaml');
    fs.writeFileSync(head, fs.readFileSync(head, 'utf8').replace('role: admin', 'role: viewer'));
    refuse(['init', nobody], 'E0631', 3);

    const event = path.join(daemon.base, 'one.json');
    fs.writeFileSync(event, '{"type": "form.submitted"}');
    daemon.change({'tools.yaml': [['    kind: webhook_in\n    owner: dan\n    verify: {scheme: standard_webhooks, secret: form_secret, tolerance: 5 minutes}',
        '    kind: file\n    owner: dan']]});
    refuse(['--dir', daemon.folder, 'send', 'website_form', event, '--sign', 'http://127.0.0.1:9'], 'E0632', 2);
});

/** Something that answers at the daemon's address; handle(request, body, answer). */
async function impostor(t, daemon, handle) {
    const server = http.createServer((request, answer) => {
        let body = '';
        request.on('data', (bytes) => (body += bytes));
        request.on('end', () => handle(request, body, answer));
    }).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    t.after(() => server.close());
    const {port} = server.address();
    fs.writeFileSync(path.join(daemon.data, 'daemon.json'), JSON.stringify({pid: process.pid, port, url: `http://127.0.0.1:${port}`}));
    return server;
}

test('an answer that is none of the daemon\'s', async (t) => {
    const daemon = await Daemon.make();
    t.after(() => daemon.end());
    await impostor(t, daemon, (request, body, answer) => answer.end('<html>hello</html>'));
    const done = await daemon.runLive(['exceptions', 'ack', 'H-1']);
    assert.match(done.err, /E0629/, done.out);
    assert.equal(done.code, 1);
});

test('a file of which only a part arrives', async (t) => {
    const daemon = await Daemon.serve(t);
    const file = path.join(daemon.base, 'many.json');
    const events = Array.from({length: 4000}, (_, i) => ({...JSON.parse(form(`p${i}@example.com`).body), filler: 'x'.repeat(400)}));
    fs.writeFileSync(file, JSON.stringify(events));
    let pieces = 0;
    await impostor(t, daemon, (request, body, answer) => {
        pieces += 1;
        if (pieces > 1) return request.socket.destroy();
        const onward = http.request(daemon.url(request.url), {method: request.method, headers: request.headers}, (said) => {
            answer.writeHead(said.statusCode, said.headers);
            said.pipe(answer);
        });
        return onward.end(body);
    });
    const done = await daemon.runLive(['send', 'website_form', file]);
    assert.match(done.err, /E0636/, done.err);
    assert.equal(done.code, 5);
    await until('the first piece is kept', async () => (await daemon.figures()).journalled > 0);
});
