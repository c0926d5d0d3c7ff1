// The tools' own clients sign, and the daemon verifies; it signs, and their clients verify. What is unsigned, old,
// altered, replayed or typed as something else does nothing.
import assert from 'node:assert/strict';
import http from 'node:http';
import {test} from 'node:test';
import Stripe from 'stripe';
import {Webhook} from 'standardwebhooks';
import {assertProblem, Daemon, until} from './support/daemon.mjs';
import {access, form, fresh, nowS, payment, paymentBody, quick, SECRETS, signHmac, signStandard, signStripe} from './support/shop.mjs';

const formBody = (email) => JSON.stringify({
    type: 'form.submitted',
    timestamp: new Date().toISOString(),
    data: {submission_id: fresh('sub'), email, first_name: 'Ada', offer: 'group_program'},
});

/** Every way to be wrong: what is sent, and how it is answered. sign(body, options) signs with the right secret. */
function refusals(sign, signWrong, header) {
    return (body) => [
        ['another secret', signWrong(body), 401, 'E0505'],
        ['signed 301 s ago', sign(body, {atS: nowS() - 301 - 1}), 401, 'E0502'],
        ['signed 301 s from now', sign(body, {atS: nowS() + 301 + 1}), 401, 'E0503'],
        ['an altered body', {...sign(body), body: body.replace('Ada', 'Eve').replace('49900', '1')}, 401, 'E0505'],
        ['no signature', {body, headers: {}}, 401, 'E0500'],
        ['half a signature', {body, headers: {...sign(body).headers, [header]: sign(body).headers[header].slice(0, 20)}}, 401],
        ['JSON sent as a form', form_typed(sign(body), 'application/x-www-form-urlencoded'), 415],
        ['JSON sent as text', form_typed(sign(body), 'text/plain'), 415],
        ['JSON sent as nothing', form_typed(sign(body), ''), 415],
        ['a form sent as JSON', sign('email=ada%40example.com&type=form.submitted'), 400],
        ['nothing', sign(''), 400],
    ];
}

function form_typed(message, type) {
    return {...message, headers: {...message.headers, 'content-type': type}};
}

const clients = {
    stripe: {
        tool: 'checkout',
        body: () => paymentBody('ada@example.com'),
        sign: (body, options) => signStripe(SECRETS.checkout_secret, body, options),
        wrong: (body) => signStripe('whsec_somebody_elses_secret', body),
        header: 'stripe-signature',
    },
    standardwebhooks: {
        tool: 'website_form',
        body: () => formBody('ada@example.com'),
        sign: (body, options) => signStandard(SECRETS.form_secret, body, options),
        wrong: (body) => signStandard('whsec_' + Buffer.from('somebody elses secret, 24b').toString('base64'), body),
        header: 'webhook-signature',
    },
    'plain HMAC': {
        tool: 'course_platform',
        body: () => access('ada@example.com').body,
        sign: (body) => signHmac('x-course-signature', SECRETS.course_secret, body),
        wrong: (body) => signHmac('x-course-signature', 'another', body),
        header: 'x-course-signature',
    },
};

for (const [name, client] of Object.entries(clients)) {
    test(`${name} signs and the daemon verifies`, async (t) => {
        const daemon = await Daemon.serve(t);
        const body = client.body();
        const message = client.sign(body);
        await daemon.tell(client.tool, message);
        const position = await daemon.settled();

        await t.test('the same message again runs nothing', async () => {
            for (const again of [message, client.sign(body, {id: message.headers['webhook-id'], atS: nowS() + 1})]) {
                const answer = await daemon.post(client.tool, again);
                assert.equal(answer.status, 200);
                assert.deepEqual(await answer.json(), {accepted: 0, duplicates: 1});
            }
            assert.equal((await daemon.figures()).position, position);
        });

        for (const [what, wrong, status, code] of refusals(client.sign, client.wrong, client.header)(client.body())) {
            const timeless = name === 'plain HMAC' && what.includes('301 s');
            const unaltered = wrong.body === client.body() && what === 'an altered body';
            if (timeless || unaltered || (name === 'plain HMAC' && what === 'an altered body')) continue;
            await t.test(`${what} does nothing`, async () => {
                await assertProblem(await daemon.post(client.tool, wrong), status, code);
                assert.equal((await daemon.figures()).position, position);
            });
        }

        await t.test('a GET, and a tool that is not there, do nothing', async () => {
            const answer = await fetch(daemon.url(`/v1/in/${client.tool}`));
            assert.equal(answer.headers.get('allow'), 'POST');
            await assertProblem(answer, 405);
            await assertProblem(await daemon.post('nobody', client.sign(client.body())), 404);
        });
        await daemon.stop();
        daemon.assertVerifies();
    });
}

test('a signature for one tool does not open another', async (t) => {
    const daemon = await Daemon.serve(t);
    await assertProblem(await daemon.post('email', form('ada@example.com')), 401, 'E0505');
    await assertProblem(await daemon.post('checkout', form('ada@example.com')), 401, 'E0500');
});

test('two secrets while one is changed: both are good, a third is not', async (t) => {
    const older = 'whsec_the_older_secret';
    const daemon = await Daemon.serve(t, {secrets: {checkout_secret: `${SECRETS.checkout_secret}\n${older}`}});
    await daemon.tell('checkout', payment('ada@example.com'));
    await daemon.tell('checkout', signStripe(older, paymentBody('ada@example.com')));
    await assertProblem(await daemon.post('checkout', signStripe('whsec_oldest', paymentBody('ada@example.com'))), 401, 'E0505');
});

test('attributes in headers come only from somebody with a token', async (t) => {
    const daemon = await Daemon.serve(t, {change: {'tools.yaml': [['tools:\n', [
        'tools:',
        '  newsletter:',
        '    kind: cloudevents',
        '    owner: dan',
        '    verify: {scheme: hmac_sha256, header: X-Newsletter-Signature, secret: newsletter_secret}',
        '    map: {type: payload.type, contact: {email: payload.data.email}}',
        '    events: [newsletter.joined, newsletter.left]',
        '',
    ].join('\n')]]}, secrets: {newsletter_secret: 'of the newsletter'}});
    const attributes = (type, id) => ({specversion: '1.0', id, source: '/newsletter', type});
    const inHeaders = (type, id) => Object.fromEntries(Object.entries(attributes(type, id)).map(([name, value]) => [`ce-${name}`, value]));
    const data = {email: 'ada@example.com'};
    const sign = (body) => signHmac('x-newsletter-signature', 'of the newsletter', JSON.stringify(body));

    const structured = sign({...attributes('newsletter.joined', 'n-1'), data});
    structured.headers['content-type'] = 'application/cloudevents+json';
    await daemon.tell('newsletter', structured);
    await daemon.tell('course_platform', access('ada@example.com'));
    const position = await daemon.settled();

    const recorded = access('ada@example.com');
    const forged = [['newsletter', sign(data)], ['newsletter', structured], ['course_platform', recorded]];
    for (const [tool, {body, headers}] of forged) {
        const changed = {...headers, ...inHeaders('newsletter.left', 'n-2'), 'content-type': 'application/json'};
        await assertProblem(await daemon.post(tool, {body, headers: changed}), 422, 'E0536');
    }
    assert.equal((await daemon.figures()).position, position);

    const answer = await fetch(daemon.url('/v1/send/newsletter'), {
        method: 'POST',
        headers: {authorization: `Bearer ${daemon.token}`, 'content-type': 'application/json', ...inHeaders('newsletter.left', 'n-3')},
        body: JSON.stringify(data),
    });
    const said = await answer.text();
    assert.equal(answer.status, 200, said);
    assert.equal(JSON.parse(said).journalled, 1, said);
    assert.equal(JSON.parse(said).unknown_type, 0, said);
});

test('a tool without a secret has no endpoint', async (t) => {
    const daemon = await Daemon.serve(t, {secrets: {course_secret: ''}});
    await assertProblem(await daemon.post('course_platform', access('ada@example.com')), 404);
});

test('an alert webhook is verified by standardwebhooks', async (t) => {
    const secret = 'whsec_' + Buffer.from('end-to-end alert secret 0').toString('base64');
    const heard = [];
    const server = http.createServer((request, answer) => {
        let body = '';
        request.on('data', (bytes) => (body += bytes));
        request.on('end', () => {
            heard.push({headers: request.headers, body});
            answer.writeHead(204).end();
        });
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    t.after(() => server.close());
    const {port} = server.address();
    const daemon = await Daemon.serve(t, {
        settings: `allow: ["127.0.0.1:${port}"]\n`,
        secrets: {priya_secret: secret},
        change: {
            ...quick(),
            'handrail.yaml': [['    role: operator\n', `    role: operator\n    webhook: {url: "http://127.0.0.1:${port}/alerts", secret: priya_secret}\n`]],
        },
    });
    await daemon.tell('website_form', form('ada@example.com'));
    await daemon.tell('checkout', payment('ada@example.com'));
    await until('the alert arrives', () => heard.length > 0);
    const {headers, body} = heard[0];
    const alert = new Webhook(secret).verify(body, headers);
    assert.equal(alert.type, 'handrail.issue.alert');
    assert.equal(alert.data.handoff, 'form_to_member.payment_to_access');
    assert.doesNotMatch(body, /ada@example\.com/, 'an alert names no customer');
    assert.throws(() => new Webhook(secret).verify(body.replace('alert', 'Alert'), headers));
    await until('it is confirmed', async () => (await daemon.figures()).alerts_confirmed === 1);
    assert.equal(heard.length, 1);
});

test('what `send --sign` signs is verified by stripe and standardwebhooks', async (t) => {
    const daemon = await Daemon.make();
    t.after(() => daemon.end());
    const heard = [];
    const server = http.createServer((request, answer) => {
        let body = '';
        request.on('data', (bytes) => (body += bytes));
        request.on('end', () => {
            heard.push({path: request.url, headers: request.headers, body});
            answer.writeHead(200, {'content-type': 'application/json'}).end('{"accepted":1,"duplicates":0}\n');
        });
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    t.after(() => server.close());
    const url = `http://127.0.0.1:${server.address().port}`;
    const send = async (tool, body, ...more) => {
        const {code, out, err} = await daemon.runLive(['send', tool, '-', '--sign', url, ...more], body);
        assert.equal(code, 0, out + err);
        return heard.pop();
    };
    const paid = await send('checkout', paymentBody('ada@example.com'));
    const event = new Stripe('sk_test_none').webhooks.constructEvent(paid.body, paid.headers['stripe-signature'], SECRETS.checkout_secret);
    assert.equal(event.type, 'checkout.session.completed');
    const asked = await send('website_form', formBody('ada@example.com'), '--id', 'msg_by_hand');
    assert.equal(asked.headers['webhook-id'], 'msg_by_hand');
    assert.equal(new Webhook(SECRETS.form_secret).verify(asked.body, asked.headers).type, 'form.submitted');
});
