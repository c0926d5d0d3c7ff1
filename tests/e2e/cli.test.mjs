// The handrail command and people's API from outside: what a person types, what a script reads, what a role may do.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {assertProblem, Daemon, until} from './support/daemon.mjs';
import {access, booking, form, fresh, payment, quick, SECRETS, signHmac} from './support/shop.mjs';

const rows = (count, from = 0) => Array.from({length: count}, (_, i) =>
    `person${from + i}@example.com,Name${from + i},group_program`);

/** The coaching form as a tool whose rows are read by column names. */
const columns = {
    'tools.yaml': [
        ['      id: payload.data.submission_id\n      at: timestamp(payload.timestamp)\n      contact: {email: payload.data.email}',
            '      contact: {email: payload.email}'],
        ['first_name: payload.data.first_name', 'first_name: payload.first_name'],
        ['offer: payload.data.offer', 'offer: payload.offer'],
        ['"has(payload.data.source) ? payload.data.source : \'unknown\'"', '"\'unknown\'"'],
    ],
};

function write(daemon, name, lines) {
    const file = path.join(daemon.base, name);
    fs.writeFileSync(file, lines.join('\n') + '\n');
    return file;
}

test('a file of rows is sent once, whatever its size; a bad row is named by row and column', async (t) => {
    const daemon = await Daemon.serve(t, {change: columns});
    const small = write(daemon, 'small.csv', ['email,first_name,offer', ...rows(3), 'short@example.com,Short', ...rows(1, 3)]);
    const first = daemon.run('send', 'website_form', small, '--type', 'form.submitted');
    assert.equal(first.code, 5, first.err);
    assert.match(first.out, /^4 journalled, 0 duplicate, 1 refused\n$/);
    assert.match(first.err, /row 5: refused, column offer: it has 2 cells and the header 3/);
    const again = daemon.run('send', 'website_form', small, '--type', 'form.submitted', '--json');
    assert.deepEqual((({journalled, duplicate, refused}) => ({journalled, duplicate, refused}))(JSON.parse(again.out)),
        {journalled: 0, duplicate: 4, refused: 1});

    const large = write(daemon, 'large.csv', ['email,first_name,offer', ...rows(30_000, 10)]);
    assert.ok(fs.statSync(large).size > 1 << 20, 'more than one request may carry');
    const dry = daemon.run('send', 'website_form', large, '--type', 'form.submitted', '--dry-run', '--json');
    assert.equal(dry.code, 0, dry.err);
    assert.deepEqual([JSON.parse(dry.out).read, JSON.parse(dry.out).journalled], [30_000, 0]);
    const head = write(daemon, 'head.csv', ['email,first_name,offer', ...rows(400, 10)]);
    assert.match(daemon.run('send', 'website_form', head, '--type', 'form.submitted').out, /^400 journalled, 0 duplicate, 0 refused\n$/);
    assert.match(daemon.run('contact', 'show', 'person42@example.com').out, /Name42/);
    daemon.assertVerifies();
});

test('what is no event, and a file without rows, are said to be so', async (t) => {
    const daemon = await Daemon.serve(t);
    const bogus = await daemon.runLive(['send', 'website_form', '-'], 'not json\n');
    assert.equal(bogus.code, 1);
    assert.match(bogus.err, /E0531.*neither JSON.*nor CSV/);
    const bare = daemon.run('send', 'website_form', write(daemon, 'bare.csv', ['type,email']));
    assert.equal(bare.code, 1);
    assert.match(bare.err, /E0530.*no rows/);
    const headers = {authorization: `Bearer ${daemon.token}`};
    const post = (more, body) => fetch(daemon.url('/v1/send/website_form'), {method: 'POST', headers: {...headers, ...more}, body});
    await assertProblem(await post({'content-type': 'text/csv'}, 'type,email\n'), 400, 'E0530');
    const unnamed = await post({}, new Uint8Array([0x7b, 0x7d]));
    assert.match((await unnamed.json()).detail, /no content-type header; send content-type: application\/json/);
    const unknown = daemon.run('send', 'website_frm', write(daemon, 'one.json', ['{}']));
    assert.match(unknown.err, /did you mean `website_form`[^]*website_form, calendar, checkout/);
});

test('slips in a file and on the line are said before anything is sent', async (t) => {
    const daemon = await Daemon.serve(t, {change: columns});
    const file = write(daemon, 'a.csv', ['email,first_name,offer', ...rows(1)]);
    const cases = [
        [['send', 'website_frm', file], 1, /E0515.*no tool `website_frm`; did you mean `website_form`/],
        [['send', 'website_form', file, '--type', 'form.submited'], 1, /E0521.*did you mean `form.submitted`/],
        [['send', 'website_form', 'missing.csv'], 2, /E0627/],
        [['send', 'website_form', file, '--tipe', 'x'], 2, /E0621.*did you mean --type/],
        [['exceptions', 'resolve', 'H-1'], 2, /E0622.*--reason/],
        [['exceptions', 'show', 'H-77'], 1, /E0704/],
        [['exceptions', 'assign', 'H-77', 'maya'], 1, /E0704/],
        [['why', 'nobody@example.com'], 1, /E0700/],
        [['forget', 'nobody@example.com'], 4, /E0628/],
        [['forget', 'nobody@example.com', '--yes'], 1, /E0700/],
        [['token', 'add', 'mayaa'], 2, /E0607/],
        [['explain', 'E9999'], 2, /E0626/],
    ];
    for (const [words, code, says] of cases) {
        const done = daemon.run(...words);
        assert.equal(done.code, code, `${words.join(' ')}: ${done.err}`);
        assert.match(done.err, says);
        assert.equal(done.out, '', 'errors are no data');
        const json = daemon.run(...words, '--json');
        assert.match(JSON.parse(json.out).errors[0].code, /^E\d{4}$/);
        assert.equal(json.code, code);
    }
    const figures = await daemon.figures();
    assert.equal(figures.journalled, 0);
    assert.ok(figures.http_requests > 0 && figures.http_connections > 0, 'what the HTTP server did is shown too');
});

test('a signed message by hand is one like the tool sends', async (t) => {
    const daemon = await Daemon.serve(t);
    for (const [tool, message] of [['website_form', form('ada@example.com')], ['checkout', payment('ada@example.com')],
        ['calendar', booking('ada@example.com')]]) {
        const file = path.join(daemon.base, `${tool}.json`);
        fs.writeFileSync(file, message.body);
        const sent = daemon.run('send', tool, file, '--sign', daemon.url(''));
        assert.deepEqual([sent.code, sent.out], [0, '1 accepted\n'], sent.err);
        assert.match(daemon.run('send', tool, file, '--sign', daemon.url(`/v1/in/${tool}`)).out, /^0 accepted, 1 duplicate/);
    }
});

test('without the daemon reading works, and writing says how to start it', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.stop();
    for (const words of [['why', 'ada@example.com'], ['why', '--not', 'payment_to_access', 'ada@example.com'],
        ['contact', 'show', 'ada@example.com'], ['path', 'show'], ['exceptions'], ['exceptions', 'ls', '--all'],
        ['exceptions', '--mine'], ['trace', '3'], ['verify'], ['rebuild'], ['doctor', '--promises']]) {
        const done = daemon.run(...words);
        assert.equal(done.code, 0, `${words.join(' ')}: ${done.err}`);
        const json = daemon.run(...words, '--json');
        assert.equal(json.code, 0, json.err);
        JSON.parse(json.out);
    }
    const told = daemon.run('exceptions', 'note', 'H-1', 'hello');
    assert.equal(told.code, 1);
    assert.match(told.err, /E0623[^]*handrail serve --dir/);
});

test('an issue goes through a person\'s hands, each step with its undo', async (t) => {
    const daemon = await Daemon.serve(t, {change: quick()});
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('checkout', payment('ada@example.com'));
    const issue = await until('the payment is late', async () =>
        (await daemon.issues()).find((each) => each.handoff?.endsWith('payment_to_access')));
    const name = issue.issue;
    const steps = [
        [['exceptions', 'assign', name, 'maya'], /is owned by maya now/, /^undo: handrail exceptions assign H-\d+ dan$/m],
        [['exceptions', 'note', name, 'called the platform'], /note stands/, /^undo: /m],
        [['exceptions', 'ack', name], /seen by maya/, /^undo: /m],
        [['exceptions', 'snooze', name, '--until', '2 days'], /is quiet until 20/, /^undo: /m],
        [['recover', name, '--contact', 'ada@example.com'], /waiting for the proof/, /^undo: /m],
        [['exceptions', 'resolve', name, '--reason', 'refunded by phone'], /closed without proof, by maya/, /^undo: this cannot/m],
    ];
    for (const [words, says, undo] of steps) {
        const done = daemon.run(...words);
        assert.equal(done.code, 0, `${words.join(' ')}: ${done.err}`);
        assert.match(done.out, says);
        assert.match(done.err, undo);
    }
    const refused = daemon.run('exceptions', 'snooze', name, '--people', '3');
    assert.equal(refused.code, 4, refused.err);
    assert.match(refused.err, /E0606/);
    const shown = daemon.run('exceptions', 'show', name).out;
    assert.match(shown, /refunded by phone/);
    assert.match(shown, /called the platform/);
    assert.equal((await daemon.issues()).some((each) => each.issue === name), false);
    assert.ok((await daemon.issues('resolved')).some((each) => each.issue === name));
});

test('a message that two contacts match is heard as theirs when a person says whose it is', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('calendar', booking('grace@example.com', {phone: '+442079460018'}));
    await daemon.tell('calendar', booking('ada@example.com', {phone: '020 7946 0018', event: 'booking.completed'}));
    const issue = (await daemon.issues()).find((each) => each.cause === 'ambiguous contact');
    assert.ok(issue, 'two people match: a question, never a silent merge');
    const before = await daemon.contact('ada@example.com');
    assert.doesNotMatch(JSON.stringify(before.fields ?? before), /attended/);
    const wrong = daemon.run('exceptions', 'resolve', issue.issue, '--reason', 'x', '--contact', 'nobody@example.com');
    assert.equal(wrong.code, 1, wrong.err);
    const done = daemon.run('exceptions', 'resolve', issue.issue, '--reason', 'asked her', '--contact', 'ada@example.com');
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /1 message was given to the contact named/);
    assert.match(JSON.stringify(await daemon.contact('ada@example.com')), /attended/);
    daemon.assertVerifies();
});

test('a question that was answered hundreds of times can be answered once more', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('calendar', booking('grace@example.com', {phone: '+442079460018'}));
    const give = () => daemon.run('exceptions', 'resolve', issue, '--reason', 'asked her', '--contact', 'ada@example.com');
    let issue;
    for (const count of [200, 100, 1]) {
        for (let i = 0; i < count; i++) {
            await daemon.tell('calendar', booking('ada@example.com', {phone: '020 7946 0018', event: 'booking.completed'}));
        }
        issue ??= (await daemon.issues()).find((each) => each.cause === 'ambiguous contact').issue;
        const done = give();
        assert.equal(done.code, 0, done.err);
        assert.match(done.out, new RegExp(`${count} messages? (was|were) given to the contact named`));
    }
    daemon.assertVerifies();
});

test('what waited when an issue was closed is not given to somebody later', async (t) => {
    const daemon = await Daemon.serve(t);
    const ask = () => daemon.tell('calendar', booking('ada@example.com', {phone: '020 7946 0018', event: 'booking.completed'}));
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('calendar', booking('grace@example.com', {phone: '+442079460018'}));
    await ask();
    const {issue} = (await daemon.issues()).find((each) => each.cause === 'ambiguous contact');
    assert.equal(daemon.run('exceptions', 'resolve', issue, '--reason', 'both were there').code, 0);
    await ask();
    const done = daemon.run('exceptions', 'resolve', issue, '--reason', 'asked her', '--contact', 'ada@example.com');
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /1 message was given to the contact named/);
    daemon.assertVerifies();
});

test('a message of a tool that is gone is left out of the answer, which says so', async (t) => {
    const agenda = `  agenda:
    title: Agenda
    kind: webhook_in
    owner: dan
    verify: {scheme: hmac_sha256, header: X-Signature, encoding: hex, secret: calendar_secret}
    map:
      id: payload.id
      contact:
        email: payload.booking.invitee.email
        phone: payload.booking.invitee.phone
    events:
      agenda.changed:
        when: payload.event == 'booking.created'

`;
    const daemon = await Daemon.serve(t, {change: {
        'tools.yaml': [['  checkout:\n', `${agenda}  checkout:\n`]],
        'contacts.yaml': [['[website_form, calendar,', '[website_form, calendar, agenda,'], ['[calendar, people]', '[calendar, agenda, people]']],
    }});
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('calendar', booking('grace@example.com', {phone: '+442079460018'}));
    await daemon.tell('agenda', booking('ada@example.com', {phone: '020 7946 0018'}));
    const {issue} = (await daemon.issues()).find((each) => each.cause === 'ambiguous contact');
    daemon.change({'tools.yaml': [[agenda, '']], 'contacts.yaml': [[' agenda,', '']]});
    const taken = daemon.run('reload');
    assert.equal(taken.code, 0, taken.err);
    const done = daemon.run('exceptions', 'resolve', issue, '--reason', 'asked her', '--contact', 'ada@example.com');
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /0 messages were given to the contact named; 1 was left out: its tool is no longer in the workspace/);
    assert.equal((await daemon.issues('resolved')).some((each) => each.issue === issue), true);
    daemon.assertVerifies();
});

/** All bytes of the data folder. */
function bytesOf(folder) {
    return fs.readdirSync(folder, {recursive: true, withFileTypes: true})
        .filter((item) => item.isFile())
        .map((item) => fs.readFileSync(path.join(item.parentPath ?? item.path, item.name)));
}

test('who is forgotten is gone from every byte, notes and unassigned messages too, and the record verifies', async (t) => {
    const daemon = await Daemon.serve(t, {change: quick()});
    const email = 'Zerafina.Quolt@Example.com';
    await daemon.tell('website_form', form(email, {firstName: 'Zerafina'}));
    await daemon.tell('checkout', payment(email));
    await daemon.tell('checkout', payment('', {payment: 'zerafina.quolt@example.com'})); // nobody can be named for it
    await daemon.tell('website_form', form('bob@example.com', {firstName: 'Bob'}));
    const issue = await until('the payment is late', async () =>
        (await daemon.issues()).find((each) => each.handoff?.endsWith('payment_to_access')));
    daemon.run('exceptions', 'note', issue.issue, 'wrote to zerafina.quolt%40example.com');
    daemon.run('exceptions', 'note', issue.issue, 'nobody in particular');
    const asked = daemon.run('forget', email);
    assert.equal(asked.code, 4, asked.err);
    const done = daemon.run('forget', email, '--yes', '--json');
    assert.equal(done.code, 0, done.err);
    const answer = JSON.parse(done.out);
    assert.equal(answer.erased.notes, 1, done.out);
    assert.equal(answer.erased.messages, 1, done.out);
    assert.match(answer.undo, /cannot be taken back/);
    await daemon.stop();
    const forms = ['Zerafina.Quolt@Example.com', 'zerafina.quolt@example.com', 'zerafina.quolt%40example.com', 'Zerafina'];
    for (const bytes of bytesOf(daemon.data)) {
        const text = bytes.toString('latin1').toLowerCase();
        for (const value of forms) {
            assert.equal(text.includes(value.toLowerCase()), false, `${value} is still there`);
            assert.equal(bytes.toString('latin1').includes(Buffer.from(value).toString('base64').slice(0, -4)), false);
        }
    }
    daemon.assertVerifies();
    assert.equal(daemon.run('rebuild').code, 0);
    assert.equal(daemon.run('why', email).code, 1);
    assert.equal(daemon.run('why', 'bob@example.com').code, 0);
    assert.match(daemon.run('exceptions', 'show', issue.issue).out, /nobody in particular/);
});

const everyRole = {
    'handrail.yaml': [['people:\n', `people:\n${['owner', 'admin', 'builder', 'operator', 'approver', 'auditor', 'viewer', 'seller']
        .map((role) => `  a_${role}: {name: A ${role}, email: ${role}@bright.example.com, role: ${role}}\n`).join('')}`]],
};
const rights = {
    known: ['owner', 'admin', 'builder', 'operator', 'approver', 'auditor', 'viewer', 'seller'],
    read: ['owner', 'admin', 'builder', 'operator', 'approver', 'auditor', 'viewer'],
    operate: ['owner', 'admin', 'builder', 'operator'],
    govern: ['owner', 'admin'],
};

test('every route asks for a sign-in, and each role may do exactly what its rights say', async (t) => {
    const daemon = await Daemon.serve(t, {change: everyRole});
    const description = JSON.parse(daemon.run('openapi').out);
    assert.deepEqual(await daemon.get('/v1/openapi.json'), description);
    const tokens = {};
    for (const role of rights.known) {
        const made = daemon.run('token', 'add', `a_${role}`);
        assert.equal(made.code, 0, made.err);
        tokens[role] = made.out.trim();
    }
    let asked = 0;
    for (const [where, methods] of Object.entries(description.paths)) {
        for (const [method, operation] of Object.entries(methods)) {
            const right = operation['x-right'];
            if (!rights[right]) continue;
            const address = daemon.url(where.replace(/\{\w+\}/g, 'nothing'));
            const ask = (headers) => fetch(address, {method: method.toUpperCase(), headers});
            for (const headers of [{}, {authorization: 'Bearer hrt_nobody'}, {authorization: `Basic ${daemon.token}`}]) {
                await assertProblem(await ask(headers), 401, 'E0513');
            }
            for (const [role, token] of Object.entries(tokens)) {
                const answer = await ask({authorization: `Bearer ${token}`});
                const may = rights[right].includes(role);
                assert.equal(answer.status === 403, !may, `${role} ${method} ${where}: ${answer.status}`);
                assert.notEqual(answer.status, 401);
                assert.ok(answer.status < 500, `${method} ${where}: ${answer.status}`);
                await answer.text();
                asked++;
            }
        }
    }
    assert.ok(asked >= 22 * 8);
    const refused = daemon.run('exceptions', 'note', 'H-1', 'hello', '--token', tokens.seller);
    assert.equal(refused.code, 4, refused.err);
    assert.match(refused.err, /E0514.*seller/);
});

/** Replaces in every YAML file of a folder. */
function rewriteAll(folder, pairs) {
    for (const item of fs.readdirSync(folder, {withFileTypes: true})) {
        const file = path.join(folder, item.name);
        if (item.isDirectory() && !item.name.startsWith('.')) rewriteAll(file, pairs);
        if (!file.endsWith('.yaml')) continue;
        fs.writeFileSync(file, pairs.reduce((text, [from, to]) => text.replace(from, to), fs.readFileSync(file, 'utf8')));
    }
}

test('a token ends when it is taken back, or when its person leaves', async (t) => {
    const daemon = await Daemon.serve(t);
    const token = daemon.run('token', 'add', 'priya').out.trim();
    const ask = () => fetch(daemon.url('/v1/issues'), {headers: {authorization: `Bearer ${token}`}});
    assert.equal((await ask()).status, 200);
    const listed = JSON.parse(daemon.run('token', 'ls', '--json').out).tokens;
    assert.deepEqual(listed.map(({person, role}) => [person, role]), [['maya', 'admin'], ['priya', 'operator']]);
    assert.equal(JSON.stringify(listed).includes(token.slice(4)), false);
    assert.equal(daemon.run('token', 'remove', listed[1].id).code, 0);
    await assertProblem(await ask(), 401, 'E0513');

    const dans = daemon.run('token', 'add', 'dan').out.trim();
    daemon.change({'handrail.yaml': [['  dan:\n    name: Dan Lewis\n    email: dan@bright.example.com\n    role: builder\n', ''],
        ['deputy: dan', 'deputy: priya']]});
    rewriteAll(daemon.folder, [[/: dan$/gm, ': priya'], [/\[dan, maya\]/g, '[priya, maya]']]);
    const taken = daemon.run('reload');
    assert.equal(taken.code, 0, taken.err);
    assert.match(taken.out, /plan \d is in force/);
    await assertProblem(await fetch(daemon.url('/v1/issues'), {headers: {authorization: `Bearer ${dans}`}}), 401, 'E0513');
});

test('whoever may write the folder is never locked out of it', async (t) => {
    const daemon = await Daemon.serve(t);
    const listed = daemon.run('token', 'ls', '--json');
    assert.equal(listed.code, 0, listed.out + listed.err);
    const {tokens} = JSON.parse(listed.out);
    assert.equal(tokens.length, 1);
    const last = daemon.run('token', 'remove', tokens[0].id);
    assert.deepEqual([last.code, /E0609/.test(last.err)], [4, true], last.err);

    rewriteAll(daemon.folder, [[/^  maya:/m, '  rita:'], [/: maya\b/g, ': rita'], [/([[ ])maya\]/g, '$1rita]']]);
    assert.match(daemon.run('check').out, /W0637[^]*handrail token add rita/);
    const taken = daemon.run('reload');
    assert.match(taken.err, /W0637/);
    const out = daemon.run('token', 'ls');
    assert.deepEqual([out.code, /E0513[^]*stop the daemon[^]*handrail token add/.test(out.err)], [4, true], out.err);
    assert.match(daemon.run('doctor').out, /bad +people/);
    assert.match(daemon.run('token', 'add', 'rita').err, /E0513/, 'not beside a daemon that runs');

    await daemon.stop();
    assert.match(daemon.run('token', 'add', 'nobody').err, /E0607/);
    const made = daemon.run('token', 'add', 'rita');
    assert.equal(made.code, 0, made.err);
    assert.match(made.err, /the token there led to nobody/);
    assert.equal(fs.readFileSync(path.join(daemon.data, 'token'), 'utf8'), made.out);
    assert.equal(fs.statSync(path.join(daemon.data, 'token')).mode & 0o777, 0o600);
    const another = daemon.run('token', 'add', 'priya');
    assert.equal(another.code, 0, another.err);
    assert.equal(fs.readFileSync(path.join(daemon.data, 'token'), 'utf8'), made.out, 'one that works stays');
    daemon.token = made.out.trim();
    daemon.assertVerifies();
    await daemon.start();
    assert.equal(daemon.run('token', 'ls').code, 0);
    assert.doesNotMatch(daemon.run('check').out, /W0637/);
});

test('a promise names tests that exist', () => {
    const told = spawnSync(process.env.HANDRAIL ?? 'build/release/handrail', ['doctor', '--promises', '--json'], {encoding: 'utf8'});
    const promises = JSON.parse(told.stdout).promises;
    const root = new URL('../../', import.meta.url);
    const there = (name) => fs.existsSync(new URL(name, root));
    for (const {number, test: named} of promises) {
        for (const word of named.match(/tests\/[\w./]+|(unit|conformance)\.\w+|\w+\.story/g) ?? []) {
            const file = word.endsWith('.story') ? `tests/scenario/stories/${word}`
                : word.startsWith('tests/') ? word : `tests/${word.replace('.', '/')}.c`;
            assert.ok(there(file), `P${number}: ${word}`);
        }
    }
    assert.ok(promises.some(({proven}) => proven) && promises.some(({proven}) => !proven));
});

test('doctor believes the lock, not a number in a file', async (t) => {
    const daemon = await Daemon.serve(t);
    const told = () => JSON.parse(daemon.run('doctor', '--json').out).checks.find(({check}) => check === 'daemon');
    assert.equal(told().verdict, 'ok');
    const file = path.join(daemon.data, 'daemon.json');
    const written = JSON.parse(fs.readFileSync(file, 'utf8'));
    await daemon.kill();
    fs.writeFileSync(file, JSON.stringify({...written, pid: process.pid}));
    assert.deepEqual([told().verdict, told().says], ['look', 'is not running, and did not stop in order']);
});

test('files with a mistake are refused with its place, and the plan before stays', async (t) => {
    const daemon = await Daemon.serve(t);
    daemon.change({'paths/form_to_member.yaml': [['failure_owner: priya', 'failure_owner: pria']]});
    const checked = daemon.run('check');
    assert.equal(checked.code, 3);
    assert.match(checked.out, /error\[E\d{4}\][^]*paths\/form_to_member\.yaml:\d+:\d+[^]*\^/);
    assert.match(checked.out, /did you mean|priya/);
    const json = JSON.parse(daemon.run('check', '--json').out);
    assert.equal(json.ok, false);
    assert.ok(json.errors[0].line > 0);
    assert.ok(json.errors[0].message.length > 0, 'said in the same members as by the API');
    const refused = daemon.run('reload');
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, /error\[E\d{4}\][^]*paths\/form_to_member\.yaml:\d+:\d+[^]*\^/);
    const listed = await (await fetch(daemon.url('/v1/reload'), {method: 'POST', headers: {authorization: `Bearer ${daemon.token}`}})).json();
    assert.equal(listed.errors[0].file, 'paths/form_to_member.yaml');
    const proof = `done_when: ["contact.course_access == 'active'"]`;
    daemon.change({'paths/form_to_member.yaml': [[proof, proof.replace('active', 'activ')]]});
    assert.match(daemon.run('reload').err, /did you mean 'active'/);
    daemon.change({'paths/form_to_member.yaml': [[proof.replace('active', 'activ'), proof]]});
    daemon.child.kill('SIGHUP');
    await until('the daemon says why', () => daemon.output.includes('plan 1 stays in force'));
    await daemon.tell('website_form', form('ada@example.com'));
    daemon.change({'paths/form_to_member.yaml': [['failure_owner: pria', 'failure_owner: priya'], ['within: 5 minutes', 'within: 6 minutes']]});
    daemon.child.kill('SIGHUP');
    await until('the new plan is in force', () => daemon.output.includes('plan 2 is in force'));
});

test('the API answers in the form asked for, and names what is wrong with a body', async (t) => {
    const daemon = await Daemon.serve(t);
    await daemon.tell('website_form', form('ada@example.com'));
    const headers = {authorization: `Bearer ${daemon.token}`};
    const text = await fetch(daemon.url('/v1/contacts/ada%40example.com/why'), {headers: {...headers, accept: 'text/plain'}});
    assert.match(text.headers.get('content-type'), /^text\/plain/);
    assert.equal(await text.text(), daemon.run('why', 'ada@example.com').out);
    assert.equal(text.headers.get('cache-control'), 'no-store');
    const post = (where, body, more = {}) => fetch(daemon.url(where), {method: 'POST', headers: {...headers, ...more}, body});
    await assertProblem(await fetch(daemon.url('/v1/nothing'), {headers}), 404, 'E0515');
    const wrong = await fetch(daemon.url('/v1/paths'), {method: 'DELETE', headers});
    assert.equal(wrong.headers.get('allow'), 'GET');
    await assertProblem(wrong, 405, 'E0516');
    await assertProblem(await fetch(daemon.url('/v1/contacts/ada%40example.com/why-not'), {headers}), 422, 'E0521');
    await assertProblem(await fetch(daemon.url('/v1/entries/zero'), {headers}), 422, 'E0521');
    await assertProblem(await fetch(daemon.url('/v1/issues?state=odd'), {headers}), 422, 'E0521');
    await assertProblem(await post('/v1/tokens', '{"person": 7}'), 422, 'E0521');
    await assertProblem(await post('/v1/tokens', '{"person": "priya", "role": "owner"}'), 422, 'E0521');
    await assertProblem(await post('/v1/tokens', '[]'), 422, 'E0521');
    await assertProblem(await post('/v1/tokens', '{'), 400);
    await assertProblem(await post('/v1/tokens', ''), 422, 'E0521');
    await assertProblem(await post('/v1/tokens', '{"person": "nobody"}'), 422, 'E0607');
    await assertProblem(await post('/v1/issues/H-1/note', JSON.stringify({text: 'x'.repeat(5000)})), 422, 'E0521');
    await assertProblem(await post('/v1/send/website_form', 'x', {'content-type': 'text/plain'}), 415, 'E0520');
    await assertProblem(await post('/v1/send/website_form', '', {'content-type': 'text/csv'}), 400, 'E0530');
});

test('a secret is set from stdin or made, and the one before stays good for the other side', async (t) => {
    const daemon = await Daemon.serve(t, {sealed: true});
    const tell = (secret) => daemon.post('course_platform', signHmac('x-course-signature', secret, access('ada@example.com').body));
    const made = daemon.run('secret', 'set', 'course_secret', '--generate');
    assert.equal(made.code, 0, made.err);
    assert.match(made.err, /the value before it is accepted, too/);
    assert.equal(daemon.run('reload').code, 0);
    for (const secret of [made.out.trim(), SECRETS.course_secret]) assert.equal((await tell(secret)).status, 200);
    await assertProblem(await tell('another'), 401, 'E0505');
    const given = await daemon.runLive(['secret', 'set', 'form_secret', '--replace'], 'whsec_c29tZXRoaW5nIG5ldyBhbmQgbG9uZyBlbm91Z2g=\n');
    assert.equal(given.code, 0, given.err);
    assert.equal(given.out, '', 'a value that somebody gave is not printed');
    assert.equal(daemon.run('reload').code, 0);
    await assertProblem(await daemon.post('website_form', form('ada@example.com')), 401, 'E0505'); // it ended at once
    assert.match(daemon.run('secret', 'set', 'standard', '--generate').out, /^[0-9a-f]{64}\n$/);
    for (const name of ['../token', 'UPPER', '']) assert.equal(daemon.run('secret', 'set', name, '--generate').code, 2);
    assert.equal(daemon.run('secret', 'rm', 'course_secret').code, 0);
    const doctor = daemon.run('doctor', '--json');
    const missing = JSON.parse(doctor.out).checks.find(({check, says}) => check === 'secret' && says.includes('course_secret'));
    assert.equal(missing.verdict, 'bad');
    assert.equal(doctor.code, 1);
});

test('a second daemon and a rebuild are kept out while one runs', async (t) => {
    const daemon = await Daemon.serve(t);
    for (const words of [['serve', '--port', '0'], ['rebuild']]) {
        const done = daemon.run(...words);
        assert.equal(done.code, 1, done.err);
        assert.match(done.err, /E0602/);
    }
    const there = JSON.parse(fs.readFileSync(path.join(daemon.data, 'daemon.json'), 'utf8'));
    assert.equal(there.pid, daemon.child.pid);
    assert.equal(there.port, daemon.port);
    await daemon.stop();
    assert.equal(fs.existsSync(path.join(daemon.data, 'daemon.json')), false);
});
