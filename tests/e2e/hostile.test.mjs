// What nobody with good intentions sends: each gets a clear answer, costs little, and hurts nobody else.
// Run with HANDRAIL of a build under ASan and UBSan, their word ends the daemon and with it the test.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import {test} from 'node:test';
import {assertProblem, Daemon, sanitized, sleep, until} from './support/daemon.mjs';
import {answersIn, exchange, open, requestOf} from './support/raw.mjs';
import {access, form, payment, SECRETS, signHmac, signStandard} from './support/shop.mjs';

const memory = (daemon) => Number(fs.readFileSync(`/proc/${daemon.child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;

/** An honest customer, to see that others are served; answers how long it took in ms. */
async function honest(daemon) {
    const start = performance.now();
    await daemon.tell('course_platform', access('honest@example.com'));
    return performance.now() - start;
}

/**
 * A problem document with a code, as it came over a raw connection. What is no HTTP at all the HTTP library answers
 * itself (bare): the status says it, and there is no document.
 */
function assertRefused(answer, status, what, bare = false) {
    assert.ok(answer, `${what}: no answer`);
    assert.ok([].concat(status).includes(answer.status), `${what}: ${answer.status} ${answer.body}`);
    if (bare && !answer.headers['content-type']) return;
    assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/, what);
    assert.match(JSON.parse(answer.body).code, /^E\d{4}$/, what);
}

test('garbage instead of HTTP', async (t) => {
    const daemon = await Daemon.serve(t);
    await honest(daemon);
    const position = await daemon.settled();
    const rounds = Array.from({length: 300}, (_, i) => {
        const bytes = randomBytes(1 + ((i * 37) % 3000));
        if (i % 3 === 0) bytes.set(Buffer.from('POST /v1/in/website_form HTTP/1.1\r\n').subarray(0, bytes.length));
        if (i % 3 === 1) bytes.set(Buffer.from('\r\n\r\n'), Math.max(0, bytes.length - 4));
        return bytes;
    });
    for (let i = 0; i < rounds.length; i += 50) {
        await Promise.all(rounds.slice(i, i + 50).map((bytes) => exchange(daemon.port, bytes, {seconds: 20, end: true})));
    }
    for (const line of ['GET\r\n\r\n', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']) {
        const {answers} = await exchange(daemon.port, line, {end: true});
        for (const answer of answers) assert.ok(answer.status >= 400, `${line}: ${answer.status}`);
    }
    await honest(daemon);
    assert.equal((await daemon.figures()).position, position + 1);
});

test('a body of 100 MB', async (t) => {
    const daemon = await Daemon.serve(t);
    await honest(daemon);
    const before = memory(daemon);
    const huge = Buffer.alloc(100 << 20, 'a');
    const head = 'POST /v1/in/website_form HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    await t.test('that says so is refused before it is read', async () => {
        const {answers} = await exchange(daemon.port, `${head}Content-Length: ${huge.length}\r\n\r\n{`);
        assertRefused(answers[0], 413, 'announced');
    });
    await t.test('that does not say so is cut off', async () => {
        const chunks = [Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`)];
        for (let at = 0; at < huge.length; at += 1 << 20) chunks.push(Buffer.from('100000\r\n'), huge.subarray(at, at + (1 << 20)), Buffer.from('\r\n'));
        const {answers, closed} = await exchange(daemon.port, Buffer.concat(chunks), {seconds: 30});
        assert.ok(closed || answers.length > 0, 'it does not go on reading');
        if (answers.length > 0) assertRefused(answers[0], 413, 'chunked');
    });
    await t.test('many at once', async () => {
        const all = await Promise.all(Array.from({length: 200}, () =>
            exchange(daemon.port, Buffer.concat([Buffer.from(`${head}Content-Length: 1000000\r\n\r\n`), huge.subarray(0, 900_000)]), {seconds: 25})));
        assert.ok(all.every(({answers}) => answers.length === 0 || answers[0].status >= 400));
        await honest(daemon);
    });
    const grown = memory(daemon) - before;
    assert.ok(grown < (sanitized ? 1200 : 300), `memory grew by ${Math.round(grown)} MB`);
});

test('JSON that is 100,000 deep, and other bodies that are no message', async (t) => {
    const daemon = await Daemon.serve(t);
    await honest(daemon);
    const position = await daemon.settled();
    const deep = 100_000;
    const bodies = {
        'lists 100,000 deep': '['.repeat(deep) + ']'.repeat(deep),
        'objects 100,000 deep': '{"a":'.repeat(deep) + '1' + '}'.repeat(deep),
        'lists that never close': '['.repeat(deep),
        'half a document': '{"type":"form.submitted"',
        'two documents': '{} {}',
        'a name twice': '{"type":"a","type":"b"}',
        'bytes that are no UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('latin1'),
        'a number': '17',
        'a control byte': '{"a":"\u0001"}',
        'a lone surrogate': '{"a":"\\ud800"}',
    };
    for (const [what, body] of Object.entries(bodies)) {
        await t.test(what, async () => {
            const bytes = what.includes('UTF-8') ? Buffer.from(body, 'latin1') : body;
            const message = signHmac('x-course-signature', SECRETS.course_secret, bytes);
            await assertProblem(await daemon.post('course_platform', message), what === 'a number' ? 422 : 400);
        });
    }
    assert.equal((await daemon.figures()).position, position);
    await t.test('very many events in one body', async () => {
        const many = JSON.stringify(Array.from({length: 5000}, () => ({})));
        const answer = await daemon.post('course_platform', signHmac('x-course-signature', SECRETS.course_secret, many));
        await assertProblem(answer, answer.status === 413 ? 413 : 422);
    });
    await honest(daemon);
});

test('content types', async (t) => {
    const daemon = await Daemon.serve(t);
    const typed = (type, more = {}) => {
        const message = form('ada@example.com');
        return daemon.post('website_form', {...message, headers: {...message.headers, 'content-type': type, ...more}});
    };
    assert.equal((await typed('application/json; charset=utf-8')).status, 200);
    for (const type of ['text/html', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'application/octet-stream', 'application/jsonx', 'application/xml']) {
        await assertProblem(await typed(type), 415);
    }
    await assertProblem(await typed('application/json', {'content-encoding': 'gzip'}), 415);
    await assertProblem(await typed('application/json; charset=utf-16'), 415);
});

test('slow senders', async (t) => {
    const daemon = await Daemon.serve(t);
    const other = await Daemon.serve(t); // beside it, with nobody slow: what this machine, as busy as it is, does now
    await honest(daemon);
    await honest(other);
    const message = form('slow@example.com');
    const whole = requestOf('website_form', message);
    const headEnd = whole.indexOf('\r\n\r\n') + 4;
    const sockets = [];
    for (let i = 0; i < 600; i++) sockets.push(await open(daemon.port, `127.0.1.${i % 8}`));
    const start = Date.now();
    let at = 0;
    const drip = setInterval(() => {
        sockets.forEach((socket, i) => {
            if (socket.over) return;
            if (i % 2 === 0) socket.write(whole[Math.min(at, headEnd - 5)]); // headers, never complete
            else if (at === 0) socket.write(whole.slice(0, headEnd)); // headers at once
            else socket.write(' '); // a body, byte by byte
        });
        at++;
    }, 200);
    t.after(() => clearInterval(drip));
    const busy = [];
    const quiet = [];
    for (let i = 0; i < 50; i++) {
        busy.push(await honest(daemon));
        quiet.push(await honest(other));
        await sleep(40);
    }
    const p90 = (times) => times.sort((a, b) => a - b)[Math.floor(times.length * 0.9)];
    assert.ok(p90(busy) < 2 * p90(quiet) + (sanitized ? 300 : 100), `honest clients: ${p90(busy)} ms, elsewhere ${p90(quiet)} ms`);
    await until('all of them are sent away', () => sockets.every((socket) => socket.over), 25);
    assert.ok(Date.now() - start > 4000, 'and not before they were slow');
    const answers = sockets.flatMap((socket) => answersIn(socket.heard));
    for (const answer of answers) assertRefused(answer, 408, 'slow');
    await honest(daemon);
});

test('thousands of connections', async (t) => {
    const daemon = await Daemon.serve(t);
    const sockets = [];
    for (let i = 0; i < 3000; i += 100) {
        sockets.push(...(await Promise.all(Array.from({length: 100}, () => open(daemon.port, '127.0.2.1')))));
    }
    await sleep(1000);
    const kept = sockets.filter((socket) => !socket.over).length;
    assert.ok(kept <= 1024, `one address keeps ${kept} connections`);
    await honest(daemon); // from another address
    for (let i = 0; i < 4000; i += 100) {
        sockets.push(...(await Promise.all(Array.from({length: 100}, (_, k) => open(daemon.port, `127.0.3.${1 + (k % 50)}`)))));
    }
    await sleep(500);
    for (const socket of sockets) socket.destroy();
    await until('it serves again', () => honest(daemon).then(() => true, () => false), 10);
});

test('requests that two servers could read differently', async (t) => {
    const daemon = await Daemon.serve(t);
    await honest(daemon);
    const position = await daemon.settled();
    const line = 'POST /v1/in/website_form HTTP/1.1\r\n';
    const inner = requestOf('website_form', form('smuggled@example.com'));
    const json = 'Content-Type: application/json\r\n';
    const cases = {
        'a length and chunks': `${line}Host: a\r\n${json}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
        'two lengths': `${line}Host: a\r\n${json}Content-Length: 0\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
        'a list of lengths': `${line}Host: a\r\n${json}Content-Length: 0, 5\r\n\r\n12345${inner}`,
        'a length with a sign': `${line}Host: a\r\n${json}Content-Length: +5\r\n\r\n12345${inner}`,
        'a length in hexadecimal': `${line}Host: a\r\n${json}Content-Length: 0x5\r\n\r\n12345${inner}`,
        'a length that is no number': `${line}Host: a\r\n${json}Content-Length: five\r\n\r\n${inner}`,
        'an unknown encoding': `${line}Host: a\r\n${json}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n${inner}`,
        'an encoding that is hidden': `${line}Host: a\r\n${json}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
        'a folded header': `${line}Host: a\r\n${json}X-A: b\r\n Content-Length: 5\r\n\r\n${inner}`,
        'bare line feeds': `${line.replace('\r', '')}Host: a\nContent-Length: 0\n\n${inner}`,
        'one bare line feed': `${line}Host: a\nX-A: b\r\n${json}Content-Length: 0\r\n\r\n${inner}`,
        'a NUL in a header': `${line}Host: a\r\n${json}X-A: b\0c\r\nContent-Length: 0\r\n\r\n${inner}`,
        'a NUL in the path': `POST /v1/in/website_form\0x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n${inner}`,
        'two hosts': `${line}Host: a\r\nHost: b\r\n${json}Content-Length: 0\r\n\r\n${inner}`,
        'no host': `${line}${json}Content-Length: 0\r\n\r\n${inner}`,
        'a chunk of a strange size': `${line}Host: a\r\n${json}Transfer-Encoding: chunked\r\n\r\n-1\r\n${inner}`,
        'an enormous chunk': `${line}Host: a\r\n${json}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF1\r\n${inner}`,
    };
    const bare = /^(a list of lengths|a length (with|in|that)|no host|a chunk of|an enormous chunk)/;
    for (const [what, bytes] of Object.entries(cases)) {
        await t.test(what, async () => {
            const {answers, closed} = await exchange(daemon.port, Buffer.from(bytes, 'latin1'), {seconds: 20});
            assert.ok(closed, 'the connection is closed');
            assert.ok(answers.length <= 1, `one answer at most: ${answers.map((answer) => answer.status)}`);
            if (answers.length === 1) assertRefused(answers[0], [400, 413], what, bare.test(what));
            assert.equal((await daemon.figures()).position, position, 'nothing of it was heard');
        });
    }
    await t.test('a signature header twice', async () => {
        const message = payment('ada@example.com');
        const bytes = requestOf('checkout', message, `Stripe-Signature: ${message.headers['stripe-signature']}\r\n`);
        const {answers} = await exchange(daemon.port, bytes, {enough: (text) => answersIn(text).length > 0});
        assertRefused(answers[0], [400, 401], 'twice');
    });
    await t.test('very many headers, and very long ones', async () => {
        const many = Array.from({length: 500}, (_, i) => `X-${i}: a\r\n`).join('');
        for (const more of [many, `X-A: ${'a'.repeat(20_000)}\r\n`, `X-${'a'.repeat(20_000)}: a\r\n`]) {
            const {answers} = await exchange(daemon.port, requestOf('website_form', form('ada@example.com'), more), {enough: (text) => answersIn(text).length > 0});
            assertRefused(answers[0], [400, 431], 'headers', true);
        }
        const {answers} = await exchange(daemon.port, `GET /${'a'.repeat(50_000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
        for (const answer of answers) assert.ok(answer.status >= 400);
    });
    assert.equal((await daemon.figures()).position, position);
    await honest(daemon);
});

test('pipelining: every request is answered, in order', async (t) => {
    const daemon = await Daemon.serve(t);
    const count = 60;
    const bytes = Array.from({length: count}, (_, i) => {
        if (i % 3 === 2) return requestOf('website_form', signStandard('whsec_' + Buffer.from('somebody elses secret 000').toString('base64'), '{}'));
        return requestOf('website_form', form(`piped${i}@example.com`));
    }).join('');
    const {answers} = await exchange(daemon.port, bytes, {seconds: 30, enough: (text) => answersIn(text).length === count});
    assert.deepEqual(answers.map((answer) => answer.status), Array.from({length: count}, (_, i) => (i % 3 === 2 ? 401 : 200)));
});

test('everything at once, then the record still verifies', async (t) => {
    const daemon = await Daemon.serve(t);
    const end = Date.now() + 4000;
    let taken = 0;
    const junk = async () => {
        while (Date.now() < end) await exchange(daemon.port, randomBytes(500), {seconds: 1, end: true});
    };
    const good = async (who) => {
        for (let i = 0; Date.now() < end; i++) {
            await daemon.tell('website_form', form(`c${who}x${i}@example.com`));
            taken++;
        }
    };
    await Promise.all([junk(), junk(), junk(), good(1), good(2), good(3), good(4)]);
    assert.ok((await daemon.figures()).journalled >= taken);
    await daemon.stop();
    daemon.assertVerifies();
});
